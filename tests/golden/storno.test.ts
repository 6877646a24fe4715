import { describe, expect, it } from "vitest";
import { assertReversible, reversalOf } from "#core/model/storno.ts";
import { wireInvoice } from "#core/model/wire.ts";
import type { DomainError } from "#core/lib/error.ts";
import { documentFrom } from "./documents.ts";

const line = { description: "Carte", quantity: 2, unitPrice: 10, discount: 5 };
const { invoice } = documentFrom({
  lines: [line],
  currency: "EUR",
  exchangeRate: "5.0911",
  orderNumber: "PO-1",
  paymentTerms: "30 de zile",
  ublExtensions: {
    prepaidAmount: 3,
    allowanceCharges: [
      { chargeIndicator: false, amount: 1, taxCategoryCode: "S", taxRate: 21, reasonCode: "95" },
    ],
  },
});

describe("the reversal of an invoice", () => {
  const reversal = reversalOf(invoice, "2026-03-20");

  it("turns quantities, discounts, allowances and sums, and keeps prices", () => {
    expect(reversal.lines[0]).toMatchObject({
      quantity: "-2",
      discount: "-5",
      unitPrice: "10",
      lineTotal: "-15",
    });
    expect(reversal.ublExtensions?.allowanceCharges).toMatchObject([{ chargeIndicator: true, amount: "1" }]);
    expect(reversal).toMatchObject({ total: "-16.94", payable: "-16.94", discount: "-5" });
  });

  it("keeps currency, rate, terms and references, and names its source", () => {
    expect(reversal).toMatchObject({
      currency: "EUR",
      exchangeRate: "5.0911",
      orderNumber: "PO-1",
      paymentTerms: "30 de zile",
      parentDocumentId: invoice.id,
      parentDocumentNumber: "FCT0001",
      notes: "Storno factura #FCT0001 din 10.03.2026",
      issueDate: "2026-03-20",
    });
    expect(reversal.lines[0]?.id).not.toBe(invoice.lines[0]?.id);
  });

  it("takes nothing from its source's life", () => {
    for (const field of ["id", "number", "status", "payments", "events", "anafUploadId", "amountPaid"])
      expect(reversal).not.toHaveProperty(field);
  });

  const codeOf = (more: object): string | undefined => {
    try {
      assertReversible({ ...invoice, ...more });
      return undefined;
    } catch (error) {
      return (error as DomainError).details.code;
    }
  };

  it("is made once, of issued outgoing invoices that are no reversals", () => {
    for (const status of ["issued", "sent_to_provider", "validated", "synced"])
      expect(codeOf({ status })).toBeUndefined();
    for (const status of ["draft", "cancelled", "rejected"])
      expect(codeOf({ status })).toBe("invoice_cannot_be_storned");
    expect(codeOf({ direction: "incoming" })).toBe("invoice_cannot_be_storned");
    expect(codeOf({ parentDocumentId: invoice.id })).toBe("invoice_cannot_be_storned");
    expect(codeOf({ refundInvoices: [{}] })).toBe("invoice_already_storned");
  });
});

describe("the invoice as the API answers it", () => {
  const answer = wireInvoice(invoice);

  it("has numbers for money, quantities and rates, at any depth", () => {
    expect(answer).toMatchObject({
      subtotal: 15,
      vatTotal: 2.94,
      total: 16.94,
      payable: 13.94,
      exchangeRate: 5.0911,
      lines: [{ quantity: 2, unitPrice: 10, vatRate: 21, lineTotal: 15 }],
      ublExtensions: { prepaidAmount: 3, allowanceCharges: [{ amount: 1, taxRate: 21 }] },
    });
  });

  it("has every name the published clients read", () => {
    expect(answer).toMatchObject({
      id: invoice.id,
      uuid: invoice.id,
      isCreditNote: false,
      isIncoming: false,
      vatAmount: 2.94,
      totalAmount: 16.94,
      anafState: null,
      buyerSnapshot: { cui: "9000000020", cif: "9000000020" },
    });
  });

  it("keeps texts that look like numbers, and hides what is ours", () => {
    const numeric = documentFrom({ lines: [line], orderNumber: "12345", notes: "7" }).invoice;
    expect(wireInvoice(numeric)).toMatchObject({ orderNumber: "12345", notes: "7", number: "FCT0001" });
    for (const field of ["companyId", "deletedAt", "sellerSnapshot", "bankAccounts", "refundInvoices"])
      expect(answer).not.toHaveProperty(field);
  });
});
