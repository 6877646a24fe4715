import { isUsable } from "#core/companies/anaf-connections.ts";
import { companies, type Company } from "#core/companies/company.ts";
import type { Actor } from "#core/lib/actor.ts";
import { instant, now } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { planFeatures } from "#core/lib/plans.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { usableConnection } from "./connections.ts";
import type { SyncMessage } from "./sync.ts";
import { STATE, type SyncState, syncStates } from "./sync-state.ts";
import { listConnections } from "./tokens.ts";

/** Seconds between two looks of the actor's plan. */
export const intervalOf = ({ plan }: Pick<Actor, "plan">): number => planFeatures[plan].syncIntervalSeconds;

/**
 * Queues a look into a company's mailbox on a person's demand. Throws `forbidden` without a usable connection, and
 * `rate_limited` inside the plan's interval, unless the company was never looked at, the last look failed, or a
 * connection was made since (DECISIONS 14).
 */
export async function requestSync(actor: Actor, company: Company, days: number | undefined): Promise<void> {
  const { organizationId } = actor;
  const connection = await usableConnection(organizationId, company.cif);
  if (!connection) throw await noToken(actor, company);
  const state = await syncStates.find(company.id, STATE);
  assertIntervalPassed(actor, company, state, connection.createdAt);
  const message: SyncMessage = {
    organizationId,
    companyId: company.id,
    cause: "manual",
    ...(days === undefined ? {} : { days }),
  };
  await untilCommitted(async () => {
    const current = await companies.get(organizationId, company.id);
    const next = { ...current, spvAccessError: null, spvAccessErrorAt: null, updatedAt: instant() };
    const follow = [{ queue: "Sync" as const, body: { ...message } }];
    await commit([companies.replace(organizationId, current, next, { follow })]);
  });
}

async function noToken(actor: Actor, { cif }: Company): Promise<DomainError> {
  const hasSome = (await listConnections(actor)).some(isUsable);
  return hasSome
    ? refusal("TOKEN_INVALID_FOR_CIF", `No ANAF connection covers CIF ${cif}.`, "sync.tokenInvalidForCif")
    : refusal("NO_TOKEN", "There is no usable ANAF connection; connect one first.", "sync.noToken");
}

const refusal = (code: string, message: string, messageKey: string) =>
  new DomainError("forbidden", message, { code, extra: { messageKey } });

function assertIntervalPassed(
  actor: Actor,
  company: Company,
  state: SyncState | undefined,
  connectedAt: string,
): void {
  const last = company.lastSyncedAt;
  if (last === null || state?.run?.result === "failed" || connectedAt > last) return;
  const left = Math.ceil(intervalOf(actor) - (now() - Date.parse(last)) / 1000);
  if (left <= 0) return;
  throw new DomainError("rate_limited", `The mailbox was looked into already; again in ${left} seconds.`, {
    code: "SYNC_RATE_LIMITED",
    retryAfterSeconds: left,
    extra: { messageKey: "sync.rateLimited", messageParams: { seconds: left }, retryAfter: left },
  });
}

/** How a company's mailbox stands, in the words of the API. */
export interface MailboxStatus {
  readonly company: Company;
  readonly hasToken: boolean;
  readonly error: string | null;
  readonly state: SyncState | undefined;
}

/** Read from what is stored: trouble on ANAF's side does not make a token invalid. */
export async function mailboxStatus(actor: Actor, company: Company): Promise<MailboxStatus> {
  const [connection, state] = await Promise.all([
    usableConnection(actor.organizationId, company.cif),
    syncStates.find(company.id, STATE),
  ]);
  const error = company.spvAccessError ?? (connection ? null : "There is no usable ANAF connection.");
  return { company, hasToken: connection !== undefined && company.spvAccessError === null, error, state };
}
