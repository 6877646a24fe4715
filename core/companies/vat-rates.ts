import * as z from "zod";
import { type CompanyActor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { type Instant, today } from "#core/lib/dates.ts";
import { amount, Decimal, type DecimalText } from "#core/lib/decimal.ts";
import { DomainError, notFound, refused } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { flag, requiredText } from "#core/model/input.ts";
import { defaultVatRates, type Vat } from "#core/model/vat.ts";
import { VAT_CATEGORIES, type VatCategory } from "#core/model/words.ts";
import { claim } from "#core/store/idempotency.ts";
import type { Write } from "#core/store/write.ts";
import { shortList } from "./short-list.ts";

/** A VAT treatment the company puts on its lines. */
export interface VatRate {
  id: string;
  /** In percent. */
  rate: DecimalText;
  label: string;
  categoryCode: VatCategory;
  isDefault: boolean;
  isActive: boolean;
  position: number;
  createdAt: Instant;
  updatedAt: Instant;
  /** A deleted rate is kept: its documents still name it. */
  deletedAt: Instant | null;
}

const fields = {
  rate: amount({ maxDecimals: 2 }),
  label: requiredText(100),
  categoryCode: z.string("must be a VAT category").trim().toUpperCase().nullish(),
  isDefault: flag(),
  isActive: flag(),
  position: z.int("must be a whole number").min(0).max(10_000).nullish(),
};

export const NewVatRate = z.object(fields);
export const VatRateChanges = z.object({
  ...fields,
  rate: fields.rate.optional(),
  label: fields.label.optional(),
});

const rates = shortList<VatRate>("vat", "VAT rate");

const labels: Record<VatCategory, (rate: DecimalText) => string> = {
  S: (rate) => `TVA ${rate}%`,
  Z: () => "TVA 0%",
  E: () => "Scutit de TVA",
  AE: () => "Taxare inversă",
  K: () => "Livrare intracomunitară",
  G: () => "Export",
  O: () => "Fără TVA",
};

/** The write that gives a new company the rates in force today (DECISIONS 25); the first is the default. */
export const startVatRates = (companyId: string, isVatPayer: boolean): Write =>
  rates.start(companyId, defaultVatRates(isVatPayer, today()).map(fresh));

function fresh({ category, rate }: Vat, position: number): VatRate {
  const createdAt = instant();
  return {
    id: newId(),
    rate,
    label: labels[category](rate),
    categoryCode: category,
    isDefault: position === 0,
    isActive: true,
    position,
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
  };
}

/** The rates of a company by position, then the higher first. For any member: every document form needs them. */
export const list = (actor: CompanyActor): Promise<VatRate[]> => vatRatesOf(actor.companyId);

/** As `list`, for verbs that know only the company. */
export async function vatRatesOf(companyId: string): Promise<VatRate[]> {
  const live = (await rates.read(companyId)).filter((rate) => !rate.deletedAt);
  return live.toSorted((a, b) => a.position - b.position || Decimal.from(b.rate).compare(a.rate));
}

/** One rate of the company. */
export const get = async (actor: CompanyActor, id: string): Promise<VatRate> =>
  liveOne(await rates.read(actor.companyId), id);

/** Adds a rate. The first one is the default by itself; a new default takes the place of the old one. */
export async function create(actor: CompanyActor, input: z.output<typeof NewVatRate>): Promise<VatRate> {
  assertCan(actor, "settings.manage");
  const id = newId();
  const createdAt = instant();
  return rates.change(
    actor.companyId,
    (all) => {
      const live = all.filter((rate) => !rate.deletedAt);
      const rate: VatRate = {
        id,
        rate: input.rate,
        label: input.label,
        categoryCode: categoryFor(input),
        isDefault: (input.isDefault ?? false) || live.length === 0,
        isActive: input.isActive ?? true,
        position: input.position ?? Math.max(-1, ...live.map(({ position }) => position)) + 1,
        createdAt,
        updatedAt: createdAt,
        deletedAt: null,
      };
      assertNoTwin(live, rate);
      return { items: [...withoutDefault(all, rate), rate], answer: rate };
    },
    claim(actor, id, { fiscal: false }),
  );
}

/** Changes a rate; documents keep the one they were made with. */
export async function update(
  actor: CompanyActor,
  id: string,
  changes: z.output<typeof VatRateChanges>,
): Promise<VatRate> {
  assertCan(actor, "settings.manage");
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value != null));
  if (Object.keys(given).length === 0) throw refused("Nothing to change was given.");
  return rates.change(actor.companyId, (all) => {
    const before = liveOne(all, id);
    const changed = { ...before, ...given, updatedAt: instant() };
    if (before.isDefault && !changed.isDefault)
      throw refused("The default VAT rate cannot be unset; make another one the default instead.", {
        isDefault: "is the only default",
      });
    const after: VatRate = { ...changed, categoryCode: categoryFor(changed) };
    assertNoTwin(
      all.filter((rate) => !rate.deletedAt && rate.id !== id),
      after,
    );
    return {
      items: withoutDefault(all, after).map((rate) => (rate.id === id ? after : rate)),
      answer: after,
    };
  });
}

/** Takes a rate out of use. The default and the last one stay: 409. */
export async function remove(actor: CompanyActor, id: string): Promise<void> {
  assertCan(actor, "settings.manage");
  await rates.change(actor.companyId, (all) => {
    const before = liveOne(all, id);
    if (before.isDefault) throw new DomainError("conflict", "The default VAT rate cannot be deleted.");
    if (all.filter((rate) => !rate.deletedAt).length === 1)
      throw new DomainError("conflict", "The last VAT rate cannot be deleted.");
    const after = { ...before, deletedAt: instant() };
    return { items: all.map((rate) => (rate.id === id ? after : rate)), answer: undefined };
  });
}

const liveOne = (all: readonly VatRate[], id: string): VatRate => {
  const found = all.find((rate) => rate.id === id && !rate.deletedAt);
  if (!found) throw notFound("VAT rate");
  return found;
};

/**
 * The category of a rate, `S` or `Z` when none is given. S needs a rate above zero and every other category none
 * (EN 16931 BR-S-05, BR-Z-05 and their kin).
 */
function categoryFor(given: { rate: DecimalText; categoryCode?: string | null | undefined }): VatCategory {
  const rate = Decimal.from(given.rate);
  if (rate.sign < 0 || rate.compare(100) > 0)
    throw refused("The rate must be between 0 and 100.", { rate: "must be between 0 and 100" });
  const wanted = given.categoryCode ?? (rate.isZero ? "Z" : "S");
  const category = VAT_CATEGORIES.find((code) => code === wanted);
  if (!category)
    throw refused(`${wanted} is not a VAT category.`, {
      categoryCode: `must be one of ${VAT_CATEGORIES.join(", ")}`,
    });
  if (rate.isZero === (category === "S"))
    throw refused(
      rate.isZero
        ? "Category S needs a rate above zero."
        : `Category ${category} carries no VAT: its rate must be 0.`,
      { categoryCode: "does not agree with the rate" },
    );
  return category;
}

function assertNoTwin(others: readonly VatRate[], rate: VatRate): void {
  if (others.some((other) => other.label === rate.label && Decimal.from(other.rate).equals(rate.rate)))
    throw refused("There is already a VAT rate with this rate and label.", { label: "is already used" });
}

/** There is one default: when `chosen` is it, nobody else is. */
const withoutDefault = (all: readonly VatRate[], chosen: VatRate): VatRate[] =>
  all.map((rate) => (chosen.isDefault && rate.id !== chosen.id ? { ...rate, isDefault: false } : rate));
