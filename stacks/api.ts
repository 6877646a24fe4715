import "../infra/permissions.ts";
import { files } from "../infra/files.ts";
import { documents, downloads, events, folds, mails, submissions, sync, webhooks } from "../infra/queues.ts";
import { anafClientId, anafClientSecret, jwtKey, tokenKey } from "../infra/secrets.ts";
import { settings } from "../infra/settings.ts";
import { table } from "../infra/table.ts";

const otherCredentials = [
  ...["http", "ini", "process", "sso", "web-identity"].map(
    (place) => `@aws-sdk/credential-provider-${place}`,
  ),
  "@smithy/credential-provider-imds",
];

/** The whole HTTP API, behind one function URL. */
export const api = new sst.aws.Function("Api", {
  handler: "functions/api/index.handler",
  // The API answers preflights itself, by route; AWS would allow every origin.
  url: { cors: false },
  timeout: "29 seconds",
  memory: "1024 MB",
  architecture: "arm64",
  environment: settings,
  nodejs: {
    // What a route needs only sometimes (PDF, XML, S3) is loaded when it is needed.
    splitting: true,
    // A Lambda finds its credentials in its environment. The other places where the SDK would look, were they not there,
    // share so much with it that the bundler would cut it into many small files.
    esbuild: { external: otherCredentials },
  },
  link: [
    table,
    files,
    submissions,
    sync,
    downloads,
    documents,
    events,
    webhooks,
    mails,
    folds,
    jwtKey,
    tokenKey,
    anafClientId,
    anafClientSecret,
  ],
});
