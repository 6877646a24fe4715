import { afterEach, describe, expect, it } from "vitest";
import { setClockOffset } from "#core/lib/clock.ts";
import type { StoredInvoice } from "./collection.ts";
import { followFirstDeadline, isOwedToAnaf, warningsOf } from "./deadline.ts";

afterEach(() => setClockOffset(0));

const owner = { organizationId: "o", companyId: "c" };
const invoice = (given: Partial<StoredInvoice> = {}) =>
  ({
    id: "i",
    direction: "outgoing",
    documentType: "invoice",
    untdidTypeCode: "380",
    issueDate: "2027-03-01",
    taxPointDate: null,
    buyerSnapshot: { country: "RO", vatCode: null, type: "company" },
    ...given,
  }) as StoredInvoice;
const buyer = (country: string, vatCode: string | null) =>
  ({ buyerSnapshot: { country, vatCode, type: "company" } }) as Partial<StoredInvoice>;

describe("warningsOf", () => {
  it.each([
    ["2027-03-08", "2027-03-05T06:00:00.000Z", "2027-03-09T06:00:00.000Z"],
    // Over a weekend and a legal holiday, Friday 1 January; the day after is any day, a Saturday too.
    ["2027-01-04", "2026-12-31T06:00:00.000Z", "2027-01-05T06:00:00.000Z"],
    ["2026-12-04", "2026-12-03T06:00:00.000Z", "2026-12-05T06:00:00.000Z"],
    // Clocks go forward on 28 March 2027.
    ["2027-03-29", "2027-03-26T06:00:00.000Z", "2027-03-30T05:00:00.000Z"],
  ])("of %s are at eight in Bucharest, on the working day before and the day after", (day, near, past) => {
    expect(warningsOf(day)).toEqual({ near, past });
  });
});

describe("isOwedToAnaf", () => {
  it.each([
    ["a Romanian buyer", buyer("RO", null), true],
    ["a foreign buyer with a Romanian VAT code", buyer("DE", "RO123456"), true],
    ["a foreign buyer", buyer("DE", "DE123456789"), false],
    ["what a supplier sent", { direction: "incoming" } as const, false],
  ])("knows %s", (_what, given, isOwed) => {
    expect(isOwedToAnaf(invoice(given))).toBe(isOwed);
  });
});

describe("followFirstDeadline", () => {
  const at = (instant: string) => setClockOffset(Date.parse(instant) - Date.now());

  it("has an issued invoice looked at when it is warned of, named so that one look is left of two", () => {
    at("2027-03-01T10:00:00Z");
    const dueAt = "2027-03-05T06:00:00.000Z";
    const body = { ...owner, invoiceId: "i", deadline: "2027-03-08", dueAt };
    expect(followFirstDeadline(owner, invoice())).toEqual([{ queue: "Events", body, dueAt, key: "i" }]);
  });

  it("gives one that is late already an hour", () => {
    at("2027-03-20T10:00:00Z");
    const [{ dueAt } = {}] = followFirstDeadline(owner, invoice());
    expect(dueAt).toMatch(/^2027-03-20T11:00:0/);
  });

  it("says nothing where nothing is owed, or when a change moved no deadline", () => {
    at("2027-03-01T10:00:00Z");
    expect(followFirstDeadline(owner, invoice(buyer("DE", null)))).toEqual([]);
    expect(followFirstDeadline(owner, invoice({ notes: "x" }), invoice())).toEqual([]);
    expect(followFirstDeadline(owner, invoice({ issueDate: "2027-03-02" }), invoice())).toHaveLength(1);
    expect(followFirstDeadline(owner, invoice(), invoice(buyer("DE", null)))).toHaveLength(1);
  });
});
