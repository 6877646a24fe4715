/**
 * The colour space of screens, sRGB (IEC 61966-2-1), as an ICC profile of version 2.1: what PDF/A wants to know colours
 * by. Computed from the standard's own numbers, so no file of anybody else's is carried along.
 */

/** Red, green and blue in the profile's space XYZ, adapted from D65 to its D50 by Bradford's method. */
const PRIMARIES = {
  rXYZ: [0.4360747, 0.2225045, 0.0139322],
  gXYZ: [0.3850649, 0.7168786, 0.0971045],
  bXYZ: [0.1430804, 0.0606169, 0.7141733],
} as const;
const WHITE_D50 = [0.9642, 1, 0.8249] as const;
/** The white of the screen itself. */
const WHITE_D65 = [0.9505, 1, 1.089] as const;

const CURVE_POINTS = 1024;
const HEADER_BYTES = 128;

const ascii = (text: string): Buffer => Buffer.from(text, "latin1");
const uint32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, 4 * at);
  return bytes;
};
/** Numbers with sixteen binary places. */
const fixed = (values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeInt32BE(Math.round(value * 65_536), 4 * at);
  return bytes;
};

const xyz = (values: readonly number[]): Buffer => Buffer.concat([ascii("XYZ "), uint32(0), fixed(values)]);

/** A text for people, with its Unicode and Macintosh versions left empty. */
const description = (text: string): Buffer =>
  Buffer.concat([
    ascii("desc"),
    uint32(0, text.length + 1),
    ascii(`${text}\0`),
    uint32(0, 0),
    Buffer.alloc(2 + 1 + 67),
  ]);

/** How light a stored value is: linear near black, a power above (IEC 61966-2-1, 5.2). */
function curve(): Buffer {
  const points = Buffer.alloc(2 * CURVE_POINTS);
  for (let at = 0; at < CURVE_POINTS; at++) {
    const stored = at / (CURVE_POINTS - 1);
    const light = stored <= 0.04045 ? stored / 12.92 : ((stored + 0.055) / 1.055) ** 2.4;
    points.writeUInt16BE(Math.round(light * 65_535), 2 * at);
  }
  return Buffer.concat([ascii("curv"), uint32(0, CURVE_POINTS), points]);
}

function header(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32BE(sizeBytes, 0);
  bytes.writeUInt32BE(0x02100000, 8); // version 2.1
  bytes.write("mntrRGB XYZ ", 12, "latin1"); // a monitor's, from RGB to XYZ
  for (const [at, part] of [2020, 1, 1, 0, 0, 0].entries()) bytes.writeUInt16BE(part, 24 + 2 * at);
  bytes.write("acsp", 36, "latin1");
  fixed(WHITE_D50).copy(bytes, 68);
  return bytes;
}

/** The bytes of the profile; always the same. */
export function srgbProfile(): Uint8Array {
  const light = curve();
  const tags: [signature: string, data: Buffer][] = [
    ["desc", description("sRGB IEC61966-2.1")],
    ["cprt", Buffer.concat([ascii("text"), uint32(0), ascii("No copyright: computed from the standard\0")])],
    ["wtpt", xyz(WHITE_D65)],
    ...Object.entries(PRIMARIES).map(([signature, values]): [string, Buffer] => [signature, xyz(values)]),
    ["rTRC", light],
    ["gTRC", light],
    ["bTRC", light],
  ];
  let offset = HEADER_BYTES + 4 + 12 * tags.length;
  const places = new Map<Buffer, number>();
  const parts: Buffer[] = [];
  const table = tags.map(([signature, data]) => {
    const place = places.get(data) ?? offset;
    if (!places.has(data)) {
      const padded = Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
      places.set(data, place);
      parts.push(padded);
      offset += padded.length;
    }
    return Buffer.concat([ascii(signature), uint32(place, data.length)]);
  });
  return Buffer.concat([header(offset), uint32(tags.length), ...table, ...parts]);
}
