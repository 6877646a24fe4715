import { Decimal, ZERO } from "#core/lib/decimal.ts";
import { newId, partId } from "#core/lib/ids.ts";
import type { InvoiceLine } from "./invoice.ts";
import type { NewLine } from "./invoice-input.ts";
import { discountFromPercent, lineAmounts } from "./totals.ts";
import { applyVatRules, repairVat } from "./vat.ts";
import type { Vat, VatParties } from "./vat.ts";
import type { DocumentType } from "./words.ts";

export interface LineRules {
  documentType: DocumentType;
  /** VAT of a line that says nothing about it: the company's default rate. */
  defaultVat: Vat;
  /** The VAT rate a `vatRateId` names; undefined when the company has no such rate, and the line's own values count. */
  vatById?: (id: string) => Vat | undefined;
  /** Set when the document asked for `autoApplyVatRules`. */
  parties?: VatParties;
  /** Forced onto every line, with `autoApplyVatRules` only. */
  vatIncluded?: boolean;
}

/**
 * The lines of a document as stored, from what a client wrote: defaults filled, VAT repaired, amounts computed. On a
 * credit note where no quantity is negative all of them are turned, because whoever writes "credit 2 pieces" as 2 means
 * the same as one who writes −2.
 */
export function linesFrom(
  written: readonly NewLine[],
  rules: LineRules,
  documentId: string = newId(),
): InvoiceLine[] {
  const turned =
    rules.documentType === "credit_note" && written.every((line) => Decimal.from(line.quantity).sign > 0);
  return written.map((line, at) =>
    lineFrom(turned ? negatedLine(line) : line, { id: partId(documentId), position: at + 1 }, rules),
  );
}

const negatedLine = (line: NewLine): NewLine => ({
  ...line,
  quantity: Decimal.from(line.quantity).negated().text(),
  ...(line.discount ? { discount: Decimal.from(line.discount).negated().text() } : {}),
});

function lineFrom(line: NewLine, place: Pick<InvoiceLine, "id" | "position">, rules: LineRules): InvoiceLine {
  const vat = vatOf(line, rules);
  const stored: InvoiceLine = {
    ...place,
    productId: line.productId ?? null,
    description: line.description,
    quantity: line.quantity,
    unitOfMeasure: line.unitOfMeasure ?? "buc",
    unitPrice: line.unitPrice,
    vatRate: vat.rate,
    vatCategoryCode: vat.category,
    exemptionReasonCode: line.exemptionReasonCode ?? null,
    exemptionReason: line.exemptionReason ?? null,
    vatAmount: ZERO,
    lineTotal: ZERO,
    discount: line.discount ?? ZERO,
    discountPercent: line.discountPercent ?? ZERO,
    vatIncluded: rules.vatIncluded ?? line.vatIncluded ?? false,
    productCode: line.productCode ?? null,
    lineNote: line.lineNote ?? null,
    buyerAccountingRef: line.buyerAccountingRef ?? null,
    buyerItemIdentification: line.buyerItemIdentification ?? null,
    standardItemIdentification: line.standardItemIdentification ?? null,
    cpvCode: line.cpvCode ?? null,
    ncCode: line.ncCode ?? null,
    ublExtensions: line.ublExtensions ?? null,
  };
  if (line.discount == null) stored.discount = discountFromPercent(stored).text();
  return computed(stored);
}

function vatOf(line: NewLine, rules: LineRules): Vat {
  const named = line.vatRateId ? rules.vatById?.(line.vatRateId) : undefined;
  const vat = named ?? repairVat(line.vatCategoryCode, line.vatRate, rules.defaultVat);
  return rules.parties ? applyVatRules(vat, rules.parties) : vat;
}

/** A line with its net and VAT computed from the rest. */
export function computed(line: InvoiceLine): InvoiceLine {
  const { net, vat } = lineAmounts(line);
  return { ...line, lineTotal: net.text(), vatAmount: vat.text() };
}
