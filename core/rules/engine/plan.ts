import { names } from "../names.ts";
import type { Profile } from "../profiles.ts";
import { type Condition, type Context, isDecidedByNames, type Rule, type Test } from "./rule.ts";
import { UnusedElements } from "./unused.ts";

/** One rule, ready to be asked: what the hot path needs without looking it up. */
export interface Question {
  readonly rule: Rule;
  readonly holds: Test["holds"];
  /** The test's `without`, or -1. */
  readonly without: number;
  /** Number of the rule's id within the plan: several rules may share an id. */
  readonly id: number;
}

/** A context with all questions about it. */
export interface Station {
  readonly context: Context;
  /** What is left to be asked of an element when it stands at the right place. */
  readonly condition: Condition | undefined;
  readonly questions: readonly Question[];
}

/** A profile arranged by element name: for each name, for each pattern, the contexts to try in order. */
export class Plan {
  readonly profile: Profile;
  readonly unused: UnusedElements;
  /** Ids of all rules, by number. */
  readonly ids: readonly string[];
  readonly #numbers = new Map<string, number>();
  readonly #byName: (Station[][] | undefined)[];
  readonly #patterns: readonly Station[][];
  /** Contexts that go by the look of a name; asked of names the product does not know. */
  readonly #looks: readonly Context[];
  /** Questions by number of the attribute's name. */
  readonly #byAttribute: (readonly Question[] | undefined)[];

  constructor(profile: Profile) {
    this.profile = profile;
    this.unused = new UnusedElements(...profile.unused);
    this.#patterns = this.#stationsByPattern();
    this.#looks = this.#patterns.flatMap((stations) =>
      stations.flatMap(({ context }) => (context.takesName === undefined ? [] : [context])),
    );
    this.#byAttribute = [];
    for (const { attribute, rules } of profile.attributeSets())
      this.#byAttribute[attribute] = rules.map((rule) => this.#question(rule));
    for (const id of this.unused.paths.keys()) this.number(id);
    this.ids = [...this.#numbers.keys()];
    // Only now, when the rules have numbered all their names.
    this.#byName = Array.from({ length: names.size });
    for (const stations of this.#patterns) {
      const byName = new Map<number, Station[]>();
      for (const station of stations)
        for (const name of namesOf(station.context)) push(byName, name, station);
      for (const [name, chosen] of byName) (this.#byName[name] ??= []).push(chosen);
    }
  }

  /** How many names the plan knows; those with larger numbers are strangers. */
  get knownNames(): number {
    return this.#byName.length;
  }

  /** The number of a rule's id. */
  number(id: string): number {
    let number = this.#numbers.get(id);
    if (number === undefined) this.#numbers.set(id, (number = this.#numbers.size));
    return number;
  }

  /** Which contexts take a name that the plan does not know: one bit each, as a negative number. */
  lookOf(local: string): number {
    let look = -1;
    this.#looks.forEach((context, bit) => {
      if (context.takesName!(local)) look -= 1 << bit;
    });
    return look;
  }

  /** For each pattern the contexts that may take an element of a name, given by number or look. */
  stationsFor(name: number): readonly (readonly Station[])[] {
    if (name >= 0) return this.#byName[name] ?? [];
    const taken = this.#looks.filter((_, bit) => ((-1 - name) & (1 << bit)) !== 0);
    return this.#patterns.map((stations) => stations.filter(({ context }) => taken.includes(context)));
  }

  /** What is asked of every attribute of a name. */
  attributeQuestions(name: number): readonly Question[] | undefined {
    return name < this.#byAttribute.length ? this.#byAttribute[name] : undefined;
  }

  #question(rule: Rule): Question {
    return { rule, holds: rule.test.holds, without: rule.test.without ?? -1, id: this.number(rule.id) };
  }

  /** Sets that share a context are one station; the stations of a pattern keep the order of the profile. */
  #stationsByPattern(): Station[][] {
    const patterns = new Map<string, Map<Context, Station & { questions: Question[] }>>();
    for (const { pattern, context, rules } of this.profile.sets()) {
      let stations = patterns.get(pattern);
      if (!stations) patterns.set(pattern, (stations = new Map()));
      const questions = rules.map((rule) => this.#question(rule));
      const station = stations.get(context);
      if (station) station.questions.push(...questions);
      else stations.set(context, { context, condition: conditionOf(context), questions });
    }
    return [...patterns.values()].map((stations) => [...stations.values()]);
  }
}

const conditionOf = ({ matches }: Context): Condition | undefined =>
  matches === undefined || isDecidedByNames(matches) ? undefined : matches;

function namesOf({ names: listed, takesName }: Context): readonly number[] {
  if (takesName === undefined) return listed;
  return Array.from({ length: names.size }, (_, name) => name).filter((name) => takesName(names.local(name)));
}

function push<T>(lists: Map<number, T[]>, key: number, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
