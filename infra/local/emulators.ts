import { join } from "node:path";
import { listen } from "./aws/listener.ts";
import { openDatabase } from "./database.ts";
import { type Endpoint, startDynamo } from "./dynamodb/child.ts";
import { observe, type Observer } from "./dynamodb/observer.ts";
import { Mailbox, mailService } from "./mail/service.ts";
import { Blobs } from "./s3/blobs.ts";
import { Objects } from "./s3/objects.ts";
import { s3Service } from "./s3/service.ts";
import { Queues } from "./sqs/queues.ts";
import { sqsService } from "./sqs/service.ts";

export type Emulators = Awaited<ReturnType<typeof startEmulators>>;

/** Starts what stands in for AWS: tables in a child process, queues, files and mails in this one. */
export async function startEmulators(dataDir: string, observed: boolean) {
  const starting = startTables(dataDir, observed);
  const database = openDatabase(dataDir);
  const queues = new Queues(database);
  queues.takeBack();
  const objects = new Objects(database, new Blobs(join(dataDir, "files")));
  const mailbox = new Mailbox(database);
  const aws = await listen({ sqs: sqsService(queues), s3: s3Service(objects), ses: mailService(mailbox) });
  return {
    database,
    queues,
    objects,
    mailbox,
    /** Where queues, files and mails answer. */
    url: aws.url,
    /** The table server; it starts while we go on. */
    dynamo: starting,
    async stop() {
      await aws.stop();
      await (await starting).stop();
      database.close();
    },
  };
}

async function startTables(dataDir: string, observed: boolean): Promise<Endpoint & { observer?: Observer }> {
  const endpoint = await startDynamo(dataDir);
  return observed ? observe(endpoint) : endpoint;
}
