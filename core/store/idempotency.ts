import type { Actor } from "#core/lib/actor.ts";
import { DomainError } from "#core/lib/error.ts";
import { sha256 } from "#core/lib/ids.ts";
import { lookUp, take } from "./names.ts";
import type { Write } from "./write.ts";

/** What a used key stands for: the body it was used with, and the object its effect made or changed. */
export interface Claim {
  readonly [key: string]: unknown;
  readonly bodyHash: string;
  readonly objectId: string;
}

/** The key was used before, with the same body: answer with the object as it now is. */
export class Replay extends Error {
  readonly objectId: string;
  constructor(used: Claim) {
    super("This idempotency key was used before.");
    this.name = "Replay";
    this.objectId = used.objectId;
  }
}

const daySeconds = 86_400;

const nameOf = (actor: Actor & { companyId?: string }): string | undefined =>
  actor.idempotency &&
  `idem#${sha256([actor.companyId ?? actor.organizationId, actor.idempotency.route, actor.idempotency.key].join("\n"))}`;

/**
 * The write that spends the actor's idempotency key, to be committed together with the effect: a twin then fails on
 * it, and no state "in progress" exists. Nothing when the request has no key. Keys of fiscal writes never expire,
 * others after 30 days (DECISIONS 7).
 */
export function claim(actor: Actor, objectId: string, options: { fiscal: boolean }): Write[] {
  const name = nameOf(actor);
  if (!name || !actor.idempotency) return [];
  const { bodyHash } = actor.idempotency;
  const expiry = options.fiscal ? {} : { expiresInSeconds: 30 * daySeconds };
  return [take(name, { bodyHash, objectId }, { ...expiry, refusal: () => new ClaimTaken() })];
}

/** A twin committed first, between our look and our commit. */
export class ClaimTaken extends Error {
  constructor() {
    super("A twin of this request was faster.");
    this.name = "ClaimTaken";
  }
}

/** Throws `Replay` when the actor's key was used with this body, `invalid` when it was used with another one. */
export async function assertUnused(actor: Actor): Promise<void> {
  const name = nameOf(actor);
  if (!name) return;
  const used = await lookUp<Claim & Record<string, unknown>>(name);
  if (!used) return;
  if (used.bodyHash !== actor.idempotency?.bodyHash)
    throw new DomainError("invalid", "This idempotency key was already used with a different request.");
  throw new Replay(used);
}

/**
 * The replay that an error stands for. Whatever a request with a key is refused for may be the work of its own twin,
 * which was faster; anything else is thrown as it is.
 */
export async function replayBehind(error: unknown, actor: Actor): Promise<Replay> {
  const found =
    error instanceof Replay ? error : await assertUnused(actor).catch((thrown: unknown) => thrown);
  if (found instanceof Replay) return found;
  throw error instanceof ClaimTaken ? found : error;
}
