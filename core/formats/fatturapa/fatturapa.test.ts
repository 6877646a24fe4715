import { describe, expect, it } from "vitest";
import { BUYER, documentFrom, SELLER } from "../../../tests/golden/documents.ts";
import { isCodiceFiscale, isPartitaIva } from "./identifiers.ts";
import {
  fatturapaFindings,
  fileNameOf,
  type ItalianStanding,
  progressivoOf,
  transmitterOf,
} from "./index.ts";
import { ascii, latin } from "./letters.ts";
import { untaxed } from "./natura.ts";

describe("Italian identifiers", () => {
  it.each(["01234567897", "12345678903", "09876543217", "00743110157"])("%s is a partita IVA", (digits) =>
    expect(isPartitaIva(digits)).toBe(true),
  );
  it.each(["01234567890", "00000000000", "1234567890", "IT01234567897", "012345678977"])(
    "%s is no partita IVA",
    (digits) => expect(isPartitaIva(digits)).toBe(false),
  );
  it.each(["RSSMRA85T10A562S", "MRTMTT91D08F205J", "RSSMRA85T10A56NH", "80012000826"])(
    "%s is a codice fiscale",
    (code) => expect(isCodiceFiscale(code)).toBe(true),
  );
  it.each(["RSSMRA85T10A562T", "RSSMRA85T10A562", "rssmra85t10a562s", "RSSMRA85X10A562S", "1800101221144"])(
    "%s is no codice fiscale",
    (code) => expect(isCodiceFiscale(code)).toBe(false),
  );
});

describe("letters", () => {
  it("keep what Latin-1 has and lose the marks of the rest", () => {
    expect(latin("Știință – „perché” 5 €\n😀")).toBe('Stiinta - "perché" 5 EUR ?');
    expect(ascii("Città Straße Łódź")).toBe("Citta Strasse Lodz");
    expect(latin("e\u0301\u200b")).toBe("é");
  });
});

describe("Natura", () => {
  const trade = { isSellerItalian: true, isBuyerItalian: true };
  it("follows the category, and for reverse charge the buyer's country", () => {
    const codes = (["E", "K", "G", "O", "AE"] as const).map(
      (category) => untaxed(category, null, trade)?.natura,
    );
    expect(codes).toEqual(["N4", "N3.2", "N3.1", "N2.2", "N6.9"]);
    expect(untaxed("AE", null, { ...trade, isBuyerItalian: false })?.natura).toBe("N2.1");
  });
  it("is what the reason begins with, when that is a code in force", () => {
    expect(untaxed("Z", "N3.5 - lettera 12/2026", trade)).toEqual({ natura: "N3.5", law: "lettera 12/2026" });
    expect(untaxed("E", "N4", trade)).toEqual({ natura: "N4", law: "Art. 10 D.P.R. 633/1972" });
    expect(untaxed("E", "N3 senza seguito", trade)?.natura).toBe("N4");
    expect(untaxed("Z", "Not taxed", trade)).toBeUndefined();
  });
});

describe("file names", () => {
  const company = "0195f000-0000-7000-8000-0000000000c0";
  it("are five characters that go on from where they were and end after 36⁵", () => {
    const names = [1, 2, 3, 60_466_176].map((sequence) => progressivoOf(company, sequence)!);
    expect(names.every((name) => /^[0-9A-Z]{5}$/.test(name))).toBe(true);
    expect(new Set(names).size).toBe(4);
    expect(Number.parseInt(names[1]!, 36) - Number.parseInt(names[0]!, 36)).toBe(1);
    expect(progressivoOf(company, 60_466_177)).toBeUndefined();
  });
  it("begin elsewhere for another company", () => {
    expect(progressivoOf("0195f000-0000-7000-8000-0000000000c1", 1)).not.toBe(progressivoOf(company, 1));
  });
  it.each([
    [null, null, "RO9000000011_00001.xml"],
    ["01234567897", null, "IT01234567897_00001.xml"],
    [null, "it 09876543217", "IT09876543217_00001.xml"],
    ["01234567897", "RSSMRA85T10A562S", "ITRSSMRA85T10A562S_00001.xml"],
  ])("of partita IVA %s and transmitter %s: %s", (partitaIva, idTrasmittente, name) => {
    const standing = { partitaIva, idTrasmittente, regimeFiscale: null };
    expect(fileNameOf(transmitterOf(SELLER, standing)!, "00001")).toBe(name);
  });
});

describe("what Italy misses", () => {
  const italian = {
    ...BUYER,
    country: "IT",
    vatCode: "IT09876543217",
    cif: "IT09876543217",
    postalCode: "00145",
  };
  const registered: ItalianStanding = {
    partitaIva: "01234567897",
    regimeFiscale: null,
    idTrasmittente: null,
  };
  const line = { description: "Merce", quantity: 1, unitPrice: 100, vatRate: 22 };
  type Body = Partial<Parameters<typeof documentFrom>[0]>;
  type Around = NonNullable<Parameters<typeof documentFrom>[1]>;

  const found = (body: Body, around: Around = {}, standing = registered) =>
    fatturapaFindings(
      documentFrom(
        { currency: "EUR", lines: [line], ...body },
        { buyer: italian, seller: SELLER, ...around },
      ),
      standing,
    ).map(({ ruleId, path, severity }) => `${severity} ${ruleId} ${path}`);

  it("is nothing for a complete invoice, nor for one to a foreigner who is registered in Italy", () => {
    expect(found({})).toEqual([]);
    const german = { ...BUYER, country: "DE", vatCode: "IT09876543217" };
    expect(found({}, { buyer: german }, { ...registered, partitaIva: null })).toEqual([]);
  });

  const cases: [string, Body, Around, Partial<ItalianStanding>, string][] = [
    ["a number of 21 characters", {}, { number: "SERIE-MOLTO-LUNGA-001" }, {}, "SDI-00200 number"],
    ["a number without a digit", {}, { number: "BOZZA" }, {}, "SDI-00425 number"],
    ["an unknown CAP", {}, { buyer: { ...italian, postalCode: "1045" } }, {}, "SDI-00200 client.postalCode"],
    ["no address", {}, { buyer: { ...italian, address: null } }, {}, "SDI-00200 client.address"],
    ["no city of its own", {}, { seller: { ...SELLER, city: null } }, {}, "SDI-00200 company.city"],
    [
      "a wrong VAT number",
      {},
      { buyer: { ...italian, vatCode: "IT09876543210", cif: null } },
      {},
      "SDI-00305 client.vatCode",
    ],
    [
      "a wrong codice fiscale",
      {},
      { buyer: { ...italian, cif: "RSSMRA85T10A562T" } },
      {},
      "SDI-00306 client.cui",
    ],
    [
      "a client without numbers",
      {},
      { buyer: { ...italian, vatCode: null, cif: null } },
      {},
      "SDI-00417 client.vatCode",
    ],
    ["itself as client", {}, {}, { partitaIva: "09876543217" }, "SDI-00471 clientId"],
    ["a wrong number of its own", {}, {}, { partitaIva: "01234567890" }, "SDI-00301 config.partitaIva"],
    ["a wrong transmitter", {}, {}, { idTrasmittente: "IT123" }, "SDI-00300 config.idTrasmittente"],
    ["a regime nobody has", {}, {}, { regimeFiscale: "RF03" }, "SDI-00200 config.regimeFiscale"],
    ["no Italian party", {}, { buyer: BUYER }, { partitaIva: null }, "SDI-ITALY client.country"],
    [
      "a rate of zero without reason",
      { lines: [{ ...line, vatRate: 0 }] },
      {},
      {},
      "SDI-00400 lines[0].exemptionReason",
    ],
    [
      "a rate written as a fraction",
      { lines: [{ ...line, vatRate: "0.22" }] },
      {},
      {},
      "SDI-00424 lines[0].vatRate",
    ],
    ["VAT in lei", { currency: "RON" }, {}, {}, "SDI-EURO currency"],
    ["a tender without order", { tenderOrLotReference: "ZB98B4A235" }, {}, {}, "SDI-CIG orderNumber"],
    ["a long order number", { orderNumber: "ordine numero 000000001" }, {}, {}, "SDI-00200 orderNumber"],
    ["self-billing", { invoiceTypeCode: "389" }, {}, {}, "SDI-TYPE invoiceTypeCode"],
  ];
  it.each(cases)("is said of an invoice with %s", (_what, body, around, standing, finding) =>
    expect(found(body, around, { ...registered, ...standing })).toEqual([`fatal ${finding}`]),
  );
});
