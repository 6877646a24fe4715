import { randomBytes } from "node:crypto";
import { companyOf } from "#core/companies/access.ts";
import type { Actor } from "#core/lib/actor.ts";
import { instant, instantIn } from "#core/lib/clock.ts";
import { DomainError, notFound } from "#core/lib/error.ts";
import { newId, sha256 } from "#core/lib/ids.ts";
import { settings } from "#core/lib/settings.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit } from "#core/store/commit.ts";
import { lookUp, take } from "#core/store/names.ts";
import { open, seal } from "./vault.ts";

const hours = 24;
const mostLive = 5;

/** An invitation for whoever holds the certificate to connect it, on another device, for its creator. */
export interface TokenLink extends Stored {
  readonly userId: string;
  readonly organizationId: string;
  readonly companyId: string | null;
  /** The secret of the URL, sealed: its creator may see it again. */
  readonly sealed: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly usedAt: string | null;
  readonly connectionId: string | null;
}

const tokenLinks = collection<TokenLink>({
  kind: "anaf-link",
  what: "Link",
  expires: ({ expiresAt }) => Math.floor(Date.parse(expiresAt) / 1000) + 7 * 86_400,
});

const nameOf = (linkToken: string): string => `once#anaf-link#${sha256(linkToken)}`;

export const isLive = (link: TokenLink): boolean => link.usedAt === null && link.expiresAt > instant();

/** The secret that a link's URL carries. */
export const secretOf = ({ sealed, userId }: TokenLink): string => open(sealed, userId);

/** Where the link leads. */
export const urlOf = (linkToken: string): string => `${settings.baseUrl}/anaf/link/${linkToken}`;

/** The caller's links that can still be used. */
export const liveLinks = async ({ userId }: Actor): Promise<TokenLink[]> =>
  (await tokenLinks.all(userId)).filter(isLive);

/**
 * Makes a link, good for a day and once, for a company if one is named. Throws `forbidden` for a company that is not
 * the caller's, `rate_limited` when five links are out already.
 */
export async function createLink(actor: Actor, named: string | null): Promise<TokenLink> {
  const { userId, organizationId } = actor;
  const company = named === null ? null : await companyOf(actor, named);
  if ((await liveLinks(actor)).length >= mostLive)
    throw new DomainError("rate_limited", `At most ${mostLive} links can be out at a time.`, {
      retryAfterSeconds: 3600,
    });
  const id = newId();
  const linkToken = randomBytes(32).toString("hex");
  const write = tokenLinks.insert(userId, {
    id,
    userId,
    organizationId,
    companyId: company?.id ?? null,
    sealed: seal(linkToken, userId),
    createdAt: instant(),
    expiresAt: instantIn(hours * 3600),
    usedAt: null,
    connectionId: null,
  });
  await commit([write, take(nameOf(linkToken), { userId, id }, { expiresInSeconds: 8 * 86_400 })]);
  return write.value;
}

/** The link of a secret, used or expired ones included; throws `not_found` for a secret nobody gave out. */
export async function getLink(linkToken: string): Promise<TokenLink> {
  const place = await lookUp<{ userId: string; id: string }>(nameOf(linkToken));
  const link = place && (await tokenLinks.find(place.userId, place.id));
  if (!link) throw notFound("Link");
  return link;
}

/** Uses a link up for the connection that came through it. Throws `Stale` when it was used in this moment. */
export async function useLink(link: TokenLink, connectionId: string): Promise<void> {
  await commit([tokenLinks.replace(link.userId, link, { ...link, usedAt: instant(), connectionId })]);
}
