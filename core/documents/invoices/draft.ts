import type { Company } from "#core/companies/company.ts";
import { normalCif } from "#core/model/cif.ts";
import type { Invoice } from "#core/model/invoice.ts";
import { settled } from "#core/model/paid.ts";
import { type Buyer, partyNamed } from "#core/model/party.ts";
import { invoiceTotals } from "#core/model/totals.ts";
import { buyerOf, type Client } from "#core/parties/client.ts";

/** The number of a document that has none yet; made from its id, so that it is known again. */
export const temporaryNumber = (id: string): string => `DRAFT-${id.slice(-8).toUpperCase()}`;

/** Whether a document still waits for its number. A restored one keeps the number it had. */
export const isUnnumbered = ({ id, number }: Pick<Invoice, "id" | "number">): boolean =>
  number === temporaryNumber(id);

/** Who sells, as the fields lists search by. */
export const senderOf = (company: Company) => ({ senderName: company.name, senderCif: company.cif });

type BuyerFields = Pick<Invoice, "buyerSnapshot" | "receiverName" | "receiverCif">;

/** The buyer of a draft: the client as it is now, or what was written in its place. */
export function buyerFields(
  client: Client | undefined,
  written: Pick<Invoice, "receiverName" | "receiverCif">,
): BuyerFields {
  if (client)
    return { buyerSnapshot: buyerOf(client), receiverName: client.name, receiverCif: codeOf(client) };
  const { receiverName, receiverCif } = written;
  return { buyerSnapshot: receiverName === null ? null : buyerNamed(receiverName, receiverCif), ...written };
}

const codeOf = ({ cui, cnp, vatCode }: Client): string | null => cui ?? vatCode ?? cnp;

/** A buyer of whom only name and fiscal code are written; the register knows the rest (DECISIONS 26). */
function buyerNamed(name: string, cif: string | null): Buyer {
  const isVatPayer = cif !== null && /^RO/i.test(cif.trim());
  const digits = cif && normalCif(cif);
  return {
    ...partyNamed(name),
    cif: digits,
    isVatPayer,
    vatCode: isVatPayer ? `RO${digits}` : null,
    clientCode: null,
  };
}

/** An invoice with its sums and its balance computed anew from its lines, its extensions and its payments. */
export function summed<T extends Invoice>(invoice: T): T {
  const totals = invoiceTotals(invoice);
  const { payable } = totals;
  return { ...invoice, ...totals, ...paidState({ ...invoice, payable }) };
}

/** A draft keeps the method of payment it asks for; it is not what payments say. */
function paidState(invoice: Invoice) {
  const { paymentMethod, ...state } = settled(invoice, invoice.payments);
  return state.paidAt === null ? state : { ...state, paymentMethod };
}
