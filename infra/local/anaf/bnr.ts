import { createHash } from "node:crypto";
import { htmlAnswer, withHeaders } from "./answers.ts";
import type { Answer } from "./answers.ts";
import { addDays, bucharestDay, bucharestHour } from "./bucharest.ts";
import type { Call } from "./call.ts";
import { isBankingDay } from "./holidays.ts";

/** The national bank's rates (ANAF.md §13). The values are invented; the same day always has the same ones. */

/** Lei for one unit, or for a hundred where the bank quotes a hundred. */
const base: Record<string, { rate: number; multiplier: number }> = {
  AED: { rate: 1.2012, multiplier: 1 },
  AUD: { rate: 2.8744, multiplier: 1 },
  BGN: { rate: 2.6031, multiplier: 1 },
  CAD: { rate: 3.1532, multiplier: 1 },
  CHF: { rate: 5.4471, multiplier: 1 },
  CZK: { rate: 0.2104, multiplier: 1 },
  DKK: { rate: 0.6816, multiplier: 1 },
  EUR: { rate: 5.0912, multiplier: 1 },
  GBP: { rate: 5.7723, multiplier: 1 },
  HUF: { rate: 1.3102, multiplier: 100 },
  JPY: { rate: 2.8215, multiplier: 100 },
  KRW: { rate: 0.3012, multiplier: 100 },
  MDL: { rate: 0.2604, multiplier: 1 },
  NOK: { rate: 0.4307, multiplier: 1 },
  PLN: { rate: 1.2021, multiplier: 1 },
  SEK: { rate: 0.4633, multiplier: 1 },
  TRY: { rate: 0.1041, multiplier: 1 },
  UAH: { rate: 0.1053, multiplier: 1 },
  USD: { rate: 4.4118, multiplier: 1 },
  XAU: { rate: 572.4413, multiplier: 1 },
};

const firstYear = 2005;

/** `/nbrfxrates.xml`: the newest day. */
export function latestRates(call: Call): Answer {
  return published(call, [newestDay(call.now)]);
}

/** `/nbrfxrates10days.xml`: the last ten banking days. */
export function tenDays(call: Call): Answer {
  const days = [newestDay(call.now)];
  while (days.length < 10) days.unshift(bankingDayBefore(addDays(days[0] ?? "", -1)));
  return published(call, days);
}

/** `/files/xml/years/nbrfxrates{YYYY}.xml`; 404 for years that have not begun. */
export function yearOfRates(call: Call): Answer {
  const year = Number(/nbrfxrates(\d{4})\.xml$/.exec(call.path)?.[1]);
  const newest = newestDay(call.now);
  if (!(year >= firstYear && `${year}-01-01` <= newest))
    return htmlAnswer("<html><body>404</body></html>", 404);
  const days: string[] = [];
  for (let day = `${year}-01-01`; day <= newest && day.startsWith(String(year)); day = addDays(day, 1)) {
    if (isBankingDay(day)) days.push(day);
  }
  return published(call, days);
}

/** The old host sends everybody to its web site (ANAF.md §13). */
export function movedToWebSite(): Answer {
  const page =
    "<!DOCTYPE html><html><head><title>Banca Nationala a Romaniei</title></head><body></body></html>";
  return withHeaders(htmlAnswer(page, 302), { location: "/www-bnr/home" });
}

export function webSite(): Answer {
  return htmlAnswer(
    "<!DOCTYPE html><html><head><title>Banca Nationala a Romaniei</title></head><body></body></html>",
  );
}

function published(call: Call, days: string[]): Answer {
  if (call.faults.has("bnr.moved")) return movedToWebSite();
  const newest = days.at(-1) ?? "";
  const per100 = call.faults.has("bnr.multiplier");
  // http up to 2025, https since (ANAF.md §13, tag C); the fault shows the other one.
  const isSecure = newest >= "2026" !== call.faults.has("bnr.namespace");
  const cubes = days.map((day) => cube(day, per100)).join("\n    ");
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    body: `<?xml version="1.0" encoding="utf-8"?>
<DataSet xmlns="${isSecure ? "https" : "http"}://www.bnr.ro/xsd">
  <Header>
    <Publisher>National Bank of Romania</Publisher>
    <PublishingDate>${newest}</PublishingDate>
    <MessageType>DR</MessageType>
  </Header>
  <Body>
    <Subject>Reference rates</Subject>
    <OrigCurrency>RON</OrigCurrency>
    ${cubes}
  </Body>
</DataSet>`,
  };
}

function cube(day: string, per100: boolean): string {
  const rates = Object.entries(base).map(([currency, { rate, multiplier }]) => {
    const shownPer = per100 ? 100 : multiplier;
    const value = (rateOn(day, currency, rate) * shownPer) / multiplier;
    const attribute = shownPer === 1 ? "" : ` multiplier="${shownPer}"`;
    return `      <Rate currency="${currency}"${attribute}>${value.toFixed(4)}</Rate>`;
  });
  return `<Cube date="${day}">\n${rates.join("\n")}\n    </Cube>`;
}

/** A slow wave of 3 % with up to 0.5 % of daily noise around the base, rounded to the four printed decimals. */
function rateOn(day: string, currency: string, rate: number): number {
  const number = Date.parse(`${day}T00:00:00Z`) / 86_400_000;
  const noise = createHash("sha256").update(`${currency} ${day}`).digest().readUInt16BE(0) / 65_535 - 0.5;
  const wave = Math.sin(number / 97 + currency.charCodeAt(0));
  return Math.round(rate * (1 + 0.03 * wave + 0.01 * noise) * 10_000) / 10_000;
}

/** Published at about 13:00 on banking days. */
function newestDay(now: number): string {
  const today = bucharestDay(now);
  return bankingDayBefore(bucharestHour(now) >= 13 ? today : addDays(today, -1));
}

/** The day itself or the last banking day before it. */
function bankingDayBefore(day: string): string {
  let found = day;
  while (!isBankingDay(found)) found = addDays(found, -1);
  return found;
}
