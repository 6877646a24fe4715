import { document } from "../contexts.ts";
import { everywhere } from "../engine/path.ts";
import { fatal, warning, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, hasAttribute } from "../engine/tests.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";

/** How values may be written: decimals of amounts, attributes of attachments, attributes nobody needs. */
export function dataTypeRules(): RuleSet[] {
  return [
    {
      pattern: "syntax",
      context: {
        title: "every amount but prices",
        names: [],
        takesName: (local) => local.endsWith("Amount") && !local.endsWith("PriceAmount"),
        matches: (view, node) => !isInDiscountedPrice(view, node),
      },
      rules: [twoDecimals],
    },
    {
      pattern: "syntax",
      context: {
        title: "every attached file",
        names: [],
        takesName: (local) => local.endsWith("BinaryObject"),
      },
      rules: attachment,
    },
    { pattern: "syntax", context: document, rules: [...unusedAttributes, paymentMeansName] },
  ];
}

const price = nameNumber("cac:Price");
const allowanceCharge = nameNumber("cac:AllowanceCharge");

/** `ancestor::cac:Price/cac:AllowanceCharge`: inside a price that has a discount. */
function isInDiscountedPrice(view: View, node: number): boolean {
  for (let around = view.doc.parent[node]!; around >= 0; around = view.doc.parent[around]!) {
    if (view.doc.name[around] === price && isDiscounted(view, around)) return true;
  }
  return false;
}

const isDiscounted = (view: View, node: number): boolean =>
  view.once(`discounted ${node}`, () => view.child(node, allowanceCharge) >= 0);

const twoDecimals = fatal(
  "UBL-DT-01",
  "",
  custom((view, node) => view.decimals(node) <= 2),
  {
    en: "An amount has more than two decimals.",
    ro: "O sumă are mai mult de două zecimale.",
    hint: "Round the amount to two decimals; only unit prices may have more.",
  },
);

const attachment: readonly Rule[] = [
  fatal("UBL-DT-06", "BT-125", hasAttribute("mimeCode"), {
    en: "An attached file does not say of which type it is.",
    ro: "Un fișier atașat nu își indică tipul.",
    hint: "Give the media type (mimeCode), for example application/pdf.",
  }),
  fatal("UBL-DT-07", "BT-125", hasAttribute("filename"), {
    en: "An attached file has no name.",
    ro: "Un fișier atașat nu are nume.",
    hint: "Give the file a name.",
  }),
];

const words = (attribute: string): Pick<Rule, "en" | "ro" | "hint"> => ({
  en: `The attribute ${attribute} is not used by EN 16931.`,
  ro: `Atributul ${attribute} nu este folosit de EN 16931.`,
  hint: "Remove the attribute.",
});

/** Rule number → attribute that may stand nowhere. */
const unusedAttributes: readonly Rule[] = [
  ["08", "schemeName"],
  ["09", "schemeAgencyName"],
  ["10", "schemeDataURI"],
  ["11", "schemeURI"],
  ["12", "format"],
  ["13", "unitCodeListIdentifier"],
  ["14", "unitCodeListAgencyIdentifier"],
  ["15", "unitCodeListAgencyName"],
  ["16", "listAgencyName"],
  ["17", "listName"],
  ["19", "languageID"],
  ["20", "listURI"],
  ["21", "listSchemeURI"],
  ["22", "languageLocaleID"],
  ["23", "uri"],
  ["24", "currencyCodeListVersionID"],
  ["25", "characterSetCode"],
  ["26", "encodingCode"],
  ["27", "schemeAgencyID"],
  ["28", "listAgencyID"],
].map(([number, attribute]) => {
  const name = nameNumber(attribute!);
  return warning(
    `UBL-DT-${number}`,
    "",
    custom((view) => view.attributeCount[name] === 0),
    words(attribute!),
  );
});

const nameAttribute = nameNumber("name");
const meansCode = nameNumber("cbc:PaymentMeansCode");

/** The name of the payment means (BT-82) is the one place where the attribute is used. */
const paymentMeansName = warning(
  "UBL-DT-18",
  "BT-82",
  custom((view) => {
    let used = 0;
    for (const node of everywhere(view, meansCode)) if (view.attribute(node, nameAttribute) >= 0) used++;
    return view.attributeCount[nameAttribute]! <= used;
  }),
  words("name"),
);
