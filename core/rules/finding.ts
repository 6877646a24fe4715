import { positionOf, type XmlDocument, type XmlError } from "#core/lib/xml/index.ts";
import type { Rule, Severity } from "./engine/rule.ts";
import { attributeLocation, locationOf, placeBelow } from "./location.ts";
import type { StructureProblem } from "./structure/check.ts";
import { structureWords } from "./structure/words.ts";

/** Something a document is refused or warned for (DECISIONS 27), in words its author understands. */
export interface Finding {
  severity: Severity;
  ruleId: string;
  message: string;
  messageRo: string;
  /** How to mend it. */
  hint: string;
  /** XPath of the place; line and column where there is no document to speak of. */
  location: string;
  /** The place in our JSON, `lines[2].vatRate`, where the document came from it; see json-paths.ts. */
  path: string | null;
  source: "XSD" | "EN16931" | "RO_CIUS" | "NATIONAL" | "XML";
}

export function ruleFinding(doc: XmlDocument, rule: Rule, node: number, isAttribute: boolean): Finding {
  const { at } = rule.test;
  const location = isAttribute
    ? attributeLocation(doc, node)
    : at === undefined || at === ""
      ? locationOf(doc, node)
      : placeBelow(doc, node, at);
  return {
    severity: rule.severity,
    ruleId: rule.id,
    message: rule.en,
    messageRo: rule.ro,
    hint: rule.hint,
    location,
    path: null,
    source: sourceOf(rule.id),
  };
}

/** Whose rule it is, which its id tells. */
function sourceOf(id: string): Finding["source"] {
  if (/^BR-(DEC-)?RO-/.test(id)) return "RO_CIUS";
  return /^(BR-DE-|BR-DEX-|BR-TMP-|PEPPOL-)/.test(id) ? "NATIONAL" : "EN16931";
}

/** What the UBL-CR rules that are a table of paths say; `path` is the element as written in the table. */
export const unusedWords = (path: string): Pick<Rule, "en" | "ro" | "hint"> => ({
  en: `${path} is not used by EN 16931.`,
  ro: `${path} nu este folosit de EN 16931.`,
  hint: "Remove it; the recipient of an invoice need not read it.",
});

export function unusedFinding(doc: XmlDocument, ruleId: string, path: string, node: number): Finding {
  const { en, ro, hint } = unusedWords(path);
  return {
    severity: "warning",
    ruleId,
    message: en,
    messageRo: ro,
    hint,
    location: locationOf(doc, node),
    path: null,
    source: "EN16931",
  };
}

export function structureFinding(doc: XmlDocument, problem: StructureProblem): Finding {
  const { line, column } = positionOf(doc.source, doc.tagStart[problem.node]!);
  const words = structureWords(problem);
  return {
    severity: "fatal",
    ruleId: `UBL-XSD-${problem.kind}`,
    message: `Line ${line}, column ${column}: ${words.en}`,
    messageRo: `Linia ${line}, coloana ${column}: ${words.ro}`,
    hint: words.hint,
    location: locationOf(doc, problem.node),
    path: null,
    source: "XSD",
  };
}

export function xmlFinding(error: XmlError): Finding {
  return {
    severity: "fatal",
    ruleId: "XML",
    message: `Line ${error.line}, column ${error.column}: ${error.message}`,
    messageRo: `Linia ${error.line}, coloana ${error.column}: fișierul nu este XML acceptat (${error.message})`,
    hint: "Correct the file at this place, or produce it anew.",
    location: `line ${error.line}, column ${error.column}`,
    path: null,
    source: "XML",
  };
}
