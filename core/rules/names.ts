import { Names } from "#core/lib/xml/index.ts";

/** The namespaces of a UBL invoice, by the prefixes everybody uses. */
export const namespaces = {
  cac: "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
  cbc: "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
  ext: "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
  ubl: "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
  cn: "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
  xsi: "http://www.w3.org/2001/XMLSchema-instance",
} as const;

const prefixes: ReadonlyMap<string, string> = new Map(Object.entries(namespaces));
const prefixOfUri: ReadonlyMap<string, string> = new Map(
  Object.entries(namespaces).map(([prefix, uri]) => [uri, prefix]),
);

/** Every name that structure tables and rules know, numbered when their modules load and before any document is read. */
export const names = new Names();

/** The number of a name like `cbc:ID`; without a prefix it is an attribute. */
export function nameNumber(name: string): number {
  const colon = name.indexOf(":");
  if (colon < 0) return names.number("", name);
  const uri = prefixes.get(name.slice(0, colon));
  if (uri === undefined) throw new Error(`Unknown prefix in ${name}`);
  return names.number(uri, name.slice(colon + 1));
}

/** How people write an expanded name: with the usual prefix, or the bare local name for the root's namespaces. */
export function displayName(uri: string, local: string): string {
  const prefix = prefixOfUri.get(uri);
  return prefix === undefined || prefix === "ubl" || prefix === "cn" ? local : `${prefix}:${local}`;
}
