import { nameNumber } from "../names.ts";
import { engineFault } from "./fault.ts";
import { normalizeSpace } from "./values.ts";
import type { View } from "./view.ts";

/** Child steps from an element, as numbers of names: `cac:Party/cbc:Name`. */
export type Path = readonly number[];

export const path = (text: string): Path => text.split("/").map(nameNumber);

/** The first element at the end of a path, or -1. */
export function first(view: View, node: number, steps: Path, from = 0): number {
  const last = from === steps.length - 1;
  for (let found = view.child(node, steps[from]!); found >= 0; found = view.twin(found)) {
    if (last) return found;
    const deeper = first(view, found, steps, from + 1);
    if (deeper >= 0) return deeper;
  }
  return -1;
}

/** How many elements stand at the end of a path. */
export function count(view: View, node: number, steps: Path, from = 0): number {
  const last = from === steps.length - 1;
  let total = 0;
  for (let found = view.child(node, steps[from]!); found >= 0; found = view.twin(found)) {
    total += last ? 1 : count(view, found, steps, from + 1);
  }
  return total;
}

/** All elements at the end of a path. */
export function all(view: View, node: number, steps: Path, from = 0, found: number[] = []): number[] {
  for (let next = view.child(node, steps[from]!); next >= 0; next = view.twin(next)) {
    if (from === steps.length - 1) found.push(next);
    else all(view, next, steps, from + 1, found);
  }
  return found;
}

/**
 * The element at the end of a path where XPath allows one item at most, or -1. A second one is an engine fault: string
 * functions and casts take no sequence.
 */
export function only(view: View, node: number, steps: Path, from = 0): number {
  const last = from === steps.length - 1;
  let single = -1;
  for (let next = view.child(node, steps[from]!); next >= 0; next = view.twin(next)) {
    const found = last ? next : only(view, next, steps, from + 1);
    if (found < 0) continue;
    if (single >= 0) throw engineFault;
    single = found;
  }
  return single;
}

/** Whether some element at the end of a path answers yes. */
export function some(
  view: View,
  node: number,
  steps: Path,
  answers: (node: number) => boolean,
  from = 0,
): boolean {
  const last = from === steps.length - 1;
  for (let next = view.child(node, steps[from]!); next >= 0; next = view.twin(next)) {
    if (last ? answers(next) : some(view, next, steps, answers, from + 1)) return true;
  }
  return false;
}

/** The text of {@link only}; an absent element reads as the empty string. */
export function onlyText(view: View, node: number, steps: Path): string {
  const found = only(view, node, steps);
  return found < 0 ? "" : view.text(found);
}

/** normalize-space() of {@link onlyText}. */
export function onlyNormalized(view: View, node: number, steps: Path): string {
  return normalizeSpace(onlyText(view, node, steps));
}

/** All elements of a name anywhere in the document: `//name`. */
export function* everywhere(view: View, name: number): Generator<number> {
  for (let node = view.first[name] ?? -1; node >= 0; node = view.next[node]!) yield node;
}
