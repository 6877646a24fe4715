import type { declared } from "../sst.ts";
import { call, DynamoError } from "./call.ts";

const keys = ({ hashKey, rangeKey }: { hashKey: string; rangeKey: string }) => [
  { AttributeName: hashKey, KeyType: "HASH" },
  { AttributeName: rangeKey, KeyType: "RANGE" },
];

/** Creates a declared table with its indexes, stream and expiry; one that exists stays as it is. */
export async function createTable(
  endpoint: string,
  { name, args }: (typeof declared.tables)[number],
): Promise<void> {
  try {
    await call(endpoint, "CreateTable", {
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keys(args.primaryIndex),
      AttributeDefinitions: Object.keys(args.fields).map((field) => ({
        AttributeName: field,
        AttributeType: "S",
      })),
      GlobalSecondaryIndexes: Object.entries(args.globalIndexes).map(([index, { projection, ...key }]) => ({
        IndexName: index,
        KeySchema: keys(key),
        Projection:
          projection === "keys-only"
            ? { ProjectionType: "KEYS_ONLY" }
            : { ProjectionType: "INCLUDE", NonKeyAttributes: projection },
      })),
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    });
    await call(endpoint, "UpdateTimeToLive", {
      TableName: name,
      TimeToLiveSpecification: { AttributeName: args.ttl, Enabled: true },
    });
  } catch (error) {
    if (!(error instanceof DynamoError && error.name === "ResourceInUseException")) throw error;
  }
}
