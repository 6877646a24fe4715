import { type AnafConnection, anafConnections, isUsable } from "#core/companies/anaf-connections.ts";
import { companyOf, visibleCompanies } from "#core/companies/access.ts";
import { assertRoom } from "#core/companies/create.ts";
import { lookUpRegistration } from "#core/companies/registry.ts";
import type { Actor } from "#core/lib/actor.ts";
import { now } from "#core/lib/clock.ts";
import { DomainError, malformed, notFound } from "#core/lib/error.ts";
import { isId } from "#core/lib/ids.ts";
import { claims, pairOf } from "#core/providers/anaf/oauth.ts";
import { isStoredAlready, removeConnection, storeConnection } from "./connections.ts";
import { type AskedFor, checkEach, checkRight, coverageOf, type RightCheck } from "./rights.ts";

/** The caller's own connections, oldest first. */
export const listTokens = async ({ organizationId, userId }: Actor): Promise<AnafConnection[]> =>
  (await anafConnections.all(organizationId)).filter(({ createdBy }) => createdBy === userId);

/** Every connection that may serve the organization's companies, whoever made it. */
export const listConnections = ({ organizationId }: Actor): Promise<AnafConnection[]> =>
  anafConnections.all(organizationId);

/** A connection by its id or its small number. Throws `forbidden` for one that somebody else made. */
export async function getToken(actor: Actor, id: string): Promise<AnafConnection> {
  const all = await anafConnections.all(actor.organizationId);
  const found = isId(id)
    ? all.find((connection) => connection.id === id)
    : all.find(({ numericId }) => String(numericId) === id);
  if (!found) throw notFound("ANAF token");
  if (found.createdBy !== actor.userId)
    throw new DomainError("forbidden", "This ANAF token belongs to somebody else.");
  return found;
}

/** Forgets a connection. ANAF takes no revocation from here: its owner removes the application in the SPV portal. */
export async function removeToken(actor: Actor, id: string): Promise<void> {
  await removeConnection(actor.organizationId, await getToken(actor, id));
}

export interface GivenToken {
  readonly token: string;
  readonly label: string | null;
  readonly expiresInDays: number;
  /** The company it is to be tried with; absent: the organization's only one. */
  readonly companyId: string | undefined;
}

/**
 * Keeps an access token that was fetched elsewhere, after trying it on a company. Throws `malformed` when it is no JWT
 * or has expired, `invalid` when it is stored already or ANAF gives it no access to the company.
 */
export async function saveToken(actor: Actor, given: GivenToken): Promise<AnafConnection> {
  const pair = readToken(given);
  const company = await companyOf(actor, given.companyId);
  if (await isStoredAlready(actor.organizationId, pair.accessToken))
    throw new DomainError("invalid", "This token is stored already.");
  const { isCovered, reason } = await coverageOf(
    { accessToken: pair.accessToken, environment: "prod" },
    company.cif,
  );
  if (!isCovered)
    throw new DomainError("invalid", `ANAF gives this token no access to CIF ${company.cif}: ${reason}`);
  const connection = await storeConnection(actor, pair, { label: given.label });
  await checkRight(actor.organizationId, connection, company);
  return (await anafConnections.find(actor.organizationId, connection.id)) ?? connection;
}

function readToken({ token, expiresInDays }: GivenToken) {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw malformed({ token: "is not a JWT" });
  const pair = pairOf(token, null);
  const accessExpiresAt = claims(token).exp
    ? pair.accessExpiresAt
    : new Date(now() + expiresInDays * 86_400_000).toISOString();
  if (Date.parse(accessExpiresAt) <= now()) throw malformed({ token: "has expired" });
  return { ...pair, accessExpiresAt };
}

/**
 * Asks ANAF which companies a connection covers: the one of a CIF, which may be one that could be added, the named one,
 * or every one the caller sees. Throws `payment_required` PLAN_LIMIT for a CIF that is not added when no more can be,
 * and `invalid` COMPANY_NOT_FOUND for one that the register does not know.
 */
export async function validateToken(
  actor: Actor,
  id: string,
  wanted: { cif?: string | undefined; companyId?: string | undefined },
): Promise<readonly RightCheck[]> {
  const connection = await getToken(actor, id);
  const companies = await wantedCompanies(actor, wanted);
  return checkEach(companies, (company) => checkRight(actor.organizationId, connection, company));
}

async function wantedCompanies(
  actor: Actor,
  { cif, companyId }: { cif?: string | undefined; companyId?: string | undefined },
): Promise<readonly AskedFor[]> {
  if (cif === undefined) return companyId ? [await companyOf(actor, companyId)] : visibleCompanies(actor);
  const company = (await visibleCompanies(actor)).find((visible) => visible.cif === cif);
  return [company ?? (await notYetAdded(actor, cif))];
}

/** A company that the organization could add, as the register knows it. */
async function notYetAdded(actor: Actor, cif: string): Promise<AskedFor> {
  await assertRoom(actor);
  const registration = await lookUpRegistration(cif);
  if (registration) return { cif, name: registration.name };
  throw new DomainError("invalid", `The register knows no company with the CIF ${cif}.`, {
    code: "COMPANY_NOT_FOUND",
    extra: { valid: false, cif: Number(cif) },
  });
}

/** Whether any of the connections can be used, for summaries. */
export const hasUsable = (connections: readonly AnafConnection[]): boolean => connections.some(isUsable);
