/** Kept from one document to the next, so that their memory is not asked of the system each time. */
let scratch = new Uint16Array(0);
const LARGEST_SCRATCH = 8 * 1024 * 1024;

/** The UTF-16 units of a text with a 0 behind the last; valid until the next call. */
export function unitsOf(source: string): Uint16Array {
  const size = source.length + 1;
  let units = scratch;
  if (units.length < size) {
    units = new Uint16Array(Math.max(size, 65_536));
    if (size <= LARGEST_SCRATCH) scratch = units;
  }
  Buffer.from(units.buffer).write(source, "utf16le");
  units[source.length] = 0;
  return units;
}
