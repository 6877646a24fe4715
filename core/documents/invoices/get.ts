import { assertWritable, inside, visibleCompanies } from "#core/companies/access.ts";
import { type Actor, assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { notFound } from "#core/lib/error.ts";
import { isId } from "#core/lib/ids.ts";
import type { DocumentEvent, Payment } from "#core/model/invoice.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { withCurrentClient } from "./document.ts";

/** An invoice of a company; throws `not_found` for what is absent, deleted, foreign or not an id at all. */
export async function getInvoice(companyId: string, id: string): Promise<StoredInvoice> {
  const found = isId(id) ? await invoices.find(companyId, id.toLowerCase()) : undefined;
  if (!found || found.deletedAt) throw notFound("Invoice");
  return found;
}

/**
 * The actor inside the company that owns an invoice, for callers whose key says the organization alone. Throws
 * `not_found` when no company the actor may see has it.
 */
export async function inCompanyOf(actor: Actor, id: string): Promise<CompanyActor> {
  const companies = isId(id) ? await visibleCompanies(actor) : [];
  const owned = await Promise.all(companies.map((company) => invoices.find(company.id, id.toLowerCase())));
  const owner = companies[owned.findIndex((invoice) => invoice && !invoice.deletedAt)];
  if (!owner) throw notFound("Invoice");
  assertWritable(owner);
  return inside(actor, owner);
}

/** An invoice; a draft shows its client as it is now. */
export async function get(actor: CompanyActor, id: string): Promise<StoredInvoice> {
  assertCan(actor, "invoice.view");
  return withCurrentClient(await getInvoice(actor.companyId, id));
}

/** The timeline, newest first. */
export const events = async (actor: CompanyActor, id: string): Promise<DocumentEvent[]> =>
  (await get(actor, id)).events;

/** The payments, the latest day first, of one day the last recorded first. */
export async function listPayments(actor: CompanyActor, id: string): Promise<Payment[]> {
  const { payments } = await get(actor, id);
  return payments.toSorted((a, b) => compare(b.paymentDate, a.paymentDate) || compare(b.id, a.id));
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
