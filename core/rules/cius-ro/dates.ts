import { textNodesOf } from "#core/lib/xml/index.ts";
import { anywhere } from "../contexts.ts";
import { engineFault } from "../engine/fault.ts";
import { fatal, type RuleSet } from "../engine/rule.ts";
import { custom } from "../engine/tests.ts";
import { lengthOf, toDateMinutes } from "../engine/values.ts";
import type { View } from "../engine/view.ts";

/** Rule → element. Every date is written YYYY-MM-DD without a time zone, wherever the element stands. */
const dates: readonly (readonly [id: string, term: string, element: string, en: string, ro: string])[] = [
  ["BR-RO-DT001", "BT-2 BT-26", "cbc:IssueDate", "An issue date", "O dată a emiterii"],
  ["BR-RO-DT002", "BT-7", "cbc:TaxPointDate", "The VAT point date", "Data exigibilității TVA"],
  ["BR-RO-DT003", "BT-9", "cbc:DueDate", "The due date", "Scadența"],
  ["BR-RO-DT003_CN", "BT-9", "cbc:PaymentDueDate", "The due date", "Scadența"],
  ["BR-RO-DT004", "BT-72", "cbc:ActualDeliveryDate", "The delivery date", "Data livrării"],
  ["BR-RO-DT005", "BT-73 BT-134", "cbc:StartDate", "The start of a period", "Începutul unei perioade"],
  ["BR-RO-DT006", "BT-74 BT-135", "cbc:EndDate", "The end of a period", "Sfârșitul unei perioade"],
];

export const roDateRules = (): RuleSet[] =>
  dates.map(([id, term, element, en, ro]) => ({
    pattern: "RO",
    context: anywhere(element),
    rules: [
      fatal(id, term, custom(isPlainDate), {
        en: `${en} is not a plain date.`,
        ro: `${ro} nu este o dată simplă.`,
        hint: "Write the date as YYYY-MM-DD, without a time zone.",
      }),
    ],
  }));

/** `string-length(text()) = 10 and string(.) castable as xs:date`: text() must be one run of text. */
function isPlainDate(view: View, node: number): boolean {
  const texts = textNodesOf(view.doc, node);
  if (texts.length > 1) throw engineFault;
  return lengthOf(texts[0] ?? "") === 10 && toDateMinutes(view.text(node)) !== undefined;
}
