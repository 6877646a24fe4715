import type { NetworkName } from "#core/providers/provider.ts";
import { commit } from "#core/store/commit.ts";
import { Stale } from "#core/store/write.ts";
import { followHandover, type Handover, handovers, onTheWay, type Owner } from "./handover.ts";

/** Has everything that waits for a network looked after at once: its credentials changed. */
export async function wakeHandovers(owner: Owner, provider: NetworkName): Promise<void> {
  const open = await handovers.findBy(onTheWay(owner.companyId, provider));
  const waiting = open.filter(({ state, nextAt }) => state !== "sending" && nextAt !== null);
  await Promise.all(waiting.map((handover) => wake(owner, handover)));
}

async function wake(owner: Owner, handover: Handover): Promise<void> {
  const follow = [followHandover(owner, handover)];
  try {
    await commit([handovers.replace(owner.companyId, handover, { ...handover, nextAt: null }, { follow })]);
  } catch (error) {
    // Somebody is at it already.
    if (!(error instanceof Stale)) throw error;
  }
}
