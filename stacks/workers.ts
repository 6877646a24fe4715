import "../infra/permissions.ts";
import { files } from "../infra/files.ts";
import { mail } from "../infra/mail.ts";
import {
  changesDead,
  documents,
  downloads,
  events,
  folds,
  mails,
  submissions,
  sync,
  webhooks,
} from "../infra/queues.ts";
import { anafClientId, anafClientSecret, tokenKey } from "../infra/secrets.ts";
import { settings } from "../infra/settings.ts";
import { table } from "../infra/table.ts";

const queues = [submissions, sync, downloads, documents, events, webhooks, mails, folds];
const anaf = [tokenKey, anafClientId, anafClientSecret];

/** What all workers have in common; only failed messages of a batch go back to their queue. */
const worker = { architecture: "arm64", memory: "512 MB", environment: settings } as const;
const batch = { batch: { size: 10, partialResponses: true } } as const;

submissions.subscribe(
  {
    ...worker,
    handler: "functions/workers/submissions.handler",
    timeout: "2 minutes",
    // What another country's network needs is loaded when a document goes there.
    nodejs: { splitting: true },
    link: [table, files, ...queues, ...anaf],
  },
  batch,
);

sync.subscribe(
  {
    ...worker,
    handler: "functions/workers/sync.handler",
    timeout: "2 minutes",
    link: [table, files, ...queues, ...anaf],
  },
  batch,
);

downloads.subscribe(
  {
    ...worker,
    handler: "functions/workers/downloads.handler",
    timeout: "2 minutes",
    link: [table, files, ...queues, ...anaf],
  },
  batch,
);

documents.subscribe(
  {
    ...worker,
    handler: "functions/workers/documents.handler",
    timeout: "2 minutes",
    link: [table, files, ...queues],
  },
  batch,
);

events.subscribe(
  { ...worker, handler: "functions/workers/events.handler", timeout: "1 minute", link: [table, ...queues] },
  batch,
);

webhooks.subscribe(
  { ...worker, handler: "functions/workers/webhooks.handler", timeout: "1 minute", link: [table] },
  batch,
);

mails.subscribe(
  { ...worker, handler: "functions/workers/mail.handler", timeout: "1 minute", link: [table, mail] },
  batch,
);

folds.subscribe(
  { ...worker, handler: "functions/workers/folds.handler", timeout: "2 minutes", link: [table, files] },
  batch,
);

/** Rows that announce something: the table's stream is the outbox. A record that keeps failing ends in its own queue. */
table.subscribe(
  "Changes",
  {
    ...worker,
    handler: "functions/workers/changes.handler",
    timeout: "1 minute",
    link: [table, ...queues],
    permissions: [{ actions: ["sqs:SendMessage"], resources: [changesDead.arn] }],
  },
  {
    filters: [{ dynamodb: { NewImage: { out: { B: [{ exists: true }] } } } }],
    transform: {
      eventSourceMapping: {
        startingPosition: "TRIM_HORIZON",
        batchSize: 100,
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: 5,
        functionResponseTypes: ["ReportBatchItemFailures"],
        destinationConfig: { onFailure: { destinationArn: changesDead.arn } },
      },
    },
  },
);
