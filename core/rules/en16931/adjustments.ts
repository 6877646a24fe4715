import { anywhere, charged, underLine, underRoot } from "../contexts.ts";
import { path, some } from "../engine/path.ts";
import { fatal, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, exists, oneExists, twoDecimals } from "../engine/tests.ts";
import { isVat } from "../engine/vat.ts";
import { nameNumber } from "../names.ts";

/** Allowances and charges, of the document and of its lines. The official rules treat the two alike under other ids. */
export function adjustmentRules(): RuleSet[] {
  const inDocument = underRoot("cac:AllowanceCharge");
  const inLine = underLine("cac:AllowanceCharge");
  return [
    { pattern: "model", context: charged(inDocument, false), rules: documentLevel(allowance) },
    { pattern: "model", context: charged(inDocument, true), rules: documentLevel(charge) },
    { pattern: "model", context: charged(inLine, false), rules: lineLevel(lineAllowance) },
    { pattern: "model", context: charged(inLine, true), rules: lineLevel(lineCharge) },
  ];
}

/** The ids and terms under which one kind is known. */
interface Kind {
  readonly ids: readonly string[];
  readonly terms: readonly string[];
  readonly en: string;
  readonly ro: string;
}

const allowance: Kind = {
  ids: ["BR-31", "BR-33", "BR-CO-21", "BR-CO-05", "BR-DEC-01", "BR-DEC-02", "BR-32"],
  terms: ["BT-92", "BT-93", "BT-97 BT-98", "BT-95"],
  en: "allowance of the document",
  ro: "reducere la nivelul documentului",
};
const charge: Kind = {
  ids: ["BR-36", "BR-38", "BR-CO-22", "BR-CO-06", "BR-DEC-05", "BR-DEC-06", "BR-37"],
  terms: ["BT-99", "BT-100", "BT-104 BT-105", "BT-102"],
  en: "charge of the document",
  ro: "taxare suplimentară la nivelul documentului",
};
const lineAllowance: Kind = {
  ids: ["BR-41", "BR-42", "BR-CO-23", "BR-CO-07", "BR-DEC-24", "BR-DEC-25"],
  terms: ["BT-136", "BT-137", "BT-139 BT-140"],
  en: "allowance of a line",
  ro: "reducere la nivelul liniei",
};
const lineCharge: Kind = {
  ids: ["BR-43", "BR-44", "BR-CO-24", "BR-CO-08", "BR-DEC-27", "BR-DEC-28"],
  terms: ["BT-141", "BT-142", "BT-144 BT-145"],
  en: "charge of a line",
  ro: "taxare suplimentară la nivelul liniei",
};

const taxCategory = path("cac:TaxCategory");
const id = nameNumber("cbc:ID");

function lineLevel({ ids, terms, en, ro }: Kind): Rule[] {
  const reason = oneExists("cbc:AllowanceChargeReason", "cbc:AllowanceChargeReasonCode");
  const noReason = {
    en: `The ${en} has neither a reason nor a reason code.`,
    ro: `O ${ro} nu are nici motiv, nici codul motivului.`,
    hint: "Say why the amount is deducted or added, as text or as a code.",
  };
  return [
    fatal(ids[0]!, terms[0]!, exists("cbc:Amount"), {
      en: `The ${en} has no amount.`,
      ro: `O ${ro} nu are valoare.`,
      hint: "Fill in the amount.",
    }),
    fatal(ids[1]!, terms[2]!, reason, noReason),
    fatal(ids[2]!, terms[2]!, reason, noReason),
    // The official test is `true()`: that reason and code mean the same cannot be decided by a program.
    fatal(
      ids[3]!,
      terms[2]!,
      custom(() => true),
      {
        en: `The reason and the reason code of the ${en} must mean the same.`,
        ro: `Motivul și codul motivului pentru o ${ro} trebuie să însemne același lucru.`,
        hint: "Make the reason text agree with its code.",
      },
    ),
    fatal(ids[4]!, terms[0]!, twoDecimals("cbc:Amount"), {
      en: `The amount of the ${en} has more than two decimals.`,
      ro: `Valoarea pentru o ${ro} are mai mult de două zecimale.`,
      hint: "Round the amount to two decimals.",
    }),
    fatal(ids[5]!, terms[1]!, twoDecimals("cbc:BaseAmount"), {
      en: `The base amount of the ${en} has more than two decimals.`,
      ro: `Baza de calcul pentru o ${ro} are mai mult de două zecimale.`,
      hint: "Round the base amount to two decimals.",
    }),
  ];
}

function documentLevel(kind: Kind): Rule[] {
  const test = custom(
    (view, node) => some(view, node, taxCategory, (each) => isVat(view, each) && view.child(each, id) >= 0),
    "cac:TaxCategory/cbc:ID",
  );
  const category = fatal(kind.ids[6]!, kind.terms[3]!, test, {
    en: `The ${kind.en} has no VAT category.`,
    ro: `O ${kind.ro} nu are categorie de TVA.`,
    hint: "Choose the VAT category of the amount, for example S for the standard rate.",
  });
  return [...lineLevel(kind), category];
}

/** Every allowance or charge, prices included: what the syntax rules look at. */
export const everyAdjustment = anywhere("cac:AllowanceCharge");
