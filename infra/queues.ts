/**
 * Every queue, each with the queue its poison messages end in after five tries. A message stays invisible for at least
 * six times its function's timeout, as Lambda asks; the graph test compares the two.
 */
function queue(name: string, visibilityTimeout: `${number} minutes`) {
  const dead = deadLetters(`${name}Dead`);
  return new sst.aws.Queue(name, { visibilityTimeout, dlq: { queue: dead.arn, retry: 5 } });
}

/** Keeps what failed for the 14 days SQS allows, so that there is time to look and to send it back. */
function deadLetters(name: string) {
  return new sst.aws.Queue(name, { transform: { queue: { messageRetentionSeconds: 1_209_600 } } });
}

export const submissions = queue("Submissions", "12 minutes");
export const sync = queue("Sync", "12 minutes");
export const downloads = queue("Downloads", "12 minutes");
export const documents = queue("Documents", "12 minutes");
export const events = queue("Events", "6 minutes");
export const webhooks = queue("Webhooks", "6 minutes");
export const mails = queue("Mails", "6 minutes");
export const folds = queue("Folds", "12 minutes");

/** Stream records and schedules that failed for good. */
export const changesDead = deadLetters("ChangesDead");
export const schedulesDead = deadLetters("SchedulesDead");
