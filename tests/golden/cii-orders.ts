import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { children, localName, parseXml, root, type XmlDocument } from "#core/lib/xml/index.ts";

/**
 * The schema of Cross Industry Invoices is not at hand. Which elements there are and in which order is learnt from the
 * documents of others that are valid by it.
 */
const corpus = resolve(import.meta.dirname, "../../../shared/conformance/corpus");

export const hasOrders = existsSync(corpus);
if (!hasOrders) console.log("The conformance corpus is not here: the order of CII elements is not checked.");

/** Elements of one type under many names. */
const typeOf = (name: string): string =>
  /(TradeParty|ReferencedDocument|TradeCountry|DateTime)$/.exec(name)?.[1] ?? name;

/** By type of the parent, then by child: the children seen right after it. */
type Orders = Map<string, Map<string, Set<string>>>;

function eachSequence(doc: XmlDocument, visit: (parent: string, names: readonly string[]) => void): void {
  const walk = (node: number): void => {
    const inside = children(doc, node);
    visit(
      typeOf(localName(doc, node)),
      inside.map((child) => localName(doc, child)),
    );
    for (const child of inside) walk(child);
  };
  walk(root(doc));
}

function learn(): Orders {
  const orders: Orders = new Map();
  const verdicts = readFileSync(`${corpus}/expected.jsonl`, "utf8").trim().split("\n");
  for (const verdict of verdicts) {
    const { file, profile, xsd } = JSON.parse(verdict) as { file: string; profile: string; xsd: string };
    if (profile !== "en-cii" || xsd !== "ok") continue;
    eachSequence(parseXml(readFileSync(`${corpus}/${file.split("/").at(-1)}`)), (parent, names) => {
      const order = orders.get(parent) ?? new Map<string, Set<string>>();
      orders.set(parent, order);
      for (const [at, name] of names.entries()) {
        const after = order.get(name) ?? new Set<string>();
        order.set(name, after);
        const next = names[at + 1];
        if (next !== undefined && next !== name) after.add(next);
      }
    });
  }
  return orders;
}

let learnt: Orders | undefined;

/** Whether `later` was seen somewhere behind `earlier`. */
function isBehind(order: Map<string, Set<string>>, earlier: string, later: string): boolean {
  const seen = new Set<string>();
  const open = [earlier];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const next of order.get(name) ?? []) {
      if (next === later) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}

/** Elements of a document that no valid one has there, or only in another order. */
export function orderFaults(bytes: Uint8Array): string[] {
  learnt ??= learn();
  const faults = new Set<string>();
  eachSequence(parseXml(bytes), (parent, names) => {
    const order = learnt!.get(parent) ?? new Map<string, Set<string>>();
    for (const [at, name] of names.entries()) {
      const next = names[at + 1];
      if (!order.has(name)) faults.add(`${parent} has no ${name}`);
      else if (next !== undefined && next !== name && isBehind(order, next, name))
        faults.add(`${parent}: ${next} comes before ${name}`);
    }
  });
  return [...faults];
}
