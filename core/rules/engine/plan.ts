import { names } from "../names.ts";
import type { Profile } from "../profiles.ts";
import { engineFault } from "./fault.ts";
import type { Context, Rule } from "./rule.ts";
import { UnusedElements } from "./unused.ts";
import type { View } from "./view.ts";

/** A context with all rules that look at it. */
interface Station {
  readonly context: Context;
  readonly rules: Rule[];
}

/** Called for every rule an element (or, for attribute rules, an attribute) breaks. */
export type Report = (rule: Rule, node: number, isAttribute: boolean) => void;

/** A profile arranged by element name: for each name, for each pattern, the contexts to try in order. */
export class Plan {
  readonly profile: Profile;
  readonly unused: UnusedElements;
  readonly #byName: (Station[][] | undefined)[];
  /** Patterns of contexts that go by the look of a name; asked of names the product does not know. */
  readonly #byLook: Station[][];
  /** Rules by number of the attribute's name. */
  readonly #byAttribute: ReadonlyMap<number, readonly Rule[]>;

  constructor(profile: Profile) {
    this.profile = profile;
    this.unused = new UnusedElements(...profile.unused);
    this.#byAttribute = new Map(profile.attributeSets().map(({ attribute, rules }) => [attribute, rules]));
    const patterns = stationsByPattern(profile);
    this.#byLook = patterns.map((stations) =>
      stations.filter(({ context }) => context.takesName !== undefined),
    );
    // Only now, when the rules have numbered all their names.
    this.#byName = Array.from({ length: names.size });
    for (const stations of patterns) {
      const byName = new Map<number, Station[]>();
      for (const station of stations)
        for (const name of namesOf(station.context)) push(byName, name, station);
      for (const [name, chosen] of byName) (this.#byName[name] ??= []).push(chosen);
    }
  }

  /** Asks every rule that concerns an element or its attributes. */
  evaluate(view: View, node: number, report: Report): void {
    const { name, attributeStart } = view.doc;
    const id = name[node]!;
    const patterns = id < this.#byName.length ? this.#byName[id] : this.#forStranger(view, node);
    if (patterns !== undefined) for (const stations of patterns) lead(view, node, stations, report);
    if (attributeStart[node] !== attributeStart[node + 1]) this.#evaluateAttributes(view, node, report);
  }

  #evaluateAttributes(view: View, node: number, report: Report): void {
    const { attributeName, attributeStart } = view.doc;
    for (let i = attributeStart[node]!; i < attributeStart[node + 1]!; i++) {
      const rules = this.#byAttribute.get(attributeName[i]!);
      if (rules) for (const rule of rules) if (isBroken(rule, view, i)) report(rule, i, true);
    }
  }

  /** An element of a name only this document knows can still look like an amount. */
  #forStranger(view: View, node: number): Station[][] {
    const local = view.doc.names.local(view.doc.name[node]!);
    return this.#byLook.map((stations) => stations.filter(({ context }) => context.takesName!(local)));
  }
}

function namesOf({ names: listed, takesName }: Context): readonly number[] {
  if (takesName === undefined) return listed;
  return Array.from({ length: names.size }, (_, name) => name).filter((name) => takesName(names.local(name)));
}

function push<T>(lists: Map<number, T[]>, key: number, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Sets that share a context are one station; the stations of a pattern keep the order of the profile. */
function stationsByPattern(profile: Profile): Station[][] {
  const patterns = new Map<string, Map<Context, Station>>();
  for (const { pattern, context, rules } of profile.sets()) {
    let stations = patterns.get(pattern);
    if (!stations) patterns.set(pattern, (stations = new Map()));
    const station = stations.get(context);
    if (station) station.rules.push(...rules);
    else stations.set(context, { context, rules: [...rules] });
  }
  return [...patterns.values()].map((stations) => [...stations.values()]);
}

/** Leads an element through the contexts of one pattern; the first that matches takes it. */
function lead(view: View, node: number, stations: readonly Station[], report: Report): void {
  for (const { context, rules } of stations) {
    if (context.matches !== undefined && !takes(context, view, node)) continue;
    for (const rule of rules) if (isBroken(rule, view, node)) report(rule, node, false);
    return;
  }
}

function takes(context: Context, view: View, node: number): boolean {
  try {
    return context.matches!(view, node);
  } catch (error) {
    if (error === engineFault) return false;
    throw error;
  }
}

function isBroken(rule: Rule, view: View, node: number): boolean {
  try {
    return !rule.test.holds(view, node);
  } catch (error) {
    if (error === engineFault) return true;
    throw error;
  }
}
