import { describe, expect, it } from "vitest";
import { Decimal, sum } from "#core/lib/decimal.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { BUYER, documentFrom, DOCUMENTS, FOREIGN, stornoOf } from "../../../tests/golden/documents.ts";
import { fa3Findings, isNip, normalNip, writeFa3 } from "./index.ts";

const NIP = "5265877635";
const POLISH = {
  ...BUYER,
  name: "Odbiorca Sp. z o.o.",
  country: "PL",
  cif: null,
  vatCode: "PL 5260001246",
  address: "ul. Prosta 1",
  city: "Warszawa",
  postalCode: "00-838",
  county: null,
};

const mixed = documentFrom(
  {
    currency: "PLN",
    dueDate: "2026-04-09",
    taxPointDate: "2026-03-01",
    paymentMethod: "bank_transfer",
    notes: "Dziękujemy\uFDD0!",
    lines: [
      {
        description: "Usługa",
        quantity: 10,
        unitPrice: 150,
        vatRate: 23,
        discountPercent: 10,
        lineNote: "n",
      },
      {
        description: "Książka",
        quantity: "2.5",
        unitPrice: "49.90",
        vatRate: 5,
        ublExtensions: { allowanceCharges: [{ chargeIndicator: true, amount: "5.00", reason: "Transport" }] },
      },
      {
        description: "Cena brutto",
        quantity: 3,
        unitPrice: 100,
        vatRate: 23,
        vatIncluded: true,
        lineNote: "m",
      },
      {
        description: "Szkolenie",
        quantity: 1,
        unitPrice: 100,
        vatCategoryCode: "E",
        exemptionReasonCode: "VATEX-EU-132-1I",
      },
    ],
    ublExtensions: {
      prepaidAmount: "10.00",
      allowanceCharges: [{ chargeIndicator: false, amount: "3.00", taxCategoryCode: "S", taxRate: 23 }],
    },
  },
  { buyer: POLISH },
);

const xmlOf = (document: IssuableDocument, parentKsefNumber: string | null = null): string =>
  Buffer.from(writeFa3(document, { nip: NIP, parentKsefNumber })).toString("utf8");

const all = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map((match) => match[1]!);

const pathsOf = (document: IssuableDocument, nip: string | null = NIP) =>
  fa3Findings(document, nip).map(({ path }) => path);

describe("NIP", () => {
  it.each(["5265877635", "PL 526-587-76-35", "5260001246"])("%s is one", (text) =>
    expect(isNip(text)).toBe(true),
  );
  it.each(["5265877636", "0265877635", "526587763", "1002345678", "", "DE123456789"])("%j is none", (text) =>
    expect(isNip(text)).toBe(false),
  );
  it("loses prefix, blanks and hyphens", () => expect(normalNip("pl 526-587-76-35")).toBe(NIP));
});

describe("FA(3)", () => {
  it("names seller and buyer by NIP and says what each document has", () => {
    const xml = xmlOf(mixed);
    expect(xml).toContain(
      '<KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>\n<WariantFormularza>3<',
    );
    expect(all(xml, "NIP")).toEqual([NIP, "5260001246"]);
    expect(all(xml, "P_2")).toEqual(["FCT0001"]);
    expect(all(xml, "P_6")).toEqual(["2026-03-01"]);
    expect(all(xml, "RodzajFaktury")).toEqual(["VAT"]);
    expect(all(xml, "P_19B")).toEqual(["Dyrektywa 2006/112/WE, art. 132 ust. 1 lit. i"]);
    expect(all(xml, "StopkaFaktury")).toEqual(["Dziękujemy!"]);
  });

  it("has rows that add up to the sums, with charges and allowances as rows of their own", () => {
    const xml = xmlOf(mixed);
    const rates = all(xml, "P_12");
    const nets = all(xml, "P_11");
    const netAt = (rate: string) => sum(nets.filter((_net, at) => rates[at] === rate)).text(2);
    expect(rates).toEqual(["23", "5", "5", "23", "zw", "23"]);
    expect([netAt("23"), netAt("5"), netAt("zw")]).toEqual(
      ["1", "3", "7"].map((name) => all(xml, `P_13_${name}`)[0]),
    );
    expect(all(xml, "NrWierszaFa")).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(all(xml, "NrWiersza")).toEqual(["1", "4"]);
    const taxed = sum([...all(xml, "P_13_\\d"), ...all(xml, "P_14_\\d")]);
    expect(all(xml, "P_15")).toEqual([taxed.text(2)]);
    const left = Decimal.from(all(xml, "P_15")[0]!).minus(all(xml, "SumaOdliczen")[0]!);
    expect(all(xml, "DoZaplaty")).toEqual([left.text(2)]);
  });

  it("corrects by differences, naming the KSeF number of what it corrects or that there is none", () => {
    const storno = stornoOf(mixed);
    const xml = xmlOf(storno);
    expect(all(xml, "RodzajFaktury")).toEqual(["KOR"]);
    expect(all(xml, "NrFaKorygowanej")).toEqual(["FCT0001"]);
    expect(all(xml, "NrKSeFN")).toEqual(["1"]);
    expect(all(xml, "P_13_1")).toEqual(all(xmlOf(mixed), "P_13_1").map((net) => `-${net}`));
    const number = "5265877635-20250826-0100001AF629-AF";
    const known = xmlOf(storno, number);
    expect(all(known, "NrKSeFFaKorygowanej")).toEqual([number]);
    expect(all(known, "NrKSeFN")).toEqual([]);
  });

  it("shows a reverse charge by where the buyer is, and who he is by the number he has", () => {
    const lines = [{ description: "x", quantity: 1, unitPrice: 9, vatCategoryCode: "AE" as const }];
    const rateFor = (buyer: typeof BUYER) => all(xmlOf(documentFrom({ lines }, { buyer })), "P_12")[0];
    expect(rateFor(POLISH)).toBe("oo");
    expect(rateFor(FOREIGN)).toBe("np II");
    expect(rateFor({ ...FOREIGN, country: "US" })).toBe("np I");
    const abroad = xmlOf(documentFrom({ lines }, { buyer: FOREIGN }));
    expect([all(abroad, "KodUE"), all(abroad, "NrVatUE")]).toEqual([["DE"], ["123456789"]]);
    const consumer = { ...POLISH, type: "individual" as const, vatCode: null };
    expect(all(xmlOf(documentFrom({ lines }, { buyer: consumer })), "BrakID")).toEqual(["1"]);
  });

  it("says cash accounting for a Polish seller only: Romania's VAT on collection says nothing of Polish tax", () => {
    const invoice = { ...mixed.invoice, tvaLaIncasare: true };
    const polish = { ...mixed, invoice, seller: { ...mixed.seller, country: "PL" } };
    expect([xmlOf({ ...mixed, invoice }), xmlOf(polish)].map((xml) => all(xml, "P_16"))).toEqual([
      ["2"],
      ["1"],
    ]);
  });

  it("gives the same bytes for the same document, whatever happened to it since", () => {
    const paid = { ...mixed, invoice: { ...mixed.invoice, updatedAt: "2030-01-01T00:00:00.000Z" } };
    expect(xmlOf(paid)).toBe(xmlOf(mixed));
  });

  it("writes every document there is without throwing", () => {
    for (const document of Object.values(DOCUMENTS)) expect(xmlOf(document)).toContain("</Faktura>");
  });
});

describe("what Poland asks for", () => {
  it("finds nothing in a document that has it all", () => expect(fa3Findings(mixed, NIP)).toEqual([]));

  it("names the field of everything that is missing or wrong", () => {
    expect(pathsOf(mixed, null)).toEqual(["config.nip"]);
    expect(pathsOf(mixed, "5265877636")).toEqual(["config.nip"]);
    const { buyer, seller } = mixed;
    expect(pathsOf({ ...mixed, buyer: { ...buyer, vatCode: "PL5260001247" } })).toEqual(["client.vatCode"]);
    expect(pathsOf({ ...mixed, buyer: { ...buyer, address: null, city: "" } })).toEqual(["client.address"]);
    expect(pathsOf({ ...mixed, seller: { ...seller, address: null, city: null } })).toEqual([
      "company.address",
    ]);
    expect(pathsOf({ ...mixed, invoice: { ...mixed.invoice, currency: "EUR" } })).toEqual(["currency"]);
    expect(pathsOf({ ...mixed, invoice: { ...mixed.invoice, documentType: "credit_note" } })).toEqual([
      "parentDocumentId",
    ]);
    const romanian = documentFrom(
      {
        currency: "PLN",
        lines: [
          { description: "x", quantity: 1, unitPrice: 9, vatRate: 21 },
          { description: "y", quantity: 1, unitPrice: 9, vatCategoryCode: "E" },
        ],
      },
      { buyer: POLISH },
    );
    expect(pathsOf(romanian)).toEqual(["lines[0].vatRate", "lines[1].exemptionReason"]);
  });
});
