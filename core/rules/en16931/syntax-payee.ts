import { all, count, path, some } from "../engine/path.ts";
import { fatal, type Rule } from "../engine/rule.ts";
import { custom } from "../engine/tests.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import { sellerTexts } from "./parties.ts";

const identifier = path("cbc:ID");
const schemeIDName = nameNumber("schemeID");
const payeeNames = path("cac:PartyName/cbc:Name");
const payeeIdentification = nameNumber("cac:PartyIdentification");
const sellerNames = path("cac:Party/cac:PartyLegalEntity/cbc:RegistrationName");

/** `cac:PartyName/cbc:Name != …/cbc:RegistrationName`: some pair of names differs, so both must be there. */
function differsFromSeller(view: View, node: number): boolean {
  const others = sellerTexts(view, view.doc.parent[node]!, sellerNames);
  return some(
    view,
    node,
    payeeNames,
    (each) => others.size > 1 || (others.size === 1 && !others.has(view.text(each))),
  );
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

/** What a payee may say once, and that it is not the seller. */
export const payee: readonly Rule[] = [
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
  const ids = all(view, node, [payeeIdentification, ...identifier]);
  return ids.filter((each) => (view.attributeText(each, schemeIDName) ?? "").toUpperCase() !== "SEPA").length;
}
