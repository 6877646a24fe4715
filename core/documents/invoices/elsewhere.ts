import { instant } from "#core/lib/clock.ts";
import type { Change } from "#core/store/collection.ts";
import { invoices, type StoredInvoice } from "./collection.ts";

/**
 * An invoice that other countries' networks have, or may have, is frozen as one that ANAF has: what was handed over
 * must stay what it was. These are changes to be committed together with what the hand-over itself records.
 */

/** The invoice goes to a network. Undefined when that is already known. */
export function markElsewhere(invoice: StoredInvoice, network: string): Change<StoredInvoice> | undefined {
  const { elsewhere = [] } = invoice;
  if (elsewhere.includes(network)) return undefined;
  const changes = { elsewhere: [...elsewhere, network], updatedAt: instant() };
  return invoices.replace(invoice.companyId, invoice, { ...invoice, ...changes });
}

/** The network does not have it after all, or turned it down. Undefined when nothing said that it had. */
export function markReturned(invoice: StoredInvoice, network: string): Change<StoredInvoice> | undefined {
  const { elsewhere = [] } = invoice;
  if (!elsewhere.includes(network)) return undefined;
  const left = elsewhere.filter((name) => name !== network);
  return invoices.replace(invoice.companyId, invoice, { ...invoice, elsewhere: left, updatedAt: instant() });
}
