import type { Actor } from "#core/lib/actor.ts";
import type { Instant } from "#core/lib/dates.ts";
import {
  type Channel,
  channels,
  type NotificationType,
  notificationTypes,
  type Switches,
  usualSwitches,
} from "#core/model/notifications.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";

/** How somebody wants to be told of things, and when they last read everything. A user has one row, or none yet. */
export interface Bell extends Stored {
  /** Only what differs from the usual. */
  readonly switches: Partial<Record<NotificationType, Partial<Switches>>>;
  readonly readAllAt: Instant | null;
}

const bells = collection<Bell>({ kind: "bell", what: "Notification settings" });
const id = "bell";

/** The bell of a user; an untouched one when there is none yet. */
export const bellOf = async (userId: string): Promise<Bell> =>
  (await bells.find(userId, id)) ?? { id, rev: 0, switches: {}, readAllAt: null };

/** Changes a user's bell; what `change` leaves out stays. */
export function changeBell(userId: string, change: (bell: Bell) => Partial<Bell>): Promise<Bell> {
  return untilCommitted(async () => {
    const bell = await bellOf(userId);
    const next = { ...bell, ...change(bell) };
    const write = bell.rev === 0 ? bells.insert(userId, next) : bells.replace(userId, bell, next);
    await commit([write]);
    return write.value;
  });
}

/** How the owner of a bell is told of a type. */
export const switchesOf = ({ switches }: Pick<Bell, "switches">, type: NotificationType): Switches => ({
  ...usualSwitches(type),
  ...switches[type],
});

/** The switches of one type, as settings show them. */
export interface Preference {
  readonly type: NotificationType;
  readonly switches: Switches;
}

const preferencesIn = (bell: Bell): Preference[] =>
  notificationTypes.map((type) => ({ type, switches: switchesOf(bell, type) }));

/** How the caller is told of each type. */
export const listPreferences = async ({ userId }: Actor): Promise<Preference[]> =>
  preferencesIn(await bellOf(userId));

/** Switches to be thrown: of a type, those that are given. */
export type PreferenceChange = readonly [NotificationType, { readonly [C in Channel]?: boolean | undefined }];

/** Changes the caller's switches; types and channels that are not named stay. From now on it counts. */
export async function updatePreferences(
  { userId }: Actor,
  changes: readonly PreferenceChange[],
): Promise<Preference[]> {
  const bell = await changeBell(userId, (before) => ({
    switches: changes.reduce(
      (switches, [type, given]) => ({ ...switches, [type]: { ...switches[type], ...chosen(given) } }),
      before.switches,
    ),
  }));
  return preferencesIn(bell);
}

const chosen = (given: PreferenceChange[1]): Partial<Switches> =>
  Object.fromEntries(
    channels.flatMap((channel) => (given[channel] === undefined ? [] : [[channel, given[channel]]])),
  );
