/**
 * The peer of the cold-start bench: one plain bundle of everything the product is built from, imported up front, that
 * answers the same authenticated read through the same libraries.
 */
import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import * as electrodb from "electrodb";
import { XMLBuilder, XMLParser } from "fast-xml-parser";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { decodeJwt, importJWK, type JWK, jwtVerify } from "jose";
import { PDFDocument } from "pdf-lib";
import * as z from "zod";

const dynamo = new DynamoDBClient({});
const kept = [new S3Client({}), new SQSClient({})];
const used = [
  GetObjectCommand,
  SendMessageCommand,
  getSignedUrl,
  XMLBuilder,
  XMLParser,
  PDFDocument,
  electrodb.Entity,
];
const claimed = z.object({ sub: z.string(), org: z.string(), sid: z.string() });

const app = new Hono().get("/api/v1/me", async (c) => {
  const token = c.req.header("authorization")!.slice("Bearer ".length);
  const jwk = JSON.parse(JSON.parse(process.env.SST_RESOURCE_JwtKey!).value as string) as JWK;
  const { kty, crv, x } = jwk as { kty: string; crv: string; x: string };
  await jwtVerify(token, await importJWK({ kty, crv, x }, "EdDSA"), { algorithms: ["EdDSA"] });
  const { sub, org, sid } = claimed.parse(decodeJwt(token));
  const keys = [
    { pk: `${sub}#user`, sk: sub },
    { pk: `${sub}#member`, sk: org },
    { pk: `${org}#org`, sk: org },
    { pk: `${sub}#session`, sk: sid },
  ];
  const table = (JSON.parse(process.env.SST_RESOURCE_Table!) as { name: string }).name;
  const Keys = keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));
  const { Responses } = await dynamo.send(
    new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
  );
  return c.json({ rows: Responses?.[table]?.length, libraries: kept.length + used.length });
});

export const handler = handle(app);
