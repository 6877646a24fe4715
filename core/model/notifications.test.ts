import { describe, expect, it } from "vitest";
import { keyOf, notificationOf, notificationTypes, typeNamed, usualSwitches } from "./notifications.ts";

describe("typeNamed", () => {
  it("knows every type by its own name, by the key it is answered under, and in snake case", () => {
    for (const type of notificationTypes)
      expect([type, keyOf(type), type.replaceAll(".", "_")].map(typeNamed)).toEqual([type, type, type]);
    expect(new Set(notificationTypes.map(keyOf)).size).toBe(notificationTypes.length);
  });

  it.each([
    ["invoice_received", "efactura.new_documents"],
    ["invoiceReceived", "efactura.new_documents"],
    ["sync_failed", "sync.error"],
    ["token_expired", "token.refresh_failed"],
    ["payment_overdue", "invoice.overdue"],
  ])("knows the pages' name %s", (name, type) => {
    expect(typeNamed(name)).toBe(type);
  });

  it.each(["", "invoice", "invitation_received", "constructor", "__proto__"])("knows no %j", (name) => {
    expect(typeNamed(name)).toBeUndefined();
  });
});

describe("notificationOf", () => {
  it("tells of verdicts and failed looks, not of everything that webhooks hear", () => {
    expect(["invoice.validated", "sync.failed", "invoice.issued", "x"].map(notificationOf)).toEqual([
      "invoice.validated",
      "sync.error",
      undefined,
      undefined,
    ]);
  });
});

it("mails by itself what the contract says", () => {
  expect(notificationTypes.filter((type) => usualSwitches(type).email)).toEqual([
    "invoice.rejected",
    "invoice.anaf_deadline",
    "invoice.anaf_missing_token",
    "token.expiring_soon",
    "payment.received",
    "export_ready",
    "report.monthly_summary",
  ]);
});
