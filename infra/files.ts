/** XML, PDF, sealed answers and list segments: private, every version kept, reachable over TLS only. */
export const files = new sst.aws.Bucket("Files", { versioning: true, enforceHttps: true });
