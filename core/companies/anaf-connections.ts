import { now } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { collection, type Stored } from "#core/store/collection.ts";

/**
 * An ANAF account (a qualified certificate and its OAuth tokens) through which companies of an organization reach
 * their mailboxes. Owned by the organization: any member's connection that covers a CIF may serve it.
 * The tokens themselves are sealed; core/einvoicing writes and opens them.
 */
export interface AnafConnection extends Stored {
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
  /** Access and refresh token, encrypted. */
  sealed: string;
  state: "active" | "reconnect_required";
}

export const anafConnections = collection<AnafConnection>({ kind: "anaf", what: "ANAF token" });

/** Whether a connection can still be used: in order, and either token alive for another minute. */
export const isUsable = (connection: AnafConnection): boolean =>
  connection.state === "active" &&
  Math.max(Date.parse(connection.accessExpiresAt), Date.parse(connection.refreshExpiresAt)) > now() + 60_000;

/** The connection that serves a CIF best: one that proved to cover it, the longest-lived first. */
export async function findConnection(
  organizationId: string,
  cif: string,
): Promise<AnafConnection | undefined> {
  const usable = (await anafConnections.all(organizationId)).filter(isUsable);
  return usable
    .filter(({ cifs }) => cifs.includes(cif))
    .toSorted((a, b) => (a.refreshExpiresAt < b.refreshExpiresAt ? 1 : -1))[0];
}
