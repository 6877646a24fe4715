import type { Severity } from "./engine/rule.ts";
import { UnusedElements } from "./engine/unused.ts";
import { unusedWords } from "./finding.ts";
import type { Profile } from "./profiles.ts";

/** One implemented rule, for lists and for tests that must miss none. */
export interface RuleEntry {
  readonly id: string;
  readonly severity: Severity;
  readonly terms: string;
  /** The elements it looks at. */
  readonly context: string;
  readonly en: string;
  readonly ro: string;
  readonly hint: string;
}

/** All rules of a profile, sorted by id. */
export function catalogue(profile: Profile): RuleEntry[] {
  const entries = new Map<string, RuleEntry>();
  const add = (entry: RuleEntry): void => void entries.set(entry.id, entry);
  for (const { context, rules } of profile.sets()) {
    for (const { id, severity, terms, en, ro, hint } of rules)
      add({ id, severity, terms, context: context.title, en, ro, hint });
  }
  for (const { rules } of profile.attributeSets()) {
    for (const { id, severity, terms, en, ro, hint } of rules)
      add({ id, severity, terms, context: "every attribute", en, ro, hint });
  }
  for (const [id, path] of new UnusedElements(...profile.unused).paths) {
    add({ id, severity: "warning", terms: "", context: "document", ...unusedWords(path) });
  }
  return [...entries.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
