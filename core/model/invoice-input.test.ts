import { describe, expect, it } from "vitest";
import { today, addDays } from "#core/lib/dates.ts";
import { newHeader, withHeader } from "./header.ts";
import { InvoiceChanges, NewInvoice, NewPayment } from "./invoice-input.ts";

const line = { description: "Carte", quantity: 1, unitPrice: 10 };
const uuid = "0195f000-0000-7000-8000-000000000001";

const problems = (body: object): Record<string, string> =>
  Object.fromEntries(
    (NewInvoice.safeParse(body).error?.issues ?? []).map((issue) => [issue.path.join("."), issue.message]),
  );

describe("the body of a new invoice", () => {
  it("needs nothing but a line, and ignores what it does not know", () => {
    expect(NewInvoice.parse({ lines: [{ ...line, colour: "red" }], total: 5 })).toEqual({
      lines: [{ description: "Carte", quantity: "1", unitPrice: "10" }],
    });
  });

  it.each([
    [{ seriesId: uuid }, { documentSeriesId: uuid }],
    [{ isCreditNote: true, parentDocumentId: uuid }, { documentType: "credit_note" }],
    [{ isCreditNote: false, documentType: "credit_note" }, { documentType: "credit_note" }],
    [{ invoiceTypeCode: "381" }, { documentType: "credit_note", invoiceTypeCode: "standard" }],
    [{ invoiceTypeCode: 384 }, { invoiceTypeCode: "standard", untdidTypeCode: "384" }],
    [{ invoiceTypeCode: 389 }, { invoiceTypeCode: "self_billing", untdidTypeCode: "389" }],
    [{ invoiceTypeCode: "self_billing" }, { invoiceTypeCode: "self_billing", untdidTypeCode: "389" }],
    [{ invoiceTypeCode: "reverse_charge" }, { invoiceTypeCode: "reverse_charge", untdidTypeCode: "380" }],
    [{ currency: "eur" }, { currency: "EUR" }],
    [{ notes: "  " }, { notes: null }],
    [{ ublExtensions: { unknown: 1, allowanceCharges: [] } }, { ublExtensions: null }],
    [{ scheduledEmailAt: "2026-03-01T10:00:00+02:00" }, { scheduledEmailAt: "2026-03-01T08:00:00.000Z" }],
    [{ collect: true }, { collect: true }],
  ])("%j means %j", (given, meant) =>
    expect(NewInvoice.parse({ lines: [line], ...given })).toMatchObject(meant),
  );

  it("names every field that is wrong", () => {
    const wrong = problems({
      issueDate: addDays(today(), 1),
      dueDate: "2026-02-30",
      currency: "lei",
      invoiceTypeCode: "386",
      notes: 5,
      clientId: "1",
      ublExtensions: { invoicePeriod: { startDate: "2026-02-02", endDate: "2026-02-01" } },
      lines: [
        line,
        { description: " ", quantity: "0", unitPrice: -1, vatRate: "21.005", unitOfMeasure: "x".repeat(21) },
      ],
    });
    expect(wrong).toEqual({
      issueDate: "must not be in the future",
      dueDate: "must be a date written YYYY-MM-DD",
      invoiceTypeCode: expect.stringContaining("must be one of standard"),
      notes: "must be text",
      clientId: "must be a UUID",
      "ublExtensions.invoicePeriod": "must not end before it starts",
      "lines.1.description": "must not be empty",
      "lines.1.quantity": "must not be zero",
      "lines.1.unitPrice": "must be at least 0",
      "lines.1.vatRate": "must have at most 2 decimals",
      "lines.1.unitOfMeasure": "must have at most 20 characters",
    });
  });

  it("must name the corrected invoice when it says isCreditNote, need not when it says credit_note", () => {
    expect(problems({ lines: [line], isCreditNote: true })).toEqual({
      parentDocumentId: "is required for a credit note",
    });
    expect(problems({ lines: [line], documentType: "credit_note" })).toEqual({});
  });

  it("refuses no lines, and decimals that would have to be rounded", () => {
    expect(problems({ lines: [] })).toEqual({ lines: "must have at least one line" });
    expect(problems({})).toEqual({ lines: "must be a list of lines" });
    expect(problems({ lines: [{ ...line, unitPrice: "1.2345678" }] })).toEqual({
      "lines.0.unitPrice": "must have at most 6 decimals",
    });
    expect(problems({ lines: [{ ...line, quantity: 10_000_000, unitPrice: 100_000 }] })).toEqual({
      "lines.0.unitPrice": "times the quantity is more than an invoice can show",
    });
    expect(problems({ lines: [line], exchangeRate: 5.09111 })).toEqual({
      exchangeRate: "must have at most 4 decimals",
    });
  });
});

describe("changes of an invoice", () => {
  const header = {
    ...newHeader({ issueDate: "2026-03-01", currency: "EUR" }),
    notes: "old",
    plataOnline: true,
  };

  it("touch only what the body names; null clears", () => {
    const changes = InvoiceChanges.parse({
      notes: null,
      plataOnline: null,
      issueDate: null,
      orderNumber: "7",
    });
    expect(withHeader(header, changes)).toEqual({
      ...header,
      notes: null,
      plataOnline: false,
      orderNumber: "7",
    });
    expect(withHeader(header, InvoiceChanges.parse({}))).toEqual(header);
  });
});

describe("the body of a payment", () => {
  it("with a date but no method is a bank transfer to decide later, without both it is refused", () => {
    expect(NewPayment.parse({ amount: "10.50", paymentDate: "2026-03-01" })).toMatchObject({
      amount: "10.5",
    });
    expect(NewPayment.safeParse({ amount: 10 }).error?.issues[0]).toMatchObject({ path: ["paymentMethod"] });
    expect(NewPayment.safeParse({ amount: "1.001", paymentMethod: "cash" }).success).toBe(false);
  });
});
