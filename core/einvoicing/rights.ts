import { companies, type Company } from "#core/companies/company.ts";
import type { AnafConnection } from "#core/companies/anaf-connections.ts";
import { visibleCompanies } from "#core/companies/access.ts";
import type { Actor } from "#core/lib/actor.ts";
import { now } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import type { Answer } from "#core/providers/anaf/classify.ts";
import { type AnafAccess, list } from "#core/providers/anaf/client.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { takePermit } from "./budget.ts";
import { accessOf, noteCoverage } from "./connections.ts";
import { reasonOf } from "./sync.ts";
import { wakeWaiting } from "./wake.ts";

/** Whether a connection covers a CIF, and if not, why, in ANAF's words. */
export interface RightCheck {
  readonly cif: string;
  readonly isCovered: boolean;
  readonly companyName: string;
  readonly reason: string | null;
}

/**
 * Asks ANAF whether an access token covers a CIF, by listing its last hour: a refusal of rights is a no, "no messages"
 * is a yes (ANAF.md §2.4). Throws `rate_limited` at ANAF's limits and `upstream` when it gave no usable answer.
 */
export async function coverageOf(
  access: AnafAccess,
  cif: string,
): Promise<{ isCovered: boolean; reason: string | null }> {
  if (!(await takePermit())) throw limited("The limit of calls to ANAF per minute is reached.", 60);
  const endMs = now() - 60_000;
  const answer = await list(access, { cif, startMs: endMs - 3_600_000, endMs, page: 1 });
  return judged(answer);
}

function judged(answer: Answer): { isCovered: boolean; reason: string | null } {
  const kind = answer.class;
  if (kind === "ok" || kind === "empty") return { isCovered: true, reason: null };
  if (kind === "no_right" || kind === "auth")
    return { isCovered: false, reason: answer.texts[0] ?? "ANAF does not accept this token." };
  if (kind === "rate_minute") throw limited(reasonOf(answer), 60);
  if (kind === "rate_day") throw limited(reasonOf(answer), 3600);
  throw new DomainError("upstream", reasonOf(answer));
}

const limited = (message: string, retryAfterSeconds: number): DomainError =>
  new DomainError("rate_limited", message, { retryAfterSeconds, extra: { retryAfter: retryAfterSeconds } });

/** A company to ask for; without an id one that the organization has not added. */
export interface AskedFor {
  readonly id?: string;
  readonly cif: string;
  readonly name: string;
}

/** Asks for one company and notes the outcome on the connection and, when it is good, on the company. */
export async function checkRight(
  organizationId: string,
  connection: AnafConnection,
  { id, cif, name: companyName }: AskedFor,
): Promise<RightCheck> {
  const access = await accessOf(organizationId, connection);
  if (!access)
    return { cif, companyName, isCovered: false, reason: "This connection has ended; connect again." };
  const { isCovered, reason } = await coverageOf(access, cif);
  await noteCoverage(organizationId, connection, cif, isCovered);
  if (isCovered && id) await welcome(organizationId, id, connection);
  return { cif, companyName, isCovered, reason };
}

/** Companies asked for at a time, so that an accountant with hundreds does not use up the minute. */
const atOnce = 5;

/**
 * Finds out which companies of the actor's organization a new connection covers. A company ANAF does not answer for is
 * left for later: its next synchronization tries the connection.
 */
export async function checkRights(actor: Actor, connection: AnafConnection): Promise<readonly RightCheck[]> {
  return checkEach(await visibleCompanies(actor), (company) =>
    orUnknown(actor.organizationId, connection, company),
  );
}

/** Asks for several companies, a few at a time. */
export async function checkEach<T>(
  all: readonly T[],
  check: (company: T) => Promise<RightCheck>,
): Promise<RightCheck[]> {
  const checks: RightCheck[] = [];
  for (let from = 0; from < all.length; from += atOnce)
    checks.push(...(await Promise.all(all.slice(from, from + atOnce).map(check))));
  return checks;
}

async function orUnknown(
  organizationId: string,
  connection: AnafConnection,
  company: Company,
): Promise<RightCheck> {
  try {
    return await checkRight(organizationId, connection, company);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { cif: company.cif, companyName: company.name, isCovered: false, reason: error.message };
  }
}

/**
 * A company whose mailbox opened: its refusal is forgotten, subscribers hear of it unless they did before, and what
 * waited goes on.
 */
async function welcome(organizationId: string, companyId: string, connection: AnafConnection): Promise<void> {
  await untilCommitted(async () => {
    const company = await companies.find(organizationId, companyId);
    if (!company || (connection.cifs.includes(company.cif) && company.spvAccessError === null)) return;
    const data = { company_id: companyId, cif: company.cif, expires_at: connection.refreshExpiresAt };
    await commit([
      companies.replace(
        organizationId,
        company,
        { ...company, spvAccessError: null, spvAccessErrorAt: null },
        { events: [{ name: "anaf.token_created", data }] },
      ),
    ]);
  });
  await wakeWaiting({ organizationId, companyId });
}
