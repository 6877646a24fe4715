import { ratesOn } from "#core/catalog/exchange-rates.ts";
import type { DayRates } from "#core/outside/bnr-rates.ts";
import { isOutage } from "#core/companies/registry.ts";
import { ownCompany } from "#core/companies/access.ts";
import type { CompanyActor } from "#core/lib/actor.ts";
import type { Day } from "#core/lib/dates.ts";
import { Decimal, type DecimalText, ZERO } from "#core/lib/decimal.ts";
import { listRows } from "#core/store/listing.ts";
import { columns, invoices } from "./invoices/collection.ts";
import * as Invoices from "./invoices/list.ts";

/** What a client or supplier comes to: cancelled documents do not count. */
export interface PartyFigures {
  readonly invoiceCount: number;
  /** In the company's currency; foreign amounts at the newest BNR rates. */
  readonly invoiceTotal: DecimalText;
  readonly lastInvoiceDate: Day | null;
}

export interface AllFigures {
  readonly currency: string;
  readonly hasForeignCurrencies: boolean;
  of(partyId: string): PartyFigures;
}

interface Sum {
  count: number;
  last: Day | null;
  /** Hundredths by currency. */
  cents: Map<string, number>;
}

const nothing: PartyFigures = { invoiceCount: 0, invoiceTotal: ZERO, lastInvoiceDate: null };

/**
 * What the company invoiced its clients (outgoing) or was invoiced by its suppliers (incoming), by party. One pass over
 * the invoices' list index, 25 bytes a document, whatever page is asked for.
 */
export async function partyFigures(
  actor: CompanyActor,
  direction: "incoming" | "outgoing",
): Promise<AllFigures> {
  const sums = new Map<string, Sum>();
  const add = (partyId: string, issueDate: Day | null, currency: string, cents: number) => {
    const sum = sums.get(partyId) ?? { count: 0, last: null, cents: new Map<string, number>() };
    sums.set(partyId, sum);
    sum.count++;
    if (issueDate && issueDate > (sum.last ?? "")) sum.last = issueDate;
    sum.cents.set(currency, (sum.cents.get(currency) ?? 0) + cents);
  };
  const [{ defaultCurrency: currency }] = await Promise.all([
    ownCompany(actor),
    listRows(actor.companyId, invoices, columns, {
      sort: "id",
      descending: true,
      page: 1,
      limit: 1,
      visit: (row) => {
        if (row.direction === direction && row.partyId && row.status !== "cancelled")
          add(row.partyId, row.issueDate, row.currency ?? "RON", row.total ?? 0);
      },
    }),
  ]);
  const used = new Set([...sums.values()].flatMap(({ cents }) => [...cents.keys()]));
  used.delete(currency);
  const worth = used.size === 0 ? () => Decimal.from(1) : await worthIn(currency);
  return {
    currency,
    hasForeignCurrencies: used.size > 0,
    of: (partyId) => {
      const sum = sums.get(partyId);
      if (!sum) return nothing;
      let total = Decimal.zero;
      for (const [code, cents] of sum.cents)
        total = total.plus(code === currency ? Decimal.from(cents) : worth(code).times(cents));
      return {
        invoiceCount: sum.count,
        invoiceTotal: total.dividedBy(100, 2).text(),
        lastInvoiceDate: sum.last,
      };
    },
  };
}

/** A party's documents, newest first; none for who may not see invoices. */
export async function partyHistory(
  actor: CompanyActor,
  filter: { clientId: string } | { supplierId: string },
  page: Pick<Invoices.InvoiceQuery, "page" | "limit" | "cursor">,
): Promise<Pick<Invoices.InvoiceList, "invoices" | "total">> {
  if (!actor.permissions.has("invoice.view")) return { invoices: [], total: 0 };
  return Invoices.list(actor, { filter, sort: "issueDate", descending: true, ...page });
}

/** What one unit of a currency is worth in another; nothing for what the bank does not quote or cannot tell now. */
async function worthIn(currency: string): Promise<(code: string) => Decimal> {
  const rates = await newestRates();
  const ron = (code: string): Decimal => Decimal.from(code === "RON" ? 1 : (rates[code] ?? 0));
  const unit = ron(currency);
  return (code) => (unit.isZero ? Decimal.zero : ron(code).dividedBy(unit, 6));
}

async function newestRates(): Promise<DayRates> {
  try {
    return (await ratesOn()).rates;
  } catch (error) {
    if (isOutage(error)) return {};
    throw error;
  }
}
