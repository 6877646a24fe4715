import type { AnafConnection } from "#core/companies/anaf-connections.ts";
import { now } from "#core/lib/clock.ts";

/** Days before the end of a connection at which people are warned. */
export const WARNING_DAYS = [30, 14, 7, 3, 1] as const;

/** Tokens are renewed this long before they end: time enough to fetch a certificate should a renewal be lost. */
const renewalDays = 30;

/** How soon a renewal that failed is tried again. */
const retryHours = 12;

const dayMs = 86_400_000;

type Ends = Pick<AnafConnection, "accessExpiresAt" | "refreshExpiresAt" | "state" | "warnedAtDays">;

/** Whether the tokens can still be traded for new ones: only a refresh token outlives its access token. */
export const isRenewable = ({ accessExpiresAt, refreshExpiresAt }: Ends): boolean =>
  Date.parse(refreshExpiresAt) > Math.max(Date.parse(accessExpiresAt), now());

/** Whether it is time to renew. */
export const isRenewalDue = (connection: Ends): boolean =>
  isRenewable(connection) && Date.parse(connection.accessExpiresAt) - now() <= renewalDays * dayMs;

/** The warning that is due now, in days before the end, unless it or a later one was given; undefined when none is. */
export function dueWarning(connection: Ends): number | undefined {
  const daysLeft = (Date.parse(connection.refreshExpiresAt) - now()) / dayMs;
  const reached = WARNING_DAYS.filter((days) => daysLeft <= days).at(-1);
  return reached !== undefined && reached < (connection.warnedAtDays ?? Infinity) ? reached : undefined;
}

/** When to look at a connection again: at its renewal, its next warning or its end. Null when it is over. */
export function nextLook(connection: Ends): string | null {
  if (connection.state !== "active") return null;
  const endMs = Date.parse(connection.refreshExpiresAt);
  const warned = connection.warnedAtDays ?? Infinity;
  const warning = WARNING_DAYS.find((days) => days < warned);
  const moments = [
    warning === undefined ? endMs : endMs - warning * dayMs,
    ...(isRenewable(connection)
      ? [
          Math.max(
            Date.parse(connection.accessExpiresAt) - renewalDays * dayMs,
            now() + retryHours * 3_600_000,
          ),
        ]
      : []),
  ];
  return new Date(Math.min(...moments)).toISOString();
}
