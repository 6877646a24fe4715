import { codeList, type CodeList } from "../codes/lists.ts";
import { anywhere, charged, standing, under, where } from "../contexts.ts";
import { path, some } from "../engine/path.ts";
import {
  fatal,
  type AttributeRuleSet,
  type Context,
  type Rule,
  type RuleSet,
  type Test,
} from "../engine/rule.ts";
import { custom } from "../engine/tests.ts";
import { lengthOf, normalizeSpace } from "../engine/values.ts";
import type { View } from "../engine/view.ts";
import { attributeText } from "#core/lib/xml/index.ts";
import { nameNumber } from "../names.ts";
import { documentNote } from "./document.ts";
import type { Edition } from "./edition.ts";
import { everyAdjustment } from "./adjustments.ts";

/** The element's own text, blanks normalized, is in the list. */
const inList = (list: CodeList): Test => custom((view, node) => list.has(normalizeSpace(view.text(node))));

/** The same for an attribute of the element; an absent one counts as empty and so is in no list. */
function attributeInList(list: CodeList, attribute: string): Test {
  const name = nameNumber(attribute);
  const holds = (view: View, node: number): boolean =>
    list.has(normalizeSpace(view.attributeText(node, name) ?? ""));
  return custom(holds, `@${attribute}`);
}

const words = (en: string, ro: string, origin: string): Pick<Rule, "en" | "ro" | "hint"> => ({
  en: `${en} is not in the code list.`,
  ro: `${ro} nu este în lista de coduri.`,
  hint: `Use a code from ${origin}.`,
});

/** Codes must be in their lists. */
export function codeRules({ codes, isOlder }: Edition): RuleSet[] {
  const list = (name: Parameters<typeof codeList>[0]): CodeList => codeList(name, codes);
  const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "codes", context, rules });
  const rule = (id: string, terms: string, test: Test, en: string, ro: string, origin: string): Rule =>
    fatal(id, terms, test, words(en, ro, origin));
  const currency = (id: string, term: string, en: string, ro: string): Rule =>
    rule(id, term, inList(list("currencies")), en, ro, "ISO 4217, for example RON");
  const scheme = (id: string, term: string, test: Test, en: string, ro: string): Rule =>
    rule(id, term, test, en, ro, "ISO/IEC 6523, for example 0088 for GLN");
  const country = (id: string, terms: string): Rule =>
    rule(
      id,
      terms,
      inList(list("countries")),
      "A country code",
      "Un cod de țară",
      "ISO 3166-1, for example RO",
    );
  const category = (id: string, terms: string): Rule =>
    rule(
      id,
      terms,
      inList(list("vat-categories")),
      "A VAT category",
      "O categorie de TVA",
      "UNTDID 5305: S, Z, E, AE, K, G, O, L, M or B",
    );
  return [
    set(
      typeCode,
      rule(
        "BR-CL-01",
        "BT-3",
        isDocumentType(codes),
        "The document type",
        "Tipul documentului",
        "UNTDID 1001, for example 380 or 381",
      ),
    ),
    set(
      anywhere("cbc:DocumentCurrencyCode"),
      currency("BR-CL-04", "BT-5", "The document currency", "Moneda documentului"),
    ),
    set(
      anywhere("cbc:TaxCurrencyCode"),
      currency("BR-CL-05", "BT-6", "The VAT accounting currency", "Moneda de contabilizare a TVA"),
    ),
    set(under("cac:InvoicePeriod/cbc:DescriptionCode"), vatPoint),
    set(
      objectId,
      rule(
        "BR-CL-07",
        "BT-18 BT-128",
        attributeInList(list("reference-qualifiers"), "schemeID"),
        "The scheme of an invoiced object",
        "Schema obiectului facturat",
        "UNTDID 1153",
      ),
    ),
    { pattern: "model", context: documentNote, rules: [noteSubject] },
    set(
      withAttribute("cac:PartyIdentification/cbc:ID", "schemeID"),
      scheme(
        "BR-CL-10",
        "BT-29 BT-46 BT-60",
        partyScheme(list("identifier-schemes")),
        "The scheme of a party identifier",
        "Schema unui identificator de parte",
      ),
    ),
    set(
      withAttribute("cac:PartyLegalEntity/cbc:CompanyID", "schemeID"),
      scheme(
        "BR-CL-11",
        "BT-30 BT-47 BT-61",
        attributeInList(list("identifier-schemes"), "schemeID"),
        "The scheme of a registration number",
        "Schema unui număr de înregistrare",
      ),
    ),
    set(
      withAttribute("cac:CommodityClassification/cbc:ItemClassificationCode", "listID"),
      rule(
        "BR-CL-13",
        "BT-158",
        attributeInList(list("item-classifications"), "listID"),
        "The list of an item classification",
        "Lista unei clasificări de articol",
        "UNTDID 7143, for example STI for CPV",
      ),
    ),
    set(under("cac:Country/cbc:IdentificationCode"), country("BR-CL-14", "BT-40 BT-55 BT-69 BT-80")),
    set(under("cac:OriginCountry/cbc:IdentificationCode"), country("BR-CL-15", "BT-159")),
    set(
      under("cac:PaymentMeans/cbc:PaymentMeansCode"),
      rule(
        "BR-CL-16",
        "BT-81",
        inList(list("payment-means")),
        "A payment means code",
        "Un cod al modalității de plată",
        "UNTDID 4461, for example 42",
      ),
    ),
    set(under("cac:TaxCategory/cbc:ID"), category("BR-CL-17", "BT-95 BT-102 BT-118")),
    set(under("cac:ClassifiedTaxCategory/cbc:ID"), category("BR-CL-18", "BT-151")),
    set(
      reasonCode(false),
      rule(
        "BR-CL-19",
        "BT-98 BT-140",
        inList(list("allowance-reasons")),
        "An allowance reason code",
        "Codul motivului unei reduceri",
        "UNTDID 5189, for example 95 for a discount",
      ),
    ),
    set(
      reasonCode(true),
      rule(
        "BR-CL-20",
        "BT-105 BT-145",
        inList(list("charge-reasons")),
        "A charge reason code",
        "Codul motivului unei taxe suplimentare",
        "UNTDID 7161, for example FC for freight",
      ),
    ),
    set(
      withAttribute("cac:StandardItemIdentification/cbc:ID", "schemeID"),
      scheme(
        "BR-CL-21",
        "BT-157",
        attributeInList(list("identifier-schemes"), "schemeID"),
        "The scheme of a standard item identifier",
        "Schema unui identificator standard de articol",
      ),
    ),
    set(
      anywhere("cbc:TaxExemptionReasonCode"),
      rule(
        "BR-CL-22",
        "BT-121",
        isExemption(list("exemption-reasons")),
        "A VAT exemption code",
        "Un cod de scutire de TVA",
        "the VATEX list, for example VATEX-EU-AE",
      ),
    ),
    ...(isOlder
      ? []
      : valuesWithUnits.map((name) =>
          set(withAttribute(name, "unitCode"), unit(attributeInList(list("units"), "unitCode"))),
        )),
    ...(isOlder
      ? []
      : amounts.map((name) =>
          set(anywhere(name), currencyOf(attributeInList(list("currencies"), "currencyID"))),
        )),
    set(withAttribute("cbc:EmbeddedDocumentBinaryObject", "mimeCode"), attachmentType),
    set(
      withAttribute("cbc:EndpointID", "schemeID"),
      rule(
        "BR-CL-25",
        "BT-34 BT-49",
        attributeInList(list("endpoint-schemes"), "schemeID"),
        "The scheme of an electronic address",
        "Schema unei adrese electronice",
        "the EAS list, for example EM for e-mail",
      ),
    ),
    set(
      withAttribute("cac:DeliveryLocation/cbc:ID", "schemeID"),
      scheme(
        "BR-CL-26",
        "BT-71",
        attributeInList(list("identifier-schemes"), "schemeID"),
        "The scheme of a delivery location",
        "Schema unui loc de livrare",
      ),
    ),
  ];
}

/** The older edition checks currencies and units on every attribute of the name, wherever it stands. */
export function codeAttributeRules({ codes, isOlder }: Edition): AttributeRuleSet[] {
  if (!isOlder) return [];
  const valueInList = (list: CodeList): Test =>
    custom((view, attribute) => list.has(normalizeSpace(attributeText(view.doc, attribute))));
  return [
    { attribute: nameNumber("currencyID"), rules: [currencyOf(valueInList(codeList("currencies", codes)))] },
    { attribute: nameNumber("unitCode"), rules: [unit(valueInList(codeList("units", codes)))] },
  ];
}

const currencyOf = (test: Test): Rule =>
  fatal(
    "BR-CL-03",
    "BT-5 BT-6",
    test,
    words("The currency of an amount", "Moneda unei sume", "ISO 4217, for example RON"),
  );

const unit = (test: Test): Rule =>
  fatal(
    "BR-CL-23",
    "BT-130 BT-150",
    test,
    words(
      "A unit of measure",
      "O unitate de măsură",
      "UN/ECE Recommendations 20 and 21, for example H87 for pieces or XPK for packages",
    ),
  );

const valuesWithUnits = ["cbc:InvoicedQuantity", "cbc:BaseQuantity", "cbc:CreditedQuantity"];

/** The amounts whose currency the newer edition checks. */
const amounts = (
  "Amount BaseAmount PriceAmount TaxAmount TaxableAmount LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount " +
  "AllowanceTotalAmount ChargeTotalAmount PrepaidAmount PayableRoundingAmount PayableAmount"
)
  .split(" ")
  .map((name) => `cbc:${name}`);

function withAttribute(steps: string, attribute: string): Context {
  const name = nameNumber(attribute);
  const context = steps.includes("/") ? under(steps) : anywhere(steps);
  return where(context, (view, node) => view.attribute(node, name) >= 0, `[@${attribute}]`);
}

const invoiceTypeCode = nameNumber("cbc:InvoiceTypeCode");
const typeCode: Context = {
  title: "type code",
  names: [invoiceTypeCode, nameNumber("cbc:CreditNoteTypeCode")],
};

function isDocumentType(codes: Edition["codes"]): Test {
  const invoices = codeList("invoice-types", codes);
  const creditNotes = codeList("credit-note-types", codes);
  return custom((view, node) =>
    (view.doc.name[node] === invoiceTypeCode ? invoices : creditNotes).has(normalizeSpace(view.text(node))),
  );
}

const vatPoint = fatal(
  "BR-CL-06",
  "BT-8",
  inList(codeList("vat-point-codes")),
  words("The VAT point code", "Codul exigibilității TVA", "UNTDID 2005: 3, 35 or 432"),
);

const typeOfReference = path("cbc:DocumentTypeCode");
const schemeID = nameNumber("schemeID");
const additional = nameNumber("cac:AdditionalDocumentReference");
const reference = nameNumber("cac:DocumentReference");

const referenceId = standing("invoiced object/cbc:ID", [nameNumber("cbc:ID")], ({ doc }, node) => {
  const around = doc.name[doc.parent[node]!];
  return around === additional || around === reference;
});

/** Identifiers of invoiced objects: document references of type 130. */
const objectId = where(
  referenceId,
  (view, node) => {
    const parent = view.doc.parent[node]!;
    return (
      view.attribute(node, schemeID) >= 0 &&
      view.once(`object ${parent}`, () =>
        some(view, parent, typeOfReference, (type) => view.text(type) === "130"),
      )
    );
  },
  "[@schemeID]",
);

const supplier = nameNumber("cac:AccountingSupplierParty");
const payee = nameNumber("cac:PayeeParty");

/** SEPA, for a creditor identifier, is accepted for whoever is paid. */
function partyScheme(list: CodeList): Test {
  return custom((view, node) => {
    const scheme = normalizeSpace(view.attributeText(node, schemeID) ?? "");
    if (list.has(scheme)) return true;
    if (scheme !== "SEPA") return false;
    for (let around = view.doc.parent[node]!; around >= 0; around = view.doc.parent[around]!) {
      if (view.doc.name[around] === supplier || view.doc.name[around] === payee) return true;
    }
    return false;
  }, "@schemeID");
}

const reasonCode = (charge: boolean): Context => {
  const adjustment = charged(everyAdjustment, charge).matches!;
  return where(
    under("cac:AllowanceCharge/cbc:AllowanceChargeReasonCode"),
    (view, node) => adjustment(view, view.doc.parent[node]!),
    charge ? "[charge]" : "[allowance]",
  );
};

/** Small letters are accepted: the official test raises them before it looks. */
const isExemption = (list: CodeList): Test =>
  custom((view, node) => {
    const text = view.text(node);
    return !normalizeSpace(text).includes(" ") && list.has(normalizeSpace(text.toUpperCase()));
  });

const subjects = codeList("note-subjects");

/** A note may begin with `#AAA#`; only what looks so is checked, and only whether the list's text contains it. */
const noteSubject = fatal(
  "BR-CL-08",
  "BT-21",
  custom((view, node) => {
    const [, subject, rest] = view.text(node).split("#", 3);
    return (
      subject === undefined || rest === undefined || lengthOf(subject) !== 3 || subjects.contains(subject)
    );
  }),
  words("The subject of a note", "Subiectul unei note", "UNTDID 4451, for example AAI"),
);

const MIME_TYPES = new Set([
  "application/pdf",
  "image/png",
  "image/jpeg",
  "text/csv",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.oasis.opendocument.spreadsheet",
]);
const mimeCode = nameNumber("mimeCode");

const attachmentType = fatal(
  "BR-CL-24",
  "BT-125",
  custom((view, node) => MIME_TYPES.has(view.attributeText(node, mimeCode) ?? ""), "@mimeCode"),
  {
    en: "A file of this type cannot be attached.",
    ro: "Un fișier de acest tip nu poate fi atașat.",
    hint: "Attach PDF, PNG, JPEG, CSV, XLSX or ODS files.",
  },
);
