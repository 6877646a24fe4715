import { CodeList, codeList } from "../codes/lists.ts";
import { document, underRoot, where } from "../contexts.ts";
import { all, onlyNormalized, path, some } from "../engine/path.ts";
import { fatal, type Context, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, someFilled } from "../engine/tests.ts";
import { normalizeSpace } from "../engine/values.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import { creditNoteRoot, invoiceRoot } from "../structure/models.ts";
import { aboutVehicles } from "./identity.ts";

const set = (context: Context, ...rules: Rule[]): RuleSet => ({
  pattern: "XR vehicles",
  context: aboutVehicles(context),
  rules,
});

const listID = nameNumber("listID");
const classification = path("cac:CommodityClassification/cbc:ItemClassificationCode");
const property = path("cac:AdditionalItemProperty");
const propertyName = path("cbc:Name");
const propertyValue = path("cbc:Value");
const items = ["cac:InvoiceLine/cac:Item", "cac:CreditNoteLine/cac:Item"].map(path);

/** Items of an invoice's or a credit note's lines, and what lies below them, each kind of line in its own document. */
function underItem(steps: string): Context {
  const inInvoice = underRoot(`cac:InvoiceLine/cac:Item${steps}`, [invoiceRoot]);
  const inCreditNote = underRoot(`cac:CreditNoteLine/cac:Item${steps}`, [creditNoteRoot]);
  return {
    ...inInvoice,
    title: `line/cac:Item${steps}`,
    matches: (view, node) => inInvoice.matches!(view, node) || inCreditNote.matches!(view, node),
  };
}

/** Procurement of clean vehicles (Directive 2019/1161): which vehicle of which kind is invoiced. */
export function vehicleRules(): RuleSet[] {
  return [
    set(document, ...wholeDocument),
    set(underItem(""), ...item),
    set(underItem("/cac:CommodityClassification/cbc:ItemClassificationCode"), scheme, kind),
    set(
      where(
        underItem("/cac:AdditionalItemProperty"),
        (view, node) => some(view, node, propertyName, (name) => view.text(name) === "cva"),
        "[cva]",
      ),
      cleanness,
    ),
  ];
}

const isVehicle = (view: View, code: number): boolean => view.attributeText(code, listID) === "CVD";
const isCleanness = (view: View, each: number): boolean =>
  some(view, each, propertyName, (name) => view.text(name) === "cva");

const vehicleCodes = (view: View, node: number): number[] =>
  all(view, node, classification).filter((code) => isVehicle(view, code));
const cleannesses = (view: View, node: number): number[] =>
  all(view, node, property).filter((each) => isCleanness(view, each));

const wholeDocument: readonly Rule[] = [
  fatal("BR-DE-CVD-01", "BT-12", someFilled("cac:ContractDocumentReference/cbc:ID"), {
    en: "The contract is missing.",
    ro: "Lipsește contractul.",
    hint: "Give the number of the contract.",
  }),
  fatal("BR-DE-CVD-02", "BT-17", someFilled("cac:OriginatorDocumentReference/cbc:ID"), {
    en: "The tender or lot is missing.",
    ro: "Lipsește licitația sau lotul.",
    hint: "Give the reference of the tender or lot.",
  }),
  fatal(
    "BR-DE-CVD-03",
    "BT-158 BT-160",
    custom((view, node) =>
      items.some((each) =>
        some(
          view,
          node,
          each,
          (one) => vehicleCodes(view, one).length > 0 && cleannesses(view, one).length > 0,
        ),
      ),
    ),
    {
      en: "No line names a vehicle and how clean it is.",
      ro: "Nicio linie nu indică un vehicul și cât de nepoluant este.",
      hint: "Classify an item with the list CVD and give it the attribute cva.",
    },
  ),
];

const item: readonly Rule[] = [
  fatal(
    "BR-DE-CVD-06-a",
    "BT-158 BT-160",
    custom((view, node) => vehicleCodes(view, node).length === 0 || cleannesses(view, node).length === 1),
    {
      en: "A vehicle does not say exactly once how clean it is.",
      ro: "Un vehicul nu indică exact o dată cât de nepoluant este.",
      hint: "Give the item the attribute cva once.",
    },
  ),
  fatal(
    "BR-DE-CVD-06-b",
    "BT-158 BT-160",
    custom((view, node) => cleannesses(view, node).length === 0 || vehicleCodes(view, node).length === 1),
    {
      en: "An item says how clean it is but is not classified as a vehicle exactly once.",
      ro: "Un articol indică cât de nepoluant este, dar nu este clasificat exact o dată ca vehicul.",
      hint: "Classify the item with the list CVD once.",
    },
  ),
];

/** Two blanks where the official lists meet: an empty scheme counts as known. */
const classifications = new CodeList(
  ` CVD  ${codeList("item-classifications", "en16931-1.3.16").codes.join(" ")} `,
);

const scheme = fatal("BR-TMP-CVD-01", "BT-158", custom(isKnownScheme, "@listID"), {
  en: "The scheme of an item's classification is not in the code list.",
  ro: "Schema clasificării unui articol nu este în lista de coduri.",
  hint: "Use a code from UNTDID 7143, or CVD for vehicles.",
});

function isKnownScheme(view: View, node: number): boolean {
  const code = normalizeSpace(view.attributeText(node, listID) ?? "");
  return !code.includes(" ") && classifications.contains(` ${code} `);
}

const KINDS = new Set(["M1", "M2", "M3", "N1", "N2", "N3"]);
const CLEANNESS = new Set(["clean", "zero-emission", "other"]);

const kind = fatal(
  "BR-DE-CVD-04",
  "BT-158",
  custom(
    (view, node) =>
      normalizeSpace(view.attributeText(node, listID) ?? "") !== "CVD" ||
      KINDS.has(normalizeSpace(view.text(node))),
  ),
  {
    en: "The kind of a vehicle is not known.",
    ro: "Categoria unui vehicul nu este cunoscută.",
    hint: "Use M1, M2, M3, N1, N2 or N3.",
  },
);

const cleanness = fatal(
  "BR-DE-CVD-05",
  "BT-161",
  custom((view, node) => CLEANNESS.has(onlyNormalized(view, node, propertyValue)), "cbc:Value"),
  {
    en: "How clean a vehicle is is not said in one of the prescribed words.",
    ro: "Gradul de poluare al unui vehicul nu este indicat cu unul dintre cuvintele prescrise.",
    hint: "Use clean, zero-emission or other.",
  },
);
