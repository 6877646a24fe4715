import { describe, expect, it } from "vitest";
import { decimalTextOf } from "#core/lib/decimal.ts";
import type { Payment } from "./invoice.ts";
import { assertPayable, isSelfSettled, settled } from "./paid.ts";
import { paymentState } from "./wire.ts";

const payment = (amount: number, paymentDate: string, paymentMethod = "bank_transfer"): Payment => ({
  id: paymentDate,
  amount: decimalTextOf(amount),
  currency: "RON",
  paymentDate,
  paymentMethod,
  reference: null,
  notes: null,
  isReconciled: false,
  createdAt: `${paymentDate}T10:00:00.000Z`,
});

const invoice = {
  payable: decimalTextOf(100),
  balance: decimalTextOf(100),
  currency: "RON",
  status: "issued" as const,
  paymentMethod: "other",
};

describe("settling an invoice", () => {
  it("in part leaves it unpaid and keeps how it was to be paid", () => {
    expect(settled(invoice, [payment(40.5, "2026-03-01")])).toMatchObject({
      amountPaid: "40.5",
      balance: "59.5",
      paidAt: null,
      paymentMethod: "other",
    });
  });

  it("in full is dated and named by the latest payment, in whatever order they were recorded", () => {
    const payments = [payment(60, "2026-03-09", "cash"), payment(40, "2026-03-01")];
    expect(settled(invoice, payments)).toMatchObject({
      balance: "0",
      paidAt: "2026-03-09T00:00:00.000Z",
      paymentMethod: "cash",
    });
  });

  it("without payments forgets the method", () => {
    expect(settled(invoice, [])).toMatchObject({
      amountPaid: "0",
      balance: "100",
      paidAt: null,
      paymentMethod: null,
    });
  });

  it("happens by itself when there is nothing to collect", () => {
    expect(isSelfSettled({ payable: decimalTextOf("-1") })).toBe(true);
    expect(isSelfSettled({ payable: decimalTextOf(0) })).toBe(true);
    expect(isSelfSettled(invoice)).toBe(false);
  });
});

describe("a payment is refused", () => {
  const amount = (value: number, currency = "RON") => ({ amount: decimalTextOf(value), currency });

  it("when it is more than what is left", () => {
    expect(() => assertPayable(invoice, amount(100))).not.toThrow();
    expect(() => assertPayable(invoice, amount(100.01))).toThrow("larger than the balance of 100 RON");
  });
  it("in another currency", () =>
    expect(() => assertPayable(invoice, amount(1, "EUR"))).toThrow("must be in RON"));
  it("on a negative invoice", () =>
    expect(() => assertPayable({ ...invoice, payable: decimalTextOf(-5) }, amount(1))).toThrow(
      "nothing to pay",
    ));
  it.each(["draft", "cancelled"] as const)("on a %s invoice", (status) =>
    expect(() => assertPayable({ ...invoice, status }, amount(1))).toThrow(`A ${status} invoice`),
  );
});

describe("payment state", () => {
  const base = {
    status: "issued" as const,
    paidAt: null,
    amountPaid: decimalTextOf(0),
    dueDate: "2026-03-10",
  };

  it.each([
    ["paid once settled, however late", { paidAt: "2026-04-01T00:00:00.000Z" }, "2026-05-01", "paid"],
    ["overdue from the day after it was due", {}, "2026-03-11", "overdue"],
    ["not overdue on the day itself", {}, "2026-03-10", "unpaid"],
    ["overdue even when part is paid", { amountPaid: decimalTextOf(1) }, "2026-03-11", "overdue"],
    ["partially paid before that", { amountPaid: decimalTextOf(1) }, "2026-03-10", "partially_paid"],
    ["never overdue while a draft", { status: "draft" as const }, "2026-03-11", "unpaid"],
    ["never overdue without a due date", { dueDate: null }, "2030-01-01", "unpaid"],
  ] as const)("is %s", (_name, more, day, state) =>
    expect(paymentState({ ...base, ...more }, day)).toBe(state),
  );
});
