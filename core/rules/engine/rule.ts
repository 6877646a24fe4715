import type { View } from "./view.ts";

export type Severity = "fatal" | "warning";

/** Answers whether an element keeps a rule. May throw `engineFault`, which counts as broken. */
export interface Test {
  readonly holds: (view: View, node: number) => boolean;
  /** Path below the element to the place the rule speaks about, for the finding's location. */
  readonly at?: string;
  /** Number of a name: where the element has no such child the rule is kept, and need not be asked. */
  readonly without?: number;
}

/** One business rule: what it asks, and how we say so. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** The terms of EN 16931 it reads, such as "BT-1 BG-4". */
  readonly terms: string;
  readonly test: Test;
  /** What is wrong, in English and Romanian, and how to mend it. */
  readonly en: string;
  readonly ro: string;
  readonly hint: string;
}

/** Whether an element is meant. */
export interface Condition {
  (view: View, node: number): boolean;
  /**
   * As much of the condition as the names of the ancestors decide, if not all of it: asked once for all elements below
   * the same names, and so not of each line.
   */
  stands?: Condition;
}

/** Whether the names of the ancestors decide all of a condition. */
export const isDecidedByNames = (condition: Condition): boolean => condition.stands === condition;

/** Which elements a set of rules looks at. */
export interface Context {
  /** As people write it, for the list of rules. */
  readonly title: string;
  /** Numbers of the element names; a node of another name is never looked at. */
  readonly names: readonly number[];
  /** For contexts that go by the look of a name: also true for names the product does not know. */
  readonly takesName?: (local: string) => boolean;
  /** Further conditions. An engine fault in here means no match, as in XSLT patterns. */
  readonly matches?: Condition;
}

/**
 * Rules for one context. The official files are made of patterns: within a pattern an element is taken by the first
 * context that matches and by no other, so the order of sets in a profile matters.
 */
export interface RuleSet {
  readonly pattern: string;
  readonly context: Context;
  readonly rules: readonly Rule[];
}

/** Rules for every attribute of a name, wherever it stands; a test's node is then the number of the attribute. */
export interface AttributeRuleSet {
  readonly attribute: number;
  readonly rules: readonly Rule[];
}

interface Words {
  readonly en: string;
  readonly ro: string;
  readonly hint: string;
}

export const fatal = (id: string, terms: string, test: Test, words: Words): Rule => ({
  id,
  severity: "fatal",
  terms,
  test,
  ...words,
});

export const warning = (id: string, terms: string, test: Test, words: Words): Rule => ({
  ...fatal(id, terms, test, words),
  severity: "warning",
});
