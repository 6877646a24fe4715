import * as z from "zod";
import { type CompanyActor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { DomainError, refused } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { flag, requiredText } from "#core/model/input.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import { release, take } from "#core/store/names.ts";
import type { Write } from "#core/store/write.ts";
import { type FoundNumbers, lowestCounter, settled } from "./series-counter.ts";

export const SERIES_TYPES = [
  "invoice",
  "proforma",
  "credit_note",
  "delivery_note",
  "receipt",
  "voucher",
] as const;
export type SeriesType = (typeof SERIES_TYPES)[number];

/** A run of document numbers: prefix and counter. */
export interface Series extends Stored {
  prefix: string;
  type: SeriesType;
  /** The last number used, or that later ones must be above. */
  currentNumber: number;
  /** The highest number a document of ours took; the counter never goes below it. */
  highestTaken: number;
  /** Absent while no document of another program was found in it. */
  found?: FoundNumbers;
  active: boolean;
  source: "manual" | "efactura" | "default";
  createdAt: Instant;
  updatedAt: Instant;
}

/** Which series each type of document takes when it names none. */
interface Defaults extends Stored {
  readonly byType: Partial<Record<SeriesType, string>>;
}

export const series = collection<Series>({ kind: "ser", what: "Document series" });
const defaults = collection<Defaults>({ kind: "ser.default", what: "Default series" });
const defaultsId = "defaults";

const type = () => z.enum(SERIES_TYPES, `must be one of ${SERIES_TYPES.join(", ")}`);
const counter = () => z.int("must be a whole number").min(0, "must not be negative").max(999_999_999);

export const NewSeries = z.object({
  prefix: requiredText(50),
  type: type().nullish(),
  currentNumber: counter().nullish(),
  active: flag(),
  isDefault: flag(),
});
export const SeriesChanges = z.object({
  currentNumber: counter().nullish(),
  active: flag(),
  type: type().nullish(),
  isDefault: flag(),
});

/** A document number as printed: the prefix and at least four digits (DECISIONS 9). */
export const numberOf = (prefix: string, counted: number): string =>
  `${prefix}${String(counted).padStart(4, "0")}`;

/** A prefix is held once per company, whatever its case: `fct` and `FCT` would be told apart by nobody. */
const guardOf = (companyId: string, prefix: string): string => `ser#${companyId}#${prefix.toUpperCase()}`;

const prefixTaken = () => new DomainError("conflict", "Series with this prefix already exists.");

/** The series a new company starts with (RULES-documents §5), as writes to be committed with it. */
export function startSeries(companyId: string): Write[] {
  const firsts: [SeriesType, string][] = [
    ["invoice", "FCT"],
    ["proforma", "PRO"],
    ["receipt", "CH"],
    ["voucher", "BON"],
  ];
  const started = firsts.map(([of, prefix]) => fresh({ prefix, type: of, source: "default" }));
  const byType = Object.fromEntries(started.map((one) => [one.type, one.id]));
  return [
    ...started.flatMap((one) => inserts(companyId, one)),
    defaults.insert(companyId, { id: defaultsId, byType }),
  ];
}

const fresh = (given: Pick<Series, "prefix" | "type" | "source"> & Partial<Series>): Omit<Series, "rev"> => ({
  id: newId(),
  currentNumber: 0,
  highestTaken: 0,
  active: true,
  createdAt: instant(),
  updatedAt: instant(),
  ...given,
});

const inserts = (companyId: string, one: Omit<Series, "rev">): Write[] => [
  series.insert(companyId, one),
  take(guardOf(companyId, one.prefix), { seriesId: one.id }, { refusal: prefixTaken }),
];

/** A series as the API shows it. */
export interface ShownSeries extends Series {
  isDefault: boolean;
  nextNumber: string;
}

const shown = (one: Series, byType: Defaults["byType"]): ShownSeries => ({
  ...one,
  isDefault: byType[one.type] === one.id,
  nextNumber: numberOf(one.prefix, one.currentNumber + 1),
});

/** Which series are the defaults of their types. */
export const readDefaults = async (companyId: string): Promise<Defaults> =>
  (await defaults.find(companyId, defaultsId)) ?? { id: defaultsId, rev: 0, byType: {} };

/** All series of the company, inactive ones too, oldest first. */
export async function list(actor: CompanyActor, only?: SeriesType): Promise<ShownSeries[]> {
  assertCan(actor, "series.view");
  const [all, { byType }] = await Promise.all([series.all(actor.companyId), readDefaults(actor.companyId)]);
  return all.filter((one) => !only || one.type === only).map((one) => shown(one, byType));
}

export async function get(actor: CompanyActor, id: string): Promise<ShownSeries> {
  assertCan(actor, "series.view");
  const [one, { byType }] = await Promise.all([
    series.get(actor.companyId, id),
    readDefaults(actor.companyId),
  ]);
  return shown(one, byType);
}

/** Adds a series. 409 when the company already uses the prefix, for whichever type. */
export async function create(actor: CompanyActor, input: z.output<typeof NewSeries>): Promise<ShownSeries> {
  assertCan(actor, "series.manage");
  const one = fresh({
    prefix: input.prefix,
    type: input.type ?? "invoice",
    currentNumber: input.currentNumber ?? 0,
    active: input.active ?? true,
    source: "manual",
  });
  return untilCommitted(async () => {
    const before = await readDefaults(actor.companyId);
    const after = input.isDefault ? { ...before.byType, [one.type]: one.id } : before.byType;
    await commit([
      ...inserts(actor.companyId, one),
      ...(input.isDefault ? [writeDefaults(actor.companyId, before, after)] : []),
      ...claim(actor, one.id, { fiscal: false }),
    ]);
    return shown({ ...one, rev: 1 }, after);
  });
}

/**
 * Changes a series. The counter may jump ahead, but never below the highest number a document has (DECISIONS 9);
 * the prefix and, once a number was taken, the type stay.
 */
export async function update(
  actor: CompanyActor,
  id: string,
  changes: z.output<typeof SeriesChanges>,
): Promise<ShownSeries> {
  assertCan(actor, "series.manage");
  if (Object.values(changes).every((value) => value == null)) throw refused("Nothing to change was given.");
  return untilCommitted(async () => {
    const [one, before] = await Promise.all([series.get(actor.companyId, id), readDefaults(actor.companyId)]);
    const next = settled({
      ...one,
      currentNumber: changes.currentNumber ?? one.currentNumber,
      active: changes.active ?? one.active,
      type: changes.type ?? one.type,
      updatedAt: instant(),
    });
    const lowest = lowestCounter(one);
    if (next.currentNumber < lowest)
      throw refused(`Number ${numberOf(one.prefix, lowest)} is already used.`, {
        currentNumber: `must be at least ${lowest}`,
      });
    if (next.type !== one.type && one.highestTaken > 0)
      throw refused("The type of a series that has given numbers stays.", { type: "cannot change any more" });
    const after = withDefault(before.byType, one, next.type, changes.isDefault);
    const write = series.replace(actor.companyId, one, next);
    await commit([
      write,
      ...(after === before.byType ? [] : [writeDefaults(actor.companyId, before, after)]),
      ...claim(actor, id, { fiscal: false }),
    ]);
    return shown(write.value, after);
  });
}

/** Makes the series the one documents of its type take by themselves. */
export const setDefault = (actor: CompanyActor, id: string): Promise<ShownSeries> =>
  update(actor, id, { isDefault: true });

/** Deletes a series that never gave a number; 409 for one that did. Its prefix is free again. */
export async function remove(actor: CompanyActor, id: string): Promise<void> {
  assertCan(actor, "series.manage");
  await untilCommitted(async () => {
    const [one, before] = await Promise.all([series.get(actor.companyId, id), readDefaults(actor.companyId)]);
    if (one.highestTaken > 0)
      throw new DomainError(
        "conflict",
        "The series has given numbers to documents; make it inactive instead.",
      );
    const after = withDefault(before.byType, one, one.type, false);
    await commit([
      series.remove(actor.companyId, one),
      release(guardOf(actor.companyId, one.prefix)),
      ...(after === before.byType ? [] : [writeDefaults(actor.companyId, before, after)]),
    ]);
  });
}

/** The defaults after a series changed its type or its wish to be one; the same object when nothing changes. */
function withDefault(
  byType: Defaults["byType"],
  one: Series,
  nextType: SeriesType,
  wanted: boolean | null | undefined,
): Defaults["byType"] {
  const isDefault = byType[one.type] === one.id;
  const stays = wanted ?? isDefault;
  if (stays === isDefault && nextType === one.type) return byType;
  const others = Object.fromEntries(Object.entries(byType).filter(([, id]) => id !== one.id));
  return stays ? { ...others, [nextType]: one.id } : others;
}

const writeDefaults = (companyId: string, before: Defaults, byType: Defaults["byType"]): Write =>
  before.rev === 0
    ? defaults.insert(companyId, { id: defaultsId, byType })
    : defaults.replace(companyId, before, { id: defaultsId, byType });
