import * as z from "zod";
import { type CompanyActor, assertCan } from "#core/lib/actor.ts";
import { amount, Decimal, type DecimalText } from "#core/lib/decimal.ts";
import { currency, flag, oneOf, requiredText, text } from "#core/model/input.ts";
import { repairVat } from "#core/model/vat.ts";
import { VAT_CATEGORIES } from "#core/model/words.ts";
import { book, removeEach, type Removals } from "#core/parties/book.ts";
import { categoriesOf, color } from "./categories.ts";
import { blankProduct, type Product, products, USAGES } from "./product.ts";

/** A deposit between 0 and 999.99 with two decimals; anything else is none, as documented. */
const sgrAmount = z
  .unknown()
  .optional()
  .transform((written): DecimalText | null | undefined => {
    if (written === undefined) return undefined;
    const read = amount({ maxDecimals: 6, min: 0, max: 999.99 }).safeParse(written);
    return read.success ? Decimal.from(read.data).round(2).text() : null;
  });

const optional = {
  code: text(50),
  description: text(5000),
  currency: currency().nullish(),
  vatCategoryCode: oneOf(VAT_CATEGORIES).nullish(),
  isService: flag(),
  isActive: flag(),
  usage: oneOf(USAGES).nullish(),
  ncCode: text(50),
  cpvCode: text(50),
  color,
  categoryId: z.string("must be a UUID").nullish(),
  sgrAmount,
};
const price = amount({ maxDecimals: 6, min: 0 });
const rate = amount({ maxDecimals: 2, min: 0, max: 100 });

export const NewProduct = z.object({
  ...optional,
  name: requiredText(255),
  unitOfMeasure: requiredText(20),
  vatRate: rate,
  defaultPrice: price,
});
export const ProductChanges = z.object({
  ...optional,
  name: requiredText(255).nullish(),
  unitOfMeasure: requiredText(20).nullish(),
  vatRate: rate.nullish(),
  defaultPrice: price.nullish(),
});

const kept = book({ entries: products, codeOf: () => null });

export async function get(actor: CompanyActor, id: string): Promise<Product> {
  assertCan(actor, "product.view");
  return kept.get(actor.companyId, id);
}

export async function create(actor: CompanyActor, input: z.output<typeof NewProduct>): Promise<Product> {
  assertCan(actor, "product.create");
  const { category, rate: vatRate } = vatOf(input.vatRate, input.vatCategoryCode);
  const product = {
    ...blankProduct(),
    name: input.name,
    code: input.code ?? null,
    description: input.description ?? null,
    unitOfMeasure: input.unitOfMeasure,
    defaultPrice: input.defaultPrice,
    currency: input.currency ?? "RON",
    vatRate,
    vatCategoryCode: category,
    isService: input.isService ?? false,
    isActive: input.isActive ?? true,
    usage: input.usage ?? "both",
    ncCode: input.ncCode ?? null,
    cpvCode: input.cpvCode ?? null,
    color: input.color ?? null,
    categoryId: await knownCategory(actor.companyId, input.categoryId),
    sgrAmount: input.sgrAmount ?? null,
  };
  return (await kept.add(actor, product)).entry;
}

/** What null clears; other fields keep what they have. */
const clearable = ["code", "description", "ncCode", "cpvCode", "color", "sgrAmount"] as const;

/** Changes the fields that are present. */
export async function update(
  actor: CompanyActor,
  id: string,
  changes: z.output<typeof ProductChanges>,
): Promise<Product> {
  assertCan(actor, "product.edit");
  const given = Object.fromEntries(
    Object.entries(changes).filter(
      ([field, value]) => value !== undefined && (value !== null || clearable.some((name) => name === field)),
    ),
  );
  const category =
    changes.categoryId === undefined
      ? {}
      : { categoryId: await knownCategory(actor.companyId, changes.categoryId) };
  return kept.change(actor, id, (before) => {
    const next: Product = { ...before, ...given, ...category };
    if (changes.vatRate == null && changes.vatCategoryCode == null) return next;
    const code = changes.vatCategoryCode ?? (changes.vatRate == null ? before.vatCategoryCode : null);
    const vat = vatOf(next.vatRate, code);
    return { ...next, vatRate: vat.rate, vatCategoryCode: vat.category };
  });
}

export async function remove(actor: CompanyActor, id: string): Promise<void> {
  assertCan(actor, "product.delete");
  await kept.remove(actor, id);
}

export async function removeMany(actor: CompanyActor, ids: readonly string[]): Promise<Removals> {
  assertCan(actor, "product.delete");
  return removeEach(ids, (id) => kept.remove(actor, id));
}

/** Category and rate made to agree; without a category a rate above zero is S, and zero is Z. */
const vatOf = (given: DecimalText, category: Product["vatCategoryCode"] | null | undefined) =>
  repairVat(category ?? (Decimal.from(given).isZero ? "Z" : "S"), given, { category: "S", rate: given });

/** A category of this company, or none. */
async function knownCategory(companyId: string, id: string | null | undefined): Promise<string | null> {
  if (!id) return null;
  return (await categoriesOf(companyId)).find((category) => category.id === id)?.id ?? null;
}
