import * as z from "zod";
import { escaped } from "#core/identity/letters.ts";
import { type User, users } from "#core/identity/users.ts";
import type { Instant } from "#core/lib/dates.ts";
import { settings } from "#core/lib/settings.ts";
import type { AnnouncedType } from "#core/model/notifications.ts";
import type { Mail } from "#core/outside/mailer.ts";
import type { Follow } from "#core/store/out.ts";
import { bellOf, switchesOf } from "./bell.ts";
import { type Notification, notifications } from "./notifications.ts";
import { gatheredTitle, type Language, languageOf, linkOf, tellingOf } from "./texts.ts";

/** A notification to be mailed, as it waits in queue Mails. */
const OneToMail = z.object({ userId: z.string(), notificationId: z.string() });
/** All that somebody was told about deadlines from an instant on, for half an hour, in one mail. */
const ManyToMail = z.object({ userId: z.string(), toldFrom: z.string() });

export const NoticeMessage = z.union([OneToMail, ManyToMail]);
export type NoticeMessage = z.infer<typeof NoticeMessage>;

/** Deadlines come at eight, for every invoice of a day at once: a company that lost its connection may have hundreds. */
const isGathered = (type: AnnouncedType): boolean =>
  type === "invoice.anaf_deadline" || type === "invoice.anaf_missing_token";

const gatheredMs = 30 * 60_000;
/** Just later than SQS can wait, so that the message lies in the table under its key: once, however often announced. */
const restMs = 16 * 60_000;

/** The message that has a notification mailed: at once, or with the others of its half hour. */
export function followMail(userId: string, { id, type, createdAt }: Omit<Notification, "rev">): Follow {
  if (!isGathered(type)) {
    const body: NoticeMessage = { userId, notificationId: id };
    return { queue: "Mails", body };
  }
  const fromMs = Math.floor(Date.parse(createdAt) / gatheredMs) * gatheredMs;
  const body: NoticeMessage = { userId, toldFrom: instantOf(fromMs) };
  return { queue: "Mails", body, dueAt: instantOf(fromMs + gatheredMs + restMs), key: userId };
}

const instantOf = (ms: number): Instant => new Date(ms).toISOString();

/** Writes the mail of one notification, or of those that were gathered; nothing when they or their reader are gone. */
export async function writeNotice(message: NoticeMessage): Promise<Mail | undefined> {
  const { userId } = message;
  const user = await users.find(userId, userId);
  if (!user?.active) return undefined;
  if ("toldFrom" in message) return mailOf(user, await gathered(userId, message.toldFrom));
  const one = await notifications.find(userId, message.notificationId);
  return mailOf(user, one ? [one] : []);
}

/** What somebody was told about deadlines within a half hour, oldest first, as far as they want it by mail. */
async function gathered(userId: string, toldFrom: Instant): Promise<Notification[]> {
  const until = instantOf(Date.parse(toldFrom) + gatheredMs);
  const [bell, newest] = await Promise.all([
    bellOf(userId),
    notifications.some(userId, { limit: 500, newestFirst: true }),
  ]);
  return newest
    .filter(({ type, createdAt }) => isGathered(type) && createdAt >= toldFrom && createdAt < until)
    .filter(({ type }) => switchesOf(bell, type).email)
    .toReversed();
}

function mailOf(user: User, told: readonly Notification[]): Mail | undefined {
  const language = languageOf(user);
  const [first, second] = told;
  if (!first) return undefined;
  return {
    to: user.email,
    subject: second
      ? gatheredTitle(told.length, language)
      : tellingOf(first.type, first.data, language).title,
    text: told.map((one) => [...linesOf(one, language), urlOf(one)].join("\n")).join("\n\n"),
    html: told
      .map((one) => [...linesOf(one, language).map(escaped), anchorOf(urlOf(one))].join("<br>"))
      .map((paragraph) => `<p>${paragraph}</p>`)
      .join("\n"),
  };
}

function linesOf({ type, data }: Notification, language: Language): string[] {
  const { title, message } = tellingOf(type, data, language);
  return data.company === undefined ? [title, message] : [data.company, title, message];
}

/** Where its reader goes from it. Connecting begins here, whatever front end there is. */
const urlOf = ({ type, data }: Notification): string =>
  type.startsWith("token.")
    ? `${settings.baseUrl}/api/connect/anaf`
    : `${settings.frontEndUrl}${linkOf(type, data)}`;

const anchorOf = (url: string): string => `<a href="${escaped(url)}">${escaped(url)}</a>`;
