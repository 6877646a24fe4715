import { names } from "../names.ts";
import type { Profile } from "../profiles.ts";
import { engineFault } from "./fault.ts";
import type { AttributeRuleSet, Context, Rule } from "./rule.ts";
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
  readonly #byName = new Map<number, Station[][]>();
  /** Patterns of contexts that go by the look of a name; asked of names the product does not know. */
  readonly #byLook: Station[][];
  readonly #attributes: readonly AttributeRuleSet[];

  constructor(profile: Profile) {
    this.profile = profile;
    this.unused = new UnusedElements(...profile.unused);
    this.#attributes = profile.attributeSets();
    const patterns = stationsByPattern(profile);
    this.#byLook = patterns.map((stations) =>
      stations.filter(({ context }) => context.takesName !== undefined),
    );
    for (const stations of patterns) {
      const byName = new Map<number, Station[]>();
      for (const station of stations)
        for (const name of namesOf(station.context)) push(byName, name, station);
      for (const [name, chosen] of byName) push(this.#byName, name, chosen);
    }
  }

  /** Asks every rule of every element it concerns. */
  evaluate(view: View, report: Report): void {
    for (const [name, patterns] of this.#byName) {
      const first = view.first[name]!;
      if (first >= 0) for (const stations of patterns) visit(view, first, stations, report);
    }
    this.#evaluateStrangers(view, report);
    this.#evaluateAttributes(view, report);
  }

  #evaluateStrangers(view: View, report: Report): void {
    for (let name = names.size; name < view.doc.names.size; name++) {
      const first = view.first[name]!;
      if (first < 0) continue;
      const local = view.doc.names.local(name);
      for (const pattern of this.#byLook) {
        const stations = pattern.filter(({ context }) => context.takesName!(local));
        if (stations.length > 0) visit(view, first, stations, report);
      }
    }
  }

  #evaluateAttributes(view: View, report: Report): void {
    const { attributeName, attributeCount } = view.doc;
    for (const { attribute, rules } of this.#attributes) {
      if (view.attributeCount[attribute] === 0) continue;
      for (let i = 0; i < attributeCount; i++) {
        if (attributeName[i] !== attribute) continue;
        for (const rule of rules) if (isBroken(rule, view, i)) report(rule, i, true);
      }
    }
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

/** Leads all elements of a name through the contexts of one pattern; the first that matches takes the element. */
function visit(view: View, first: number, stations: readonly Station[], report: Report): void {
  for (let node = first; node >= 0; node = view.next[node]!) {
    for (const { context, rules } of stations) {
      if (context.matches !== undefined && !takes(context, view, node)) continue;
      for (const rule of rules) if (isBroken(rule, view, node)) report(rule, node, false);
      break;
    }
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
