import { nameNumber } from "../names.ts";
import { Exact } from "./exact.ts";
import { engineFault } from "./fault.ts";
import { all, everywhere, only, path, type Path } from "./path.ts";
import { codeOf, isCharge } from "./vat.ts";
import type { View } from "./view.ts";

const percent = path("cbc:Percent");
const lineCategory = path("cac:Item/cac:ClassifiedTaxCategory");
const lineAmount = path("cbc:LineExtensionAmount");
const adjustmentCategory = path("cac:TaxCategory");
const adjustmentAmount = path("cbc:Amount");
const allowanceCharge = nameNumber("cac:AllowanceCharge");
const invoiceLine = nameNumber("cac:InvoiceLine");
const creditNoteLine = nameNumber("cac:CreditNoteLine");

/** The cast xs:decimal(path); undefined when nothing is there. */
export function onlyDecimal(view: View, node: number, steps: Path): Exact | undefined {
  const found = only(view, node, steps);
  return found < 0 ? undefined : Exact.parse(view.text(found));
}

/** What is known of one category: the sum of its amounts, undefined where one is no number, and the same by rate. */
interface Share {
  sum: Exact | undefined;
  readonly byRate: Map<string, Exact | undefined>;
  /** Some rate is no number. */
  ratesFaulty: boolean;
}

/** Amounts added up by VAT category, and by category and rate. */
export class Tally {
  readonly #shares = new Map<string, Share>();
  #allFaulty = false;

  /** Adds what one line or adjustment says: its codes and rates, of which it should have one each. */
  add(codes: Iterable<string>, rates: readonly string[] | undefined, amount: Exact | undefined): void {
    for (const code of codes) {
      let share = this.#shares.get(code);
      if (!share)
        this.#shares.set(code, (share = { sum: Exact.zero, byRate: new Map(), ratesFaulty: false }));
      share.sum = amount && share.sum?.plus(amount);
      if (rates === undefined) share.ratesFaulty = true;
      else
        for (const rate of rates)
          share.byRate.set(rate, amount && sumSoFar(share.byRate, rate)?.plus(amount));
    }
  }

  fault(): void {
    this.#allFaulty = true;
  }

  has(code: string, rate: string): boolean {
    const share = this.#shares.get(code);
    if (share?.byRate.has(rate)) return true;
    if (this.#allFaulty || share?.ratesFaulty) throw engineFault;
    return false;
  }

  sum(code: string, rate?: string): Exact {
    const share = this.#shares.get(code);
    if (this.#allFaulty || (rate !== undefined && share?.ratesFaulty)) throw engineFault;
    if (!share) return Exact.zero;
    const sum = rate === undefined ? share.sum : sumSoFar(share.byRate, rate);
    if (sum === undefined) throw engineFault;
    return sum;
  }
}

/** A sum is undefined once an amount in it was no number, and zero before there is any. */
const sumSoFar = (sums: ReadonlyMap<string, Exact | undefined>, rate: string): Exact | undefined =>
  sums.has(rate) ? sums.get(rate) : Exact.zero;

/** What the VAT breakdown must add up from, computed once per document. */
export class VatSums {
  readonly #view: View;
  #invoiceLines: Tally | undefined;
  #creditNoteLines: Tally | undefined;
  #allowances: Tally | undefined;
  #charges: Tally | undefined;
  #adjustments: Tally | undefined;
  readonly #rateKeys = new Map<string, string>();

  constructor(view: View) {
    this.#view = view;
  }

  /** All invoice lines; only those directly below the root count in sums. */
  get invoiceLines(): Tally {
    return (this.#invoiceLines ??= this.#tally(
      everywhere(this.#view, invoiceLine),
      lineCategory,
      lineAmount,
    ));
  }

  get creditNoteLines(): Tally {
    return (this.#creditNoteLines ??= this.#tally(
      everywhere(this.#view, creditNoteLine),
      lineCategory,
      lineAmount,
    ));
  }

  /** Allowances and charges anywhere, to know whether a rate occurs. */
  get adjustments(): Tally {
    return (this.#adjustments ??= this.#tally(
      everywhere(this.#view, allowanceCharge),
      adjustmentCategory,
      undefined,
    ));
  }

  /** Charges less allowances of the document itself: what they add to the lines of a category. */
  adjustment(code: string, rate?: string): Exact {
    this.#charges ??= this.#documentLevel(true);
    this.#allowances ??= this.#documentLevel(false);
    return this.#charges.sum(code, rate).minus(this.#allowances.sum(code, rate));
  }

  #documentLevel(charge: boolean): Tally {
    const nodes = all(this.#view, 0, [allowanceCharge]);
    return this.#tally(nodes, adjustmentCategory, adjustmentAmount, (node) =>
      isCharge(this.#view, node, charge),
    );
  }

  #tally(
    nodes: Iterable<number>,
    toCategory: Path,
    toAmount: Path | undefined,
    takes?: (node: number) => boolean,
  ): Tally {
    const tally = new Tally();
    for (const node of nodes) {
      try {
        if (takes && !takes(node)) continue;
        const categories = all(this.#view, node, toCategory);
        const codes = unique(categories.map((category) => codeOf(this.#view, category)));
        tally.add(codes, this.#rates(categories), this.#amount(node, toAmount));
      } catch (error) {
        this.#view.forgive(error);
        tally.fault();
      }
    }
    return tally;
  }

  /** The rates as keys; undefined where one is no number. */
  #rates(categories: readonly number[]): string[] | undefined {
    const rates: string[] = [];
    try {
      for (const category of categories) {
        const node = only(this.#view, category, percent);
        if (node >= 0) rates.push(this.#rateKey(this.#view.text(node)));
      }
    } catch (error) {
      this.#view.forgive(error);
      return undefined;
    }
    return unique(rates);
  }

  /** Rates repeat from line to line, so each way of writing one is read once. */
  #rateKey(text: string): string {
    let key = this.#rateKeys.get(text);
    if (key === undefined) this.#rateKeys.set(text, (key = Exact.parse(text).key()));
    return key;
  }

  /** The amount, zero where there is none; undefined where it is no number. Only what stands below the root counts. */
  #amount(node: number, toAmount: Path | undefined): Exact | undefined {
    if (toAmount === undefined || this.#view.doc.parent[node] !== 0) return Exact.zero;
    try {
      return onlyDecimal(this.#view, node, toAmount) ?? Exact.zero;
    } catch (error) {
      this.#view.forgive(error);
      return undefined;
    }
  }
}

/** A line names a category once; only odd documents need a set. */
const unique = (values: string[]): string[] => (values.length < 2 ? values : [...new Set(values)]);
