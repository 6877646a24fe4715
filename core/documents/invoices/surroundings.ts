import type { CompanyActor } from "#core/lib/actor.ts";
import { products } from "#core/catalog/product.ts";
import { ownCompany } from "#core/companies/access.ts";
import type { Company } from "#core/companies/company.ts";
import { series } from "#core/companies/document-series.ts";
import { type VatRate, vatRatesOf } from "#core/companies/vat-rates.ts";
import { decimalTextOf } from "#core/lib/decimal.ts";
import { malformed } from "#core/lib/error.ts";
import type { NewLine } from "#core/model/invoice-input.ts";
import type { LineRules } from "#core/model/lines.ts";
import type { Vat } from "#core/model/vat.ts";
import type { DocumentType } from "#core/model/words.ts";
import { type Client, clients } from "#core/parties/client.ts";
import { invoices, type StoredInvoice } from "./collection.ts";

/** What a document is written against: the company, its VAT rates, and the objects the document names. */
export interface Surroundings {
  readonly company: Company;
  readonly rates: readonly VatRate[];
  readonly client: Client | undefined;
  readonly parent: StoredInvoice | undefined;
}

/** The ids a document names; null and absent alike name nothing. */
export interface Named {
  readonly clientId?: string | null | undefined;
  readonly parentDocumentId?: string | null | undefined;
  readonly documentSeriesId?: string | null | undefined;
}

/** Reads all of it at once. Throws `malformed`, naming the field, for what is unknown or somebody else's. */
export async function surroundingsOf(
  actor: CompanyActor,
  { clientId, parentDocumentId, documentSeriesId }: Named,
  documentType: DocumentType,
): Promise<Surroundings> {
  const [company, rates, client, parent, chosen] = await Promise.all([
    ownCompany(actor),
    vatRatesOf(actor.companyId),
    clientId ? clients.find(actor.companyId, clientId) : undefined,
    parentDocumentId ? invoices.find(actor.companyId, parentDocumentId) : undefined,
    documentSeriesId ? series.find(actor.companyId, documentSeriesId) : undefined,
  ]);
  if (clientId && (!client || client.deletedAt))
    throw malformed({ clientId: "is not a client of the company" });
  if (parentDocumentId && (!parent || parent.deletedAt))
    throw malformed({ parentDocumentId: "is not an invoice of the company" });
  if (documentSeriesId) {
    if (!chosen) throw malformed({ documentSeriesId: "is not a series of the company" });
    if (!chosen.active) throw malformed({ documentSeriesId: "is a series that is no longer active" });
    if (chosen.type !== documentType && !(documentType === "credit_note" && chosen.type === "invoice"))
      throw malformed({ documentSeriesId: `is a series for another type of document (${chosen.type})` });
  }
  return { company, rates, client, parent };
}

/** The treatment of a line that names none: the company's default rate, else its first active one. */
function usualVat(rates: readonly VatRate[]): Vat {
  const active = rates.filter(({ isActive }) => isActive);
  const usual = active.find(({ isDefault }) => isDefault) ?? active[0];
  return { category: usual?.categoryCode ?? "S", rate: usual?.rate ?? decimalTextOf(21) };
}

/** How the lines of a document are to be completed, given whom it is for and what its author asked. */
export function lineRules(
  { company, rates, client }: Surroundings,
  asked: {
    documentType: DocumentType;
    autoApplyVatRules?: boolean | null | undefined;
    vatIncluded?: boolean | null | undefined;
  },
): LineRules {
  const vatById = (id: string): Vat | undefined => {
    const rate = rates.find((one) => one.id === id);
    return rate && { category: rate.categoryCode, rate: rate.rate };
  };
  const rules = { documentType: asked.documentType, defaultVat: usualVat(rates), vatById };
  if (!asked.autoApplyVatRules) return rules;
  const { country = "RO", isVatPayer = false, viesValid = null } = client ?? {};
  return {
    ...rules,
    parties: {
      buyer: { country, isVatPayer, viesValid },
      seller: { euVatNumber: company.vatIn ?? company.vatCode, oss: company.oss },
    },
    ...(asked.vatIncluded == null ? {} : { vatIncluded: asked.vatIncluded }),
  };
}

/** The lines with product ids that are the company's; an unknown one is dropped, as published clients expect. */
export async function withKnownProducts(
  { companyId }: CompanyActor,
  lines: readonly NewLine[],
): Promise<NewLine[]> {
  const ids = [...new Set(lines.flatMap(({ productId }) => productId ?? []))];
  if (ids.length === 0) return [...lines];
  const known = await products.getMany(companyId, ids, { consistent: false });
  const live = new Set(known.filter(({ deletedAt }) => !deletedAt).map(({ id }) => id));
  return lines.map((line) =>
    line.productId && !live.has(line.productId) ? { ...line, productId: null } : line,
  );
}
