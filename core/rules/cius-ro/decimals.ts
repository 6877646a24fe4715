import { charged, underLine, underRoot } from "../contexts.ts";
import { fatal, type Context, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, twoDecimals } from "../engine/tests.ts";
import { currencyDecimals } from "../en16931/document.ts";
import { nameNumber } from "../names.ts";
import { invoiceRoot } from "../structure/models.ts";
import { invoiceOnly } from "./addresses.ts";
import { length } from "./lengths.ts";

const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "RO", context, rules });

/**
 * The root of an invoice was taken by the first set, so of this context only an element CreditNote in the namespace of
 * the aggregates is left, which no valid document has.
 */
export const invoiceAgain: Context = {
  title: "document, again",
  names: [invoiceRoot, nameNumber("cac:CreditNote")],
  matches: (view, node) => view.doc.name[node] !== invoiceRoot || view.doc.parent[node]! < 0,
};

export const vatTotalDecimals: readonly Rule[] = [
  fatal("BR-DEC-RO-13", "BT-110", custom(currencyDecimals("cbc:DocumentCurrencyCode")), {
    en: "The VAT total has more than two decimals.",
    ro: "Totalul TVA are mai mult de două zecimale.",
    hint: "Round the VAT total to two decimals.",
  }),
  fatal("BR-DEC-RO-15", "BT-111", custom(currencyDecimals("cbc:TaxCurrencyCode")), {
    en: "The VAT total in the accounting currency has more than two decimals.",
    ro: "Totalul TVA în moneda de contabilizare are mai mult de două zecimale.",
    hint: "Round the VAT total in the accounting currency to two decimals.",
  }),
];

const finer = (id: string, terms: string, at: string, en: string, ro: string): Rule =>
  fatal(id, terms, twoDecimals(at), {
    en: `${en} has more than two decimals.`,
    ro: `${ro} are mai mult de două zecimale.`,
    hint: "Round the amount to two decimals.",
  });

export const lineDecimals = finer(
  "BR-DEC-RO-23",
  "BT-131",
  "cbc:LineExtensionAmount",
  "The net amount of a line",
  "Valoarea netă a unei linii",
);

/** RO_CIUS asks again of allowances and charges, with the exception of credit notes. */
export const documentAdjustments = (): RuleSet[] => {
  const inDocument = underRoot("cac:AllowanceCharge", invoiceOnly);
  return [
    set(
      charged(inDocument, false),
      finer("BR-DEC-RO-01", "BT-92", "cbc:Amount", "The amount of an allowance", "Valoarea unei reduceri"),
      finer(
        "BR-DEC-RO-02",
        "BT-93",
        "cbc:BaseAmount",
        "The base amount of an allowance",
        "Baza unei reduceri",
      ),
      length(
        "BR-RO-L1017",
        "BT-97",
        100,
        "cbc:AllowanceChargeReasonCode",
        "The reason code of an allowance",
        "Codul motivului unei reduceri",
      ),
    ),
    set(
      charged(inDocument, true),
      finer(
        "BR-DEC-RO-05",
        "BT-99",
        "cbc:Amount",
        "The amount of a charge",
        "Valoarea unei taxe suplimentare",
      ),
      finer(
        "BR-DEC-RO-06",
        "BT-100",
        "cbc:BaseAmount",
        "The base amount of a charge",
        "Baza unei taxe suplimentare",
      ),
      length(
        "BR-RO-L1018",
        "BT-104",
        100,
        "cbc:AllowanceChargeReasonCode",
        "The reason code of a charge",
        "Codul motivului unei taxe suplimentare",
      ),
    ),
  ];
};

export const lineAdjustments = (): RuleSet[] => {
  const inLine = underLine("cac:AllowanceCharge");
  return [
    set(
      charged(inLine, false),
      finer(
        "BR-DEC-RO-24",
        "BT-136",
        "cbc:Amount",
        "The amount of a line's allowance",
        "Valoarea reducerii unei linii",
      ),
      finer(
        "BR-DEC-RO-25",
        "BT-137",
        "cbc:BaseAmount",
        "The base amount of a line's allowance",
        "Baza reducerii unei linii",
      ),
      length(
        "BR-RO-L1022",
        "BT-139",
        100,
        "cbc:AllowanceChargeReason",
        "The reason of a line's allowance",
        "Motivul reducerii unei linii",
      ),
    ),
    set(
      charged(inLine, true),
      finer(
        "BR-DEC-RO-27",
        "BT-141",
        "cbc:Amount",
        "The amount of a line's charge",
        "Valoarea taxei suplimentare a unei linii",
      ),
      finer(
        "BR-DEC-RO-28",
        "BT-142",
        "cbc:BaseAmount",
        "The base amount of a line's charge",
        "Baza taxei suplimentare a unei linii",
      ),
      length(
        "BR-RO-L1023",
        "BT-144",
        100,
        "cbc:AllowanceChargeReason",
        "The reason of a line's charge",
        "Motivul taxei suplimentare a unei linii",
      ),
    ),
  ];
};
