import { documentRate } from "#core/catalog/exchange-rates.ts";
import { isOutage, tryRegistration } from "#core/companies/registry.ts";
import type { DecimalText } from "#core/lib/decimal.ts";
import { isCui } from "#core/model/cif.ts";
import type { Buyer } from "#core/model/party.ts";
import type { StoredInvoice } from "./collection.ts";

/**
 * A draft with the address of a buyer of whom only name and CIF were written, from the tax register (DECISIONS 26).
 * What the register does not tell stays empty, and validation names it.
 */
export async function withRegisteredBuyer(draft: StoredInvoice): Promise<StoredInvoice> {
  const buyer = draft.buyerSnapshot;
  if (!buyer?.cif || buyer.address !== null || draft.clientId !== null || !isCui(buyer.cif)) return draft;
  const found = await tryRegistration(buyer.cif);
  if (!found) return draft;
  const { registrationNumber, address, city, county, postalCode, vatPayer, vatCode } = found;
  const known: Buyer = {
    ...buyer,
    registrationNumber,
    address,
    city,
    county,
    postalCode,
    isVatPayer: vatPayer,
    vatCode,
  };
  return { ...draft, buyerSnapshot: known };
}

/** A draft in a foreign currency with the rate the law takes for its day, unless its author gave one. */
export async function withExchangeRate(draft: StoredInvoice): Promise<StoredInvoice> {
  if (draft.currency === "RON" || draft.exchangeRate !== null) return draft;
  const exchangeRate = await knownRate(draft.currency, draft.taxPointDate ?? draft.issueDate);
  return exchangeRate ? { ...draft, exchangeRate } : draft;
}

/** Undefined when the bank quotes none or cannot be asked: validation then asks for the rate (BR-RO-030). */
async function knownRate(currency: string, day: string): Promise<DecimalText | undefined> {
  try {
    return await documentRate(currency, day);
  } catch (error) {
    if (isOutage(error)) return undefined;
    throw error;
  }
}
