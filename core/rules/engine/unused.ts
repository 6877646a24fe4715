import { nameNumber, names } from "../names.ts";
import type { View } from "./view.ts";

const NONE = -1;
const LINES = ["cac:InvoiceLine", "cac:CreditNoteLine"];

/** One step down a tree of paths: what lies below by element name, and the rules that end here. */
interface Step {
  /** State + 1 by name number; absent while nothing lies below. */
  next: Int16Array | undefined;
  readonly ids: string[];
}

/**
 * Finds elements by some 640 forbidden paths at once: the paths form a tree, and every element knows from its parent
 * where in the tree it is. Costs one look-up per element, however many paths there are.
 */
export class UnusedElements {
  readonly #steps: Step[] = [{ next: undefined, ids: [] }];
  /** Rule id → path, for messages and lists. */
  readonly paths: ReadonlyMap<string, string>;

  /** Lines like `001 ext:UBLExtensions`, from unused-elements.ts. */
  constructor(...tables: readonly string[]) {
    const rows = tables
      .flatMap((table) => table.trim().split("\n"))
      .map((row) => row.split(" ") as [string, string]);
    this.paths = new Map(rows.map(([number, path]) => [`UBL-CR-${number}`, path]));
    const ways = rows.flatMap(([number, path]) =>
      (path.startsWith("line/") ? LINES : [""]).map((line) => ({
        id: `UBL-CR-${number}`,
        steps: (line === "" ? path : path.replace("line", line)).split("/").map(nameNumber),
      })),
    );
    // All names are numbered by now, so the tables of the steps have room for them.
    for (const { id, steps } of ways) this.#add(id, steps);
  }

  /** Gives a function to be asked of every element in document order, which calls back for those on a forbidden path. */
  finder(view: View, report: (id: string, node: number) => void): (node: number) => void {
    const { size, parent, name } = view.doc;
    const states = new Int16Array(size);
    return (node) => {
      if (node === 0) return;
      const around = states[parent[node]!]!;
      const state = around === NONE ? NONE : (this.#steps[around]!.next?.[name[node]!] ?? 0) - 1;
      states[node] = state;
      if (state !== NONE) for (const id of this.#steps[state]!.ids) report(id, node);
    };
  }

  #add(id: string, path: readonly number[]): void {
    let state = 0;
    for (const number of path) {
      const step = this.#steps[state]!;
      step.next ??= new Int16Array(names.size);
      state = step.next[number]! - 1;
      if (state >= 0) continue;
      state = this.#steps.push({ next: undefined, ids: [] }) - 1;
      step.next[number] = state + 1;
    }
    this.#steps[state]!.ids.push(id);
  }
}
