import { all, count, everywhere, onlyText, path, some } from "../engine/path.ts";
import type { Rule, Test } from "../engine/rule.ts";
import { custom } from "../engine/tests.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import { once, single } from "./occurrence.ts";

const documentTypeCode = path("cbc:DocumentTypeCode");
const id = path("cbc:ID");
const companyId = path("cbc:CompanyID");

/** What the document itself may say once. */
export const documentSyntax = (): Rule[] => [...references, ...parties, ...payment];

const objectReferences = nameNumber("cac:AdditionalDocumentReference");

const references: readonly Rule[] = [
  once(
    "UBL-SR-01",
    "BT-12",
    "cac:ContractDocumentReference/cbc:ID",
    "The contract reference",
    "Referința contractului",
  ),
  once(
    "UBL-SR-02",
    "BT-15",
    "cac:ReceiptDocumentReference/cbc:ID",
    "The receiving advice reference",
    "Referința avizului de recepție",
  ),
  once(
    "UBL-SR-03",
    "BT-16",
    "cac:DespatchDocumentReference/cbc:ID",
    "The despatch advice reference",
    "Referința avizului de expediție",
  ),
  single(
    "UBL-SR-04",
    "BT-18",
    custom(hasOneObject, "cac:AdditionalDocumentReference"),
    "The invoiced object",
    "Obiectul facturat",
  ),
  once("UBL-SR-08", "BG-14", "cac:InvoicePeriod", "The invoicing period", "Perioada de facturare"),
  once("UBL-SR-24", "BG-13", "cac:Delivery", "The delivery", "Livrarea"),
  once("UBL-SR-39", "BT-11", "cac:ProjectReference/cbc:ID", "The project reference", "Referința proiectului"),
  once(
    "UBL-SR-49",
    "BT-8",
    "cac:InvoicePeriod/cbc:DescriptionCode",
    "The VAT point code",
    "Codul exigibilității TVA",
  ),
];

function hasOneObject(view: View, node: number): boolean {
  const objects = all(view, node, [objectReferences]).filter((each) =>
    some(view, each, documentTypeCode, (type) => view.text(type) === "130"),
  );
  return objects.reduce((total, each) => total + count(view, each, id), 0) <= 1;
}

const taxScheme = path("cac:TaxScheme");

/** `[cac:TaxScheme/upper-case(cbc:ID) = 'VAT']/cbc:CompanyID`; here blanks are not trimmed. */
function taxIds(at: string, isWanted: (scheme: string) => boolean): Test {
  const registrations = path(at);
  const holds = (view: View, node: number): boolean => {
    const wanted = all(view, node, registrations).filter((registration) =>
      some(view, registration, taxScheme, (scheme) => isWanted(onlyText(view, scheme, id).toUpperCase())),
    );
    return wanted.reduce((total, each) => total + count(view, each, companyId), 0) <= 1;
  };
  return custom(holds, at);
}

const SELLER = "cac:AccountingSupplierParty/cac:Party";
const BUYER = "cac:AccountingCustomerParty/cac:Party";
const isVatScheme = (scheme: string): boolean => scheme === "VAT";

const parties: readonly Rule[] = [
  once(
    "UBL-SR-09",
    "BT-27",
    `${SELLER}/cac:PartyLegalEntity/cbc:RegistrationName`,
    "The seller's registered name",
    "Denumirea vânzătorului",
  ),
  once(
    "UBL-SR-10",
    "BT-28",
    `${SELLER}/cac:PartyName/cbc:Name`,
    "The seller's trading name",
    "Denumirea comercială a vânzătorului",
  ),
  once(
    "UBL-SR-11",
    "BT-30",
    `${SELLER}/cac:PartyLegalEntity/cbc:CompanyID`,
    "The seller's registration number",
    "Numărul de înregistrare al vânzătorului",
  ),
  single(
    "UBL-SR-12",
    "BT-31",
    taxIds(`${SELLER}/cac:PartyTaxScheme`, isVatScheme),
    "The seller's VAT identifier",
    "Codul de TVA al vânzătorului",
  ),
  single(
    "UBL-SR-13",
    "BT-32",
    taxIds(`${SELLER}/cac:PartyTaxScheme`, (scheme) => !isVatScheme(scheme)),
    "The seller's other tax registration",
    "Cealaltă înregistrare fiscală a vânzătorului",
  ),
  once(
    "UBL-SR-14",
    "BT-33",
    `${SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm`,
    "The seller's legal information",
    "Informația juridică despre vânzător",
  ),
  once(
    "UBL-SR-15",
    "BT-44",
    `${BUYER}/cac:PartyLegalEntity/cbc:RegistrationName`,
    "The buyer's registered name",
    "Denumirea cumpărătorului",
  ),
  once(
    "UBL-SR-16",
    "BT-46",
    `${BUYER}/cac:PartyIdentification/cbc:ID`,
    "The buyer's identifier",
    "Identificatorul cumpărătorului",
  ),
  once(
    "UBL-SR-17",
    "BT-47",
    `${BUYER}/cac:PartyLegalEntity/cbc:CompanyID`,
    "The buyer's registration number",
    "Numărul de înregistrare al cumpărătorului",
  ),
  single(
    "UBL-SR-18",
    "BT-48",
    taxIds(`${BUYER}/cac:PartyTaxScheme`, isVatScheme),
    "The buyer's VAT identifier",
    "Codul de TVA al cumpărătorului",
  ),
  once(
    "UBL-SR-40",
    "BT-45",
    `${BUYER}/cac:PartyName/cbc:Name`,
    "The buyer's trading name",
    "Denumirea comercială a cumpărătorului",
  ),
];

const partyIdentification = nameNumber("cac:PartyIdentification");
const schemeIDName = nameNumber("schemeID");
const nameAttribute = nameNumber("name");
const meansCode = path("cac:PaymentMeans/cbc:PaymentMeansCode");

const payment: readonly Rule[] = [
  once(
    "UBL-SR-05",
    "BT-20",
    "cac:PaymentTerms/cbc:Note",
    "The text of the payment terms",
    "Textul termenilor de plată",
  ),
  single(
    "UBL-SR-29",
    "BT-90",
    custom((view) => sepaIds(view, everywhere(view, partyIdentification)) <= 1),
    "The bank's creditor identifier",
    "Identificatorul bancar al creditorului",
  ),
  single(
    "UBL-SR-44",
    "BT-83",
    custom((view) => distinctTexts(view, nameNumber("cbc:PaymentID")) <= 1),
    "A different payment reference",
    "O referință de plată diferită",
  ),
  once("UBL-SR-45", "BT-9", "cac:PaymentMeans/cbc:PaymentDueDate", "The due date", "Scadența"),
  single(
    "UBL-SR-46",
    "BT-82",
    custom(
      (view, node) =>
        all(view, node, meansCode).filter((code) => view.attribute(code, nameAttribute) >= 0).length <= 1,
    ),
    "The name of the payment means",
    "Denumirea modalității de plată",
  ),
  single(
    "UBL-SR-47",
    "BT-81",
    custom((view) => distinctTexts(view, nameNumber("cbc:PaymentMeansCode")) <= 1),
    "A different payment means",
    "O modalitate de plată diferită",
  ),
];

function sepaIds(view: View, identifications: Iterable<number>): number {
  let found = 0;
  for (const identification of identifications) {
    for (const each of all(view, identification, id)) {
      if ((view.attributeText(each, schemeIDName) ?? "").toUpperCase() === "SEPA") found++;
    }
  }
  return found;
}

/** How many different texts the elements of a name have. */
function distinctTexts(view: View, name: number): number {
  const texts = new Set<string>();
  for (const node of everywhere(view, name)) texts.add(view.text(node));
  return texts.size;
}
