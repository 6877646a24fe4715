import * as z from "zod";
import { escaped } from "#core/identity/letters.ts";
import { users } from "#core/identity/users.ts";
import { settings } from "#core/lib/settings.ts";
import type { Mail } from "#core/outside/mailer.ts";
import { notifications } from "./notifications.ts";
import { languageOf, tellingOf } from "./texts.ts";

/** A notification to be mailed, as it waits in queue Mails. */
export const NoticeMessage = z.object({ userId: z.string(), notificationId: z.string() });
export type NoticeMessage = z.infer<typeof NoticeMessage>;

/** Writes the mail of a notification; nothing when it or its reader is gone. */
export async function writeNotice({ userId, notificationId }: NoticeMessage): Promise<Mail | undefined> {
  const [user, notification] = await Promise.all([
    users.find(userId, userId),
    notifications.find(userId, notificationId),
  ]);
  if (!user?.active || !notification) return undefined;
  const { type, data } = notification;
  const { title, message, link } = tellingOf(type, data, languageOf(user));
  // Connecting begins here, whatever front end there is.
  const url = type.startsWith("token.")
    ? `${settings.baseUrl}/api/connect/anaf`
    : `${settings.frontEndUrl}${link}`;
  return {
    to: user.email,
    subject: title,
    text: `${message}\n\n${url}`,
    html: `<p>${escaped(message)}</p>\n<p><a href="${escaped(url)}">${escaped(url)}</a></p>`,
  };
}
