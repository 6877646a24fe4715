import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { today } from "#core/lib/dates.ts";
import { newId } from "#core/lib/ids.ts";
import { assertReversible, reversalOf } from "#core/model/storno.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { untouched } from "./untouched.ts";
import { summed, temporaryNumber } from "./draft.ts";
import { getInvoice } from "./get.ts";
import { issueDraft } from "./issue.ts";
import { withRefund } from "./refunds.ts";
import { firstEvent } from "./timeline.ts";

/**
 * Reverses an invoice with a draft that nets every VAT rate of it to zero; issuing the draft finishes it. Throws
 * `malformed` with the codes of RULES-documents §6 when it cannot be reversed or was already.
 */
export function createReversal(actor: CompanyActor, sourceId: string): Promise<StoredInvoice> {
  assertCan(actor, "invoice.refund");
  const id = newId();
  return untilCommitted(async () => {
    const source = await reversible(actor, sourceId);
    const draft = draftReversing(actor, source, id);
    const written = invoices.insert(actor.companyId, draft, { events: [{ name: "invoice.created" }] });
    const parent = invoices.replace(actor.companyId, source, withRefund(source, draft));
    await commit([written, parent, ...claim(actor, id, { fiscal: true })]);
    return written.value;
  });
}

/** Reverses an invoice at once: the reversal, numbered in the source's own series, and the link in one transaction. */
export function storno(actor: CompanyActor, sourceId: string): Promise<StoredInvoice> {
  assertCan(actor, "invoice.refund");
  const id = newId();
  return issueDraft(actor, async () => {
    const source = await reversible(actor, sourceId);
    return { ...draftReversing(actor, source, id), documentSeriesId: source.documentSeriesId, rev: 0 };
  });
}

async function reversible(actor: CompanyActor, id: string): Promise<StoredInvoice> {
  const source = await getInvoice(actor.companyId, id);
  assertReversible(source);
  return source;
}

function draftReversing(actor: CompanyActor, source: StoredInvoice, id: string): StoredInvoice {
  const createdAt = instant();
  const details = { sourceId: source.id, sourceNumber: source.number };
  return summed<StoredInvoice>({
    ...untouched,
    ...reversalOf(source, today()),
    id,
    rev: 1,
    companyId: actor.companyId,
    number: temporaryNumber(id),
    status: "draft",
    direction: "outgoing",
    supplierId: null,
    senderCif: source.senderCif,
    senderName: source.senderName,
    refundInvoices: [],
    sellerSnapshot: null,
    bankAccounts: [],
    payments: [],
    attachments: [],
    events: [firstEvent(id, "draft", { actor, action: "storno_created", details })],
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
    xmlSha256: null,
    submission: null,
  });
}
