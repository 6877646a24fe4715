/**
 * The peer of the cold-start bench: one plain bundle of everything the product is built from, imported up front, that
 * answers the same authenticated read through the same libraries.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Entity } from "electrodb";
import { XMLBuilder, XMLParser } from "fast-xml-parser";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { importJWK, jwtVerify } from "jose";
import { PDFDocument } from "pdf-lib";
import * as z from "zod";

const dynamo = new DynamoDBClient({});
const kept = [new S3Client({}), new SQSClient({})];
const used = [GetObjectCommand, SendMessageCommand, getSignedUrl, XMLBuilder, XMLParser, PDFDocument];
const claimed = z.object({ sub: z.string(), org: z.string(), sid: z.string() });

const key = { type: "string", required: true } as const;
const exactly = (name: "pk" | "sk") => ({ field: name, composite: [name], casing: "none" }) as const;
const Item = new Entity(
  {
    model: { service: "s", entity: "i", version: "1" },
    attributes: { pk: key, sk: key, d: { type: "any" } },
    indexes: { row: { pk: exactly("pk"), sk: exactly("sk") } },
  },
  { client: dynamo },
);

const linked = (name: string) => JSON.parse(process.env[`SST_RESOURCE_${name}`]!) as Record<string, string>;

const app = new Hono().get("/api/v1/api-tokens/scopes", async (c) => {
  const token = c.req.header("authorization")!.slice("Bearer ".length);
  const { kty, crv, x } = JSON.parse(linked("JwtKey").value!) as { kty: "OKP"; crv: string; x: string };
  const verified = await jwtVerify(token, await importJWK({ kty, crv, x }, "EdDSA"), {
    algorithms: ["EdDSA"],
  });
  const { sub, org, sid } = claimed.parse(verified.payload);
  const { data } = await Item.get([
    { pk: `${sub}#user`, sk: sub },
    { pk: `${sub}#member`, sk: org },
    { pk: `${org}#org`, sk: org },
    { pk: `${sub}#session`, sk: sid },
  ]).go({ table: linked("Table").name!, consistent: true });
  return c.json({ rows: data.length, libraries: kept.length + used.length }, data.length === 4 ? 200 : 500);
});

export const handler = handle(app);
