import { nameNumber } from "../names.ts";
import { engineFault } from "./fault.ts";
import { all, count, first, only, onlyText, path, some } from "./path.ts";
import type { Test } from "./rule.ts";
import { isBlankText, isNormalizedWithin, toDouble } from "./values.ts";
import type { View } from "./view.ts";

/** `exists(path)` */
export function exists(at: string): Test {
  const steps = path(at);
  return { at, holds: (view, node) => first(view, node, steps) >= 0 };
}

/** `exists(a) or exists(b)`; the place shown is the first one. */
export function oneExists(...paths: readonly string[]): Test {
  const steps = paths.map(path);
  return { at: paths[0]!, holds: (view, node) => steps.some((each) => first(view, node, each) >= 0) };
}

/** `not(path)` */
export function absent(at: string): Test {
  const steps = path(at);
  return { at, without: steps[0]!, holds: (view, node) => first(view, node, steps) < 0 };
}

/** `(path) != ''`: some element there has text, were it blanks only. */
export function someText(...paths: readonly string[]): Test {
  const steps = paths.map(path);
  const holds = (view: View, node: number): boolean =>
    steps.some((each) => some(view, node, each, (found) => view.hasText(found)));
  return { at: paths[0]!, holds };
}

/** `normalize-space(path) != ''`: the one element there has text that is not blank. */
export function filled(...paths: readonly string[]): Test {
  const steps = paths.map(path);
  return {
    at: paths[0]!,
    holds: (view, node) => steps.some((each) => !isBlankText(onlyText(view, node, each))),
  };
}

/** `path[boolean(normalize-space(.))]`: some element there has text that is not blank. */
export function someFilled(at: string): Test {
  const steps = path(at);
  const holds = (view: View, node: number): boolean =>
    some(view, node, steps, (found) => !isBlankText(view.text(found)));
  return { at, holds };
}

/** `count(path) <= most` */
export function atMost(most: number, at: string): Test {
  const steps = path(at);
  return { at, without: steps[0]!, holds: (view, node) => count(view, node, steps) <= most };
}

/** `string-length(substring-after(path, '.')) <= 2`. Blanks behind the digits count as decimals too. */
export function twoDecimals(at: string): Test {
  const steps = path(at);
  const holds = (view: View, node: number): boolean => {
    const found = only(view, node, steps);
    return found < 0 || view.decimals(found) <= 2;
  };
  return { at, without: steps[0]!, holds };
}

/** `string-length(normalize-space(path)) <= most` */
export function notLonger(most: number, at: string): Test {
  const steps = path(at);
  return { at, without: steps[0]!, holds: (view, node) => isNotLonger(view, only(view, node, steps), most) };
}

/** Whether an element's text, blanks normalized, has so many characters at most. Most texts need not be read for that. */
export function isNotLonger(view: View, node: number, most: number): boolean {
  return node < 0 || view.mostLength(node) <= most || isNormalizedWithin(view.text(node), most);
}

/** The same for an attribute of the elements at a path. */
export function attributeNotLonger(most: number, at: string, attribute: string): Test {
  const steps = path(at);
  const name = nameNumber(attribute);
  const holds = (view: View, node: number): boolean => {
    const values = all(view, node, steps).flatMap((found) => view.attributeText(found, name) ?? []);
    if (values.length > 1) throw engineFault;
    return isNormalizedWithin(values[0] ?? "", most);
  };
  return { at: `${at}/@${attribute}`, without: steps[0]!, holds };
}

/** `exists(@attribute)` */
export function hasAttribute(attribute: string): Test {
  const name = nameNumber(attribute);
  return { at: `@${attribute}`, holds: (view, node) => view.attribute(node, name) >= 0 };
}

/** `(path) >= 0` and its like: some element there compares so, as a double. */
export function someNumber(at: string, compares: (value: number) => boolean): Test {
  const steps = path(at);
  const holds = (view: View, node: number): boolean =>
    some(view, node, steps, (found) => compares(toDouble(view.text(found))));
  return { at, holds };
}

/** Holds when any of the tests does, asked in order. */
export function either(...tests: readonly Test[]): Test {
  const holds = (view: View, node: number): boolean => tests.some((test) => test.holds(view, node));
  const at = tests[0]?.at;
  return at === undefined ? { holds } : { holds, at };
}

/** A test written out, with the place it speaks about. */
export function custom(holds: Test["holds"], at?: string): Test {
  return at === undefined ? { holds } : { holds, at };
}
