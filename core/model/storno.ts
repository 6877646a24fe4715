import type { Day } from "#core/lib/dates.ts";
import { DomainError } from "#core/lib/error.ts";
import { Decimal } from "#core/lib/decimal.ts";
import type { DecimalText } from "#core/lib/decimal.ts";
import { partId } from "#core/lib/ids.ts";
import type { Invoice, InvoiceLine, InvoiceTotals } from "./invoice.ts";
import { headerOf } from "./header.ts";
import type { HeaderFields } from "./invoice-input.ts";
import { invoiceTotals } from "./totals.ts";
import type { DocumentExtensions, LineAllowanceCharge } from "./ubl-extensions.ts";

const REVERSIBLE: ReadonlySet<string> = new Set(["issued", "sent_to_provider", "validated", "synced"]);

/**
 * Refuses to reverse what is not an outgoing fiscal document, is a reversal itself, or was reversed already. The codes
 * are those of `POST /v1/invoices/{id}/storno`.
 */
export function assertReversible(
  invoice: Pick<Invoice, "status" | "direction" | "parentDocumentId" | "refundInvoices">,
): void {
  if (invoice.direction !== "outgoing" || !REVERSIBLE.has(invoice.status))
    throw cannot("Only issued outgoing invoices can be reversed.");
  if (invoice.parentDocumentId !== null) throw cannot("A reversal or credit note cannot be reversed.");
  if (invoice.refundInvoices.length > 0)
    throw new DomainError("malformed", "This invoice was already reversed.", {
      code: "invoice_already_storned",
    });
}

const cannot = (message: string): DomainError =>
  new DomainError("malformed", message, { code: "invoice_cannot_be_storned" });

const dotted = (day: Day): string => day.split("-").toReversed().join(".");

/** What a reversal takes from its source: the header, the parties, and lines and sums with the sign turned. */
export type Reversal = HeaderFields &
  InvoiceTotals &
  Pick<
    Invoice,
    | "documentType"
    | "untdidTypeCode"
    | "clientId"
    | "buyerSnapshot"
    | "parentDocumentNumber"
    | "parentDocumentDate"
    | "lines"
  >;

/**
 * The reversal (storno) of an invoice, dated `issueDate`: same client, currency, rate, terms and references, every
 * quantity and discount negated, allowances turned into charges and charges into allowances, so that with its source
 * every VAT rate nets to exactly zero (DECISIONS 11). The prepayment stays with the source. The series is left to issue.
 */
export function reversalOf(source: Invoice, issueDate: Day): Reversal {
  const lines = source.lines.map(reversedLine);
  const ublExtensions = reversedExtensions(source.ublExtensions);
  return {
    ...headerOf(source),
    documentType: source.documentType,
    untdidTypeCode: source.untdidTypeCode,
    clientId: source.clientId,
    buyerSnapshot: source.buyerSnapshot,
    documentSeriesId: null,
    parentDocumentId: source.id,
    parentDocumentNumber: source.number,
    parentDocumentDate: source.issueDate,
    issueDate,
    dueDate: null,
    notes: `Storno factura #${source.number} din ${dotted(source.issueDate)}`,
    scheduledEmailAt: null,
    paymentMethod: null,
    lines,
    ublExtensions,
    ...invoiceTotals({ lines, ublExtensions }),
  };
}

const negated = (amount: DecimalText): DecimalText => Decimal.from(amount).negated().text();

const reversedLine = (line: InvoiceLine): InvoiceLine => ({
  ...line,
  id: partId(line.id),
  quantity: negated(line.quantity),
  discount: negated(line.discount),
  lineTotal: negated(line.lineTotal),
  vatAmount: negated(line.vatAmount),
  ublExtensions: line.ublExtensions && {
    ...line.ublExtensions,
    allowanceCharges: line.ublExtensions.allowanceCharges?.map(turned),
  },
});

const reversedExtensions = (extensions: DocumentExtensions | null): DocumentExtensions | null =>
  extensions && {
    ...extensions,
    allowanceCharges: extensions.allowanceCharges?.map(turned),
    prepaidAmount: null,
  };

/** An allowance as a charge of the same amount, or the other way round; reason codes belong to one kind only. */
const turned = <Entry extends LineAllowanceCharge>(entry: Entry): Entry => ({
  ...entry,
  chargeIndicator: !entry.chargeIndicator,
  reasonCode: null,
});
