import { textNodesOf } from "#core/lib/xml/index.ts";
import { Exact } from "../engine/exact.ts";
import { engineFault } from "../engine/fault.ts";
import { all, path } from "../engine/path.ts";
import type { View } from "../engine/view.ts";

/** The one run of text an element has; a second one is too many for a string function. -1 reads as empty. */
export function oneText(view: View, node: number): string {
  const texts = node < 0 ? [] : textNodesOf(view.doc, node);
  if (texts.length > 1) throw engineFault;
  return texts[0] ?? "";
}

const documentCurrency = path("cbc:DocumentCurrencyCode");
const usual = Exact.parse("0.02");
const forint = Exact.parse("0.5");

/** How far a computed amount may be off: two cents, half a forint where there are none. */
export const slackOf = (view: View): Exact =>
  view.once("slack", () =>
    all(view, 0, documentCurrency).some((code) => view.text(code) === "HUF") ? forint : usual,
  );
