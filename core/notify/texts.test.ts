import { describe, expect, it } from "vitest";
import type { AnnouncedType } from "#core/model/notifications.ts";
import { type Facts, type InvoiceState, tellingOf } from "./texts.ts";

const facts: Facts = {
  companyId: "c",
  id: "i",
  number: "FCT0001",
  reason: "[BR-RO-100]",
  deadline: "2027-03-08",
  cif: "9000000011",
  error: "ANAF cannot be reached.",
  label: "Ana",
  endsOn: "2027-01-31",
  count: 1,
};
const said = (type: AnnouncedType, given: Partial<Facts>, language: "ro" | "en") =>
  tellingOf(type, { ...facts, ...given }, language);

describe("a notification in words", () => {
  const states: InvoiceState[] = ["not_sent", "unconfirmed", "processing", "rejected", "stuck"];
  const cases: [AnnouncedType, Partial<Facts>][] = [
    ["invoice.validated", {}],
    ["invoice.rejected", {}],
    ...states.flatMap((state): [AnnouncedType, Partial<Facts>][] => [
      ["invoice.anaf_deadline", { state, isPast: false }],
      ["invoice.anaf_deadline", { state, isPast: true }],
      ["invoice.anaf_missing_token", { state, isPast: true }],
    ]),
    ["sync.error", {}],
    ["efactura.new_documents", {}],
    ["token.expiring_soon", { hasEnded: false }],
    ["token.expiring_soon", { hasEnded: true }],
    ["token.refresh_failed", { hasEnded: true }],
    ["token.refresh_failed", { label: null }],
  ];

  it.each(cases)("is whole, and another in each language: %s %j", (type, given) => {
    const [ro, en] = [said(type, given, "ro"), said(type, given, "en")];
    for (const text of [ro.title, ro.message, en.title, en.message]) {
      expect(text).not.toMatch(/undefined|null|\s\s|^$/);
      expect(text.trim()).toBe(text);
    }
    expect(ro.title).not.toBe(en.title);
    expect(ro.message).not.toBe(en.message);
    expect(ro.link).toBe(en.link);
  });

  it("says why, until when, and whether that is past", () => {
    expect(said("invoice.rejected", {}, "ro").message).toContain("[BR-RO-100]");
    const late = said("invoice.anaf_deadline", { isPast: true, state: "rejected" }, "en");
    expect(late).toEqual({
      title: "Invoice FCT0001: the deadline for ANAF has passed",
      message: "ANAF rejected it: correct it and send it again. The legal deadline was 2027-03-08.",
      link: "/invoices/i",
    });
  });

  it.each([
    [1, "În SPV a sosit o factură nouă."],
    [2, "În SPV au sosit 2 facturi noi."],
    [19, "În SPV au sosit 19 facturi noi."],
    [20, "În SPV au sosit 20 de facturi noi."],
    [101, "În SPV au sosit 101 facturi noi."],
    [520, "În SPV au sosit 520 de facturi noi."],
  ])("counts as Romanian does: %d", (count, message) => {
    expect(said("efactura.new_documents", { count }, "ro").message).toBe(message);
  });
});
