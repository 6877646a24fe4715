import { ownCompany } from "#core/companies/access.ts";
import { findConnection } from "#core/companies/anaf-connections.ts";
import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { DomainError } from "#core/lib/error.ts";
import { sha256 } from "#core/lib/ids.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import type { StoredInvoice } from "./collection.ts";
import { assertSubmittable, isSentByItself, markSubmitting } from "./efactura.ts";
import { xmlOf } from "./files.ts";
import { getInvoice } from "./get.ts";

/**
 * Decides that an invoice goes to ANAF: from here on its bytes are frozen and stored, and the Submissions queue uploads
 * them, once. A rejected invoice may be submitted again. Throws `invalid` in any other state, and without a usable
 * connection to ANAF for the company's CIF.
 */
export function submit(actor: CompanyActor, id: string): Promise<StoredInvoice> {
  assertCan(actor, "invoice.issue");
  return untilCommitted(async () => {
    const invoice = await getInvoice(actor.companyId, id);
    if (isSentByItself(invoice)) return invoice;
    assertSubmittable(invoice);
    const [xml] = await Promise.all([xmlOf(actor, invoice), assertConnected(actor)]);
    const write = markSubmitting(actor, invoice, { automatic: false, xmlSha256: sha256(xml) });
    if (!write) return invoice;
    await commit([write, ...claim(actor, id, { fiscal: true })]);
    return write.value;
  });
}

async function assertConnected(actor: CompanyActor): Promise<void> {
  const { cif } = await ownCompany(actor);
  if (await findConnection(actor.organizationId, cif)) return;
  throw new DomainError("invalid", `There is no usable ANAF connection for CIF ${cif}; connect it first.`, {
    code: "NO_TOKEN",
  });
}
