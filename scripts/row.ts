/**
 * Prints rows of the table readably: `npm run row -- <pk> [<sk>]`, against the table that TABLE_NAME and the usual AWS
 * environment point to; for `npm start`, the endpoint is in the line that starts it (DYNAMODB in infra/local/README.md).
 */
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { rowOf } from "#core/store/images.ts";
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
for (const item of Items) {
  const row = rowOf(item);
  const { rev, d, x, out } = row;
  const shown = {
    sk: row.sk,
    rev,
    object: d && unpack(d, row),
    cells: x && unpack(x, { pk: row.pk, sk: row.sk }),
    announces: out && announced({ ...row, out }),
  };
  console.log(JSON.stringify(shown, null, 2));
}
