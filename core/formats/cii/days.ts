import type { Reader } from "#core/formats/received/reader.ts";
import { type Day, isDay } from "#core/lib/dates.ts";
import type { XmlNode } from "#core/lib/xml/index.ts";

/** The elements that hold a day, by the type their place has in the schema. */
const HOLDERS = ["DateTimeString", "DateString", "DateTime"] as const;

const COMPACT = /^(\d{4})(\d{2})(\d{2})/;

/** A day as format 102 writes it, `20261120`; what others write, `2026-11-20`, is understood as well. */
export function dayIn(reader: Reader, from: XmlNode | undefined, ...path: string[]): Day | null {
  const at = reader.node(from, ...path);
  for (const holder of HOLDERS) {
    const written = reader.text(at, holder);
    if (written === null) continue;
    const day = written.replace(COMPACT, "$1-$2-$3").slice(0, 10);
    return isDay(day) ? day : null;
  }
  return null;
}

/** A day in format 102 (UNTDID 2379), the only one EN 16931 allows in this syntax. */
export const compactDay = (day: Day): string => day.replaceAll("-", "");
