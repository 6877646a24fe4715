import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { DomainError } from "#core/lib/error.ts";
import type { Permission } from "#core/lib/permissions.ts";
import { assertUnused, replayBehind } from "#core/store/idempotency.ts";

/** What became of many: how many it was done to, and why not to the others. */
export interface Outcome {
  readonly done: number;
  readonly errors: readonly { readonly id: string; readonly error: string }[];
}

/**
 * Does the same to many documents, each by itself and in the order given: one that refuses is reported and does not
 * stand in the way of the rest. With an idempotency key each has a key of its own, so what was done is not done again
 * and counts as done.
 */
export async function toEach(
  actor: CompanyActor,
  permission: Permission,
  ids: readonly string[],
  act: (actor: CompanyActor, id: string) => Promise<unknown>,
): Promise<Outcome> {
  assertCan(actor, permission);
  const errors: { id: string; error: string }[] = [];
  for (const id of ids) {
    try {
      await oncePerItem(actor, id, act);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      errors.push({ id, error: error.message });
    }
  }
  return { done: ids.length - errors.length, errors };
}

async function oncePerItem(
  actor: CompanyActor,
  id: string,
  act: (actor: CompanyActor, id: string) => Promise<unknown>,
): Promise<void> {
  const { idempotency } = actor;
  const keyed = idempotency
    ? { ...actor, idempotency: { ...idempotency, route: `${idempotency.route} ${id}` } }
    : actor;
  try {
    await assertUnused(keyed);
    await act(keyed, id);
  } catch (error) {
    await replayBehind(error, keyed);
  }
}
