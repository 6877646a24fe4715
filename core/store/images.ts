import type { Attributes } from "./table.ts";

/** A row as the table's stream shows it, in DynamoDB's own JSON. */
export type Image = Record<string, { S?: string; N?: string; B?: string | Uint8Array }>;

/** The parts of a row that readers of the stream use. */
export function rowOf(image: Image): Attributes {
  const { pk, sk, r: rev, w: mark, gsi1sk } = image;
  const [d, x, out] = [image.d, image.x, image.out].map(bytesOf);
  return {
    pk: pk?.S ?? "",
    sk: sk?.S ?? "",
    ...(rev?.N === undefined ? {} : { rev: Number(rev.N) }),
    ...(mark?.S === undefined ? {} : { mark: mark.S }),
    ...(gsi1sk?.S === undefined ? {} : { gsi1sk: gsi1sk.S }),
    ...(d ? { d } : {}),
    ...(x ? { x } : {}),
    ...(out ? { out } : {}),
  };
}

/** A Lambda gets bytes as text, who reads the stream himself gets them as they are. */
const bytesOf = (value: Image[string] | undefined): Uint8Array | undefined =>
  typeof value?.B === "string" ? Buffer.from(value.B, "base64") : value?.B;
