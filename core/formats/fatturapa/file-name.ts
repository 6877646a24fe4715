import { createHash } from "node:crypto";
import type { FiscalId } from "./parties.ts";

/** Five letters or digits: as many names as a transmitter ever has. */
const SIGNS = 5;
const NAMES = 36 ** SIGNS;

/**
 * The part of a file name that must be unique for ever, 1.1.2 and the name's end, from a count that starts at 1 for
 * each company. Counting begins at a place of the company's own, so that two companies of one transmitter, or the
 * program a company used before (which began at 00001), rarely meet. Undefined after 60 466 176 documents.
 */
export function progressivoOf(companyId: string, sequence: number): string | undefined {
  if (sequence > NAMES) return undefined;
  const start = createHash("sha256").update(companyId).digest().readUIntBE(0, 6) % NAMES;
  return ((start + sequence) % NAMES).toString(36).toUpperCase().padStart(SIGNS, "0");
}

/** The name of a file: country and number of the transmitter, then the progressivo. */
export const fileNameOf = ({ country, code }: FiscalId, progressivo: string): string =>
  `${country}${code}_${progressivo}.xml`;
