import { getInvoice } from "#core/documents/invoices/get.ts";
import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import type { NetworkName } from "#core/providers/provider.ts";
import { type Handover, handoversOf, handoversTo } from "./handover.ts";

/** Every hand-over of an invoice to networks other than ANAF, newest first. */
export async function listHandovers(actor: CompanyActor, invoiceId: string): Promise<Handover[]> {
  assertCan(actor, "efactura.view");
  const { id } = await getInvoice(actor.companyId, invoiceId);
  const all = await handoversOf(actor.companyId, id);
  return all.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/** The last hand-over of an invoice to a network; undefined when there was none. */
export const lastHandover = async (
  { companyId }: CompanyActor,
  invoiceId: string,
  provider: NetworkName,
): Promise<Handover | undefined> => (await handoversTo(companyId, invoiceId, provider)).at(-1);
