import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Entity } from "electrodb";
import { linked } from "./linked.ts";

let client: DynamoDBClient | undefined;

/** The one DynamoDB client of this process. */
export const dynamo = (): DynamoDBClient => (client ??= new DynamoDBClient({ maxAttempts: 4 }));

const text = { type: "string" } as const;
const bytes = { type: "any" } as const;
const key = { type: "string", required: true, readOnly: true } as const;

/** A key that is one attribute, written as it is: ElectroDB would lower its case otherwise. */
const exactly = <Name extends string>(name: Name) =>
  ({ field: name, composite: [name], casing: "none" }) as const;

/**
 * Every row of the single table has this one shape; what it means lives in the collection it belongs to.
 * Keys are attributes themselves, so that ElectroDB stores nothing twice. See infra/README.md for the access patterns.
 */
export const Item = new Entity(
  {
    model: { service: "s", entity: "i", version: "1" },
    attributes: {
      pk: key,
      sk: key,
      /** Change index, of the rows that stand in a list: the minute of the last change. The list is the partition. */
      gsi1sk: text,
      /** Lookup index: another name for this row, hashed to be short, and its order among those of that name. */
      gsi2pk: text,
      gsi2sk: text,
      /** Revision, raised by one with every write; the condition of every change. */
      rev: { type: "number", field: "r" },
      /** Marks of the last writes, newest first, by which a writer whose answer was lost recognises its own work. */
      mark: { ...text, field: "w" },
      /** What lists filter, sort and search by: positional cells, packed, the only attribute in the change index. */
      x: bytes,
      /** What this write announces and what must follow from it, packed: the table's stream is the outbox. */
      out: bytes,
      /** The object itself, packed; see pack.ts. */
      d: bytes,
      /** A plain counter, for rates and quotas. */
      n: { type: "number" },
      /** Seconds since the epoch after which the row may go. DynamoDB is late with it: readers check. */
      ttl: { type: "number" },
    },
    indexes: {
      row: { pk: exactly("pk"), sk: exactly("sk") },
      changes: { index: "gsi1", pk: exactly("pk"), sk: exactly("gsi1sk") },
      lookup: { index: "gsi2", pk: exactly("gsi2pk"), sk: exactly("gsi2sk") },
    },
  },
  // ElectroDB's own two attributes lie in every row and every index entry: under its usual names in eighteen bytes.
  { identifiers: { entity: "e", version: "v" } },
);

/** Where a row is. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The attributes of a row as written; see the entity for what each is for. */
export interface Attributes extends Key {
  gsi1sk?: string;
  gsi2pk?: string;
  gsi2sk?: string;
  rev?: number;
  mark?: string;
  x?: Uint8Array;
  out?: Uint8Array;
  d?: Uint8Array;
  n?: number;
  ttl?: number;
}

/**
 * The table, for an ElectroDB call. Given at each call, so that importing this file touches nothing; the client is set
 * on the entity because ElectroDB's transactions take it from there alone.
 */
export function at(): { readonly table: string } {
  if (!client) Item.setClient(dynamo());
  return { table: linked.Table.name };
}
