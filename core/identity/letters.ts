import { type Announcement } from "#core/store/out.ts";

export type LetterName = "confirm-email" | "reset-password" | "welcome";

/**
 * A letter to a user, to be announced with the write it follows from. It names the address alone: links are made when
 * it is written (codes.ts), so that no code ever lies in the table or in a queue.
 */
export const announceLetter = (letter: LetterName, email: string): Announcement => ({
  follow: [{ queue: "Mails", body: { letter, email } }],
});
