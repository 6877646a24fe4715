import * as z from "zod";
import { settings } from "#core/lib/settings.ts";
import type { Mail } from "#core/outside/mailer.ts";
import type { Announcement } from "#core/store/out.ts";
import { makeCode } from "./codes.ts";
import { findByEmail, type User } from "./users.ts";

const letterNames = ["confirm-email", "reset-password", "welcome"] as const;
export type LetterName = (typeof letterNames)[number];

/** A letter to be written, as it waits in queue Mails. */
export const Letter = z.object({ letter: z.enum(letterNames), email: z.string() });
export type Letter = z.infer<typeof Letter>;

/**
 * A letter to a user, to be announced with the write it follows from. It names the address alone: the link is made
 * when the letter is written, so that no code ever lies readable in the table or in a queue.
 */
export const announceLetter = (letter: LetterName, email: string): Announcement => ({
  follow: [{ queue: "Mails", body: { letter, email } satisfies Letter }],
});

/**
 * Writes a letter in the user's language. Nothing when nobody holds the address or the letter has become pointless:
 * the account was deactivated, or the address is confirmed already.
 */
export async function writeLetter({ letter, email }: Letter): Promise<Mail | undefined> {
  const user = await findByEmail(email);
  if (!user?.active || (letter === "confirm-email" && user.emailConfirmed)) return undefined;
  const link =
    letter === "welcome"
      ? settings.baseUrl
      : `${settings.baseUrl}/${letter}?token=${await makeCode(user.id, letter)}`;
  const language = user.locale === "ro" ? "ro" : "en";
  const { subject, before, action, after } = texts[letter][language];
  const greeting = greetings[language](user);
  return {
    to: email,
    subject,
    text: [greeting, before, `${action}:\n${link}`, after].filter(Boolean).join("\n\n"),
    html: [
      `<p>${escaped(greeting)}</p>`,
      `<p>${escaped(before)}</p>`,
      `<p><a href="${escaped(link)}">${escaped(action)}</a></p>`,
      after && `<p>${escaped(after)}</p>`,
    ]
      .filter(Boolean)
      .join("\n"),
  };
}

/** Languages we write in; whoever reads neither is more likely to read English. */
type Language = "ro" | "en";

const greetings: Record<Language, (user: User) => string> = {
  ro: ({ firstName }) => (firstName ? `Bună ziua, ${firstName}!` : "Bună ziua!"),
  en: ({ firstName }) => (firstName ? `Hello ${firstName},` : "Hello,"),
};

interface Text {
  readonly subject: string;
  readonly before: string;
  /** What the link does. */
  readonly action: string;
  readonly after: string;
}

const texts: Record<LetterName, Record<Language, Text>> = {
  "confirm-email": {
    ro: {
      subject: "Confirmați adresa de e-mail",
      before: "Contul dumneavoastră a fost creat. Mai avem nevoie doar de confirmarea acestei adrese.",
      action: "Confirmați adresa",
      after: "Linkul este valabil 24 de ore. Dacă nu ați creat dumneavoastră contul, ignorați acest mesaj.",
    },
    en: {
      subject: "Confirm your e-mail address",
      before: "Your account is ready. All that is missing is the confirmation of this address.",
      action: "Confirm the address",
      after: "The link is good for 24 hours. If you did not create the account, ignore this message.",
    },
  },
  "reset-password": {
    ro: {
      subject: "Resetarea parolei",
      before: "Cineva, probabil dumneavoastră, a cerut o parolă nouă pentru acest cont.",
      action: "Alegeți o parolă nouă",
      after: "Linkul este valabil o oră și o singură dată. Dacă nu l-ați cerut, parola rămâne neschimbată.",
    },
    en: {
      subject: "Reset your password",
      before: "Somebody, probably you, asked for a new password for this account.",
      action: "Choose a new password",
      after: "The link is good for one hour and once only. If you did not ask for it, nothing changes.",
    },
  },
  welcome: {
    ro: {
      subject: "Bine ați venit",
      before: "Adresa este confirmată și contul este complet. Puteți emite prima factură.",
      action: "Începeți",
      after: "",
    },
    en: {
      subject: "Welcome",
      before: "Your address is confirmed and your account is complete. You can issue your first invoice.",
      action: "Begin",
      after: "",
    },
  },
};

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as HTML shows it. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => entities[character]!);
