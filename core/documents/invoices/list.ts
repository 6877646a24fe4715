import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { ownCompany } from "#core/companies/access.ts";
import { type Day, today } from "#core/lib/dates.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { type ListPage, listRows, type Row } from "#core/store/listing.ts";
import { columns, invoices, type StoredInvoice } from "./collection.ts";

/** What a list of invoices may be narrowed to. Amounts in hundredths, days inclusive. */
export interface InvoiceFilter {
  readonly search?: string | undefined;
  /** A stored status, or one derived from payments, dates and reversals. */
  readonly status?: string | undefined;
  readonly direction?: "incoming" | "outgoing" | undefined;
  readonly documentType?: "invoice" | "credit_note" | undefined;
  readonly parentDocumentId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly supplierId?: string | undefined;
  readonly currency?: string | undefined;
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  readonly isDuplicate?: boolean | undefined;
  readonly isLateSubmission?: boolean | undefined;
  readonly isPaid?: boolean | undefined;
  readonly isOverdue?: boolean | undefined;
  readonly totalMin?: number | undefined;
  readonly totalMax?: number | undefined;
  readonly vatTotalMin?: number | undefined;
  readonly vatTotalMax?: number | undefined;
}

export const SORTS = ["issueDate", "number", "total", "dueDate", "status", "direction", "createdAt"] as const;
export type Sort = (typeof SORTS)[number];

/** Which part of which list. */
export interface InvoiceQuery {
  readonly filter: InvoiceFilter;
  readonly sort: Sort;
  readonly descending: boolean;
  readonly page: number;
  readonly limit: number;
  readonly cursor?: string;
}

/** Sums over the filtered rows that are not cancelled. */
export interface Sums {
  readonly subtotal: number;
  readonly vatTotal: number;
  readonly total: number;
  /** What others owe the company, and what it owes. */
  readonly receivable: number;
  readonly payable: number;
}

export interface InvoiceList extends Omit<ListPage, "ids"> {
  readonly invoices: readonly StoredInvoice[];
  readonly currency: string;
  readonly distinctCurrencies: readonly string[];
  readonly totals: Sums;
  /** The same sums, apart by currency: adding lei to euros means nothing. */
  readonly totalsByCurrency: Readonly<Record<string, Sums>>;
}

type InvoiceRow = Row<(typeof columns)["spec"]>;

const searched = ["number", "partyName", "partyCif"] as const;

/** One page of the company's invoices and credit notes, with exact sums over all that match. */
export async function list(actor: CompanyActor, query: InvoiceQuery): Promise<InvoiceList> {
  assertCan(actor, "invoice.view");
  const { filter, ...page } = query;
  const totals = new Tally();
  const byCurrency = new Map<string, Tally>();
  const currencies = new Set<string>();
  const visit = (row: InvoiceRow, isMatch: boolean) => {
    const currency = row.currency ?? "";
    if (!filter.documentType || row.documentType === filter.documentType) currencies.add(currency);
    if (!isMatch || row.status === "cancelled") return;
    totals.add(row);
    const tally = byCurrency.get(currency) ?? new Tally();
    byCurrency.set(currency, tally);
    tally.add(row);
  };
  const [rows, currency] = await Promise.all([
    listRows(actor.companyId, invoices, columns, { ...page, ...narrowing(filter), visit }),
    filter.currency ?? ownCompany(actor).then(({ defaultCurrency }) => defaultCurrency),
  ]);
  const { ids, ...counted } = rows;
  const found = await invoices.getMany(actor.companyId, ids, { consistent: false });
  return {
    ...counted,
    invoices: found.filter(({ deletedAt }) => !deletedAt),
    currency,
    distinctCurrencies: [...currencies].toSorted(),
    totals: totals.sums(),
    totalsByCurrency: Object.fromEntries([...byCurrency].map(([code, tally]) => [code, tally.sums()])),
  };
}

/** The ids that match, in order, at most `limit`; and how many match in all. */
export async function matching(
  actor: CompanyActor,
  { filter, sort, descending }: Pick<InvoiceQuery, "filter" | "sort" | "descending">,
  limit: number,
): Promise<ListPage> {
  assertCan(actor, "invoice.view");
  return listRows(actor.companyId, invoices, columns, {
    sort,
    descending,
    page: 1,
    limit,
    ...narrowing(filter),
  });
}

const narrowing = (filter: InvoiceFilter) => ({
  where: conditionOf(filter),
  ...(filter.search ? { search: { text: filter.search, in: searched } } : {}),
});

type Condition = (row: InvoiceRow) => boolean;

/** The conditions a filter really has, as one: a scan asks each row only what matters. */
function conditionOf(filter: InvoiceFilter): Condition {
  const day = today();
  const { status, from, to, isOverdue } = filter;
  const conditions: Condition[] = [];
  const equal = (key: keyof InvoiceRow & keyof InvoiceFilter) => {
    const wanted = filter[key];
    if (wanted !== undefined) conditions.push((row) => row[key] === wanted);
  };
  if (status !== undefined) conditions.push(statusCondition(status, day));
  for (const key of ["direction", "documentType", "currency", "parentDocumentId"] as const) equal(key);
  for (const key of ["isDuplicate", "isLateSubmission", "isPaid"] as const) equal(key);
  conditions.push(...partyConditions(filter), ...amountConditions(filter));
  if (from !== undefined) conditions.push((row) => (row.issueDate ?? "") >= from);
  if (to !== undefined) conditions.push((row) => (row.issueDate ?? "") <= to);
  if (isOverdue !== undefined) conditions.push((row) => isRowOverdue(row, day) === isOverdue);
  return (row) => conditions.every((holds) => holds(row));
}

function statusCondition(status: string, day: Day): Condition {
  switch (status) {
    case "paid":
      return (row) => row.isPaid;
    case "partially_paid":
      return (row) => !row.isPaid && (row.amountPaid ?? 0) > 0;
    case "overdue":
      return (row) => isRowOverdue(row, day);
    case "refunded":
      return (row) => row.isRefunded;
    default:
      return (row) => row.status === status;
  }
}

const isRowOverdue = ({ isPaid, dueDate, status }: InvoiceRow, day: Day): boolean =>
  !isPaid && dueDate !== null && dueDate < day && status !== "draft" && status !== "cancelled";

function* partyConditions({ clientId, supplierId }: InvoiceFilter): Iterable<Condition> {
  if (clientId !== undefined) yield (row) => row.direction === "outgoing" && row.partyId === clientId;
  if (supplierId !== undefined) yield (row) => row.direction === "incoming" && row.partyId === supplierId;
}

function* amountConditions(filter: InvoiceFilter): Iterable<Condition> {
  const { totalMin, totalMax, vatTotalMin, vatTotalMax } = filter;
  if (totalMin !== undefined) yield (row) => (row.total ?? 0) >= totalMin;
  if (totalMax !== undefined) yield (row) => (row.total ?? 0) <= totalMax;
  if (vatTotalMin !== undefined) yield (row) => (row.vatTotal ?? 0) >= vatTotalMin;
  if (vatTotalMax !== undefined) yield (row) => (row.vatTotal ?? 0) <= vatTotalMax;
}

/** Sums in whole hundredths, which stay exact up to ninety trillion. */
class Tally {
  private subtotal = 0;
  private vatTotal = 0;
  private total = 0;
  private receivable = 0;
  private payable = 0;

  add(row: InvoiceRow): void {
    this.subtotal += row.subtotal ?? 0;
    this.vatTotal += row.vatTotal ?? 0;
    this.total += row.total ?? 0;
    if (row.isPaid) return;
    if (row.direction === "incoming") this.payable += row.balance ?? 0;
    else this.receivable += row.balance ?? 0;
  }

  sums(): Sums {
    const { subtotal, vatTotal, total, receivable, payable } = this;
    const amounts = Object.entries({ subtotal, vatTotal, total, receivable, payable });
    return Object.fromEntries(amounts.map(([name, cents]) => [name, amountOf(cents)])) as unknown as Sums;
  }
}

const amountOf = (cents: number): number => Decimal.from(cents).times("0.01").toNumber();
