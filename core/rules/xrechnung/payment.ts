import { underRoot, where } from "../contexts.ts";
import { onlyNormalized, onlyText, path } from "../engine/path.ts";
import { fatal, type Rule, type RuleSet, type Test, warning } from "../engine/rule.ts";
import { absent, custom, exists } from "../engine/tests.ts";
import type { View } from "../engine/view.ts";

const code = path("cbc:PaymentMeansCode");
const means = underRoot("cac:PaymentMeans");

/** How XRechnung wants each way of paying described: with its own group, and no other's. */
export const germanPaymentRules = (): RuleSet[] => [
  way(["30", "58"], transfer),
  way(["48", "54", "55"], card),
  way(["59"], directDebit),
];

const way = (codes: readonly string[], rules: readonly Rule[]): RuleSet => ({
  pattern: "XR",
  context: where(
    means,
    (view, node) => codes.includes(onlyNormalized(view, node, code)),
    `[code ${codes.join(", ")}]`,
  ),
  rules,
});

function needs(id: string, terms: string, group: string, en: string, ro: string): Rule {
  return fatal(id, terms, exists(group), {
    en: `Payment is ${en} is missing.`,
    ro: `Plata se face ${ro}.`,
    hint: "Fill in what this way of paying needs, or choose another payment means.",
  });
}

function excludes(
  id: string,
  terms: string,
  groups: readonly [string, string],
  en: string,
  ro: string,
): Rule {
  const [one, other] = groups.map(absent) as [Test, Test];
  return fatal(
    id,
    terms,
    custom((view, node) => one.holds(view, node) && other.holds(view, node), groups[0]),
    {
      en: `Something that does not belong to ${en} is given with it.`,
      ro: `Este indicat ceva ce nu ține de natura ${ro}.`,
      hint: "Describe one way of paying in each payment means.",
    },
  );
}

function iban(id: string, terms: string, forCode: string, at: string, what: string): Rule {
  const account = path(at);
  const holds = (view: View, node: number): boolean =>
    onlyNormalized(view, node, code) !== forCode || isIban(onlyText(view, node, account));
  return warning(id, terms, custom(holds, at), {
    en: `The account ${what} is not a valid IBAN.`,
    ro: "Contul indicat nu este un IBAN valid.",
    hint: "Check the IBAN; its check digits do not fit.",
  });
}

/**
 * An IBAN by its form and check digits (ISO 13616), as the official test computes them: a small letter counts for
 * its own code and not for its capital, so that such IBANs hardly ever fit.
 */
function isIban(written: string): boolean {
  const text = written.replace(/[ \n\r\t]/g, "");
  if (!/^[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{0,30}$/.test(text)) return false;
  const digits = Array.from(text.slice(4) + text.slice(0, 4), (letter) => {
    const unit = letter.charCodeAt(0);
    return String(unit > 64 ? unit - 55 : unit - 48);
  });
  return BigInt(digits.join("")) % 97n === 1n;
}

const transfer: readonly Rule[] = [
  iban("BR-DE-19", "BT-84", "58", "cac:PayeeFinancialAccount/cbc:ID", "to pay into"),
  needs(
    "BR-DE-23-a",
    "BG-17",
    "cac:PayeeFinancialAccount",
    "by transfer but the account",
    "prin virament, dar lipsește contul",
  ),
  excludes(
    "BR-DE-23-b",
    "BG-18 BG-19",
    ["cac:CardAccount", "cac:PaymentMandate"],
    "a transfer",
    "unui virament",
  ),
];

const card: readonly Rule[] = [
  needs("BR-DE-24-a", "BG-18", "cac:CardAccount", "by card but the card", "cu cardul, dar lipsește cardul"),
  excludes(
    "BR-DE-24-b",
    "BG-17 BG-19",
    ["cac:PayeeFinancialAccount", "cac:PaymentMandate"],
    "a card payment",
    "unei plăți cu cardul",
  ),
];

const directDebit: readonly Rule[] = [
  iban("BR-DE-20", "BT-91", "59", "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID", "to be debited"),
  needs(
    "BR-DE-25-a",
    "BG-19",
    "cac:PaymentMandate",
    "by direct debit but the mandate",
    "prin debitare directă, dar lipsește mandatul",
  ),
  excludes(
    "BR-DE-25-b",
    "BG-17 BG-18",
    ["cac:PayeeFinancialAccount", "cac:CardAccount"],
    "a direct debit",
    "unei debitări directe",
  ),
];
