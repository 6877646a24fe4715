// Mistakes that SST's real types must refuse. Without them, "no errors" could also mean that nothing was checked.
declare const queue: InstanceType<typeof sst.aws.Queue>;

// @ts-expect-error: a misspelt option
new sst.aws.Queue("Misspelt", { visibilityTimeot: "6 minutes" });

// @ts-expect-error: not a duration
queue.subscribe({ handler: "functions/workers/mail.handler", timeout: "6 parsecs" });

// @ts-expect-error: not a schedule
new sst.aws.CronV2("Never", { schedule: "now and then", function: "functions/schedules/sync.handler" });
