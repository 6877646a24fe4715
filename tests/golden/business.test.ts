import { describe, expect, it } from "vitest";
import { businessFindings } from "#core/model/business.ts";
import { validationResult } from "#core/model/finding.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { BUYER, CONSUMER, documentFrom, FOREIGN, NON_PAYER, SELLER } from "./documents.ts";

const line = { description: "Carte", quantity: 1, unitPrice: 10 };
const document = (body: object = {}, around: Parameters<typeof documentFrom>[1] = {}) =>
  documentFrom({ lines: [line], dueDate: "2026-04-01", ...body }, around);

/** Ids of what is found, fatal ones first. */
const found = (given: IssuableDocument, rates?: readonly number[]) =>
  businessFindings(given, rates ? { allowedRates: rates } : {}).map((finding) => finding.ruleId);

describe("quick validation", () => {
  it("has nothing against a complete invoice", () => expect(found(document())).toEqual([]));

  it.each([
    ["a company without CIF", { seller: { ...SELLER, cif: null } }, "BR-CO-26"],
    ["a company without street", { seller: { ...SELLER, address: " " } }, "BR-RO-081"],
    ["a company without city", { seller: { ...NON_PAYER, isVatPayer: true, city: null } }, "BR-RO-091"],
    ["a company in no county", { seller: { ...SELLER, city: "Oraș", county: "Țara" } }, "BR-RO-110"],
    ["a company in Bucharest without sector", { seller: { ...SELLER, city: "București" } }, "BR-RO-100"],
    ["a client without name", { buyer: { ...BUYER, name: "" } }, "BR-07"],
    ["a client without street", { buyer: { ...BUYER, address: null } }, "BR-RO-082"],
    ["a client without city", { buyer: { ...BUYER, city: null } }, "BR-RO-092"],
    ["a client company without any code", { buyer: { ...BUYER, cif: null, vatCode: null } }, "BR-RO-120"],
    ["a client with a wrong CUI", { buyer: { ...BUYER, cif: "9000000012" } }, "STORNO-CUI"],
    ["a person with a wrong CNP", { buyer: { ...CONSUMER, cnp: "1900101400005" } }, "STORNO-CNP"],
  ])("finds %s", (_name, around, ruleId) => expect(found(document({}, around))).toEqual([ruleId]));

  it.each([
    ["another currency without its rate", { currency: "EUR" }, "BR-RO-030"],
    ["an unknown tax point code", { taxPointDateCode: "99" }, "BR-RO-040"],
    ["a tax point twice", { taxPointDateCode: "3", taxPointDate: "2026-03-01" }, "BR-CO-03"],
    ["a due date before issue", { dueDate: "2026-01-01" }, "STORNO-DUE"],
    ["an account that is no IBAN", { payeeBankAccount: "RO00AAAA0000000000000000" }, "STORNO-IBAN"],
    [
      "an exemption code nobody knows",
      { lines: [{ ...line, vatCategoryCode: "E", exemptionReasonCode: "X" }] },
      "BR-CL-22",
    ],
    ["a line note too long for e-Factura", { lines: [{ ...line, lineNote: "x".repeat(301) }] }, "BR-RO-L303"],
    ["notes too long for e-Factura", { notes: "x ".repeat(2500), mentions: "x ".repeat(400) }, "BR-RO-A020"],
    ["a rate the company does not have", { lines: [{ ...line, vatRate: 20 }] }, "STORNO-RATE"],
    ["lines that cancel each other", { lines: [line, { ...line, quantity: -1 }] }, "STORNO-TOTAL"],
    ["category O among others", { lines: [line, { ...line, vatCategoryCode: "O" }] }, "BR-O-11"],
  ])("finds %s", (_name, body, ruleId) => expect(found(document(body))).toEqual([ruleId]));

  it("finds a price of zero", () => {
    expect(found(document({ lines: [line, { ...line, unitPrice: 0 }] }))).toEqual(["BR-27"]);
  });

  it("asks a consumer for no code", () => expect(found(document({}, { buyer: CONSUMER }))).toEqual([]));

  it("asks an intra-community supply for VAT id, date and place of delivery", () => {
    const body = { currency: "EUR", exchangeRate: 5, lines: [{ ...line, vatCategoryCode: "K" }] };
    const buyer = { ...FOREIGN, vatCode: null };
    expect(found(document(body, { buyer }))).toEqual(["BR-IC-02", "BR-IC-11", "BR-IC-12"]);
  });

  it("lets only companies registered for VAT charge it", () => {
    expect(found(document({ lines: [{ ...line, vatRate: 21 }] }, { seller: NON_PAYER }))).toEqual([
      "BR-S-02",
    ]);
  });

  it("goes by the company's own rates, warns about yesterday's, and trusts corrections", () => {
    const old = { lines: [{ ...line, vatRate: 19 }] };
    expect(found(document(old), [21, 19])).toEqual(["STORNO-RATE-DATE"]);
    expect(found(document(old, { issueDate: "2025-07-31" }))).toEqual([]);
    expect(found(document(old, { parent: { number: "A1", issueDate: "2025-07-01" } }))).toEqual([]);
  });

  it("warns about a credit note that names no invoice", () => {
    expect(found(document({ documentType: "credit_note" }))).toEqual(["BR-55"]);
  });

  it("refuses a credit note that adds", () => {
    const lines = [
      { ...line, quantity: 5 },
      { ...line, quantity: -1 },
    ];
    const parent = { number: "A1", issueDate: "2026-03-01" };
    expect(found(document({ documentType: "credit_note", lines }, { parent }))).toEqual(["STORNO-CREDIT"]);
  });

  it("is valid with warnings, and not with anything fatal", () => {
    const warned = validationResult(businessFindings(document({ dueDate: "2026-01-01" })), false);
    expect([warned.valid, warned.errors.length, warned.warnings.length]).toEqual([true, 0, 1]);
    const broken = validationResult(businessFindings(document({ currency: "EUR" })), false);
    expect(broken).toMatchObject({ valid: false, errors: [{ path: "exchangeRate", source: "business" }] });
  });
});
