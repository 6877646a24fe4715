import { instant, instantIn } from "#core/lib/clock.ts";
import { sha256 } from "#core/lib/ids.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { isSameHash, newOpaqueToken, readOpaqueToken } from "./opaque.ts";
import { unauthenticated } from "./standing.ts";
import { type Code, type CodePurpose, type User, users } from "./users.ts";

const lifeSeconds: Record<CodePurpose, number> = { "confirm-email": 24 * 3600, "reset-password": 3600 };

/** Confirmation links that may be open at once; asking again and again must not make the user's row grow. */
const mostOutstanding = 5;

/**
 * Makes a one-time code to be mailed, and keeps its hash with the user. A new reset code voids those before it; of
 * confirmation codes several may be outstanding, because a mail may arrive late and do no harm.
 */
export function makeCode(userId: string, purpose: CodePurpose): Promise<string> {
  return untilCommitted(async () => {
    const user = await users.get(userId, userId);
    const text = newOpaqueToken(userId);
    const code: Code = { purpose, hash: sha256(text), expiresAt: instantIn(lifeSeconds[purpose]) };
    const kept = user.codes.filter(
      (old) => isLive(old) && (old.purpose !== purpose || purpose === "confirm-email"),
    );
    const codes = [...kept, code].slice(-mostOutstanding);
    await commit([users.replace(userId, user, { ...user, codes })]);
    return text;
  });
}

/**
 * The user a code was mailed to, and the codes they have left once it is used; the caller commits both with its
 * effect, whose condition makes the code good once. Throws `unauthenticated` for a code that is unknown, expired, used
 * or void.
 */
export async function openCode(
  text: string,
  purpose: CodePurpose,
): Promise<{ user: User; codes: readonly Code[] }> {
  const [userId] = readOpaqueToken(text, 1) ?? [];
  const user = userId ? await users.find(userId, userId) : undefined;
  const hash = sha256(text);
  const code = user?.codes.find((known) => known.purpose === purpose && isSameHash(known.hash, hash));
  if (!user || !code || !isLive(code)) throw unauthenticated("This link is invalid or has expired.");
  return { user, codes: user.codes.filter((known) => known !== code) };
}

const isLive = ({ expiresAt }: Code): boolean => expiresAt > instant();
