import type { Attributes } from "./table.ts";

/** A row as the table's stream shows it, in DynamoDB's own JSON. */
export type Image = Record<string, { S?: string; N?: string; B?: string | Uint8Array }>;

/** The parts of a row that readers of the stream use. */
export function rowOf(image: Image): Attributes {
  const { pk, sk, out, r: rev, d, gsi1pk } = image;
  const body = d?.B;
  return {
    pk: pk?.S ?? "",
    sk: sk?.S ?? "",
    ...(out?.S === undefined ? {} : { out: out.S }),
    ...(rev?.N === undefined ? {} : { rev: Number(rev.N) }),
    ...(body === undefined ? {} : { d: typeof body === "string" ? Buffer.from(body, "base64") : body }),
    ...(gsi1pk?.S === undefined ? {} : { gsi1pk: gsi1pk.S }),
  };
}
