import { sampleInvoice } from "./documents.ts";
import type { SampleLine, SampleOptions } from "./documents.ts";

/** The named documents of SIMULATOR.md §11, good and bad; `GET /__sim/documents` lists them. */
export interface DocumentFixture {
  name: string;
  /** Query of the upload it belongs to, and whether it goes to uploadb2c. */
  query: string;
  consumer?: boolean;
  /** Rule that rejects it; absent for good ones. */
  breaks?: string;
  xml: (number: string, issueDate: string) => string;
}

type Shape = Partial<Omit<SampleOptions, "number">>;

const seller = "9000000011";
const buyer = "9000000020";

function line(net: number, rate: number, category: SampleLine["category"] = "S"): SampleLine {
  return { net, rate, category };
}

function good(
  name: string,
  shape: Shape,
  query = `standard=UBL&cif=${shape.seller ?? seller}`,
): DocumentFixture {
  const xml = (number: string, issueDate: string): string =>
    sampleInvoice({ seller, buyer, issueDate, ...shape, number });
  return { name, query, xml };
}

/** The simple invoice with one thing spoilt. */
function bad(breaks: string, spoil: (xml: string) => string): DocumentFixture {
  const simple = good(`bad ${breaks}`, {});
  return { ...simple, breaks, xml: (number, issueDate) => spoil(simple.xml(number, issueDate)) };
}

const goodOnes: DocumentFixture[] = [
  good("simple", {}),
  good("mixed rates", { lines: [line(10_000, 21), line(5_050, 11)] }),
  good("reverse charge", { lines: [line(250_000, 0, "AE")] }),
  good("out of scope", { seller: "9000000038", lines: [line(80_000, 0, "O")] }),
  good("exempt", { lines: [line(42_000, 0, "E")] }),
  good("euro", { currency: "EUR" }),
  good("reversal", { lines: [line(-10_000, 21)], corrects: "SIM-0" }),
  good("credit note", { type: "381", corrects: "SIM-0" }, `standard=CN&cif=${seller}`),
  good("corrected", { type: "384", corrects: "SIM-0" }),
  good("self-billed", { type: "389" }, `standard=UBL&cif=${buyer}&autofactura=DA`),
  { ...good("consumer", { buyer: "0000000000000" }), consumer: true },
  good("foreign buyer", { buyer: "DE" }, `standard=UBL&cif=${seller}&extern=DA`),
  good("500 lines", { lines: Array.from({ length: 500 }, (_, n) => line(100 + n, 21)) }),
  good("old rate", { issueDate: "2025-07-31", lines: [line(10_000, 19)] }),
];

const badOnes: DocumentFixture[] = [
  bad("BR-RO-001", (xml) => xml.replace("CIUS-RO:1.0.1", "CIUS-RO:1.0.0")),
  bad("BR-RO-010", (xml) =>
    xml.replace(/<cbc:ID>[^<]*<\/cbc:ID><cbc:IssueDate>/, "<cbc:ID>FARA</cbc:ID><cbc:IssueDate>"),
  ),
  bad("BR-RO-020", (xml) => xml.replace(">380<", ">386<")),
  bad("BR-RO-030", (xml) => xml.replaceAll(/>RON<|"RON"/g, (text) => text.replace("RON", "EUR"))),
  bad("BR-RO-040", (xml) =>
    xml.replace(
      "<cac:AccountingSupplierParty>",
      "<cac:InvoicePeriod><cbc:DescriptionCode>99</cbc:DescriptionCode></cac:InvoicePeriod>$&",
    ),
  ),
  bad("BR-RO-065", (xml) => xml.replace(/<cac:PartyTaxScheme>.*?<\/cac:PartyTaxScheme>/, "")),
  bad("BR-RO-081", (xml) => xml.replace(/<cbc:StreetName>[^<]*<\/cbc:StreetName>/, "")),
  bad("BR-RO-091", (xml) => xml.replace(/<cbc:CityName>[^<]*<\/cbc:CityName>/, "")),
  bad("BR-RO-100", (xml) => xml.replace("SECTOR3", "București")),
  bad("BR-RO-110", (xml) => xml.replace("RO-B<", "RO-XX<")),
  bad("BR-RO-120", (xml) => {
    const [head = "", tail = ""] = xml.split("<cac:AccountingCustomerParty>");
    const ids = /<cac:PartyTaxScheme>.*?<\/cac:PartyTaxScheme>|<cbc:CompanyID>[^<]*<\/cbc:CompanyID>/g;
    return `${head}<cac:AccountingCustomerParty>${tail.replace(ids, "")}`;
  }),
  bad("BR-RO-A020", (xml) =>
    xml.replace("<cbc:DocumentCurrencyCode>", `${"<cbc:Note>n</cbc:Note>".repeat(21)}$&`),
  ),
  bad("BR-RO-L300", (xml) =>
    xml.replace("<cbc:DocumentCurrencyCode>", `<cbc:Note>${"n".repeat(301)}</cbc:Note>$&`),
  ),
  bad("BR-RO-DT001", (xml) => xml.replace(/(<cbc:IssueDate>[^<]*)/, "$1Z")),
  bad("BR-RO-Z2", (xml) => xml.replace(/(<cbc:PayableAmount[^<]*)/, "$10")),
  bad("BR-CO-10", (xml) => xml.replace(/(<cbc:LineExtensionAmount currencyID="RON">)100\.00/, "$1101.00")),
  bad("BR-CL-23", (xml) => xml.replace('unitCode="H87"', 'unitCode="PK"')),
];

export const documentFixtures: DocumentFixture[] = [...goodOnes, ...badOnes];
