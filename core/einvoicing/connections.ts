import { setTimeout as pause } from "node:timers/promises";
import { type AnafConnection, anafConnections, isUsable } from "#core/companies/anaf-connections.ts";
import type { Actor } from "#core/lib/actor.ts";
import { instant, instantIn, now } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import type { AnafAccess } from "#core/providers/anaf/client.ts";
import { refresh, type TokenPair } from "#core/providers/anaf/oauth.ts";
import type { AnafEnvironment } from "#core/providers/anaf/wire.ts";
import { commit, untilCommitted, untilCommittedFrom } from "#core/store/commit.ts";
import { linked } from "#core/store/linked.ts";
import type { Announced } from "#core/store/out.ts";
import { Stale } from "#core/store/write.ts";
import { nextLook } from "./connection-schedule.ts";
import { open, seal } from "./vault.ts";

/** A renewal takes one request of at most 30 seconds; after this the one who began it is taken for dead. */
const renewalSeconds = 45;

/** An access token is not used in its last hour: a call may wait in a queue. */
const spareSeconds = 3600;

export interface NewConnection {
  readonly label?: string | null;
  readonly environment?: AnafEnvironment;
  /** CIFs already proven to be covered. */
  readonly cifs?: readonly string[];
}

/** Keeps a fresh pair of tokens as a connection of the actor's organization. The tokens are sealed for it alone. */
export async function storeConnection(
  actor: Pick<Actor, "organizationId" | "userId">,
  pair: TokenPair,
  { label = null, environment = "prod", cifs = [] }: NewConnection = {},
): Promise<AnafConnection> {
  const { organizationId } = actor;
  return untilCommitted(async () => {
    const all = await anafConnections.all(organizationId);
    const id = newId();
    const fresh = {
      id,
      organizationId,
      numericId: Math.max(0, ...all.map(({ numericId }) => numericId)) + 1,
      label,
      serial: pair.serial,
      cifs: [...cifs],
      environment,
      createdBy: actor.userId,
      createdAt: instant(),
      lastUsedAt: null,
      state: "active" as const,
      renewingUntil: null,
      warnedAtDays: null,
      ...tokensOf(organizationId, id, pair),
    };
    const write = anafConnections.insert(organizationId, { ...fresh, nextLookAt: nextLook(fresh) });
    await commit([write]);
    return write.value;
  });
}

const contextOf = (organizationId: string, id: string): string => `${organizationId}\n${id}`;

/** What a pair of tokens is in a connection's row. A token without a renewal lives as long as itself. */
function tokensOf(organizationId: string, id: string, pair: TokenPair) {
  const { accessToken, refreshToken, accessExpiresAt, refreshExpiresAt } = pair;
  return {
    sealed: seal(JSON.stringify({ accessToken, refreshToken }), contextOf(organizationId, id)),
    accessExpiresAt,
    refreshExpiresAt: refreshExpiresAt ?? accessExpiresAt,
  };
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

const opened = (organizationId: string, { id, sealed }: AnafConnection): Tokens =>
  JSON.parse(open(sealed, contextOf(organizationId, id))) as Tokens;

/**
 * The connection through which a company is reached: one that proved to cover its CIF, else one that was never tried
 * for any. Undefined when none can be used, and then somebody has to connect again.
 */
export async function usableConnection(
  organizationId: string,
  cif: string,
): Promise<AnafConnection | undefined> {
  const usable = (await anafConnections.all(organizationId)).filter(isUsable);
  const proven = usable.filter(({ cifs }) => cifs.includes(cif));
  return (proven.length > 0 ? proven : usable.filter(({ cifs }) => cifs.length === 0)).toSorted((a, b) =>
    a.refreshExpiresAt < b.refreshExpiresAt ? 1 : -1,
  )[0];
}

/**
 * What a call through a connection needs, renewed first when the access token is about to end. Undefined when the
 * connection can no longer be used.
 */
export async function accessOf(
  organizationId: string,
  connection: AnafConnection,
): Promise<AnafAccess | undefined> {
  const fresh = isFresh(connection) ? connection : await renew(organizationId, connection, "due");
  if (!fresh || Date.parse(fresh.accessExpiresAt) <= now()) return undefined;
  return { accessToken: opened(organizationId, fresh).accessToken, environment: fresh.environment };
}

const isFresh = ({ accessExpiresAt }: AnafConnection): boolean =>
  Date.parse(accessExpiresAt) - now() > spareSeconds * 1000;

/**
 * Renews the tokens of a connection, once for everybody who asks at the same time: who takes the lease asks ANAF and
 * stores the new pair before anybody uses it, the others wait for that. Answers the connection as it then is, or
 * undefined when ANAF will renew no more. Throws `upstream` when ANAF did not answer in a way to rely on; the old pair
 * is then still tried the next time. Who waited shares a failure too: else all of them would ask again, in a row.
 */
export async function renew(
  organizationId: string,
  seen: AnafConnection,
  reason: "due" | "refused_by_anaf",
): Promise<AnafConnection | undefined> {
  for (let hasWaited = false; ;) {
    const current = await anafConnections.find(organizationId, seen.id);
    if (!current || current.state === "reconnect_required") return undefined;
    if (current.sealed !== seen.sealed) return current;
    if (current.renewingUntil !== null && current.renewingUntil > instant()) {
      hasWaited = true;
      await pause(100);
      continue;
    }
    // A lease that was given back without a new pair is a failure; one that ran out is a holder that died.
    if (hasWaited && current.renewingUntil === null)
      throw new DomainError("upstream", "ANAF did not renew the connection a moment ago.");
    const lease = anafConnections.replace(organizationId, current, {
      ...current,
      renewingUntil: instantIn(renewalSeconds),
    });
    try {
      await commit([lease]);
    } catch (error) {
      if (error instanceof Stale) continue;
      throw error;
    }
    return renewLeased(organizationId, lease.value, reason);
  }
}

async function renewLeased(
  organizationId: string,
  leased: AnafConnection,
  reason: "due" | "refused_by_anaf",
): Promise<AnafConnection | undefined> {
  const { refreshToken } = opened(organizationId, leased);
  const outcome = refreshToken
    ? await refresh(client(), refreshToken)
    : ({ result: "refused", message: "This token cannot be renewed." } as const);
  if (outcome.result === "unclear") {
    await store(organizationId, leased, { renewingUntil: null });
    throw new DomainError("upstream", `ANAF did not renew the connection: ${outcome.message}`);
  }
  if (outcome.result === "refused") {
    // An access token that ANAF still takes goes on to its own end; it is the end of the connection then.
    const isOver = reason === "refused_by_anaf" || Date.parse(leased.accessExpiresAt) <= now();
    const changes: Partial<AnafConnection> = isOver
      ? { state: "reconnect_required" }
      : { refreshExpiresAt: leased.accessExpiresAt };
    const kept = await store(organizationId, leased, { ...changes, renewingUntil: null }, [
      { name: "token.refresh_failed" },
    ]);
    return isOver ? undefined : kept;
  }
  return store(organizationId, leased, {
    ...tokensOf(organizationId, leased.id, outcome.pair),
    serial: outcome.pair.serial ?? leased.serial,
    renewingUntil: null,
    warnedAtDays: null,
  });
}

/**
 * Stores what a renewal came to, over whatever else was noted on the connection meanwhile: a pair that ANAF has given
 * out must not be lost. Only other tokens are not written over; then somebody renewed after our lease had run out.
 */
async function store(
  organizationId: string,
  leased: AnafConnection,
  changes: Partial<AnafConnection>,
  events: readonly Announced[] = [],
): Promise<AnafConnection> {
  return untilCommitted(async () => {
    const current = await anafConnections.get(organizationId, leased.id);
    if (current.sealed !== leased.sealed) return current;
    const next = { ...current, ...changes };
    const write = anafConnections.replace(
      organizationId,
      current,
      { ...next, nextLookAt: nextLook(next) },
      { events },
    );
    await commit([write]);
    return write.value;
  });
}

/** The application as registered with ANAF. */
export const client = () => ({ id: linked.AnafClientId.value, secret: linked.AnafClientSecret.value });

/** Notes what a connection turned out to cover or no longer to cover. */
export async function noteCoverage(
  organizationId: string,
  seen: AnafConnection,
  cif: string,
  isCovered: boolean,
): Promise<AnafConnection | undefined> {
  const read = () => anafConnections.find(organizationId, seen.id);
  return untilCommittedFrom(seen, read, async (connection) => {
    if (!connection || connection.cifs.includes(cif) === isCovered) return connection;
    const cifs = isCovered ? [...connection.cifs, cif] : connection.cifs.filter((other) => other !== cif);
    const write = anafConnections.replace(organizationId, connection, { ...connection, cifs });
    await commit([write]);
    return write.value;
  });
}

/** Notes that a connection is in use: once a day, because nobody needs it finer. */
export async function noteUse(organizationId: string, { id, lastUsedAt }: AnafConnection): Promise<void> {
  if (lastUsedAt?.slice(0, 10) === instant().slice(0, 10)) return;
  await untilCommitted(async () => {
    const connection = await anafConnections.find(organizationId, id);
    if (!connection || connection.lastUsedAt?.slice(0, 10) === instant().slice(0, 10)) return;
    await commit([
      anafConnections.replace(organizationId, connection, { ...connection, lastUsedAt: instant() }),
    ]);
  });
}

/** Takes a connection away. ANAF has no way to revoke it from here; the owner may do so in the SPV portal. */
export async function removeConnection(organizationId: string, connection: AnafConnection): Promise<void> {
  await commit([anafConnections.remove(organizationId, connection)]);
}

/** Whether an access token is among those the organization has already. */
export async function isStoredAlready(organizationId: string, accessToken: string): Promise<boolean> {
  const all = await anafConnections.all(organizationId);
  return all.some((connection) => opened(organizationId, connection).accessToken === accessToken);
}
