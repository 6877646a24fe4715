import { utf8Of } from "./decode.ts";
import type { XmlDocument } from "./document.ts";
import { Names } from "./names.ts";
import { Scanner } from "./scan.ts";

export {
  attribute,
  attributes,
  child,
  children,
  descend,
  localName,
  namespaceOf,
  root,
  text,
  type XmlNode,
} from "./cursor.ts";
export type { XmlDocument } from "./document.ts";
export { positionOf, XmlError } from "./error.ts";
export { attributeText, textNodesOf, textOf } from "./text.ts";
export { Names } from "./names.ts";

const noNames = new Names();

/**
 * Reads XML safely: no DOCTYPE, no entities beyond the five of XML, bounded size, depth, attributes and names.
 * `known` are names the caller has numbered beforehand. Throws XmlError with the place.
 */
export function parseXml(source: Uint8Array | string, known: Names = noNames): XmlDocument {
  return new Scanner(utf8Of(source), new Names(known)).scan();
}
