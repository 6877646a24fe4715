import { describe, expect, it } from "vitest";
import * as Lifecycle from "./lifecycle.ts";
import { INVOICE_STATUSES, type InvoiceStatus } from "./words.ts";

const invoice = (status: InvoiceStatus, more: object = {}) => ({
  status,
  direction: "outgoing" as const,
  anafUploadId: null,
  payments: [],
  refundInvoices: [],
  ...more,
});

describe("the lifecycle of an invoice", () => {
  const moves: [InvoiceStatus, InvoiceStatus][] = [
    ["draft", "issued"],
    ["draft", "cancelled"],
    ["issued", "sent_to_provider"],
    ["issued", "cancelled"],
    ["sent_to_provider", "validated"],
    ["sent_to_provider", "rejected"],
    ["rejected", "sent_to_provider"],
    ["cancelled", "draft"],
  ];

  it("has these moves and no others", () => {
    const found = INVOICE_STATUSES.flatMap((from) =>
      INVOICE_STATUSES.filter((to) => Lifecycle.canMove(from, to)).map((to) => [from, to]),
    );
    expect(new Set(found.map(String))).toEqual(new Set(moves.map(String)));
  });

  it.each([
    ["issued", "issued", "Only draft invoices can be issued."],
    ["draft", "sent_to_provider", "Only issued or rejected invoices can be submitted."],
    ["validated", "cancelled", "Only draft or issued invoices can be cancelled."],
    ["issued", "draft", "Only cancelled invoices can be restored."],
    ["draft", "validated", "cannot become validated"],
  ] as const)("refuses %s → %s and says why", (from, to, why) =>
    expect(() => Lifecycle.assertCanMove(from, to)).toThrow(why),
  );

  it("lets drafts, unsent and rejected invoices be edited", () => {
    const editable = INVOICE_STATUSES.filter((status) => Lifecycle.isEditable(invoice(status)));
    expect(editable).toEqual(["draft", "issued", "rejected"]);
    expect(Lifecycle.isEditable(invoice("issued", { anafUploadId: "1" }))).toBe(false);
    expect(Lifecycle.isEditable(invoice("rejected", { anafUploadId: "1" }))).toBe(true);
    expect(Lifecycle.isEditable(invoice("draft", { direction: "incoming" }))).toBe(false);
    expect(() => Lifecycle.assertEditable(invoice("issued", { anafUploadId: "1" }))).toThrow(
      "submitted to ANAF",
    );
    expect(() => Lifecycle.assertEditable(invoice("cancelled"))).toThrow("is cancelled cannot be changed");
  });

  it("cancels only what ANAF does not have", () => {
    expect(() => Lifecycle.assertCancellable(invoice("issued"))).not.toThrow();
    expect(() => Lifecycle.assertCancellable(invoice("issued", { anafUploadId: "1" }))).toThrow("reverse it");
  });

  it("restores only what nothing refers to", () => {
    expect(() => Lifecycle.assertRestorable(invoice("cancelled"))).not.toThrow();
    expect(() => Lifecycle.assertRestorable(invoice("draft"))).toThrow("Only cancelled");
    for (const more of [{ anafUploadId: "1" }, { payments: [{}] }, { refundInvoices: [{}] }])
      expect(() => Lifecycle.assertRestorable(invoice("cancelled", more))).toThrow("cannot be restored");
  });

  it("deletes drafts and cancelled invoices only", () => {
    for (const status of ["draft", "cancelled"] as const)
      expect(() => Lifecycle.assertRemovable(invoice(status))).not.toThrow();
    expect(() => Lifecycle.assertRemovable(invoice("issued"))).toThrow("Only draft or cancelled");
    expect(() => Lifecycle.assertRemovable(invoice("cancelled", { anafUploadId: "1" }))).toThrow(
      "submitted to ANAF",
    );
  });
});
