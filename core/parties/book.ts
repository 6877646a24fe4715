import type { CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { DomainError, notFound } from "#core/lib/error.ts";
import { isId } from "#core/lib/ids.ts";
import type { collection, Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import { lookUp, release, take } from "#core/store/names.ts";
import type { Announcement } from "#core/store/out.ts";
import type { Write } from "#core/store/write.ts";

interface Entry extends Stored {
  readonly deletedAt: Instant | null;
  readonly updatedAt: Instant;
}

/** What a company keeps many of and deletes softly: clients, suppliers, products. */
export interface BookOf<T extends Entry> {
  readonly entries: ReturnType<typeof collection<T>>;
  /** The code nobody else in the same book may have; null: it has none. */
  readonly codeOf: (entry: Omit<T, "rev">) => string | null;
  readonly created?: Announcement;
  readonly updated?: Announcement;
}

/** An entry that was added, or the one that already had its code. */
export interface Added<T> {
  readonly entry: T;
  readonly existing: boolean;
}

/** The entry for a code with the writes that make or revive it; none when it is there. */
export interface Prepared<T> extends Added<T> {
  readonly writes: readonly Write[];
}

/**
 * The verbs such things share. A code is held by one entry, also while that is deleted: adding it again brings the
 * entry back with the new data, so that its documents and its history stay one.
 */
export function book<T extends Entry>({ entries, codeOf, created, updated }: BookOf<T>) {
  const guardOf = (companyId: string, code: string) => `${entries.kind}#${companyId}#${code.toUpperCase()}`;
  const taken = () => new DomainError("conflict", `${entries.what} with this fiscal code already exists.`);

  const get = async (companyId: string, id: string): Promise<T> => {
    const found = isId(id) ? await entries.find(companyId, id) : undefined;
    if (!found || found.deletedAt) throw notFound(entries.what);
    return found;
  };

  const prepare = async (companyId: string, fresh: Omit<T, "rev">): Promise<Prepared<T>> => {
    const code = codeOf(fresh);
    const held = code ? await lookUp<{ id: string }>(guardOf(companyId, code)) : undefined;
    // Who has no code may have an id made from what is known of him, and then be there already.
    const past = code && !held ? undefined : await entries.find(companyId, held?.id ?? fresh.id);
    if (past && !past.deletedAt) return { entry: past, existing: true, writes: [] };
    if (past) {
      const revived = entries.replace(companyId, past, { ...fresh, id: past.id }, created);
      return { entry: revived.value, existing: false, writes: [revived] };
    }
    const inserted = entries.insert(companyId, fresh, created);
    const guard = code ? [take(guardOf(companyId, code), { id: fresh.id })] : [];
    return { entry: inserted.value, existing: false, writes: [inserted, ...guard] };
  };

  return {
    get,
    prepare,

    /** Adds an entry; who has its code already is answered instead. */
    add: (actor: CompanyActor, fresh: Omit<T, "rev">): Promise<Added<T>> =>
      untilCommitted(async () => {
        const { entry, existing, writes } = await prepare(actor.companyId, fresh);
        await commit([...writes, ...claim(actor, entry.id, { fiscal: false })]);
        return { entry, existing };
      }),

    /** Decides on an entry as it is and writes its next state. Throws `conflict` when its new code is another's. */
    change: (
      actor: CompanyActor,
      id: string,
      decide: (before: T) => Omit<T, "rev"> | Promise<Omit<T, "rev">>,
    ): Promise<T> =>
      untilCommitted(async () => {
        const before = await get(actor.companyId, id);
        const next = { ...(await decide(before)), updatedAt: instant() };
        const [oldCode, newCode] = [codeOf(before), codeOf(next)];
        const write = entries.replace(actor.companyId, before, next, updated);
        const moves = oldCode?.toUpperCase() !== newCode?.toUpperCase();
        await commit([
          write,
          ...(moves && oldCode ? [release(guardOf(actor.companyId, oldCode))] : []),
          ...(moves && newCode ? [take(guardOf(actor.companyId, newCode), { id }, { refusal: taken })] : []),
        ]);
        return write.value;
      }),

    /** Takes an entry out of lists; documents keep what they say of it. */
    remove: (actor: CompanyActor, id: string): Promise<void> =>
      untilCommitted(async () => {
        const before = await get(actor.companyId, id);
        const deletedAt = instant();
        await commit([
          entries.replace(actor.companyId, before, { ...before, deletedAt, updatedAt: deletedAt }),
        ]);
      }),
  };
}

/** What became of each of many removals. */
export interface Removals {
  readonly deleted: number;
  readonly errors: readonly { readonly id: string; readonly error: string }[];
}

/** Removes each of up to a hundred entries by itself: one that cannot be removed does not keep the others. */
export async function removeEach(
  ids: readonly string[],
  remove: (id: string) => Promise<void>,
): Promise<Removals> {
  const errors: { id: string; error: string }[] = [];
  for (const id of new Set(ids)) {
    try {
      await remove(id);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      errors.push({ id, error: error.message });
    }
  }
  return { deleted: new Set(ids).size - errors.length, errors };
}
