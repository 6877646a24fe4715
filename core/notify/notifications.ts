import { users } from "#core/identity/users.ts";
import type { Actor } from "#core/lib/actor.ts";
import { instant, now } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { notFound } from "#core/lib/error.ts";
import { firstIdAt } from "#core/lib/ids.ts";
import type { AnnouncedType } from "#core/model/notifications.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { bellOf, changeBell } from "./bell.ts";
import { type Facts, languageOf, type Telling, tellingOf } from "./texts.ts";

/**
 * Something a user was told. Its id is made from the moment it is about, the same for everybody who is told, so that
 * telling twice writes once. The words are chosen when it is read, in the language its reader then has.
 */
export interface Notification extends Stored {
  readonly type: AnnouncedType;
  readonly data: Facts;
  /** False: kept only because a mail is written from it; its reader wants none of this type in the product. */
  readonly isShown: boolean;
  /** When it was told, which may be later than what it is about. */
  readonly createdAt: Instant;
  readonly readAt: Instant | null;
}

/** How many a user has at most: older ones are shown no more, and go in their time. */
const KEPT = 500;
const daySeconds = 86_400;
const keptDays = 90;
const keptReadDays = 30;

const expiresAtMs = ({ createdAt }: Pick<Notification, "createdAt">, readAt: Instant | null): number =>
  Math.min(
    Date.parse(createdAt) + keptDays * daySeconds * 1000,
    readAt === null ? Infinity : Date.parse(readAt) + keptReadDays * daySeconds * 1000,
  );

/** Notifications, owned by their user; the newest are read backwards by id. */
export const notifications = collection<Notification>({
  kind: "note",
  what: "Notification",
  expires: (one) => Math.floor(expiresAtMs(one, one.readAt) / 1000),
});

/** A notification as its reader sees it. */
export interface Shown extends Notification, Telling {}

/** The caller's notifications, newest first. */
export async function list({ userId }: Actor): Promise<Shown[]> {
  const [found, { readAllAt }, user] = await Promise.all([
    notifications.some(userId, { limit: KEPT, newestFirst: true }),
    bellOf(userId),
    users.get(userId, userId),
  ]);
  const language = languageOf(user);
  return found.flatMap((one) => {
    const readAt = readAtOf(one, readAllAt);
    if (!one.isShown || expiresAtMs(one, readAt) <= now()) return [];
    return [{ ...one, readAt, ...tellingOf(one.type, one.data, language) }];
  });
}

/** When a notification was read: by itself, or with all that were there when everything was. */
const readAtOf = ({ readAt, createdAt }: Notification, readAllAt: Instant | null): Instant | null =>
  readAt ?? (readAllAt !== null && createdAt <= readAllAt ? readAllAt : null);

/** By so much a notification may be told later than its id says: queues repeat what failed for half an hour. */
const slowestMs = 3_600_000;

/**
 * How many the caller has not read. Nothing is counted that was there when everything was read the last time: this
 * reads only what came since, and an hour more for what was on its way then.
 */
export async function countUnread({ userId }: Actor): Promise<number> {
  const { readAllAt } = await bellOf(userId);
  const since =
    readAllAt === null ? {} : { from: firstIdAt(new Date(Date.parse(readAllAt) - slowestMs).toISOString()) };
  const found = await notifications.some(userId, { ...since, limit: KEPT, newestFirst: true });
  return found.filter((one) => one.isShown && readAtOf(one, readAllAt) === null).length;
}

/** Marks one of the caller's as read; the first time counts. Throws `not_found` for one that is not the caller's. */
export async function read({ userId }: Actor, id: string): Promise<void> {
  await untilCommitted(async () => {
    const [one, { readAllAt }] = await Promise.all([notifications.get(userId, id), bellOf(userId)]);
    if (!one.isShown) throw notFound(notifications.what);
    if (readAtOf(one, readAllAt) !== null) return;
    await commit([notifications.replace(userId, one, { ...one, readAt: instant() })]);
  });
}

/** Marks everything the caller has as read: one write, however much it is. */
export async function readAll({ userId }: Actor): Promise<void> {
  await changeBell(userId, () => ({ readAllAt: instant() }));
}
