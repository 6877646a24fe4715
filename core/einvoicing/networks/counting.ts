import type { NetworkName } from "#core/providers/provider.ts";
import { type Change, collection, type Stored } from "#core/store/collection.ts";

/** How many documents of a company were made for a network. The id is the network's name. */
interface Count extends Stored {
  readonly last: number;
}

const counts = collection<Count>({ kind: "hand.count", what: "Count" });

/**
 * The write that takes the next number for a document to a network; `value.last` is that number. Two who take it at
 * once meet on the row, and the slower one begins again. A number is never given twice, whatever becomes of it.
 */
export async function nextSequence(companyId: string, provider: NetworkName): Promise<Change<Count>> {
  const count = await counts.find(companyId, provider);
  return count
    ? counts.replace(companyId, count, { ...count, last: count.last + 1 })
    : counts.insert(companyId, { id: provider, last: 1 });
}
