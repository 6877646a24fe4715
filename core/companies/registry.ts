import { instant, now } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { DomainError } from "#core/lib/error.ts";
import { findRegistration, type Registration } from "#core/outside/cif-registry.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit } from "#core/store/commit.ts";
import { Stale } from "#core/store/write.ts";

interface Kept extends Stored {
  readonly registration: Registration;
  readonly readAt: Instant;
}

/** The register wants to be asked seldom: an answer serves for a day, and for a month while the register is down. */
const freshMs = 24 * 3_600_000;
const betterThanNothingMs = 30 * 24 * 3_600_000;

/** Answers of the register, each under its CIF; nobody's, so shared by all. */
const kept = collection<Kept>({ kind: "registration", what: "Registration" });
const id = "anaf";

export interface LookUpOptions {
  /** Ask the register even when a fresh answer is known. */
  readonly refresh?: boolean;
}

/**
 * What ANAF's register says of a company by its bare digits; undefined when it knows none. Answers of the last day are
 * not asked again. Throws `unavailable` naming the register when it is down and the company was not seen lately.
 */
export async function lookUpRegistration(
  cif: string,
  options: LookUpOptions = {},
): Promise<Registration | undefined> {
  const known = await kept.find(cif, id);
  const ageMs = known ? now() - Date.parse(known.readAt) : Number.POSITIVE_INFINITY;
  if (known && !options.refresh && ageMs < freshMs) return known.registration;
  try {
    const registration = await findRegistration(cif);
    if (registration) await keep(cif, known, registration);
    return registration;
  } catch (error) {
    if (known && ageMs < betterThanNothingMs && isOutage(error)) return known.registration;
    throw error;
  }
}

/** As `lookUpRegistration`, but a register that is down counts as one that knows nothing. */
export async function tryRegistration(cif: string): Promise<Registration | undefined> {
  try {
    return await lookUpRegistration(cif);
  } catch (error) {
    if (isOutage(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that an outside service could not help. */
export const isOutage = (error: unknown): boolean =>
  error instanceof DomainError && error.kind === "unavailable";

async function keep(cif: string, before: Kept | undefined, registration: Registration): Promise<void> {
  const value = { id, registration, readAt: instant() };
  try {
    await commit([before ? kept.replace(cif, before, value) : kept.insert(cif, value)]);
  } catch (error) {
    // Somebody else kept the same answer a moment ago.
    if (!(error instanceof Stale)) throw error;
  }
}
