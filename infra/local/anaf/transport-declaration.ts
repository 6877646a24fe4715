import { addDays, bucharestDay } from "./bucharest.ts";
import { attributeOf, elementsAt, findSyntaxFault, parseXml, rootOf } from "./xml.ts";
import type { Element } from "./xml.ts";

/** An e-Transport declaration as far as the simulator reads it (ANAF.md §12). */
export interface Declaration {
  kind: "NOT" | "DEL" | "CON" | "MVH";
  declarant: string;
  reference: string;
  afterOutage: boolean;
  /** Of an earlier notification; `""` in a notification. */
  uit: string;
  operation: string;
  transportDate: string;
  vehicle: string;
  trailer1: string;
  trailer2: string;
  carrier: string;
  carrierName: string;
  carrierCountry: string;
  partnerCountry: string;
  partnerCode: string;
  partnerName: string;
  confirmation: string;
  lines: { net: number; gross: number; value: number }[];
}

const namespace = "mfp:anaf:dgti:eTransport:declaratie:v2";
const kinds = { notificare: "NOT", stergere: "DEL", confirmare: "CON", modifVehicul: "MVH" } as const;
/** AIC, LHI, SCI, LIC, LHE, SCE, TTN, IMP, EXP, DIN, DIE. */
const operations = "10 12 14 20 22 24 30 40 50 60 70".split(" ");

/** Reads a declaration; a text says why it cannot be one. */
export function declarationOf(xml: string): Declaration | string {
  const syntax = findSyntaxFault(xml);
  if (syntax) return syntax.reason;
  const root = rootOf(xml);
  if (root?.name !== "eTransport" || root.namespace !== namespace) {
    return `cvc-elt.1.a: Cannot find the declaration of element '${root?.name ?? ""}'. `;
  }
  const element = parseXml(xml);
  const found = Object.entries(kinds).flatMap(([name, kind]) =>
    elementsAt(element, name).map((body) => ({ kind, body })),
  );
  const [only] = found;
  if (!only || found.length > 1)
    return "cvc-complex-type.2.4.b: The content of element 'eTransport' is not complete. ";
  return read(element, only.kind, only.body);
}

function read(root: Element, kind: Declaration["kind"], body: Element): Declaration {
  const [date = {}] = elementsAt(body, "dateTransport");
  const [partner = {}] = elementsAt(body, "partenerComercial");
  const vehicle = kind === "MVH" ? body : date;
  return {
    kind,
    declarant: attributeOf(root, "codDeclarant"),
    reference: attributeOf(root, "refDeclarant"),
    afterOutage: attributeOf(root, "declPostAvarie") === "D",
    uit: attributeOf(body, "uit"),
    operation: attributeOf(body, "codTipOperatiune"),
    transportDate: attributeOf(date, "dataTransport"),
    vehicle: attributeOf(vehicle, "nrVehicul"),
    trailer1: attributeOf(vehicle, "nrRemorca1"),
    trailer2: attributeOf(vehicle, "nrRemorca2"),
    carrier: attributeOf(date, "codOrgTransport"),
    carrierName: attributeOf(date, "denumireOrgTransport"),
    carrierCountry: attributeOf(date, "codTaraOrgTransport"),
    partnerCountry: attributeOf(partner, "codTara"),
    partnerCode: attributeOf(partner, "cod"),
    partnerName: attributeOf(partner, "denumire"),
    confirmation: attributeOf(body, "tipConfirmare"),
    lines: elementsAt(body, "bunuriTransportate").map((line) => ({
      net: Number(attributeOf(line, "greutateNeta") || 0),
      gross: Number(attributeOf(line, "greutateBruta") || 0),
      value: Number(attributeOf(line, "valoareLeiFaraTva") || 0),
    })),
  };
}

/** The rules the simulator looks at; a UIT may be had at most three days before the movement (ANAF.md §12). */
export function findTransportErrors(declaration: Declaration, now: number): string[] {
  const { kind, operation, transportDate, lines, confirmation } = declaration;
  if (kind === "CON") return ["10", "20", "30"].includes(confirmation) ? [] : ["tipConfirmare necunoscut"];
  if (kind !== "NOT") return [];
  const today = bucharestDay(now);
  const errors: string[] = [];
  if (!operations.includes(operation)) errors.push(`codTipOperatiune=${operation} necunoscut`);
  if (!(transportDate >= today && transportDate <= addDays(today, 3))) {
    errors.push(`dataTransport=${transportDate} trebuie sa fie in urmatoarele 3 zile`);
  }
  if (lines.length === 0) errors.push("Declaratia trebuie sa contina cel putin un bun transportat");
  if (lines.some(({ net, gross }) => net > gross))
    errors.push("Greutatea neta nu poate depasi greutatea bruta");
  return errors;
}
