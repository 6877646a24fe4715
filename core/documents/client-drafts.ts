import { type CompanyActor, system } from "#core/lib/actor.ts";
import { DomainError } from "#core/lib/error.ts";
import { buyerOf, type Client } from "#core/parties/client.ts";
import * as Invoices from "./invoices/index.ts";

/** More drafts of one client than anybody keeps; the rest show the client when they are next opened for a change. */
const mostDrafts = 500;

/**
 * Lets the drafts of a client show it as it now is; issued documents keep the buyer they were issued to (DECISIONS 22).
 * Answers how many changed. Whoever may change the client changes them, so the product itself is the actor.
 */
export async function refreshDrafts(actor: CompanyActor, client: Client): Promise<number> {
  const itself = system(actor.organizationId, actor.companyId);
  const filter = { clientId: client.id, status: "draft" };
  const { ids } = await Invoices.matching(
    itself,
    { filter, sort: "createdAt", descending: true },
    mostDrafts,
  );
  const drafts = await Invoices.invoices.getMany(actor.companyId, ids);
  const shown = JSON.stringify(buyerOf(client));
  let changed = 0;
  for (const draft of drafts) {
    if (draft.status !== "draft" || JSON.stringify(draft.buyerSnapshot) === shown) continue;
    try {
      await Invoices.update(itself, draft.id, {});
      changed++;
    } catch (error) {
      // Issued or deleted in this moment: then it keeps its buyer.
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return changed;
}
