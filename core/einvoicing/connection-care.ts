import {
  type AnafConnection,
  anafConnections,
  CONNECTIONS_TO_LOOK_AT,
} from "#core/companies/anaf-connections.ts";
import { instant } from "#core/lib/clock.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { renew } from "./connections.ts";
import { dueWarning, isRenewalDue, nextLook } from "./connection-schedule.ts";

/** One look takes so many connections; the rest are the next look's. */
const lookLimit = 200;

/**
 * Looks after every connection whose time has come: renews tokens long before they end, warns people at 30, 14,
 * 7, 3 and 1 days before a connection ends, and closes those that have ended. Answers how many were looked at.
 */
export async function careForConnections(): Promise<number> {
  const range = { before: `${instant()}~`, limit: lookLimit };
  const due = await anafConnections.findBy(CONNECTIONS_TO_LOOK_AT, range);
  // A row read by its other name does not say whose it is; who made it does.
  for (const connection of due) await careFor(connection.organizationId, connection.id);
  return due.length;
}

/** Looks after one connection. Doing it again changes nothing: what is due is decided on the row as it then is. */
export async function careFor(organizationId: string, id: string): Promise<void> {
  const found = await anafConnections.find(organizationId, id);
  if (!found || found.state !== "active") return;
  // A renewal that ANAF did not answer is tried again at the next look; the warnings go on meanwhile.
  if (isRenewalDue(found)) await renew(organizationId, found, "due").catch(logged);
  await untilCommitted(async () => {
    const connection = await anafConnections.find(organizationId, id);
    if (!connection || connection.state !== "active") return;
    const isOver = connection.refreshExpiresAt <= instant();
    const warning = isOver ? undefined : dueWarning(connection);
    const next: AnafConnection = {
      ...connection,
      state: isOver ? "reconnect_required" : "active",
      warnedAtDays: warning ?? connection.warnedAtDays,
    };
    // Its end is the last of the warnings.
    const isTold = isOver || warning !== undefined;
    const write = anafConnections.replace(
      organizationId,
      connection,
      { ...next, nextLookAt: nextLook(next) },
      { events: isTold ? [{ name: "token.expiring_soon" }] : [] },
    );
    await commit([write]);
  });
}

const logged = (error: unknown): void => {
  console.error(JSON.stringify({ what: "anaf renewal failed", error: String(error) }));
};
