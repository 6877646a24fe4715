import { xmlErrorAt } from "#core/lib/xml/error.ts";
import { declarationOf, type Declaration } from "../structure/models.ts";
import type { Plan, Station } from "./plan.ts";
import type { UnusedStep } from "./unused.ts";
import type { View } from "./view.ts";

/**
 * What is known of an element from its own name and those of its ancestors alone. Invoices are made of the same hundred
 * ways down over and over, so this is found out once for each way and not for each element.
 */
export interface Spot {
  readonly number: number;
  /** Number of the name, or its look where the plan does not know it. */
  readonly key: number;
  readonly around: Spot | undefined;
  /** The spot of the element that came next when the last one of this spot had been read: mostly it does so again. */
  follower: Spot | undefined;
  readonly declaration: Declaration;
  /** For each pattern with something to ask here, the contexts to try in order. */
  readonly patterns: readonly (readonly Station[])[];
  /** Rules that forbid the element here. */
  readonly unused: readonly string[];
  readonly unusedStep: UnusedStep | undefined;
  /** By key. */
  readonly below: Map<number, Spot>;
}

/** Different ways down in one document; real ones have some two hundred. */
const MOST_SPOTS = 20_000;

/** The spots of a profile, kept from one document to the next. */
export class Spots {
  readonly #plan: Plan;
  #roots = new Map<number, Spot>();
  #all: Spot[] = [];
  /** The number of each element's spot, in memory kept from one document to the next. */
  #numbers = new Int32Array(0);

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Gives a function to be asked of every element of a document, in order. It throws XmlError where there are too many. */
  walk(view: View): (node: number) => Spot {
    if (this.#all.length > MOST_SPOTS) {
      this.#roots = new Map();
      this.#all = [];
    }
    const { size, parent, name, names } = view.doc;
    const known = this.#plan.knownNames;
    const looks = Int32Array.from({ length: Math.max(0, names.size - known) }, (_, stranger) =>
      this.#plan.lookOf(names.local(known + stranger)),
    );
    if (this.#numbers.length < size) this.#numbers = new Int32Array(size);
    const numbers = this.#numbers;
    const all = this.#all;
    const most = all.length + MOST_SPOTS;
    let before: Spot | undefined;
    return (node) => {
      const id = name[node]!;
      const key = id < known ? id : looks[id - known]!;
      const around = node === 0 ? undefined : all[numbers[parent[node]!]!]!;
      let spot = before?.follower;
      if (spot === undefined || spot.key !== key || spot.around !== around) {
        spot = this.#find(key, around, view, node);
        if (spot.number === most)
          throw xmlErrorAt(
            view.doc.source,
            view.doc.tagStart[node]!,
            "Elements are nested in too many ways.",
          );
        if (before !== undefined) before.follower = spot;
      }
      before = spot;
      numbers[node] = spot.number;
      return spot;
    };
  }

  #find(key: number, around: Spot | undefined, view: View, node: number): Spot {
    const below = around === undefined ? this.#roots : around.below;
    let spot = below.get(key);
    if (spot === undefined) {
      spot = this.#spot(key, around, view, node);
      this.#all.push(spot);
      below.set(key, spot);
    }
    return spot;
  }

  #spot(key: number, around: Spot | undefined, view: View, node: number): Spot {
    const { unused } = this.#plan;
    const unusedStep = around === undefined ? unused.root : around.unusedStep?.below.get(key);
    return {
      number: this.#all.length,
      key,
      around,
      follower: undefined,
      declaration: declarationOf(key),
      patterns: this.#plan
        .stationsFor(key)
        .map((stations) => reachable(stations, view, node))
        .filter((stations) => stations.length > 0),
      unused: around === undefined ? [] : (unusedStep?.ids ?? []),
      unusedStep,
      below: new Map(),
    };
  }
}

/** The contexts that may take an element here, up to the first that takes every one. */
function reachable(stations: readonly Station[], view: View, node: number): Station[] {
  const here = stations.filter(({ context: { matches } }) => matches?.stands?.(view, node) ?? true);
  const certain = here.findIndex(({ condition }) => condition === undefined);
  const tried = certain < 0 ? here : here.slice(0, certain + 1);
  return tried.some(({ questions }) => questions.length > 0) ? tried : [];
}
