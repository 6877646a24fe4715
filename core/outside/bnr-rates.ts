import { isDay, type Day } from "#core/lib/dates.ts";
import { Decimal, type DecimalText } from "#core/lib/decimal.ts";
import { settings } from "#core/lib/settings.ts";
import { attribute, child, children, parseXml, root, text, type XmlDocument } from "#core/lib/xml/index.ts";
import { ask, outOfService } from "./ask.ts";

/** RON for one unit of each currency, as published on a day. */
export type DayRates = Readonly<Record<string, DecimalText>>;

const service = "The BNR exchange rates";

/**
 * Every day's rates of a year as the National Bank published them so far, oldest first; empty for a year without a
 * file (ANAF.md §13). Throws `unavailable` when the bank does not answer or answers something else: its old address
 * redirects to a web page.
 */
export async function ratesOfYear(year: number): Promise<ReadonlyMap<Day, DayRates>> {
  const answer = await ask(service, `${settings.bnrUrl}/files/xml/years/nbrfxrates${year}.xml`);
  if (answer.status === 404) return new Map();
  if (answer.status !== 200) throw outOfService(service, `answered ${answer.status}`);
  return ratesIn(answer.text);
}

/** Reads a file of the bank by local names: its namespace has changed between years. */
export function ratesIn(xml: string): Map<Day, DayRates> {
  const doc = parsed(xml);
  const found = new Map<Day, DayRates>();
  for (const cube of children(doc, child(doc, root(doc), "Body") ?? root(doc), "Cube")) {
    const day = attribute(doc, cube, "date") ?? "";
    if (isDay(day)) found.set(day, ratesOfCube(doc, cube));
  }
  if (found.size === 0) throw outOfService(service, "answered without rates");
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function parsed(xml: string): XmlDocument {
  try {
    return parseXml(xml);
  } catch {
    throw outOfService(service, "answered something that is not XML");
  }
}

function ratesOfCube(doc: XmlDocument, cube: number): DayRates {
  const rates: Record<string, DecimalText> = {};
  for (const node of children(doc, cube, "Rate")) {
    const code = attribute(doc, node, "currency");
    const printed = Number(text(doc, node)?.trim() || Number.NaN);
    // A day without a rate for some currency prints "-".
    if (!code || !(printed > 0)) continue;
    const multiplier = Number(attribute(doc, node, "multiplier") ?? 1);
    rates[code] = Decimal.from(text(doc, node)!.trim()).dividedBy(multiplier, 6).text();
  }
  return rates;
}
