import { anywhere, charged, document, lines, under } from "../contexts.ts";
import { all, count, first, path, some } from "../engine/path.ts";
import { fatal, type Context, type Rule, type RuleSet } from "../engine/rule.ts";
import { atMost, custom, exists } from "../engine/tests.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import { creditNoteRoot } from "../structure/models.ts";
import { everyAdjustment } from "./adjustments.ts";
import type { Edition } from "./edition.ts";
import { once, single } from "./occurrence.ts";
import { documentSyntax } from "./syntax-document.ts";
import { payee } from "./syntax-payee.ts";

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
    set(document, ...documentSyntax(), ...(edition.isOlder ? [] : newerDocument)),
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
