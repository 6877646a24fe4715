import { anywhere, document, lines, under, underRoot } from "../contexts.ts";
import { fatal, type Context, type Rule, type RuleSet } from "../engine/rule.ts";
import { atMost, attributeNotLonger, custom, isNotLonger } from "../engine/tests.ts";
import { totalDecimals } from "../en16931/totals.ts";
import { subtotalDecimals } from "../en16931/vat-breakdown.ts";
import { invoiceOnly } from "./addresses.ts";
import {
  documentAdjustments,
  invoiceAgain,
  lineAdjustments,
  lineDecimals,
  vatTotalDecimals,
} from "./decimals.ts";
import { documentTexts, length } from "./lengths.ts";

const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "RO", context, rules });

/** How long texts may be, how often things may occur and how fine amounts may be. The order of the sets matters. */
export function roLimitRules(): RuleSet[] {
  return [
    set(document, ...documentTexts()),
    set(anywhere("cac:PaymentMeans"), ...payment),
    set(lines, ...lineTexts),
    set(under("cac:Item/cac:AdditionalItemProperty"), ...itemProperty),
    ...documentAdjustments(),
    set(anywhere("cac:LegalMonetaryTotal"), ...totalDecimals("BR-DEC-RO-")),
    set(invoiceAgain, ...vatTotalDecimals),
    set(under("cac:TaxTotal/cac:TaxSubtotal"), ...subtotalDecimals("BR-DEC-RO-1009", "BR-DEC-RO-1010")),
    // The first set for lines took every line, so this one is never asked; the same holds for the last set.
    set({ ...lines }, lineDecimals),
    ...lineAdjustments(),
    set(anywhere("cbc:Note"), note),
    set(anywhere("cac:AdditionalDocumentReference"), ...supporting),
    set(anywhere("cac:BillingReference"), ...preceding),
    set(underRoot("cac:TaxTotal/cac:TaxSubtotal", invoiceOnly), exemptionReason),
  ];
}

const payment: readonly Rule[] = [
  length(
    "BR-RO-L208",
    "BT-85",
    200,
    "cac:PayeeFinancialAccount/cbc:Name",
    "The account name",
    "Numele contului",
  ),
  length(
    "BR-RO-L209",
    "BT-88",
    200,
    "cac:CardAccount/cbc:HolderName",
    "The card holder's name",
    "Numele deținătorului cardului",
  ),
  length(
    "BR-RO-L1016",
    "BT-82",
    100,
    "",
    "The name of the payment means",
    "Denumirea modalității de plată",
    attributeNotLonger(100, "cbc:PaymentMeansCode", "name"),
  ),
  length("BR-RO-L140", "BT-83", 140, "cbc:PaymentID", "The payment reference", "Referința plății"),
];

const lineTexts: readonly Rule[] = [
  length("BR-RO-L1024", "BT-153", 100, "cac:Item/cbc:Name", "The name of an item", "Denumirea unui articol"),
  length(
    "BR-RO-L1021",
    "BT-133",
    100,
    "cbc:AccountingCost",
    "The accounting reference of a line",
    "Referința contabilă a unei linii",
  ),
  length(
    "BR-RO-L212",
    "BT-154",
    200,
    "cac:Item/cbc:Description",
    "The description of an item",
    "Descrierea unui articol",
  ),
  length("BR-RO-L303", "BT-127", 300, "cbc:Note", "The note of a line", "Nota unei linii"),
];

/** The official tests of these two are `count(.) <= 50`, and one is always less: they cannot fail. */
const countOfOne = (id: string, terms: string, en: string, ro: string): Rule =>
  fatal(
    id,
    terms,
    custom(() => true),
    {
      en: `There are more than 50 ${en}.`,
      ro: `Există mai mult de 50 de ${ro}.`,
      hint: "Keep at most 50.",
    },
  );

const itemProperty: readonly Rule[] = [
  countOfOne("BR-RO-A052", "BG-32", "item attributes", "atribute ale articolului"),
  length(
    "BR-RO-L0505",
    "BT-160",
    50,
    "cbc:Name",
    "The name of an item attribute",
    "Numele unui atribut al articolului",
  ),
  length(
    "BR-RO-L1025",
    "BT-161",
    100,
    "cbc:Value",
    "The value of an item attribute",
    "Valoarea unui atribut al articolului",
  ),
];

const supporting: readonly Rule[] = [
  countOfOne("BR-RO-A051", "BG-24", "supporting documents", "documente justificative"),
  length(
    "BR-RO-L0308",
    "BT-122",
    200,
    "cbc:ID",
    "The reference of a supporting document",
    "Referința unui document justificativ",
  ),
  length(
    "BR-RO-L1020",
    "BT-123",
    100,
    "cbc:DocumentDescription",
    "The description of a supporting document",
    "Descrierea unui document justificativ",
  ),
  length(
    "BR-RO-L210",
    "BT-124",
    200,
    "cac:Attachment/cac:ExternalReference/cbc:URI",
    "The address of a supporting document",
    "Adresa unui document justificativ",
  ),
  length(
    "BR-RO-L211",
    "BT-125",
    200,
    "",
    "The file name of an attachment",
    "Numele unui fișier atașat",
    attributeNotLonger(200, "cac:Attachment/cbc:EmbeddedDocumentBinaryObject", "filename"),
  ),
];

const preceding: readonly Rule[] = [
  fatal("BR-RO-A500", "BG-3", atMost(500, "cac:InvoiceDocumentReference"), {
    en: "There are more than 500 preceding invoices in one reference.",
    ro: "Există mai mult de 500 de facturi anterioare într-o referință.",
    hint: "Keep at most 500 preceding invoices.",
  }),
  length(
    "BR-RO-L156",
    "BT-25",
    200,
    "cac:InvoiceDocumentReference/cbc:ID",
    "The number of a preceding invoice",
    "Numărul unei facturi anterioare",
  ),
];

/** An official oddity: the length of a note is checked wherever a note stands, also in payment terms. */
const note = length(
  "BR-RO-L302",
  "BT-22",
  300,
  "",
  "A note",
  "O notă",
  custom((view, node) => isNotLonger(view, node, 300)),
);

const exemptionReason = length(
  "BR-RO-L1019",
  "BT-120",
  100,
  "cbc:TaxExemptionReason",
  "The exemption reason",
  "Motivul scutirii",
);
