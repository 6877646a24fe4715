import { anywhere, document, under, underLine, underRoot } from "../contexts.ts";
import { engineFault } from "../engine/fault.ts";
import { all, everywhere, path, some } from "../engine/path.ts";
import { fatal, type Rule, type RuleSet } from "../engine/rule.ts";
import { absent, atMost, custom, either, exists, oneExists } from "../engine/tests.ts";
import { decimalsOf, toDateMinutes } from "../engine/values.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import type { Edition } from "./edition.ts";

const taxCurrency = path("cbc:TaxCurrencyCode");
const taxTotal = nameNumber("cac:TaxTotal");
const taxAmount = nameNumber("cbc:TaxAmount");
const currencyID = nameNumber("currencyID");
const documentPeriod = anywhere("cac:InvoicePeriod");

/** What a document must say about itself. */
export function documentRules(edition: Edition): RuleSet[] {
  return [
    {
      pattern: "model",
      context: document,
      rules: [...identity(edition), ...currency, ...(edition.isOlder ? single : [])],
    },
    {
      pattern: "model",
      context: anywhere("cac:AdditionalDocumentReference"),
      rules: [
        fatal("BR-52", "BT-122 BG-24", edition.given("cbc:ID"), {
          en: "A supporting document has no reference.",
          ro: "Un document justificativ nu are referință.",
          hint: "Give every supporting document an identifier, or remove it.",
        }),
      ],
    },
    {
      pattern: "model",
      context: anywhere("cac:BillingReference"),
      rules: [
        fatal("BR-55", "BT-25 BG-3", exists("cac:InvoiceDocumentReference/cbc:ID"), {
          en: "A reference to a preceding invoice has no invoice number.",
          ro: "O referință la o factură anterioară nu are numărul facturii.",
          hint: "Give the number of the preceding invoice.",
        }),
      ],
    },
    {
      pattern: "model",
      context: under("cac:Delivery/cac:DeliveryLocation/cac:Address"),
      rules: [
        fatal("BR-57", "BT-80 BG-15", exists("cac:Country/cbc:IdentificationCode"), {
          en: "The delivery address has no country.",
          ro: "Adresa de livrare nu are țară.",
          hint: "Add the two-letter country code to the delivery address, or remove the address.",
        }),
      ],
    },
    // A line's period is taken by the first context and never reaches the second.
    { pattern: "model", context: underLine("cac:InvoicePeriod"), rules: linePeriod },
    { pattern: "model", context: documentPeriod, rules: period },
  ];
}

const identity = ({ given }: Edition): Rule[] => [
  fatal("BR-01", "BT-24", given("cbc:CustomizationID"), {
    en: "The document does not say which specification it follows.",
    ro: "Documentul nu indică specificația pe care o respectă.",
    hint: "Fill in the specification identifier (cbc:CustomizationID).",
  }),
  fatal("BR-02", "BT-1", given("cbc:ID"), {
    en: "The document has no number.",
    ro: "Documentul nu are număr.",
    hint: "Give the document a number.",
  }),
  fatal("BR-03", "BT-2", given("cbc:IssueDate"), {
    en: "The document has no issue date.",
    ro: "Documentul nu are data emiterii.",
    hint: "Fill in the issue date as YYYY-MM-DD.",
  }),
  fatal("BR-04", "BT-3", given("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode"), {
    en: "The document has no type code.",
    ro: "Documentul nu are codul tipului.",
    hint: "Use 380 for an invoice or 381 for a credit note.",
  }),
  fatal("BR-05", "BT-5", given("cbc:DocumentCurrencyCode"), {
    en: "The document has no currency.",
    ro: "Documentul nu are monedă.",
    hint: "Fill in the currency of the document, for example RON.",
  }),
  fatal("BR-16", "BG-25", oneExists("cac:InvoiceLine", "cac:CreditNoteLine"), {
    en: "The document has no lines.",
    ro: "Documentul nu are nicio linie.",
    hint: "Add at least one line.",
  }),
  fatal(
    "BR-CO-03",
    "BT-7 BT-8",
    either(absent("cbc:TaxPointDate"), absent("cac:InvoicePeriod/cbc:DescriptionCode")),
    {
      en: "Both a date and a code say when VAT becomes due.",
      ro: "Exigibilitatea TVA este dată și ca dată, și ca cod.",
      hint: "Keep either the VAT point date or its code, not both.",
    },
  ),
];

const currency: readonly Rule[] = [
  fatal("BR-53", "BT-6 BT-111", custom(hasTotalInTaxCurrency, "cac:TaxTotal/cbc:TaxAmount"), {
    en: "There is a VAT accounting currency but no VAT total in it.",
    ro: "Există o monedă de contabilizare a TVA, dar niciun total de TVA în ea.",
    hint: "Add a second VAT total in the accounting currency.",
  }),
  fatal("BR-DEC-13", "BT-110", custom(currencyDecimals("cbc:DocumentCurrencyCode")), {
    en: "The VAT total has more than two decimals.",
    ro: "Totalul TVA are mai mult de două zecimale.",
    hint: "Round the VAT total to two decimals.",
  }),
  fatal("BR-DEC-15", "BT-111", custom(currencyDecimals("cbc:TaxCurrencyCode")), {
    en: "The VAT total in the accounting currency has more than two decimals.",
    ro: "Totalul TVA în moneda de contabilizare are mai mult de două zecimale.",
    hint: "Round the VAT total in the accounting currency to two decimals.",
  }),
];

const single: readonly Rule[] = [
  fatal("BR-66", "BG-18", atMost(1, "cac:PaymentMeans/cac:CardAccount"), {
    en: "More than one payment card is given.",
    ro: "Este indicat mai mult de un card de plată.",
    hint: "Keep one payment card.",
  }),
  fatal("BR-67", "BG-19", atMost(1, "cac:PaymentMeans/cac:PaymentMandate"), {
    en: "More than one direct debit mandate is given.",
    ro: "Este indicat mai mult de un mandat de debitare directă.",
    hint: "Keep one direct debit mandate.",
  }),
];

const linePeriod: readonly Rule[] = [
  fatal("BR-30", "BT-134 BT-135", custom(endsAfterStart, "cbc:EndDate"), {
    en: "The period of a line ends before it starts.",
    ro: "Perioada unei linii se termină înainte de a începe.",
    hint: "Correct the start or the end date of the line's period.",
  }),
  fatal("BR-CO-20", "BG-26", oneExists("cbc:StartDate", "cbc:EndDate"), {
    en: "The period of a line has neither a start nor an end.",
    ro: "Perioada unei linii nu are nici început, nici sfârșit.",
    hint: "Give the line's period a start date, an end date or both.",
  }),
];

const period: readonly Rule[] = [
  fatal("BR-29", "BT-73 BT-74", custom(endsAfterStart, "cbc:EndDate"), {
    en: "The invoicing period ends before it starts.",
    ro: "Perioada de facturare se termină înainte de a începe.",
    hint: "Correct the start or the end date of the invoicing period.",
  }),
  fatal("BR-CO-19", "BG-14", oneExists("cbc:StartDate", "cbc:EndDate", "cbc:DescriptionCode"), {
    en: "The invoicing period has neither a start nor an end.",
    ro: "Perioada de facturare nu are nici început, nici sfârșit.",
    hint: "Give the invoicing period a start date, an end date or both.",
  }),
];

function hasTotalInTaxCurrency(view: View, node: number): boolean {
  return all(view, node, taxCurrency).every((currencyNode) => {
    const wanted = view.text(currencyNode);
    for (const total of everywhere(view, taxTotal)) {
      for (const amount of all(view, total, [taxAmount])) {
        if (view.attributeText(amount, currencyID) === wanted) return true;
      }
    }
    return false;
  });
}

/**
 * The official test looks for the currency inside the amount instead of in the document, so it speaks only about
 * amounts with such a child, which no valid document has.
 */
export function currencyDecimals(child: string): (view: View) => boolean {
  const code = path(child);
  return (view) => {
    const amounts: number[] = [];
    for (const total of everywhere(view, taxTotal)) {
      for (const amount of all(view, total, [taxAmount])) {
        const own = view.attributeText(amount, currencyID);
        if (own !== undefined && some(view, amount, code, (found) => view.text(found) === own))
          amounts.push(amount);
      }
    }
    if (amounts.length > 1) throw engineFault;
    return amounts.length === 0 || decimalsOf(view.text(amounts[0]!)) <= 2;
  };
}

const startDate = path("cbc:StartDate");
const endDate = path("cbc:EndDate");

function endsAfterStart(view: View, node: number): boolean {
  const starts = all(view, node, startDate);
  const ends = all(view, node, endDate);
  if (starts.length === 0 || ends.length === 0) return true;
  const start = toDateMinutes(view.text(starts[0]!));
  const end = toDateMinutes(view.text(ends[0]!));
  if (starts.length > 1 || ends.length > 1 || start === undefined || end === undefined) throw engineFault;
  return end >= start;
}

/** Where a note of the document itself stands; its subject code is checked by BR-CL-08. */
export const documentNote = underRoot("cbc:Note");
