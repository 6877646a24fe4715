import { type Conversion, convert, ratesOn } from "#core/catalog/exchange-rates.ts";
import { isDay, today } from "#core/lib/dates.ts";
import { amount } from "#core/lib/decimal.ts";
import { refused } from "#core/lib/error.ts";
import { currency } from "#core/model/input.ts";
import { type ActorEnv, Hono } from "../route.ts";

/** The files of the National Bank begin with this day. */
const firstDay = "2005-01-03";

/** A missing or wrong parameter is 422 here, by the contract. */
function dayOf(written: string | undefined): string | undefined {
  if (!written) return undefined;
  if (!isDay(written) || written < firstDay || written > today())
    throw refused(`The date must be a day from ${firstDay} until today.`, {
      date: `must be a day from ${firstDay} until today`,
    });
  return written;
}

function amountOf(written: string | undefined) {
  const read = amount({ maxDecimals: 6, min: 0, nonZero: true }).safeParse(written ?? "");
  if (!read.success)
    throw refused("The amount must be a number above 0.", { amount: "must be a number above 0" });
  return read.data;
}

function currencyOf(field: "from" | "to", written: string | undefined): string {
  const read = currency().safeParse(written);
  if (!read.success) throw refused(`${field} must be a currency.`, { [field]: "must be a currency code" });
  return read.data;
}

const numbers = ({ amount: given, result, rate, ...rest }: Conversion) => ({
  ...rest,
  amount: Number(given),
  result: Number(result),
  rate: Number(rate),
});

export const exchangeRates = new Hono<ActorEnv>()
  .get("/", async (c) => {
    const { date, rates } = await ratesOn(dayOf(c.req.query("date")));
    const quoted = Object.entries(rates).map(([code, rate]): [string, number] => [code, Number(rate)]);
    return c.json({ date, base: "RON", rates: Object.fromEntries(quoted) });
  })
  .get("/convert", async (c) => {
    const { amount: given, from, to, date } = c.req.query();
    const conversion = await convert(
      amountOf(given),
      currencyOf("from", from),
      currencyOf("to", to),
      dayOf(date),
    );
    return c.json(numbers(conversion));
  });
