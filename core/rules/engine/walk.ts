import type { Plan, Question, Station } from "./plan.ts";
import type { Condition } from "./rule.ts";
import type { Spot } from "./spots.ts";
import type { View } from "./view.ts";

/** Called for every rule an element (or, for attribute rules, an attribute) breaks. */
export type Report = (question: Question, node: number, isAttribute: boolean) => void;

/** One rule may break on every line; this many places are enough to see the pattern, and then it is asked no more. */
const MOST_PLACES_PER_RULE = 20;

/** Asks the rules of a plan of one document. */
export class Walk {
  /** How often each rule was broken, by number of its id. */
  readonly places: Uint8Array;
  readonly #plan: Plan;
  readonly #view: View;
  readonly #report: Report;

  constructor(plan: Plan, view: View, report: Report) {
    this.places = new Uint8Array(plan.ids.length);
    this.#plan = plan;
    this.#view = view;
    this.#report = report;
  }

  /** Asks every rule that concerns an element or its attributes. */
  ask(node: number, spot: Spot): void {
    const { patterns } = spot;
    for (let i = 0; i < patterns.length; i++) this.#lead(node, patterns[i]!);
    const { attributeStart } = this.#view.doc;
    if (attributeStart[node] !== attributeStart[node + 1]) this.#askAttributes(node);
  }

  /** Leads an element through the contexts of one pattern; the first that matches takes it. */
  #lead(node: number, stations: readonly Station[]): void {
    for (const { condition, questions } of stations) {
      if (condition !== undefined && !takes(condition, this.#view, node)) continue;
      for (const question of questions)
        if (question.without < 0 || this.#view.child(node, question.without) >= 0)
          this.#put(question, node, false);
      return;
    }
  }

  /** Counts an element that a rule forbids here; false when enough of them are known. */
  countUnused(id: string): boolean {
    const number = this.#plan.number(id);
    if (this.places[number] === MOST_PLACES_PER_RULE) return false;
    this.places[number]!++;
    return true;
  }

  #askAttributes(node: number): void {
    const { attributeName, attributeStart } = this.#view.doc;
    const end = attributeStart[node + 1]!;
    for (let i = attributeStart[node]!; i < end; i++) {
      const questions = this.#plan.attributeQuestions(attributeName[i]!);
      if (questions) for (const question of questions) this.#put(question, i, true);
    }
  }

  #put(question: Question, node: number, isAttribute: boolean): void {
    if (this.places[question.id] === MOST_PLACES_PER_RULE || isKept(question, this.#view, node)) return;
    this.places[question.id]!++;
    this.#report(question, node, isAttribute);
  }
}

function takes(condition: Condition, view: View, node: number): boolean {
  try {
    return condition(view, node);
  } catch (error) {
    view.forgive(error);
    return false;
  }
}

function isKept({ holds }: Question, view: View, node: number): boolean {
  try {
    return holds(view, node);
  } catch (error) {
    view.forgive(error);
    return false;
  }
}
