import { attributeOf, elementsAt, parseXml, rootOf, textAt, textOf } from "./xml.ts";
import type { Element } from "./xml.ts";

/** What the simulator needs to know of a document to route it (SIMULATOR.md §5.2). */
export interface Facts {
  root: string;
  sellerCif: string;
  buyerCif: string;
  buyerCountry: string;
  number: string;
  issueDate: string;
  typeCode: string;
  total: string;
  /** Magic word in the number or a note, such as `NOK` of `SIM:NOK`. */
  marker: string;
  /** The upload a buyer's message is about. */
  about: string;
}

const ublNamespace = "urn:oasis:names:specification:ubl:schema:xsd:";
export const raspNamespace = "mfp:anaf:dgti:spv:reqMesaj:v1";

/** Roots each standard takes (ANAF.md §3). */
export function isRootOf(standard: string, xml: string, cnForCreditNote: "lenient" | "strict"): boolean {
  const root = rootOf(xml);
  if (!root) return false;
  const is = (name: string, namespace: string): boolean => root.name === name && root.namespace === namespace;
  const creditNote = is("CreditNote", `${ublNamespace}CreditNote-2`);
  switch (standard) {
    case "UBL":
      return is("Invoice", `${ublNamespace}Invoice-2`) || (creditNote && cnForCreditNote === "lenient");
    case "CN":
      return creditNote;
    case "CII":
      return root.name === "CrossIndustryInvoice" && root.namespace.includes("CrossIndustryInvoice");
    default:
      return is("header", raspNamespace);
  }
}

/** Text of the bytes, or undefined when they are not what the declaration says or not UTF-8. */
export function decodeXml(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  const encoding = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']/.exec(head)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Reads the facts of well-formed XML; what is absent is `""`. */
export function readFacts(xml: string): Facts {
  const name = rootOf(xml)?.name ?? "";
  const root = parseXml(xml);
  if (name === "header") return { ...nothing, root: name, about: attributeOf(root, "index_incarcare") };
  const facts = name === "CrossIndustryInvoice" ? ciiFacts(root) : ublFacts(name, root);
  return { ...facts, marker: markerOf([facts.number, ...notes(root)]) };
}

const nothing: Facts = {
  root: "",
  sellerCif: "",
  buyerCif: "",
  buyerCountry: "",
  number: "",
  issueDate: "",
  typeCode: "",
  total: "",
  marker: "",
  about: "",
};

function ublFacts(name: string, root: Element): Facts {
  const [seller = {}] = elementsAt(root, "AccountingSupplierParty/Party");
  const [buyer = {}] = elementsAt(root, "AccountingCustomerParty/Party");
  return {
    ...nothing,
    root: name,
    sellerCif: cifOf(seller),
    buyerCif: cifOf(buyer),
    buyerCountry: textAt(buyer, "PostalAddress/Country/IdentificationCode"),
    number: textAt(root, "ID"),
    issueDate: textAt(root, "IssueDate"),
    typeCode: textAt(root, `${name}TypeCode`),
    total: textAt(root, "LegalMonetaryTotal/TaxInclusiveAmount"),
  };
}

/** BT-31 (VAT id), then BT-32 (other tax id), then BT-30 (legal id); likewise for the buyer (ANAF.md §20). */
function cifOf(party: Element): string {
  const schemes = elementsAt(party, "PartyTaxScheme");
  const idWhere = (isVat: boolean): string | undefined =>
    schemes
      .filter((scheme) => (textAt(scheme, "TaxScheme/ID") === "VAT") === isVat)
      .map((scheme) => textAt(scheme, "CompanyID"))
      .find(Boolean);
  return bareCif(idWhere(true) ?? idWhere(false) ?? textAt(party, "PartyLegalEntity/CompanyID"));
}

function ciiFacts(root: Element): Facts {
  const agreement = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement";
  const [seller = {}] = elementsAt(root, `${agreement}/SellerTradeParty`);
  const [buyer = {}] = elementsAt(root, `${agreement}/BuyerTradeParty`);
  const day = textAt(root, "ExchangedDocument/IssueDateTime/DateTimeString");
  const settlement = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement";
  return {
    ...nothing,
    root: "CrossIndustryInvoice",
    sellerCif: ciiCifOf(seller),
    buyerCif: ciiCifOf(buyer),
    buyerCountry: textAt(buyer, "PostalTradeAddress/CountryID"),
    number: textAt(root, "ExchangedDocument/ID"),
    issueDate: day.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3"),
    typeCode: textAt(root, "ExchangedDocument/TypeCode"),
    total: textAt(root, `${settlement}/SpecifiedTradeSettlementHeaderMonetarySummation/GrandTotalAmount`),
  };
}

function ciiCifOf(party: Element): string {
  return bareCif(
    textAt(party, "SpecifiedTaxRegistration/ID") || textAt(party, "SpecifiedLegalOrganization/ID"),
  );
}

function notes(root: Element): string[] {
  const included = elementsAt(root, "ExchangedDocument/IncludedNote/Content");
  return [...elementsAt(root, "Note"), ...included].map(textOf);
}

function markerOf(texts: string[]): string {
  const found = texts.map((text) => /SIM:(NOK|STUCK|UNREADABLE|SLOW|TECH1814|LOST)\b/.exec(text)?.[1]);
  return found.find(Boolean) ?? "";
}

function bareCif(id: string): string {
  return id.trim().replace(/^RO\s*/i, "");
}
