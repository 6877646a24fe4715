import * as z from "zod";
import { type CompanyActor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { notFound } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { requiredText } from "#core/model/input.ts";
import { shortList } from "#core/companies/short-list.ts";
import { claim } from "#core/store/idempotency.ts";

/** A button of the till: products under one name and colour. */
export interface Category {
  id: string;
  name: string;
  /** `#rrggbb`. */
  color: string | null;
  sortOrder: number;
  createdAt: Instant;
  updatedAt: Instant;
}

/** A colour as people write it; what is none is dropped without a word, as documented. */
export const color = z
  .unknown()
  .optional()
  .transform((written): string | null | undefined => {
    if (written === undefined) return undefined;
    const found = typeof written === "string" ? /^#?([0-9a-f]{6})$/i.exec(written.trim()) : null;
    return found ? `#${found[1]!.toLowerCase()}` : null;
  });

const sortOrder = z.int("must be a whole number").nullish();

export const NewCategory = z.object({ name: requiredText(100), color, sortOrder });
export const CategoryChanges = z.object({ name: requiredText(100).optional(), color, sortOrder });

const categories = shortList<Category>("prdcat", "Product category");

/** The categories of a company in their order. */
export async function categoriesOf(companyId: string): Promise<Category[]> {
  const all = await categories.read(companyId);
  return all.toSorted((a, b) => a.sortOrder - b.sortOrder || a.name.localeCompare(b.name, "ro"));
}

export async function list(actor: CompanyActor): Promise<Category[]> {
  assertCan(actor, "product.view");
  return categoriesOf(actor.companyId);
}

export async function get(actor: CompanyActor, id: string): Promise<Category> {
  assertCan(actor, "product.view");
  return one(await categories.read(actor.companyId), id);
}

export async function create(actor: CompanyActor, input: z.output<typeof NewCategory>): Promise<Category> {
  assertCan(actor, "product.edit");
  const createdAt = instant();
  const category: Category = {
    id: newId(),
    name: input.name,
    color: input.color ?? null,
    sortOrder: input.sortOrder ?? 0,
    createdAt,
    updatedAt: createdAt,
  };
  return categories.change(
    actor.companyId,
    (all) => ({ items: [...all, category], answer: category }),
    claim(actor, category.id, { fiscal: false }),
  );
}

export async function update(
  actor: CompanyActor,
  id: string,
  changes: z.output<typeof CategoryChanges>,
): Promise<Category> {
  assertCan(actor, "product.edit");
  return categories.change(actor.companyId, (all) => {
    const before = one(all, id);
    const after: Category = {
      ...before,
      name: changes.name ?? before.name,
      color: changes.color === undefined ? before.color : changes.color,
      sortOrder: changes.sortOrder ?? before.sortOrder,
      updatedAt: instant(),
    };
    return { items: all.map((other) => (other.id === id ? after : other)), answer: after };
  });
}

/** Removes a category for good; its products stay and show none. */
export async function remove(actor: CompanyActor, id: string): Promise<void> {
  assertCan(actor, "product.edit");
  await categories.change(actor.companyId, (all) => {
    one(all, id);
    return { items: all.filter((other) => other.id !== id), answer: undefined };
  });
}

const one = (all: readonly Category[], id: string): Category => {
  const found = all.find((category) => category.id === id);
  if (!found) throw notFound("Product category");
  return found;
};
