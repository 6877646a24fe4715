import * as z from "zod";
import { isDay, today } from "#core/lib/dates.ts";

/** Optional printed text: trimmed, blank counts as none. */
export const text = (maxLength: number) =>
  z
    .string({ error: "must be text" })
    .trim()
    .max(maxLength, `must have at most ${maxLength} characters`)
    .transform((value) => (value === "" ? null : value))
    .nullish();

/** Text that must be there. */
export const requiredText = (maxLength: number) =>
  z
    .string({ error: "is required and must be text" })
    .trim()
    .min(1, "must not be empty")
    .max(maxLength, `must have at most ${maxLength} characters`);

/** A calendar day; a time after it (`2026-01-15T00:00:00Z`) is not accepted, because it would leave the day in doubt. */
export const day = () =>
  z.string({ error: "must be a date" }).refine(isDay, "must be a date written YYYY-MM-DD");

/** A day that is not after today in Romania. */
export const pastDay = () => day().refine((value) => value <= today(), "must not be in the future");

export const uuid = () => z.guid("must be a UUID");

/** An instant with a zone, kept in UTC. */
export const instant = () =>
  z.iso
    .datetime({ offset: true, error: "must be a date and time with a zone, like 2026-01-15T10:00:00Z" })
    .transform((value) => new Date(value).toISOString());

/** A flag; null means the default, false. */
export const flag = () => z.boolean({ error: "must be true or false" }).nullish();

/** One of a few words; the refusal lists them. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(", ")}` });

/** A currency by its three letters, ISO 4217. */
export const currency = () =>
  z
    .string({ error: "must be a currency code" })
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{3}$/, "must be a three-letter currency code (ISO 4217)");

/** A country by its two letters, ISO 3166-1. */
export const country = () =>
  z
    .string({ error: "must be a country code" })
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, "must be a two-letter country code (ISO 3166-1)");
