import { textNodesOf } from "#core/lib/xml/index.ts";
import { document, where } from "../contexts.ts";
import { all, path } from "../engine/path.ts";
import type { Context } from "../engine/rule.ts";
import type { View } from "../engine/view.ts";

/** What a document says it keeps to (BT-24): XRechnung itself, its extension, or the one for clean vehicles. */
const CIUS = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0";
const EXTENSION = `${CIUS}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0`;
const VEHICLES = `${CIUS}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9`;

const identifier = path("cbc:CustomizationID");

export const isXRechnung = (view: View, root: number): boolean =>
  all(view, root, identifier).some((node) => [CIUS, EXTENSION, VEHICLES].includes(view.text(node)));

/** Narrows a context to documents that say so, in one run of text: `cbc:CustomizationID/text() = value`. */
function keepingTo(value: string, context: Context, title: string): Context {
  const key = `keeps to ${value}`;
  const says = (view: View): boolean =>
    document.names.includes(view.doc.name[0]!) &&
    all(view, 0, identifier).some((node) => textNodesOf(view.doc, node).includes(value));
  return where(context, (view) => view.once(key, () => says(view)), title);
}

/** Narrows a context to documents of the extension. */
export const inExtension = (context: Context): Context => keepingTo(EXTENSION, context, " [extension]");

/** Narrows a context to documents about clean vehicles. */
export const aboutVehicles = (context: Context): Context => keepingTo(VEHICLES, context, " [vehicles]");
