import * as fc from "fast-check";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fatturapaFindings, type ItalianStanding, writeFatturapa } from "#core/formats/fatturapa/index.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { contentFaults } from "#infra/local/sdi/checks.ts";
import { structureFault } from "#infra/local/sdi/structure.ts";
import { all, parse, textAt } from "#infra/local/sdi/xml.ts";
import { BUYER, CONSUMER, documentFrom, SELLER, stornoOf } from "./documents.ts";
import { anyDocument } from "./generator.ts";
import "../same-cases.ts";

const corpus = join(import.meta.dirname, "../../../shared/conformance/corpus");
const hasCorpus = existsSync(join(corpus, "expected.jsonl"));
if (!hasCorpus)
  console.log("The judged FatturaPA documents are not here: the structure check is not compared.");

/** Italian by a VAT number of its own, as a Romanian company that is registered there. */
const REGISTERED: ItalianStanding = { partitaIva: "01234567897", regimeFiscale: null, idTrasmittente: null };
const ABROAD: ItalianStanding = { partitaIva: null, regimeFiscale: null, idTrasmittente: null };

const ITALIAN = {
  ...BUYER,
  name: "Beta Gamma S.p.A.",
  country: "IT",
  vatCode: "IT09876543217",
  cif: "IT09876543217",
  address: "Via Torino 38",
  city: "Roma",
  county: "RM",
  postalCode: "00145",
};

const around = { today: "2099-01-01", isUnknownRecipient: () => false };

/** What the simulated exchange, which shares nothing with the writer, says against a document. */
function exchangeSays(bytes: Uint8Array) {
  const file = parse(Buffer.from(bytes).toString("utf8"))!;
  return { structure: structureFault(file), faults: contentFaults(file, around) };
}

const line = { description: "Consulenza", quantity: "3", unitPrice: "33.335", vatRate: 22 };

/** A document for an Italian buyer, and its file read back. */
function written(
  body: Partial<Parameters<typeof documentFrom>[0]> = {},
  more: Parameters<typeof documentFrom>[1] = {},
  standing = REGISTERED,
) {
  const document = documentFrom(
    { currency: "EUR", lines: [line], ...body },
    { buyer: ITALIAN, seller: SELLER, ...more },
  );
  const bytes = writeFatturapa(document, standing, "0A1B2");
  const file = parse(Buffer.from(bytes).toString("utf8"))!;
  const body1 = all(file, "FatturaElettronicaBody")[0]!;
  return { document, bytes, file, body: body1, said: exchangeSays(bytes) };
}

describe.skipIf(!hasCorpus)("the simulated exchange's schema", () => {
  const verdicts = hasCorpus
    ? readFileSync(join(corpus, "expected.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text) as { file: string; profile: string; xsd: string })
        .filter(({ profile }) => profile === "fatturapa")
    : [];

  it("judges every FatturaPA document as the official schema does", () => {
    expect(readdirSync(corpus).filter((name) => name.startsWith("fpa-"))).toHaveLength(verdicts.length);
    for (const { file, xsd } of verdicts) {
      const root = parse(readFileSync(join(corpus, basename(file)), "utf8"))!;
      expect([file, structureFault(root) === undefined ? "ok" : "error"]).toEqual([file, xsd]);
    }
  });
});

/** Any document the API can issue, made one for Italy by what Italy asks for. */
const anyItalian = fc
  .tuple(anyDocument, fc.constantFrom("", "ABC1234", "UFABCD", "fatture@pec.example"))
  .map(([document, recipient]): IssuableDocument => {
    const { invoice } = document;
    return {
      ...document,
      buyer: { ...document.buyer, ...ITALIAN },
      invoice: {
        ...invoice,
        currency: "EUR",
        buyerReference: recipient || invoice.buyerReference,
        orderNumber: "PO-1",
        contractNumber: null,
        receivingAdviceReference: null,
        tenderOrLotReference: null,
        lines: invoice.lines.map((one) => ({
          ...one,
          exemptionReason: one.vatCategoryCode === "Z" ? "N3.5 intento 1/2026" : one.exemptionReason,
        })),
      },
    };
  });

describe("any document, written for Italy", () => {
  it("has no findings, the schema's structure, and sums the exchange agrees with", () => {
    fc.assert(
      fc.property(anyItalian, fc.boolean(), (document, isRegistered) => {
        const standing = isRegistered ? REGISTERED : ABROAD;
        expect(fatturapaFindings(document, standing)).toEqual([]);
        const bytes = writeFatturapa(document, standing, "00001");
        expect(exchangeSays(bytes)).toEqual({ structure: undefined, faults: [] });
        expect(writeFatturapa(document, standing, "00001")).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });
});

describe("an invoice for Italy", () => {
  it("to a private buyer is FPR12, TD01, with the transmitter's number and the seller's Italian one", () => {
    const { file, body, said } = written({ buyerReference: "abc1234" });
    expect(said).toEqual({ structure: undefined, faults: [] });
    const header = (path: string) => textAt(file, `FatturaElettronicaHeader/${path}`);
    expect(file.attributes["versione"]).toBe("FPR12");
    expect(header("DatiTrasmissione/IdTrasmittente/IdCodice")).toBe("01234567897");
    expect(header("DatiTrasmissione/ProgressivoInvio")).toBe("0A1B2");
    expect(header("DatiTrasmissione/CodiceDestinatario")).toBe("ABC1234");
    expect(header("CedentePrestatore/DatiAnagrafici/RegimeFiscale")).toBe("RF01");
    expect(header("CedentePrestatore/Sede/CAP")).toBe("00000");
    expect(header("CessionarioCommittente/Sede/Provincia")).toBe("RM");
    const document = (name: string) => textAt(body, `DatiGenerali/DatiGeneraliDocumento/${name}`);
    expect([document("TipoDocumento"), document("Numero"), document("ImportoTotaleDocumento")]).toEqual([
      "TD01",
      "FCT0001",
      "122.01",
    ]);
  });

  it.each([
    ["UFABCD", "FPA12", "UFABCD", ""],
    ["fatture@pec.example", "FPR12", "0000000", "fatture@pec.example"],
    ["order 12 of May", "FPR12", "0000000", ""],
  ])("goes by its buyer reference %s", (buyerReference, format, code, mail) => {
    const { file } = written({ buyerReference });
    const sent = (name: string) => textAt(file, `FatturaElettronicaHeader/DatiTrasmissione/${name}`);
    expect([sent("FormatoTrasmissione"), sent("CodiceDestinatario"), sent("PECDestinatario")]).toEqual([
      format,
      code,
      mail,
    ]);
  });

  it("to a buyer abroad goes to XXXXXXX under the number of the buyer's country", () => {
    const { file, said } = written({}, { buyer: { ...BUYER, country: "DE", vatCode: "DE123456789" } });
    expect(said.faults).toEqual([]);
    expect(textAt(file, "FatturaElettronicaHeader/DatiTrasmissione/CodiceDestinatario")).toBe("XXXXXXX");
    const id = "FatturaElettronicaHeader/CessionarioCommittente/DatiAnagrafici/IdFiscaleIVA";
    expect([textAt(file, `${id}/IdPaese`), textAt(file, `${id}/IdCodice`)]).toEqual(["DE", "123456789"]);
  });

  it.each([null, "RSSMRA85T10A562S"])(
    "to a consumer carries the codice fiscale alone, also as %s",
    (vatCode) => {
      const consumer = { ...CONSUMER, ...ITALIAN, vatCode, cif: "RSSMRA85T10A562S", isVatPayer: false };
      const { file, said } = written({}, { buyer: consumer });
      expect(said).toEqual({ structure: undefined, faults: [] });
      const data = "FatturaElettronicaHeader/CessionarioCommittente/DatiAnagrafici";
      expect(textAt(file, `${data}/CodiceFiscale`)).toBe("RSSMRA85T10A562S");
      expect(all(file, `${data}/IdFiscaleIVA`)).toEqual([]);
    },
  );

  it("that is reversed becomes TD04 with positive amounts and names what it corrects", () => {
    const { document } = written();
    const reversal = stornoOf(document);
    const bytes = writeFatturapa(reversal, REGISTERED, "0A1B3");
    expect(exchangeSays(bytes)).toEqual({ structure: undefined, faults: [] });
    const body = all(parse(Buffer.from(bytes).toString("utf8"))!, "FatturaElettronicaBody")[0]!;
    expect(textAt(body, "DatiGenerali/DatiGeneraliDocumento/TipoDocumento")).toBe("TD04");
    expect(textAt(body, "DatiGenerali/DatiGeneraliDocumento/ImportoTotaleDocumento")).toBe("122.01");
    expect(textAt(body, "DatiBeniServizi/DettaglioLinee/Quantita")).toBe("3.00");
    expect(textAt(body, "DatiGenerali/DatiFattureCollegate/IdDocumento")).toBe("FCT0001");
  });

  it("divides what carries no VAT by Natura and pays stamp duty on more than 77.47 euro of it", () => {
    const exempt = { ...line, vatRate: 0, vatCategoryCode: "E" as const };
    const { body, said } = written({
      lines: [exempt, { ...exempt, exemptionReason: "N1 anticipazioni", unitPrice: "10" }, line],
    });
    expect(said.faults).toEqual([]);
    const rows = all(body, "DatiBeniServizi/DatiRiepilogo");
    const cells = (name: string) => rows.map((row) => textAt(row, name));
    expect(cells("Natura")).toEqual(["", "N4", "N1"]);
    expect(cells("ImponibileImporto")).toEqual(["100.01", "100.01", "30.00"]);
    expect(cells("RiferimentoNormativo")).toEqual(["", "Art. 10 D.P.R. 633/1972", "anticipazioni"]);
    expect(textAt(body, "DatiGenerali/DatiGeneraliDocumento/DatiBollo/ImportoBollo")).toBe("2.00");
  });

  it("of a seller without Italian registration pays no stamp duty and has no Italian regime", () => {
    const { file, body } = written({ lines: [{ ...line, vatRate: 0, vatCategoryCode: "O" }] }, {}, ABROAD);
    expect(all(body, "DatiGenerali/DatiGeneraliDocumento/DatiBollo")).toEqual([]);
    const seller = "FatturaElettronicaHeader/CedentePrestatore/DatiAnagrafici";
    expect([textAt(file, `${seller}/IdFiscaleIVA/IdPaese`), textAt(file, `${seller}/RegimeFiscale`)]).toEqual(
      ["RO", "RF18"],
    );
  });

  it("takes a discount off each unit, so that price times quantity is the line to the cent", () => {
    const { body, said } = written({ lines: [{ ...line, unitPrice: "10", discount: "5" }] });
    expect(said.faults).toEqual([]);
    const cell = (name: string) => textAt(body, `DatiBeniServizi/DettaglioLinee/${name}`);
    expect([
      cell("ScontoMaggiorazione/Tipo"),
      cell("ScontoMaggiorazione/Importo"),
      cell("PrezzoTotale"),
    ]).toEqual(["SC", "1.66666667", "25.00"]);
  });
});
