import { blankProduct, productColumns, products } from "#core/catalog/product.ts";
import type { CompanyActor } from "#core/lib/actor.ts";
import { Decimal, type DecimalText } from "#core/lib/decimal.ts";
import { idFrom } from "#core/lib/ids.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import { commit } from "#core/store/commit.ts";
import { listRows } from "#core/store/listing.ts";
import type { Follow } from "#core/store/out.ts";
import { Stale } from "#core/store/write.ts";
import { invoices, type StoredInvoice } from "./collection.ts";

/** One invoice makes at most so many products known: a price list is imported, not invoiced. */
const mostProducts = 100;

/** The message that has the products of a new draft made known, if it sells anything by description alone. */
export const followProducts = (
  { organizationId, companyId }: CompanyActor,
  { id, lines }: Pick<StoredInvoice, "id" | "lines">,
): Follow[] =>
  lines.some(({ productId }) => productId === null)
    ? [{ queue: "Documents", body: { organizationId, companyId, invoiceId: id, learn: true } }]
    : [];

/**
 * Puts into the catalogue what an invoice sells under a description that no product has. Done after the invoice was
 * written, because the author of an invoice waits for no catalogue. Repeating it finds the products there: their ids
 * are made from their names.
 */
export async function learnProducts({ companyId }: CompanyActor, invoiceId: string): Promise<void> {
  const invoice = await invoices.find(companyId, invoiceId);
  if (!invoice || invoice.deletedAt) return;
  const sold = new Map(
    invoice.lines
      .filter(({ productId }) => productId === null)
      .map((line) => [sameness(line.description), line]),
  );
  await listRows(companyId, products, productColumns, {
    sort: "id",
    descending: true,
    page: 1,
    limit: 1,
    visit: ({ name }) => void sold.delete(sameness(name ?? "")),
  });
  for (const [name, line] of [...sold].slice(0, mostProducts)) await learn(invoice, name, line);
}

const sameness = (description: string): string => description.slice(0, 255).trim().toLowerCase();

async function learn(
  { companyId, currency, status }: StoredInvoice,
  name: string,
  line: InvoiceLine,
): Promise<void> {
  const write = products.insert(companyId, {
    ...blankProduct(),
    id: idFrom([companyId, "sold", name].join("\n")),
    name: line.description.slice(0, 255).trim(),
    code: line.productCode,
    unitOfMeasure: line.unitOfMeasure,
    defaultPrice: netPrice(line),
    currency,
    vatRate: line.vatRate,
    vatCategoryCode: line.vatCategoryCode,
    usage: "sales",
    ncCode: line.ncCode,
    cpvCode: line.cpvCode,
    source: status === "synced" ? "anaf_sync" : "api",
  });
  try {
    await commit([write]);
  } catch (error) {
    // Known since another invoice, or deleted on purpose: either way there is nothing to do.
    if (!(error instanceof Stale)) throw error;
  }
}

/** The catalogue keeps prices without VAT. */
function netPrice({ unitPrice, vatIncluded, vatRate }: InvoiceLine): DecimalText {
  if (!vatIncluded) return unitPrice;
  return Decimal.from(unitPrice).times(100).dividedBy(Decimal.from(vatRate).plus(100), 4).text();
}
