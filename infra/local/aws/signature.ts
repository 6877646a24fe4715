import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { AwsError } from "./error.ts";
import { type AwsRequest, header } from "./request.ts";

/** The only credentials the local emulators accept; they never leave this machine. */
export const credentials = { accessKeyId: "local", secretAccessKey: "local" };
export const region = "eu-central-1";

interface Claim {
  readonly presigned: boolean;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly expiresSeconds: number;
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** RFC 3986, as SigV4 wants it: encodeURIComponent leaves !'()* alone. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Checks AWS Signature Version 4, in headers or presigned, expiry and body hash included; throws what AWS answers.
 * Uses the machine's clock, never the product's: a signature carries wall time. Returns the service signed for.
 */
export function verify(request: AwsRequest, wallMs = Date.now()): string {
  const claim = readClaim(request);
  const [key, day, scopeRegion, service] = claim.scope.split("/");
  if (key !== credentials.accessKeyId || !day || !scopeRegion || !service)
    throw new AwsError("InvalidAccessKeyId", "The access key does not exist.", 403);
  assertFresh(claim, wallMs);
  const bodyHash = claim.presigned
    ? "UNSIGNED-PAYLOAD"
    : header(request, "x-amz-content-sha256") || sha256(request.body);
  const text = [
    "AWS4-HMAC-SHA256",
    claim.date,
    `${day}/${scopeRegion}/${service}/aws4_request`,
    sha256(canonical(request, claim, bodyHash)),
  ].join("\n");
  const signingKey = [day, scopeRegion, service, "aws4_request"].reduce<string | Buffer>(
    hmac,
    `AWS4${credentials.secretAccessKey}`,
  );
  if (!equal(hmac(signingKey, text).toString("hex"), claim.signature))
    throw new AwsError("SignatureDoesNotMatch", "The request signature does not match.", 403);
  if (/^[0-9a-f]{64}$/.test(bodyHash) && bodyHash !== sha256(request.body))
    throw new AwsError("XAmzContentSHA256Mismatch", "The body is not the one that was signed.");
  return service;
}

function readClaim(request: AwsRequest): Claim {
  const { query } = request;
  if (query.has("X-Amz-Signature"))
    return {
      presigned: true,
      scope: query.get("X-Amz-Credential") ?? "",
      signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
      signature: query.get("X-Amz-Signature") ?? "",
      date: query.get("X-Amz-Date") ?? "",
      expiresSeconds: Number(query.get("X-Amz-Expires")),
    };
  const found = /Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)/.exec(
    header(request, "authorization"),
  );
  if (!found) throw new AwsError("AccessDenied", "The request is not signed.", 403);
  return {
    presigned: false,
    scope: found[1]!,
    signedHeaders: found[2]!.split(";"),
    signature: found[3]!,
    date: header(request, "x-amz-date"),
    expiresSeconds: 0,
  };
}

/** A presigned link lives as long as it says (a week at most); a signed request may be a quarter of an hour off. */
function assertFresh(claim: Claim, wallMs: number) {
  const iso = claim.date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const signedMs = Date.parse(iso);
  const fresh = claim.presigned
    ? claim.expiresSeconds <= 604_800 && wallMs <= signedMs + claim.expiresSeconds * 1000
    : Math.abs(wallMs - signedMs) <= 900_000;
  if (!fresh) throw new AwsError("AccessDenied", "Request has expired", 403);
}

function canonical(request: AwsRequest, claim: Claim, bodyHash: string): string {
  const query = [...request.query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted();
  const headers = claim.signedHeaders.map(
    (name) => `${name}:${header(request, name).trim().replace(/\s+/g, " ")}`,
  );
  return [
    request.method,
    request.path,
    query.join("&"),
    ...headers,
    "",
    claim.signedHeaders.join(";"),
    bodyHash,
  ].join("\n");
}

function equal(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
