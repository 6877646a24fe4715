import * as z from "zod";
import { Letter, writeLetter } from "#core/identity/letters.ts";
import { NoticeMessage, writeNotice } from "#core/notify/mail.ts";
import { sendMail } from "#core/outside/mailer.ts";
import { consume } from "./consume.ts";

/** Writes and sends what queue Mails holds: a letter about an account, or a notification as a mail. */
export const handler = consume(z.union([Letter, NoticeMessage]), async (message) => {
  const mail = await ("letter" in message ? writeLetter(message) : writeNotice(message));
  if (mail) await sendMail(mail);
});
