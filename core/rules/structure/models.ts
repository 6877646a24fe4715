import { nameNumber, names } from "../names.ts";
import { dataTypes, type DataType } from "./data-types.ts";
import { aggregatesByModel, basicsByType, models } from "./ubl21.ts";

/** The content of an aggregate: a sequence of places, each for one element name. */
export interface Model {
  /** Place + 1 by name number; 0 where the name does not belong. */
  readonly place: Uint8Array;
  /** Whether the element of a place may be repeated. */
  readonly repeats: readonly boolean[];
  /** For each place, and for the end, the next place from there on that must be filled. */
  readonly nextRequired: readonly number[];
  /** The name number of each place. */
  readonly names: readonly number[];
}

export const invoiceRoot = nameNumber("ubl:Invoice");
export const creditNoteRoot = nameNumber("cn:CreditNote");
export const extensionContent = nameNumber("ext:ExtensionContent");

const modelNames = new Map<number, string>([
  [invoiceRoot, "Invoice"],
  [creditNoteRoot, "CreditNote"],
  [nameNumber("ext:UBLExtensions"), "UBLExtensions"],
  [nameNumber("ext:UBLExtension"), "UBLExtension"],
]);
for (const [model, elements] of Object.entries(aggregatesByModel)) {
  for (const element of elements.split(" ")) modelNames.set(nameNumber(`cac:${element}`), model);
}

const leaves = new Map<number, DataType>();
for (const dataType of dataTypes) {
  for (const element of (basicsByType[dataType.name] ?? "").split(" "))
    leaves.set(basicName(element), dataType);
}

function basicName(element: string): number {
  return nameNumber(element.includes(":") ? element : `cbc:${element}`);
}

const compiled = new Map<string, Model>();

/** What the schemas say about an element: what it is made of, or of which type its value is; neither if they do not know it. */
export interface Declaration {
  readonly model: Model | undefined;
  readonly dataType: DataType | undefined;
}

export function declarationOf(name: number): Declaration {
  const model = modelNames.get(name);
  return { model: model === undefined ? undefined : modelNamed(model), dataType: leaves.get(name) };
}

/** Models are put together when first needed: an invoice uses some forty of 160. */
function modelNamed(name: string): Model {
  const known = compiled.get(name);
  if (known) return known;
  const model = compile(models[name] ?? "");
  compiled.set(name, model);
  return model;
}

function compile(text: string): Model {
  const place = new Uint8Array(names.size);
  const repeats: boolean[] = [];
  const required: boolean[] = [];
  const placeNames: number[] = [];
  let isBasic = true;
  for (const token of text.split(" ")) {
    if (token === "|") {
      isBasic = false;
      continue;
    }
    const sign = token.at(-1)!;
    const element = "?*+".includes(sign) ? token.slice(0, -1) : token;
    const name = isBasic ? basicName(element) : nameNumber(`cac:${element}`);
    place[name] = placeNames.push(name);
    repeats.push(sign === "*" || sign === "+");
    required.push(sign !== "?" && sign !== "*");
  }
  const nextRequired = Array.from({ length: required.length + 1 }, () => required.length);
  for (let i = required.length - 1; i >= 0; i--) nextRequired[i] = required[i] ? i : nextRequired[i + 1]!;
  return { place, repeats, nextRequired, names: placeNames };
}
