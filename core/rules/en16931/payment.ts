import { anywhere, under, where } from "../contexts.ts";
import { all, onlyNormalized, onlyText, path, some } from "../engine/path.ts";
import { fatal, warning, type RuleSet } from "../engine/rule.ts";
import { custom, exists } from "../engine/tests.ts";
import { lengthOf, normalizeSpace } from "../engine/values.ts";
import type { View } from "../engine/view.ts";
import type { Edition } from "./edition.ts";

const meansCode = path("cbc:PaymentMeansCode");
const accountId = path("cac:PayeeFinancialAccount/cbc:ID");
const cardNumber = path("cbc:PrimaryAccountNumberID");

/** Codes of UNTDID 4461 that mean a transfer to an account. */
const TRANSFERS = new Set(["30", "58"]);

const cardText = {
  en: "More of a payment card's number is shown than its last four to six digits.",
  ro: "Se afișează mai mult decât ultimele patru până la șase cifre ale cardului.",
  hint: "Show only the last four to six digits of the card number.",
};

/** How the document is paid. */
export function paymentRules({ given, isOlder }: Edition): RuleSet[] {
  // The older edition looks at the card account, the newer one at the number itself.
  const card: RuleSet = isOlder
    ? {
        pattern: "model",
        context: under("cac:PaymentMeans/cac:CardAccount"),
        rules: [
          warning(
            "BR-51",
            "BT-87",
            custom(
              (view, node) => lengthOf(onlyText(view, node, cardNumber)) <= 10,
              "cbc:PrimaryAccountNumberID",
            ),
            cardText,
          ),
        ],
      }
    : {
        pattern: "model",
        context: under("cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID"),
        rules: [
          warning(
            "BR-51",
            "BT-87",
            custom((view, node) => lengthOf(normalizeSpace(view.text(node))) <= 10),
            cardText,
          ),
        ],
      };
  const account = where(
    under("cac:PaymentMeans/cac:PayeeFinancialAccount"),
    (view, node) => some(view, view.doc.parent[node]!, meansCode, (code) => TRANSFERS.has(view.text(code))),
    "[transfer]",
  );
  return [
    card,
    {
      pattern: "model",
      context: account,
      rules: [
        fatal("BR-50", "BT-84", given("cbc:ID"), {
          en: "The account to which to transfer has no number.",
          ro: "Contul în care se face viramentul nu are număr.",
          hint: "Fill in the IBAN or account number.",
        }),
      ],
    },
    {
      pattern: "model",
      context: anywhere("cac:PaymentMeans"),
      rules: [
        fatal("BR-49", "BT-81", exists("cbc:PaymentMeansCode"), {
          en: "The payment instructions do not say how to pay.",
          ro: "Instrucțiunile de plată nu indică modalitatea de plată.",
          hint: "Choose a payment means code, for example 42 for a payment to an account.",
        }),
        fatal("BR-61", "BT-84 BT-81", custom(hasAccountForTransfer, "cac:PayeeFinancialAccount/cbc:ID"), {
          en: "Payment is by transfer but no account is given.",
          ro: "Plata se face prin virament, dar nu este indicat niciun cont.",
          hint: "Fill in the account number, or choose another payment means.",
        }),
      ],
    },
  ];
}

function hasAccountForTransfer(view: View, node: number): boolean {
  return !TRANSFERS.has(onlyNormalized(view, node, meansCode)) || all(view, node, accountId).length > 0;
}
