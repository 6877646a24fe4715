import { fatal, type Rule, type Test } from "../engine/rule.ts";
import { atMost } from "../engine/tests.ts";

/** A rule that something may be there once: UBL allows more than EN 16931. */
export const once = (id: string, terms: string, at: string, en: string, ro: string): Rule =>
  single(id, terms, atMost(1, at), en, ro);

/** The same with a test of its own. */
export const single = (id: string, terms: string, test: Test, en: string, ro: string): Rule =>
  fatal(id, terms, test, {
    en: `${en} is given more than once.`,
    ro: `${ro} apare de mai multe ori.`,
    hint: "Keep one and remove the others.",
  });
