import type { Actor } from "#core/lib/actor.ts";
import { DomainError } from "#core/lib/error.ts";
import { permissions } from "#core/lib/permissions.ts";
import { authorizeUrl, exchangeCode, type TokenPair } from "#core/providers/anaf/oauth.ts";
import type { AnafConnection } from "#core/companies/anaf-connections.ts";
import { client, storeConnection } from "./connections.ts";
import { getLink, isLive, useLink } from "./links.ts";
import { checkRights } from "./rights.ts";

/** Where a browser is sent to pick a certificate; the link's secret travels in OAuth's state. */
export const consentUrl = (link: string | undefined): string =>
  authorizeUrl(client(), JSON.stringify(link === undefined ? {} : { link }));

/** The link's secret in a state that came back, if there is one. */
export function linkIn(state: string | undefined): string | undefined {
  try {
    const { link } = JSON.parse(state ?? "{}") as { link?: unknown };
    return typeof link === "string" ? link : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finishes the direct flow: the code of a callback becomes a connection of the caller, tried against the companies the
 * caller sees. Throws `upstream` when ANAF refuses the code or does not answer.
 */
export async function connect(actor: Actor, code: string): Promise<AnafConnection> {
  const connection = await storeConnection(actor, await pairOf(code));
  await checkRights(actor, connection);
  return connection;
}

/** Finishes the flow that somebody else began by a link: the connection is its creator's. */
export async function connectByLink(linkToken: string, code: string): Promise<AnafConnection> {
  const link = await getLink(linkToken);
  if (!isLive(link)) throw new DomainError("gone", "This link has expired or was used already.");
  const { userId, organizationId } = link;
  const connection = await storeConnection({ userId, organizationId }, await pairOf(code));
  await useLink(link, connection.id);
  await checkRights(creatorOf(userId, organizationId), connection);
  return connection;
}

async function pairOf(code: string): Promise<TokenPair> {
  const outcome = await exchangeCode(client(), code);
  if (outcome.result === "pair") return outcome.pair;
  throw new DomainError("upstream", `ANAF did not give a token: ${outcome.message}`);
}

/** Who made the link, as far as finding the organization's companies goes. */
const creatorOf = (userId: string, organizationId: string): Actor => ({
  userId,
  organizationId,
  role: "system",
  permissions: new Set(permissions),
  origin: "system",
  plan: "business",
  superAdmin: false,
});
