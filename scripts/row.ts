/**
 * Prints rows of the table readably: `npm run row -- <pk> [<sk>]`, against the table that TABLE_NAME and the usual AWS
 * environment point to; for `npm start`, the endpoint is in the line that starts it (DYNAMODB in infra/local/README.md).
 */
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { announced } from "#core/store/out.ts";
import { unpack } from "#core/store/pack.ts";

const [, , pk, sk] = process.argv;
if (!pk || !process.env.TABLE_NAME) {
  console.error("Usage: TABLE_NAME=… npm run row -- <pk> [<sk>]");
  process.exit(2);
}
const { Items = [] } = await new DynamoDBClient({}).send(
  new QueryCommand({
    TableName: process.env.TABLE_NAME,
    KeyConditionExpression: sk ? "pk = :pk AND sk = :sk" : "pk = :pk",
    ExpressionAttributeValues: { ":pk": { S: pk }, ...(sk ? { ":sk": { S: sk } } : {}) },
  }),
);
for (const { sk: id, r: rev, d, x, out } of Items) {
  const row = {
    sk: id?.S,
    rev: Number(rev?.N),
    object: d?.B && unpack(d.B),
    cells: x?.S,
    announces: out?.S && announced(out.S),
  };
  console.log(JSON.stringify(row, null, 2));
}
