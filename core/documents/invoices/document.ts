import type { CompanyActor } from "#core/lib/actor.ts";
import { ownCompany } from "#core/companies/access.ts";
import { paymentAccounts } from "#core/companies/bank-accounts.ts";
import { type Company, sellerOf } from "#core/companies/company.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { type Buyer, partyNamed, type PaymentAccount } from "#core/model/party.ts";
import { clients } from "#core/parties/client.ts";
import type { StoredInvoice } from "./collection.ts";
import { withExchangeRate, withRegisteredBuyer } from "./completion.ts";
import { buyerFields } from "./draft.ts";

/** A buyer of whom nothing is known: validation says what is missing. */
const nobody: Buyer = { ...partyNamed(""), clientCode: null };

/**
 * The invoice with all that a writer prints. An issued one brings its own snapshots; for a draft they are the company
 * and its accounts as they are now.
 */
export function documentOf(
  invoice: StoredInvoice,
  { company, accounts }: { company: Company; accounts: readonly PaymentAccount[] },
): IssuableDocument {
  const { parentDocumentNumber: number, parentDocumentDate: issueDate } = invoice;
  return {
    invoice,
    seller: invoice.sellerSnapshot ?? sellerOf(company),
    buyer: invoice.buyerSnapshot ?? nobody,
    bankAccounts: invoice.sellerSnapshot ? invoice.bankAccounts : accounts,
    parent: number && issueDate ? { number, issueDate } : null,
  };
}

/** A draft with its client as it is now; anything else as it is (DECISIONS 22). */
export async function withCurrentClient(invoice: StoredInvoice): Promise<StoredInvoice> {
  if (invoice.status !== "draft" || invoice.clientId === null) return invoice;
  const client = await clients.find(invoice.companyId, invoice.clientId);
  return client ? { ...invoice, ...buyerFields(client, invoice) } : invoice;
}

/** A draft as issue would see it: with its client, its buyer's address and its exchange rate as they are now. */
const completed = async (invoice: StoredInvoice): Promise<StoredInvoice> =>
  invoice.status === "draft"
    ? withCurrentClient(invoice).then(withRegisteredBuyer).then(withExchangeRate)
    : invoice;

/** Reads what the document of an invoice needs beyond its row. */
export async function readDocument(actor: CompanyActor, invoice: StoredInvoice): Promise<IssuableDocument> {
  const [company, accounts, current] = await Promise.all([
    ownCompany(actor),
    invoice.sellerSnapshot ? [] : paymentAccounts(actor.companyId, invoice.currency),
    completed(invoice),
  ]);
  return documentOf(current, { company, accounts });
}
