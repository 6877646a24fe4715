import { COLLAPSED, MODELS, VALUES } from "./schema.ts";
import type { Element } from "./xml.ts";

const NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2";

interface Place {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly repeats: boolean;
}

const placeFrom = (written: string): Place => {
  const [, name = "", type = "", sign = ""] = /^(\w+):(\w+)([?*+]?)$/.exec(written) ?? [];
  return { name, type, isRequired: sign === "" || sign === "+", repeats: sign === "*" || sign === "+" };
};

/** Each model's sequences, of which a content must follow one. */
const sequences = new Map(
  Object.entries(MODELS).map(([model, text]) => [
    model,
    text.split("|").map((sequence) => sequence.split(" ").map(placeFrom)),
  ]),
);

/** What the schema says against a file, beginning with the first element it objects to; undefined when it is valid. */
export function structureFault(root: Element): string | undefined {
  const [prefix, name] = root.name.includes(":") ? root.name.split(":", 2) : [undefined, root.name];
  const namespace = root.attributes[prefix ? `xmlns:${prefix}` : "xmlns"];
  if (name !== "FatturaElettronica" || namespace !== NAMESPACE)
    return `${root.name} is not the expected root`;
  if (!VALUES["Format"]!.test(root.attributes["versione"] ?? "")) return "versione is missing or wrong";
  // An enveloped signature stands last and has a schema of its own.
  const signed = root.children.at(-1)?.name.endsWith(":Signature");
  const children = signed ? root.children.slice(0, -1) : root.children;
  return contentFault({ ...root, children }, "FatturaElettronica");
}

function contentFault(element: Element, model: string): string | undefined {
  if (element.text.trim() !== "") return `${element.name} has text of its own`;
  const faults = sequences.get(model)!.map((places) => sequenceFault(element, places));
  return faults.includes(undefined) ? undefined : faults[0];
}

function sequenceFault(element: Element, places: readonly Place[]): string | undefined {
  let at = 0;
  for (const place of places) {
    const from = at;
    while (element.children[at]?.name === place.name && (place.repeats || at === from)) {
      const fault = elementFault(element.children[at]!, place.type);
      if (fault) return fault;
      at++;
    }
    if (place.isRequired && at === from) return `${element.name} lacks ${place.name}`;
  }
  const left = element.children[at];
  return left && `${left.name} is not expected in ${element.name}`;
}

function elementFault(element: Element, type: string): string | undefined {
  if (sequences.has(type)) return contentFault(element, type);
  if (element.children.length > 0) return `${element.name} has elements in it`;
  const value = COLLAPSED.has(type) ? element.text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "") : element.text;
  const isRight = VALUES[type]!.test(value) && (type !== "Date" || existsDay(value));
  return isRight ? undefined : `${element.name} has the wrong value ${element.text}`;
}

/** A date whose day the calendar has, 30 February excluded. */
function existsDay(date: string): boolean {
  const day = date.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
