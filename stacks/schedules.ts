import "../infra/permissions.ts";
import {
  documents,
  downloads,
  events,
  folds,
  mails,
  schedulesDead,
  submissions,
  sync,
  webhooks,
} from "../infra/queues.ts";
import { anafClientId, anafClientSecret, tokenKey } from "../infra/secrets.ts";
import { settings } from "../infra/settings.ts";
import { table } from "../infra/table.ts";

const queues = [submissions, sync, downloads, documents, events, webhooks, mails, folds];
const schedule = {
  architecture: "arm64",
  memory: "512 MB",
  timeout: "5 minutes",
  environment: settings,
} as const;
const safely = { retries: 2, dlq: schedulesDead.arn } as const;

/** How often each plan looks for new ANAF messages. */
const rates = {
  Freemium: "rate(1 day)",
  Starter: "rate(12 hours)",
  Professional: "rate(4 hours)",
  Business: "rate(1 hour)",
} as const;

for (const [plan, rate] of Object.entries(rates)) {
  new sst.aws.CronV2(`Sync${plan}`, {
    ...safely,
    schedule: rate,
    event: { plan: plan.toLowerCase() },
    function: { ...schedule, handler: "functions/schedules/sync.handler", link: [table, ...queues] },
  });
}

/** Sends what has become due: delays beyond the 15 minutes a queue can hold. */
new sst.aws.CronV2("Due", {
  ...safely,
  schedule: "rate(1 minute)",
  function: { ...schedule, handler: "functions/schedules/due.handler", link: [table, ...queues] },
});

/** Takes up submissions whose next message was lost for good. */
new sst.aws.CronV2("Forgotten", {
  ...safely,
  schedule: "rate(1 hour)",
  function: { ...schedule, handler: "functions/schedules/forgotten.handler", link: [table, ...queues] },
});

/** Renews ANAF tokens before they expire. */
new sst.aws.CronV2("Tokens", {
  ...safely,
  schedule: "rate(12 hours)",
  function: {
    ...schedule,
    handler: "functions/schedules/tokens.handler",
    link: [table, tokenKey, anafClientId, anafClientSecret],
  },
});
