import "../infra/permissions.ts";
import { files } from "../infra/files.ts";
import { documents, downloads, events, folds, mails, submissions, sync, webhooks } from "../infra/queues.ts";
import { anafClientId, anafClientSecret, jwtKey, tokenKey } from "../infra/secrets.ts";
import { settings } from "../infra/settings.ts";
import { table } from "../infra/table.ts";

/** The whole HTTP API, behind one function URL. */
export const api = new sst.aws.Function("Api", {
  handler: "functions/api/index.handler",
  // The API answers preflights itself, by route; AWS would allow every origin.
  url: { cors: false },
  timeout: "29 seconds",
  memory: "1024 MB",
  architecture: "arm64",
  environment: settings,
  // What a route needs only sometimes (PDF, XML, S3) is loaded when it is needed.
  nodejs: { splitting: true },
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
