/** Kept from one document to the next, so that their memory is not asked of the system each time. */
let scratch = new Uint8Array(0);
const LARGEST_SCRATCH = 4 * 1024 * 1024;

/** A copy of the bytes with a 0 behind the last, which no document may contain; valid until the next call. */
export function walkable(bytes: Uint8Array): Uint8Array {
  const size = bytes.length + 1;
  let copy = scratch;
  if (copy.length < size) {
    copy = new Uint8Array(Math.max(size, 65_536));
    if (size <= LARGEST_SCRATCH) scratch = copy;
  }
  copy.set(bytes);
  copy[bytes.length] = 0;
  return copy;
}

/** The bytes as a text of one character each: its offsets are theirs, and ASCII reads as it stands. */
export const byteText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

const WIDE = /[\u0080-\u00ff]/;

/** The characters of a cut from a {@link byteText}, whose bytes are UTF-8. */
export const decoded = (cut: string): string =>
  WIDE.test(cut) ? Buffer.from(cut, "latin1").toString() : cut;

/** Whether the same bytes stand at two offsets, compared four at a time. */
export function same(view: DataView, left: number, right: number, length: number): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i++) if (view.getUint8(left + i) !== view.getUint8(right + i)) return false;
    return true;
  }
  const last = length - 4;
  for (let i = 0; i < last; i += 4)
    if (view.getInt32(left + i, true) !== view.getInt32(right + i, true)) return false;
  return view.getInt32(left + last, true) === view.getInt32(right + last, true);
}
