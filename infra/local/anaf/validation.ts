import { romanianIssues } from "./rules-romania.ts";
import { sumIssues } from "./rules-sums.ts";
import type { Issue } from "./settings.ts";
import { elementsAt, findSyntaxFault, parseXml, rootOf, textAt } from "./xml.ts";
import type { Element } from "./xml.ts";

/**
 * The chosen subset of ANAF's checks (SIMULATOR.md §5.2 step 3): structure, the RO_CIUS rules that integrators
 * break, and the arithmetic. Green here is not a promise; the option `validator` replaces the rules.
 */
export function findIssues(xml: string): Issue[] {
  const syntax = findSyntaxFault(xml);
  if (syntax) return [structure(`${syntax.reason}(linia ${syntax.line})`)];
  const name = rootOf(xml)?.name ?? "";
  const root = parseXml(xml);
  if (name === "CrossIndustryInvoice") return ciiIssues(root);
  return [...structureIssues(name, root), ...romanianIssues(name, root), ...sumIssues(name, root)];
}

/** Elements the UBL schema or EN 16931 makes mandatory, without which nothing else can be checked. */
function structureIssues(name: string, root: Element): Issue[] {
  const line = `${name}Line`;
  const mandatory = [
    "ID",
    "IssueDate",
    "DocumentCurrencyCode",
    "AccountingSupplierParty/Party",
    "AccountingCustomerParty/Party",
    "AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName",
    "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName",
    "LegalMonetaryTotal/PayableAmount",
    "TaxTotal/TaxAmount",
    line,
    `${line}/LineExtensionAmount`,
    `${line}/Item/Name`,
    `${line}/Price/PriceAmount`,
  ];
  return mandatory
    .filter((path) => elementsAt(root, path).length === 0)
    .map((path) => structure(`Lipseste elementul obligatoriu ${path} #Mandatory element ${path} is missing`));
}

/** Of the other syntax only the parts that route a document are looked at. */
function ciiIssues(root: Element): Issue[] {
  return ["ExchangedDocument/ID", "ExchangedDocument/TypeCode", "SupplyChainTradeTransaction"]
    .filter((path) => elementsAt(root, path).length === 0)
    .map((path) => structure(`Lipseste elementul obligatoriu ${path} #Mandatory element ${path} is missing`))
    .concat(/\d/.test(textAt(root, "ExchangedDocument/ID")) ? [] : [numberWithoutDigit]);
}

const numberWithoutDigit: Issue = {
  code: "BR-RO-010",
  message: "Numarul facturii (BT-1) trebuie sa contina cel putin o cifra #BT-1 must contain a digit",
};

function structure(message: string): Issue {
  return { code: "XSD", message };
}
