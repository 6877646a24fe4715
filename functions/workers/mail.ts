import * as z from "zod";
import { Letter, writeLetter } from "#core/identity/letters.ts";
import { sendMail } from "#core/outside/mailer.ts";
import { consume } from "./consume.ts";

const Mail = z.object({ to: z.string(), subject: z.string(), text: z.string(), html: z.string() });

/** Sends what queue Mails holds: a mail that is written already, or a letter that is written only now. */
export const handler = consume(z.union([Letter, Mail]), async (message) => {
  const mail = "letter" in message ? await writeLetter(message) : message;
  if (mail) await sendMail(mail);
});
