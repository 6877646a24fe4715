import { nameNumber } from "../names.ts";
import { Exact } from "./exact.ts";
import { engineFault } from "./fault.ts";
import { all, everywhere, only, path, type Path } from "./path.ts";
import { codeOf, faults, isCharge } from "./vat.ts";
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

/** Amounts added up by VAT category, and by category and rate. */
export class Tally {
  /** By `code` and by `code rate`; undefined where an amount is no number. */
  readonly #sums = new Map<string, Exact | undefined>();
  /** Codes of which some rate is no number. */
  readonly #ratesFaulty = new Set<string>();
  #allFaulty = false;

  add(codes: Iterable<string>, rates: ReadonlySet<string> | undefined, amount: Exact | undefined): void {
    for (const code of codes) {
      this.#addTo(code, amount);
      if (rates === undefined) this.#ratesFaulty.add(code);
      else for (const rate of rates) this.#addTo(`${code} ${rate}`, amount);
    }
  }

  fault(): void {
    this.#allFaulty = true;
  }

  has(code: string, rate: string): boolean {
    if (this.#sums.has(`${code} ${rate}`)) return true;
    if (this.#allFaulty || this.#ratesFaulty.has(code)) throw engineFault;
    return false;
  }

  sum(code: string, rate?: string): Exact {
    const key = rate === undefined ? code : `${code} ${rate}`;
    if (this.#allFaulty || (rate !== undefined && this.#ratesFaulty.has(code))) throw engineFault;
    if (!this.#sums.has(key)) return Exact.zero;
    const sum = this.#sums.get(key);
    if (sum === undefined) throw engineFault;
    return sum;
  }

  #addTo(key: string, amount: Exact | undefined): void {
    const before = this.#sums.has(key) ? this.#sums.get(key) : Exact.zero;
    this.#sums.set(key, amount === undefined ? undefined : before?.plus(amount));
  }
}

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
      const faulty = faults(() => {
        if (takes && !takes(node)) return;
        const categories = all(this.#view, node, toCategory);
        const codes = new Set(categories.map((category) => codeOf(this.#view, category)));
        tally.add(codes, this.#rates(categories), this.#amount(node, toAmount));
      });
      if (faulty) tally.fault();
    }
    return tally;
  }

  #rates(categories: readonly number[]): Set<string> | undefined {
    const rates = new Set<string>();
    const faulty = faults(() => {
      for (const category of categories) {
        const node = only(this.#view, category, percent);
        if (node >= 0) rates.add(this.#rateKey(this.#view.text(node)));
      }
    });
    return faulty ? undefined : rates;
  }

  /** Rates repeat from line to line, so each way of writing one is read once. */
  #rateKey(text: string): string {
    let key = this.#rateKeys.get(text);
    if (key === undefined) this.#rateKeys.set(text, (key = Exact.parse(text).key()));
    return key;
  }

  #amount(node: number, toAmount: Path | undefined): Exact | undefined {
    if (toAmount === undefined || this.#view.doc.parent[node] !== 0) return Exact.zero;
    let amount: Exact | undefined;
    const faulty = faults(() => {
      amount = onlyDecimal(this.#view, node, toAmount) ?? Exact.zero;
    });
    return faulty ? undefined : amount;
  }
}
