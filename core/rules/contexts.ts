import type { Condition, Context } from "./engine/rule.ts";
import type { View } from "./engine/view.ts";
import { onlyNormalized, path } from "./engine/path.ts";
import { isCharge, isVat } from "./engine/vat.ts";
import { nameNumber } from "./names.ts";
import { creditNoteRoot, invoiceRoot } from "./structure/models.ts";

const numbers = (texts: string): number[] => texts.split(" ").map(nameNumber);
const id = path("cbc:ID");

export const LINES = "cac:InvoiceLine cac:CreditNoteLine";
const [invoiceLine, creditNoteLine] = numbers(LINES) as [number, number];

/** A context that the names of the ancestors decide. */
export function standing(title: string, named: readonly number[], matches: Condition): Context {
  matches.stands = matches;
  return { title, names: named, matches };
}

/** Elements of a name, wherever they stand. */
export const anywhere = (name: string): Context => ({ title: name, names: numbers(name) });

/** Elements at the end of child steps that may begin anywhere, as in an XSLT pattern. */
export function under(steps: string): Context {
  const [name, ...around] = steps.split("/").map(nameNumber).toReversed();
  return standing(steps, [name!], (view, node) => view.isInside(node, around));
}

const isRoot = (view: View, node: number): boolean => view.doc.parent[node]! < 0;

/** `/ubl:Invoice | /cn:CreditNote` */
export const document: Context = standing("document", [invoiceRoot, creditNoteRoot], isRoot);

/** `/ubl:Invoice/steps | /cn:CreditNote/steps`, or with other roots. */
export function underRoot(steps: string, roots: readonly number[] = [invoiceRoot, creditNoteRoot]): Context {
  const [name, ...around] = steps.split("/").map(nameNumber).toReversed();
  return standing(
    `document/${steps}`,
    [name!],
    (view: View, node: number) => roots.includes(view.doc.name[0]!) && endsInRoot(view, node, around),
  );
}

/** The same below a root of any name. */
export function underAnyRoot(steps: string): Context {
  const [name, ...around] = steps.split("/").map(nameNumber).toReversed();
  return standing(`document/${steps}`, [name!], (view, node) => endsInRoot(view, node, around));
}

function endsInRoot(view: View, node: number, around: readonly number[]): boolean {
  if (!view.isInside(node, around)) return false;
  let parent = view.doc.parent[node]!;
  for (let i = 0; i < around.length; i++) parent = view.doc.parent[parent]!;
  return parent === 0;
}

/** `cac:InvoiceLine | cac:CreditNoteLine` */
export const lines: Context = { title: "line", names: numbers(LINES) };

/** Elements at the end of steps that begin in a line of either kind. */
export function underLine(steps: string): Context {
  const [name, ...around] = steps.split("/").map(nameNumber).toReversed();
  const inInvoice = [...around, invoiceLine];
  const inCreditNote = [...around, creditNoteLine];
  return standing(
    `line/${steps}`,
    [name!],
    (view: View, node: number) => view.isInside(node, inInvoice) || view.isInside(node, inCreditNote),
  );
}

/** Narrows a context by a further condition. */
export function where(
  context: Context,
  condition: (view: View, node: number) => boolean,
  title: string,
): Context {
  const outer = context.matches;
  if (!outer) return { ...context, title: `${context.title}${title}`, matches: condition };
  const matches: Condition = (view, node) => outer(view, node) && condition(view, node);
  if (outer.stands) matches.stands = outer.stands;
  return { ...context, title: `${context.title}${title}`, matches };
}

const kind = (charge: boolean): string => `[${charge ? "charge" : "allowance"}]`;

/** Allowances or charges of a context whose elements are cac:AllowanceCharge. */
export const charged = (context: Context, charge: boolean): Context =>
  where(context, (view, node) => isCharge(view, node, charge), kind(charge));

/** Tax categories of allowances or charges anywhere, prices included. */
export const chargedCategory = (charge: boolean): Context =>
  where(
    under("cac:AllowanceCharge/cac:TaxCategory"),
    (view, node) => isCharge(view, view.doc.parent[node]!, charge),
    kind(charge),
  );

/** `[normalize-space(cbc:ID) = code][… 'VAT']` */
export const ofVatCategory = (context: Context, code: string): Context =>
  where(context, (view, node) => onlyNormalized(view, node, id) === code && isVat(view, node), `[${code}]`);
