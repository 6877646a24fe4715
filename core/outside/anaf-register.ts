import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { today } from "#core/lib/dates.ts";
import { settings } from "#core/lib/settings.ts";
import { type Answer, ask, jsonOf, outOfService } from "./ask.ts";

/** ANAF's registers take one request a second from everybody behind one address; a burst is answered 429. */
const afterThrottlingMs = 1_100;
const tries = 4;

const Reply = z.object({ found: z.array(z.unknown()), notFound: z.array(z.unknown()).nullish() });

/**
 * Asks one of ANAF's public registers (ANAF.md §11) for a company by its bare digits, as it stands today; answers the
 * entries it found, which may be none. Throws `unavailable` naming the register when it does not answer sensibly.
 */
export async function askRegister(service: string, path: string, cif: string): Promise<readonly unknown[]> {
  const answer = await askPatiently(service, path, JSON.stringify([{ cui: Number(cif), data: today() }]));
  // A company it does not know comes with 404 and an ordinary body at times.
  const reply = Reply.safeParse(jsonOf(answer));
  if (!reply.success) throw outOfService(service, `answered ${answer.status} without data`);
  return reply.data.found;
}

async function askPatiently(service: string, path: string, body: string): Promise<Answer> {
  for (let left = tries; ; left--) {
    const answer = await ask(service, `${settings.anafPublicUrl}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    if (answer.status !== 429) return answer;
    if (left === 1) throw outOfService(service, "is busy");
    await pause(afterThrottlingMs);
  }
}
