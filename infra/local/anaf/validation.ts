import type { Issue } from "./settings.ts";
import { parseXml, textAt } from "./xml.ts";

/** The rules the simulator looks at (SIMULATOR.md §5.2). */
export function findIssues(xml: string): Issue[] {
  const root = parseXml(xml);
  const issues: Issue[] = [];
  if (!/\d/.test(textAt(root, "ID")) && !/\d/.test(textAt(root, "ExchangedDocument/ID"))) {
    issues.push({
      code: "BR-RO-010",
      message: "Numarul facturii (BT-1) trebuie sa contina cel putin o cifra.",
    });
  }
  return issues;
}
