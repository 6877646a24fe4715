import { now } from "#core/lib/clock.ts";
import { at, Item } from "./table.ts";

/**
 * Adds to a counter unless that took it over `most`, and answers whether it did: one conditional write, however many
 * ask at once. The counter is gone after `expiresInSeconds`.
 */
export async function spend(
  counter: { readonly name: string; readonly window: string },
  amount: number,
  limit: { readonly most: number; readonly expiresInSeconds: number },
): Promise<boolean> {
  try {
    await Item.update({ pk: counter.name, sk: counter.window })
      .add({ n: amount })
      .set({ ttl: Math.floor(now() / 1000 + limit.expiresInSeconds) })
      .where(({ n }, { notExists, lte }) => `${notExists(n)} OR ${lte(n, limit.most - amount)}`)
      .go(at());
    return true;
  } catch (error) {
    const cause = (error as { cause?: Error }).cause ?? (error as Error);
    if (cause.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
