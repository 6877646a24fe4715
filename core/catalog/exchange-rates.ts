import { instant } from "#core/lib/clock.ts";
import { addDays, bucharestDay, type Day, type Instant, today } from "#core/lib/dates.ts";
import { Decimal, type DecimalText } from "#core/lib/decimal.ts";
import { DomainError, refused } from "#core/lib/error.ts";
import { type DayRates, ratesOfYear } from "#core/outside/bnr-rates.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit } from "#core/store/commit.ts";
import { Stale } from "#core/store/write.ts";

/** The rates of one month as read from the bank; the id is the month, `2026-11`. */
interface Month extends Stored {
  readonly days: Readonly<Record<Day, DayRates>>;
  readonly readAt: Instant;
}

const months = collection<Month>({ kind: "bnr", what: "Exchange rates" });
/** Rates are nobody's: one scope holds them for all. */
const scope = "reference";

/** The bank publishes once a day, about 13:00; a month that still grows is looked at again after so long. */
const refreshAfterMs = 3_600_000;

export interface Rates {
  /** The day the bank published them. */
  readonly date: Day;
  /** RON for one unit. */
  readonly rates: DayRates;
}

/**
 * The newest rates published on or before a day (today when absent). When the bank cannot be reached, the newest known
 * ones; throws `unavailable` when none are known at all.
 */
export async function ratesOn(day: Day = today()): Promise<Rates> {
  // The longest pause of the bank is shorter than a month, so the month before has what this one has not.
  return (await newestIn(day)) ?? (await newestIn(addDays(`${day.slice(0, 7)}-01`, -1))) ?? neverKnown(day);
}

const neverKnown = (day: Day): never => {
  throw new DomainError("unavailable", `No exchange rates are known for ${day}.`, { retryAfterSeconds: 60 });
};

/**
 * RON for one unit of a currency on a document of a day: the last rate communicated before it (art. 290 Cod fiscal),
 * because what the bank prints on a day holds from the next. Undefined for a currency the bank does not quote.
 */
export async function documentRate(currency: string, day: Day): Promise<DecimalText | undefined> {
  if (currency === "RON") return Decimal.from(1).text();
  return (await ratesOn(addDays(day, -1))).rates[currency];
}

export interface Conversion {
  readonly amount: DecimalText;
  readonly from: string;
  readonly to: string;
  readonly result: DecimalText;
  /** Units of `to` for one of `from`. */
  readonly rate: DecimalText;
  readonly date: Day;
}

/** An amount in another currency, through RON at the rates of a day. Throws `invalid` for an unknown currency. */
export async function convert(amount: DecimalText, from: string, to: string, day?: Day): Promise<Conversion> {
  const { date, rates } = await ratesOn(day);
  const ron = (field: string, code: string): Decimal => {
    const rate = code === "RON" ? "1" : rates[code];
    if (!rate) throw refused(`The BNR quotes no rate for ${code}.`, { [field]: "is not a quoted currency" });
    return Decimal.from(rate);
  };
  const [one, other] = [ron("from", from), ron("to", to)];
  return {
    amount,
    from,
    to,
    result: one.times(amount).dividedBy(other, 2).text(),
    rate: one.dividedBy(other, 4).text(),
    date,
  };
}

async function newestIn(day: Day): Promise<Rates | undefined> {
  const month = await monthOf(day);
  const date = Object.keys(month?.days ?? {})
    .filter((published) => published <= day)
    .toSorted()
    .at(-1);
  return date === undefined ? undefined : { date, rates: month!.days[date]! };
}

async function monthOf(day: Day): Promise<Month | undefined> {
  const known = await months.find(scope, day.slice(0, 7));
  if (known && !isOutdated(known, day)) return known;
  try {
    await readYearOf(day);
  } catch (error) {
    if (!(error instanceof DomainError && error.kind === "unavailable")) throw error;
    return known;
  }
  return months.find(scope, day.slice(0, 7));
}

/** Whether the bank may have published something up to the day since we looked. */
const isOutdated = (known: Month, day: Day): boolean =>
  known.days[day] === undefined &&
  bucharestDay(known.readAt) <= day &&
  Date.parse(instant()) - Date.parse(known.readAt) > refreshAfterMs;

/**
 * Stores the months of a day's year, its own also while the bank has nothing for it. Days that were known stay, whatever
 * a later answer leaves out. Two readers at once store the same; the slower leaves it.
 */
async function readYearOf(day: Day): Promise<void> {
  const published = await ratesOfYear(Number(day.slice(0, 4)));
  const byMonth = Map.groupBy(published, ([date]) => date.slice(0, 7));
  byMonth.set(day.slice(0, 7), byMonth.get(day.slice(0, 7)) ?? []);
  await Promise.all(
    [...byMonth].map(async ([id, days]) => {
      const before = await months.find(scope, id);
      const month = { id, days: { ...before?.days, ...Object.fromEntries(days) }, readAt: instant() };
      const write = before ? months.replace(scope, before, month) : months.insert(scope, month);
      await commit([write]).catch((error: unknown) => {
        if (!(error instanceof Stale)) throw error;
      });
    }),
  );
}
