import { nameNumber } from "../names.ts";
import { engineFault } from "./fault.ts";
import { all, everywhere, onlyNormalized, onlyText, path } from "./path.ts";
import { normalizeSpace, toBoolean } from "./values.ts";
import type { View } from "./view.ts";

const id = nameNumber("cbc:ID");
const idPath = [id];
const taxScheme = nameNumber("cac:TaxScheme");
const taxCategory = nameNumber("cac:TaxCategory");
const classifiedTaxCategory = nameNumber("cac:ClassifiedTaxCategory");
const allowanceCharge = nameNumber("cac:AllowanceCharge");
const chargeIndicator = nameNumber("cbc:ChargeIndicator");
const subtotalCategory = path("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory");

/** `cac:TaxScheme/normalize-space(upper-case(cbc:ID)) = 'VAT'` */
export function isVat(view: View, node: number): boolean {
  for (let scheme = view.child(node, taxScheme); scheme >= 0; scheme = view.twin(scheme)) {
    const text = onlyText(view, scheme, idPath);
    if (text === "VAT" || normalizeSpace(text.toUpperCase()) === "VAT") return true;
  }
  return false;
}

/** `cbc:ChargeIndicator = true()` or `= false()` */
export function isCharge(view: View, node: number, wanted: boolean): boolean {
  for (let found = view.child(node, chargeIndicator); found >= 0; found = view.twin(found)) {
    if (toBoolean(view.text(found)) === wanted) return true;
  }
  return false;
}

/** The category code of a tax category, blanks trimmed. */
export const codeOf = (view: View, category: number): string => onlyNormalized(view, category, idPath);

/** Category codes met somewhere, and where the official engine stumbles when it looks for one of them. */
export class Codes {
  readonly #counts = new Map<string, number>();
  #faulty: Set<string> | undefined;
  #allFaulty = false;

  add(code: string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  /** Whoever looks for this code, or for any code at all, meets a fault. */
  fault(code?: string): void {
    if (code === undefined) this.#allFaulty = true;
    else (this.#faulty ??= new Set()).add(code);
  }

  /** `exists(…[code])`: found is found, but to look in vain past a fault is the fault. */
  has(code: string): boolean {
    if (this.#counts.has(code)) return true;
    if (this.#allFaulty || this.#faulty?.has(code)) throw engineFault;
    return false;
  }

  /** Whether a code other than this one is met. */
  hasOther(code: string): boolean {
    for (const found of this.#counts.keys()) if (found !== code) return true;
    const faulty = this.#faulty;
    if (this.#allFaulty || (faulty && faulty.size > (faulty.has(code) ? 1 : 0))) throw engineFault;
    return false;
  }

  /** `count(…[code])` */
  count(code: string): number {
    if (this.#allFaulty || this.#faulty?.has(code)) throw engineFault;
    return this.#counts.get(code) ?? 0;
  }
}

/** Which category codes a kind of place uses. */
export class Uses {
  /** `[normalize-space(cbc:ID) = code]` */
  readonly any = new Codes();
  /** The same where the tax scheme is VAT. */
  readonly vat = new Codes();
  /** `[VAT]/cbc:ID[normalize-space(.) = code]`: counts the elements, of which there may wrongly be several. */
  readonly ids = new Codes();
  /** `cbc:ID = code`: codes as written, blanks included, and those whose tax scheme is VAT. */
  readonly written = new Set<string>();
  readonly writtenVat = new Set<string>();

  add(view: View, category: number): void {
    const first = view.child(category, id);
    const isSingle = first < 0 || view.twin(first) < 0;
    const text = first < 0 ? "" : view.text(first);
    const code = normalizeSpace(text);
    const vat = schemeOf(view, category);
    if (isSingle) this.any.add(code);
    else this.fault(this.any, this.vat);
    if (vat === undefined) {
      if (isSingle) this.vat.fault(code);
      this.ids.fault();
    } else if (vat && isSingle) this.vat.add(code);
    for (let node = first; node >= 0; node = view.twin(node)) {
      const written = node === first ? text : view.text(node);
      this.written.add(written);
      if (vat !== true) continue;
      this.writtenVat.add(written);
      this.ids.add(normalizeSpace(written));
    }
  }

  fault(...codes: readonly Codes[]): void {
    for (const each of codes.length === 0 ? [this.any, this.vat, this.ids] : codes) each.fault();
  }
}

/** Whether the scheme is VAT; undefined where the official engine fails to tell. */
function schemeOf(view: View, category: number): boolean | undefined {
  try {
    return isVat(view, category);
  } catch (error) {
    view.forgive(error);
    return undefined;
  }
}

/**
 * Where an invoice speaks of VAT, gathered once: the rules of nine categories ask the same questions, and asking each
 * of them of every line would cost more than everything else together.
 */
export class VatUse {
  readonly #view: View;
  #lines: Uses | undefined;
  #categories: Uses | undefined;
  #breakdown: Uses | undefined;
  #adjustments: { all: Uses; allowances: Uses; charges: Uses } | undefined;

  constructor(view: View) {
    this.#view = view;
  }

  /** `//cac:ClassifiedTaxCategory` */
  get lines(): Uses {
    return (this.#lines ??= this.#gather(everywhere(this.#view, classifiedTaxCategory)));
  }

  /** `//cac:TaxCategory` */
  get categories(): Uses {
    return (this.#categories ??= this.#gather(everywhere(this.#view, taxCategory)));
  }

  /** `root/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory` */
  get breakdown(): Uses {
    return (this.#breakdown ??= this.#gather(all(this.#view, 0, subtotalCategory)));
  }

  /** `//cac:AllowanceCharge/cac:TaxCategory`: all, those of allowances and those of charges, lines and prices included. */
  get adjustments(): { all: Uses; allowances: Uses; charges: Uses } {
    return (this.#adjustments ??= this.#gatherAdjustments());
  }

  #gather(categories: Iterable<number>): Uses {
    const uses = new Uses();
    for (const category of categories) uses.add(this.#view, category);
    return uses;
  }

  #gatherAdjustments(): { all: Uses; allowances: Uses; charges: Uses } {
    const found = { all: new Uses(), allowances: new Uses(), charges: new Uses() };
    for (const node of everywhere(this.#view, allowanceCharge)) {
      const categories = all(this.#view, node, [taxCategory]);
      for (const category of categories) found.all.add(this.#view, category);
      for (const [uses, charge] of [[found.allowances, false] as const, [found.charges, true] as const]) {
        try {
          if (isCharge(this.#view, node, charge))
            for (const category of categories) uses.add(this.#view, category);
        } catch (error) {
          this.#view.forgive(error);
          uses.fault();
        }
      }
    }
    return found;
  }
}
