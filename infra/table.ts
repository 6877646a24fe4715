/**
 * The single table. What its keys mean is written in infra/README.md and owned by the entities in core.
 * `gsi1` says what changed in a list, `gsi2` finds a thing by another name; neither carries whole rows, so that a
 * change does not pay for its row three times.
 */
export const table = new sst.aws.Dynamo("Table", {
  fields: {
    pk: "string",
    sk: "string",
    gsi1sk: "string",
    gsi2pk: "string",
    gsi2sk: "string",
  },
  primaryIndex: { hashKey: "pk", rangeKey: "sk" },
  globalIndexes: {
    gsi1: { hashKey: "pk", rangeKey: "gsi1sk", projection: ["x", "e", "v"] },
    gsi2: { hashKey: "gsi2pk", rangeKey: "gsi2sk", projection: "keys-only" },
  },
  ttl: "ttl",
  stream: "new-and-old-images",
  deletionProtection: $app.stage === "production",
  transform: { table: { pointInTimeRecovery: { enabled: true } } },
});
