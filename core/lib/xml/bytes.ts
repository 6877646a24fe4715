/** Bytes of a document to walk over, and the same by four. Ends in a 0, which no document may contain. */
export interface Walkable {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

const walkableOf = (size: number): Walkable => {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer) };
};

/** Kept from one document to the next, so that their memory is not asked of the system each time. */
let scratch = walkableOf(65_536);
const LARGEST_SCRATCH = 8 * 1024 * 1024;

/** A copy of the bytes; valid until the next call. */
export function walkable(document: Uint8Array): Walkable {
  const size = document.length + 1;
  let copy = scratch;
  if (copy.bytes.length < size) {
    copy = walkableOf(size);
    if (size <= LARGEST_SCRATCH) scratch = copy;
  }
  copy.bytes.set(document);
  copy.bytes[document.length] = 0;
  return copy;
}

/** The bytes as a text of one character each: its offsets are theirs, and ASCII reads as it stands. */
export const byteText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

const WIDE = /[\u0080-\u00ff]/;

/** The characters of a cut from a {@link byteText}, whose bytes are UTF-8. */
export const decoded = (cut: string): string => (WIDE.test(cut) ? decodedWide(cut) : cut);

/** The same of a cut that is known to have characters beyond ASCII. */
export const decodedWide = (cut: string): string => Buffer.from(cut, "latin1").toString();

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
