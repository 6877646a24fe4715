import { engineFault } from "../engine/fault.ts";
import { all, first, path } from "../engine/path.ts";
import { fatal } from "../engine/rule.ts";
import { custom } from "../engine/tests.ts";
import { normalizeSpace } from "../engine/values.ts";
import type { View } from "../engine/view.ts";

const terms = path("cac:PaymentTerms");
const note = path("cbc:Note");

/** A cash discount as XRechnung writes it: days, percent and, when it is not the amount due, what it is taken from. */
const SKONTO = /^#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#$/;

/** Cash discounts are lines of the payment terms in a form that machines read. */
export const cashDiscount = fatal("BR-DE-18", "BT-20", custom(isWellWritten, "cac:PaymentTerms/cbc:Note"), {
  en: "A line about a cash discount in the payment terms is not written as prescribed.",
  ro: "O linie despre scontul din termenii de plată nu este scrisă în forma prescrisă.",
  hint: "Write #SKONTO#TAGE=14#PROZENT=2.00# in a line of its own and end the line.",
});

function isWellWritten(view: View, node: number): boolean {
  const notes = all(view, node, terms).flatMap((each) => {
    const found = first(view, each, note);
    return found < 0 ? [] : [view.text(found)];
  });
  const lines = notes
    .flatMap((text) => text.split(/\r?\n/))
    .map(normalizeSpace)
    .filter((line) => line.startsWith("#"));
  if (lines.length === 0) return true;
  if (!SKONTO.test(lines[0]!)) return false;
  // The official test looks at the end of one text; terms that occur twice are too many for it.
  if (notes.filter((text) => text !== "").length > 1) throw engineFault;
  return lines.every((line) => SKONTO.test(line)) && notes.every((text) => text === "" || endsItsLine(text));
}

/** What follows the last `#…#` must begin with the end of that line. */
const endsItsLine = (text: string): boolean => /^[ \t\r\n]*\n/.test(text.split(/#[^\n\r]+#/).at(-1)!);
