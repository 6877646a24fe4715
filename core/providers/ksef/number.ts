const POLYNOMIAL = 0x07;

/** CRC-8 with polynomial 7 from 0, as two upper-case hexadecimal digits. */
function checksum(text: string): string {
  let rest = 0;
  for (const byte of Buffer.from(text, "ascii")) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 0x80 ? ((rest << 1) ^ POLYNOMIAL) & 0xff : rest << 1;
  }
  return rest.toString(16).toUpperCase().padStart(2, "0");
}

const SHAPE = /^\d{10}-\d{8}-[0-9A-F]{12}-[0-9A-F]{2}$/;

/** Whether a text is a KSeF number: seller's NIP, day, twelve hexadecimal digits, and the checksum of all that. */
export const isKsefNumber = (text: string): boolean =>
  SHAPE.test(text) && checksum(text.slice(0, 32)) === text.slice(33);
