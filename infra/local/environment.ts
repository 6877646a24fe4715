import { credentials, region } from "./aws/signature.ts";
import { localSecret } from "./secrets.ts";
import type { declared } from "./sst.ts";
import type { DatabaseSync } from "node:sqlite";

/** What the local system runs under unless told otherwise: nothing costs, nothing is limited, receivers may be local. */
export const generous = {
  NEW_ORGANIZATION_PLAN: "business",
  RATE_LIMITS: "off",
  LOOPBACK_WEBHOOKS: "on",
  MAIL_SENDER: "no-reply@storno.localhost",
};

/** Leads SDK clients to the emulators and declared resources to their names, through the environment alone. */
export function connect(
  system: typeof declared,
  dynamoUrl: string,
  awsUrl: string,
  database: DatabaseSync,
): void {
  // What a developer's shell says about a real account must not reach the clients.
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"])
    delete process.env[name];
  const links = {
    App: { name: $app.name, stage: $app.stage },
    ...Object.fromEntries(system.tables.map(({ name }) => [name, { name }])),
    ...Object.fromEntries(system.buckets.map(({ name, bucket }) => [name, { name: bucket }])),
    ...Object.fromEntries(system.queues.map(({ name }) => [name, { url: `${awsUrl}/000000000000/${name}` }])),
    ...Object.fromEntries(system.secrets.map((name) => [name, { value: localSecret(database, name) }])),
    ...Object.fromEntries(system.senders.map(({ name, sender }) => [name, { sender, configSet: "local" }])),
  };
  Object.assign(process.env, {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoUrl,
    AWS_ENDPOINT_URL_SQS: awsUrl,
    AWS_ENDPOINT_URL_S3: awsUrl,
    AWS_ENDPOINT_URL_SESV2: awsUrl,
    ...Object.fromEntries(
      Object.entries(links).map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)]),
    ),
  });
}
