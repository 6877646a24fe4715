import { now } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { collection, type Stored } from "#core/store/collection.ts";

/**
 * An ANAF account (a qualified certificate and its OAuth tokens) through which companies of an organization reach
 * their mailboxes. Owned by the organization: any member's connection that covers a CIF may serve it.
 * The tokens themselves are sealed; core/einvoicing writes and opens them.
 */
export interface AnafConnection extends Stored {
  organizationId: string;
  /** A small number beside the id: published clients know connections by it (DECISIONS 4). */
  numericId: number;
  label: string | null;
  /** Serial of the certificate that signed in, when ANAF told it. */
  serial: string | null;
  /** CIFs seen to be covered. */
  cifs: string[];
  accessExpiresAt: Instant;
  refreshExpiresAt: Instant;
  createdBy: string;
  createdAt: Instant;
  lastUsedAt: Instant | null;
  /** Which of ANAF's two worlds documents go to: one token serves both. */
  environment: "prod" | "test";
  /** Access and refresh token, encrypted. */
  sealed: string;
  state: "active" | "reconnect_required";
  /** Until when somebody is renewing the tokens: a second renewal at once would leave one of the two dead. */
  renewingUntil: Instant | null;
  /** Days left at the last warning its owner got; null before the first. */
  warnedAtDays: number | null;
  /** When to look at it again, to renew or to warn; null when there is nothing left to be done. */
  nextLookAt: Instant | null;
}

/** Name under which all connections wait for their next look, soonest first. */
export const CONNECTIONS_TO_LOOK_AT = "anaf-connections";

export const anafConnections = collection<AnafConnection>({
  kind: "anaf",
  what: "ANAF token",
  lookup: ({ id, nextLookAt }) =>
    nextLookAt === null ? undefined : { name: CONNECTIONS_TO_LOOK_AT, sort: `${nextLookAt}#${id}` },
});

/** Whether a connection can still be used: in order, and either token alive for another minute. */
export const isUsable = (connection: AnafConnection): boolean =>
  connection.state === "active" &&
  Math.max(Date.parse(connection.accessExpiresAt), Date.parse(connection.refreshExpiresAt)) > now() + 60_000;

/** The connection that serves a CIF best: one that proved to cover it, the longest-lived first. */
export const findConnection = async (organizationId: string, cif: string) =>
  bestOf(await anafConnections.all(organizationId), cif);

const bestOf = (connections: readonly AnafConnection[], cif: string): AnafConnection | undefined =>
  connections
    .filter((connection) => isUsable(connection) && connection.cifs.includes(cif))
    .toSorted((a, b) => (a.refreshExpiresAt < b.refreshExpiresAt ? 1 : -1))[0];

/** Whether a company is connected, as the API says it. */
export function tokenStatus(connections: readonly AnafConnection[], cif: string) {
  const usable = bestOf(connections, cif);
  const known = usable ?? connections.find(({ cifs }) => cifs.includes(cif));
  return {
    hasToken: known !== undefined,
    isValid: usable !== undefined,
    expiresAt: known?.accessExpiresAt ?? null,
  };
}
