import { anywhere, charged, document, lines, under } from "../contexts.ts";
import { all, count, everywhere, first, onlyText, path, some } from "../engine/path.ts";
import { fatal, type Context, type Rule, type RuleSet, type Test } from "../engine/rule.ts";
import { atMost, custom, exists } from "../engine/tests.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import { creditNoteRoot } from "../structure/models.ts";
import { everyAdjustment } from "./adjustments.ts";
import type { Edition } from "./edition.ts";

/** A rule that something may be there once: UBL allows more than EN 16931. */
const once = (id: string, terms: string, at: string, en: string, ro: string): Rule =>
  single(id, terms, atMost(1, at), en, ro);

const single = (id: string, terms: string, test: Test, en: string, ro: string): Rule =>
  fatal(id, terms, test, {
    en: `${en} is given more than once.`,
    ro: `${ro} apare de mai multe ori.`,
    hint: "Keep one and remove the others.",
  });

/** How often things may occur, where UBL leaves it open. */
export function syntaxRules(edition: Edition): RuleSet[] {
  const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "syntax", context, rules });
  return [
    ...(edition.isOlder ? [] : newerOnly()),
    set(under("cac:AccountingSupplierParty/cac:Party"), manyTaxSchemes),
    set(
      anywhere("cac:AdditionalDocumentReference"),
      once(
        "UBL-SR-33",
        "BT-123",
        "cbc:DocumentDescription",
        "The description of a supporting document",
        "Descrierea unui document justificativ",
      ),
      documentType(edition.isOlder ? "scheme" : "schemeID"),
    ),
    set(
      anywhere("cac:Delivery"),
      once(
        "UBL-SR-25",
        "BT-70",
        "cac:DeliveryParty/cac:PartyName/cbc:Name",
        "The name of who receives the goods",
        "Numele destinatarului livrării",
      ),
    ),
    set(
      charged(everyAdjustment, false),
      once(
        "UBL-SR-30",
        "BT-97 BT-139",
        "cbc:AllowanceChargeReason",
        "The reason of an allowance",
        "Motivul unei reduceri",
      ),
    ),
    set(
      charged(everyAdjustment, true),
      once(
        "UBL-SR-31",
        "BT-104 BT-144",
        "cbc:AllowanceChargeReason",
        "The reason of a charge",
        "Motivul unei taxe suplimentare",
      ),
    ),
    set(document, ...references, ...parties, ...payment, ...(edition.isOlder ? [] : newerDocument)),
    set(
      lines,
      ...lineSyntax,
      ...(edition.isOlder
        ? []
        : [
            once(
              "UBL-SR-52",
              "BT-128",
              "cac:DocumentReference",
              "The invoiced object of a line",
              "Obiectul facturat al unei linii",
            ),
          ]),
    ),
    set(anywhere("cac:PayeeParty"), ...payee),
    set(
      anywhere("cac:PaymentMeans"),
      once("UBL-SR-26", "BT-83", "cbc:PaymentID", "The payment reference", "Referința plății"),
      once("UBL-SR-27", "BT-81", "cbc:PaymentMeansCode", "The payment means", "Modalitatea de plată"),
      once(
        "UBL-SR-28",
        "BT-89",
        "cac:PaymentMandate/cbc:ID",
        "The direct debit mandate",
        "Mandatul de debitare directă",
      ),
    ),
    set(
      anywhere("cac:BillingReference"),
      once(
        "UBL-SR-06",
        "BG-3",
        "cac:InvoiceDocumentReference",
        "A preceding invoice within one reference",
        "O factură anterioară într-o singură referință",
      ),
      fatal("UBL-SR-07", "BT-25", exists("cac:InvoiceDocumentReference/cbc:ID"), {
        en: "A reference to a preceding invoice has no invoice number.",
        ro: "O referință la o factură anterioară nu are numărul facturii.",
        hint: "Give the number of the preceding invoice.",
      }),
    ),
    set(anywhere("cac:TaxRepresentativeParty"), ...representative(edition)),
    set(
      anywhere("cac:TaxSubtotal"),
      once(
        "UBL-SR-32",
        "BT-120",
        "cac:TaxCategory/cbc:TaxExemptionReason",
        "The exemption reason",
        "Motivul scutirii",
      ),
    ),
  ];
}

/** An official oddity: the older edition looks for names inside a cac:Party, which a representative does not have. */
const representative = ({ isOlder }: Edition): Rule[] => {
  const inside = isOlder ? "cac:Party/" : "";
  return [
    once(
      "UBL-SR-22",
      "BT-62",
      `${inside}cac:PartyName/cbc:Name`,
      "The tax representative's name",
      "Numele reprezentantului fiscal",
    ),
    once(
      "UBL-SR-23",
      "BT-63",
      `${inside}cac:PartyTaxScheme/cbc:CompanyID`,
      "The tax representative's VAT identifier",
      "Codul de TVA al reprezentantului fiscal",
    ),
  ];
};

const addressLine = path("cac:AddressLine");

const newerOnly = (): RuleSet[] => [
  {
    pattern: "syntax",
    context: { title: "address", names: ["cac:PostalAddress", "cac:Address"].map(nameNumber) },
    rules: [
      single(
        "UBL-SR-51",
        "BT-162 BT-163 BT-164 BT-165",
        custom((view, node) => count(view, node, addressLine) <= 1, "cac:AddressLine"),
        "The third line of an address",
        "A treia linie a unei adrese",
      ),
    ],
  },
  {
    pattern: "syntax",
    context: anywhere("cac:PartyTaxScheme"),
    rules: [
      fatal(
        "UBL-SR-53",
        "BT-31 BT-32 BT-48 BT-63",
        custom((view, node) => first(view, node, schemeId) >= 0 && first(view, node, companyId) >= 0),
        {
          en: "A tax registration lacks its number or its tax scheme.",
          ro: "O înregistrare fiscală nu are număr sau schemă de taxare.",
          hint: "Give both the number and the tax scheme, for example VAT.",
        },
      ),
    ],
  },
];
const schemeId = path("cac:TaxScheme/cbc:ID");
const companyId = path("cbc:CompanyID");

const newerDocument: readonly Rule[] = [
  once("UBL-SR-54", "BG-18", "cac:PaymentMeans/cac:CardAccount", "The payment card", "Cardul de plată"),
  once(
    "UBL-SR-55",
    "BG-19",
    "cac:PaymentMeans/cac:PaymentMandate",
    "The direct debit mandate",
    "Mandatul de debitare directă",
  ),
  once(
    "UBL-SR-56",
    "BT-17",
    "cac:OriginatorDocumentReference/cbc:ID",
    "The tender or lot reference",
    "Referința licitației sau a lotului",
  ),
];

const manyTaxSchemes = fatal("UBL-SR-42", "BT-31 BT-32", atMost(2, "cac:PartyTaxScheme"), {
  en: "The seller has more than two tax registrations.",
  ro: "Vânzătorul are mai mult de două înregistrări fiscale.",
  hint: "Keep at most a VAT identifier and one other tax registration.",
});

const documentTypeCode = path("cbc:DocumentTypeCode");
const id = path("cbc:ID");

/** An official oddity: the older edition looks for an attribute `scheme`, which no document has. */
function documentType(attribute: string): Rule {
  const name = nameNumber(attribute);
  const holds = (view: View, node: number): boolean => {
    const types = all(view, node, documentTypeCode).map((type) => view.text(type));
    if (types.includes("130") || (view.doc.name[0] === creditNoteRoot && types.includes("50"))) return true;
    return types.length === 0 && !some(view, node, id, (found) => view.attribute(found, name) >= 0);
  };
  return fatal("UBL-SR-43", "BT-18 BT-122", custom(holds, "cbc:DocumentTypeCode"), {
    en: "A supporting document has a type or a scheme that only an invoiced object may have.",
    ro: "Un document justificativ are un tip sau o schemă permise doar pentru obiectul facturat.",
    hint: "Use type 130 for an invoiced object (50 for a project, in credit notes); for other documents leave type and scheme out.",
  });
}

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

const lineSyntax: readonly Rule[] = [
  once("UBL-SR-34", "BT-127", "cbc:Note", "The note of a line", "Nota unei linii"),
  once(
    "UBL-SR-35",
    "BT-132",
    "cac:OrderLineReference/cbc:LineID",
    "The order line reference",
    "Referința liniei de comandă",
  ),
  once("UBL-SR-36", "BG-26", "cac:InvoicePeriod", "The period of a line", "Perioada unei linii"),
  once(
    "UBL-SR-37",
    "BT-147",
    "cac:Price/cac:AllowanceCharge/cbc:Amount",
    "The discount on the price",
    "Reducerea de preț",
  ),
  fatal(
    "UBL-SR-48",
    "BT-151",
    custom((view, node) => count(view, node, lineCategory) === 1, "cac:Item/cac:ClassifiedTaxCategory"),
    {
      en: "A line does not have exactly one VAT category.",
      ro: "O linie nu are exact o categorie de TVA.",
      hint: "Give every line one VAT category.",
    },
  ),
  once(
    "UBL-SR-50",
    "BT-154",
    "cac:Item/cbc:Description",
    "The description of an item",
    "Descrierea unui articol",
  ),
];
const lineCategory = path("cac:Item/cac:ClassifiedTaxCategory");

const payeeNames = path("cac:PartyName/cbc:Name");
const payeeIdentification = nameNumber("cac:PartyIdentification");
const seller = nameNumber("cac:AccountingSupplierParty");
const sellerNames = path("cac:Party/cac:PartyLegalEntity/cbc:RegistrationName");

/** `cac:PartyName/cbc:Name != …/cbc:RegistrationName`: some pair of names differs, so both must be there. */
function differsFromSeller(view: View, node: number): boolean {
  const parent = view.doc.parent[node]!;
  const sellers = parent < 0 ? [] : all(view, parent, [seller]);
  const others = sellers.flatMap((each) => all(view, each, sellerNames)).map((each) => view.text(each));
  return some(view, node, payeeNames, (each) => others.some((other) => other !== view.text(each)));
}

const payeeRule = (
  id: string,
  terms: string,
  isSingle: (view: View, node: number) => boolean,
  what: string,
  ce: string,
): Rule =>
  fatal(
    id,
    terms,
    custom((view, node) => isSingle(view, node) && differsFromSeller(view, node)),
    {
      en: `The payee is the seller, or ${what} is given more than once.`,
      ro: `Beneficiarul plății este chiar vânzătorul sau ${ce} apare de mai multe ori.`,
      hint: "Name the payee once, and only when it is not the seller.",
    },
  );

const payeeId = path("cac:PartyLegalEntity/cbc:CompanyID");

const payee: readonly Rule[] = [
  payeeRule(
    "UBL-SR-19",
    "BT-59",
    (view, node) => count(view, node, payeeNames) <= 1,
    "its name",
    "numele lui",
  ),
  payeeRule(
    "UBL-SR-20",
    "BT-60",
    (view, node) => otherThanSepa(view, node) <= 1,
    "its identifier",
    "identificatorul lui",
  ),
  payeeRule(
    "UBL-SR-21",
    "BT-61",
    (view, node) => count(view, node, payeeId) <= 1,
    "its registration number",
    "numărul lui de înregistrare",
  ),
];

/** `cbc:ID[upper-case(@schemeID) != 'SEPA']`; without a scheme the text compared is empty and so differs. */
function otherThanSepa(view: View, node: number): number {
  const ids = all(view, node, [payeeIdentification, ...id]);
  return ids.filter((each) => (view.attributeText(each, schemeIDName) ?? "").toUpperCase() !== "SEPA").length;
}
