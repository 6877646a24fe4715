import { instant } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { newId, sha256 } from "#core/lib/ids.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { openCode } from "./codes.ts";
import { announceLetter, type LetterName } from "./letters.ts";
import { hashPassword } from "./passwords.ts";
import { users } from "./users.ts";

/** Somebody, not known to be anybody, asked that a letter be sent to an address. */
interface LetterRequest extends Stored {
  readonly requestedAt: string;
}

/** Requests lie under the hash of the address, and go after a day. */
const requests = collection<LetterRequest>({
  kind: "letter",
  what: "Request",
  expires: ({ requestedAt }) => Math.floor(Date.parse(requestedAt) / 1000) + 86_400,
});

/**
 * Asks for a letter to whoever holds an address. What happens here is the same whether or not anybody does, in its
 * answer and in its time: only the worker that writes the letter looks.
 */
export async function requestLetter(letter: LetterName, email: string): Promise<void> {
  const request = { id: newId(), requestedAt: instant() };
  await commit([requests.insert(sha256(email), request, announceLetter(letter, email))]);
}

/**
 * Confirms the address a code was mailed to, and welcomes its user. Throws `unauthenticated` for a code that does not
 * count, `conflict` when the address was confirmed with another one.
 */
export function confirmEmail(code: string): Promise<void> {
  return untilCommitted(async () => {
    const { user, codes } = await openCode(code, "confirm-email");
    if (user.emailConfirmed) throw new DomainError("conflict", "This e-mail address is already confirmed.");
    const confirmed = { ...user, codes, emailConfirmed: true, updatedAt: instant() };
    await commit([users.replace(user.id, user, confirmed, announceLetter("welcome", user.email))]);
  });
}

/**
 * Sets a new password with a mailed code. Ends every session of the user and voids their other reset codes. That the
 * code arrived also proves the address. Throws `unauthenticated` for a code that does not count.
 */
export async function resetPassword(code: string, newPassword: string): Promise<void> {
  await openCode(code, "reset-password");
  const password = await hashPassword(newPassword);
  await untilCommitted(async () => {
    const { user, codes } = await openCode(code, "reset-password");
    const reset = {
      ...user,
      password,
      codes: codes.filter(({ purpose }) => purpose !== "reset-password"),
      emailConfirmed: true,
      sessionEpoch: user.sessionEpoch + 1,
      updatedAt: instant(),
    };
    await commit([users.replace(user.id, user, reset)]);
  });
}
