import { findConnection } from "#core/companies/anaf-connections.ts";
import { paymentAccounts } from "#core/companies/bank-accounts.ts";
import { type Company, sellerOf } from "#core/companies/company.ts";
import { numberOf, series, type Series } from "#core/companies/document-series.ts";
import { counted } from "#core/companies/series-counter.ts";
import { vatRatesOf } from "#core/companies/vat-rates.ts";
import { ownCompany } from "#core/companies/access.ts";
import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { refused } from "#core/lib/error.ts";
import { sha256 } from "#core/lib/ids.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { assertCanMove } from "#core/model/lifecycle.ts";
import { isSelfSettled } from "#core/model/paid.ts";
import { assertReversible } from "#core/model/storno.ts";
import { ZERO } from "#core/lib/decimal.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import type { Announcement } from "#core/store/out.ts";
import type { Write } from "#core/store/write.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { followFirstDeadline } from "./deadline.ts";
import { documentOf, withCurrentClient } from "./document.ts";
import { isUnnumbered } from "./draft.ts";
import { followSubmission } from "./efactura.ts";
import { followFiles } from "./files.ts";
import { getInvoice } from "./get.ts";
import { withRefund } from "./refunds.ts";
import { withExchangeRate, withRegisteredBuyer } from "./completion.ts";
import { scheduledSend } from "./schedule.ts";
import { seriesFor } from "./series.ts";
import { after } from "./timeline.ts";
import { inTurn } from "./turns.ts";
import { validXml, writeXml } from "./validate.ts";

/**
 * Issues a draft: full validation with the number about to be taken, then number, invoice and announcement in one
 * transaction; the files follow from it (DECISIONS 23). Throws `invalid` when it is no draft, when there is no series
 * to number from, and, with every finding, when the document is not valid; then nothing has changed.
 */
export function issue(actor: CompanyActor, id: string): Promise<StoredInvoice> {
  assertCan(actor, "invoice.issue");
  return issueDraft(actor, async () => {
    const draft = await getInvoice(actor.companyId, id);
    assertCanMove(draft.status, "issued");
    return withCurrentClient(draft);
  });
}

/** A draft that was found valid, with what its number and its neighbours are taken from. */
interface Ready {
  readonly company: Company;
  /** Whether a usable connection to ANAF covers the company. */
  readonly isConnected: boolean;
  readonly draft: StoredInvoice;
  readonly parent: StoredInvoice | undefined;
  /** Absent for a restored draft: it still has its number. */
  readonly series: Series | undefined;
  readonly document: IssuableDocument;
  readonly xml: Uint8Array;
}

/**
 * Issues whatever draft `read` gives, a stored one or one that is to be stored by this (revision 0). Only the number is
 * decided under contention: when another issue takes the number that was validated, the XML is written again with the
 * next one and judged no second time.
 */
export async function issueDraft(
  actor: CompanyActor,
  read: () => Promise<StoredInvoice>,
): Promise<StoredInvoice> {
  let ready = await prepare(actor, await read());
  return inTurn(ready.series?.id ?? ready.draft.id, (waited) => {
    let tries = 0;
    return untilCommitted(async () => {
      if (tries++ > 0) ready = await refreshed(actor, ready, await read());
      const isOld = waited || tries > 1;
      const from = isOld && ready.series ? await series.get(actor.companyId, ready.series.id) : ready.series;
      return take(actor, ready, from);
    });
  });
}

/** What was prepared, made again only if the draft or its parent changed meanwhile; a taken number is no reason. */
async function refreshed(actor: CompanyActor, ready: Ready, draft: StoredInvoice): Promise<Ready> {
  const parent = await parentOf(draft);
  const isCurrent = draft.rev === ready.draft.rev && parent?.rev === ready.parent?.rev;
  return isCurrent ? ready : prepare(actor, draft);
}

async function prepare(actor: CompanyActor, found: StoredInvoice): Promise<Ready> {
  const { companyId } = actor;
  const [company, accounts, rates, parent, from, draft] = await Promise.all([
    ownCompany(actor),
    paymentAccounts(companyId, found.currency),
    vatRatesOf(companyId),
    parentOf(found),
    isUnnumbered(found) ? seriesFor(found) : undefined,
    withRegisteredBuyer(found).then(withExchangeRate),
  ]);
  assertParentIssued(draft, parent);
  const numbered: StoredInvoice = {
    ...draft,
    number: from ? nextNumber(from) : draft.number,
    sellerSnapshot: sellerOf(company),
    bankAccounts: accounts,
    parentDocumentNumber: parent?.number ?? draft.parentDocumentNumber,
    parentDocumentDate: parent?.issueDate ?? draft.parentDocumentDate,
  };
  const document = documentOf(numbered, { company, accounts });
  const isConnected =
    company.syncEnabled && (await findConnection(actor.organizationId, company.cif)) !== undefined;
  return {
    company,
    isConnected,
    draft,
    parent,
    series: from,
    document,
    xml: await validXml(document, rates),
  };
}

const nextNumber = ({ prefix, currentNumber }: Series): string => numberOf(prefix, currentNumber + 1);

const parentOf = async ({ companyId, parentDocumentId }: StoredInvoice) =>
  parentDocumentId === null ? undefined : invoices.find(companyId, parentDocumentId);

function assertParentIssued(draft: StoredInvoice, parent: StoredInvoice | undefined): void {
  if (draft.parentDocumentId === null) return;
  if (!parent || parent.deletedAt || parent.status === "draft" || parent.status === "cancelled")
    throw refused("The invoice that this document corrects must be issued first.", {
      parentDocumentId: "is not issued",
    });
}

/** Takes the next number of the series and commits everything with it. */
async function take(
  actor: CompanyActor,
  { company, isConnected, draft, parent, document, xml }: Ready,
  from: Series | undefined,
): Promise<StoredInvoice> {
  if (from && !from.active) throw refused("The series of this document is no longer active.");
  // The parent was read after whoever made this reversal looked at it: a twin may have reversed it in between.
  if (draft.rev === 0 && parent) assertReversible(parent);
  const number = from ? nextNumber(from) : draft.number;
  const invoice: StoredInvoice = { ...draft, ...document.invoice, number };
  const bytes = number === document.invoice.number ? xml : await writeXml({ ...document, invoice });
  const changes: Partial<StoredInvoice> = {
    ...selfSettlement(invoice, parent),
    status: "issued",
    documentSeriesId: from?.id ?? draft.documentSeriesId,
    xmlSha256: sha256(bytes),
    scheduledSendAt: isConnected ? scheduledSend(company, document.buyer) : null,
    ...(isConnected ? { organizationId: actor.organizationId } : {}),
  };
  const action = parent ? "refund_issued" : "issued";
  const issued = after(invoice, changes, { actor, action, details: { number } });
  const written = write(actor, draft, issued);
  await commit([
    ...(from ? [series.replace(actor.companyId, from, counted(from))] : []),
    written,
    ...(parent ? [refundedParent(actor, parent, issued)] : []),
    ...claim(actor, draft.id, { fiscal: true }),
  ]);
  return written.value;
}

/** A reversal made on the spot (revision 0) enters the table as issued; a stored draft is replaced. */
function write(actor: CompanyActor, draft: StoredInvoice, issued: StoredInvoice) {
  const due = issued.scheduledSendAt;
  const announcement = {
    events: [
      ...(draft.rev === 0 ? [{ name: "invoice.created" as const }] : []),
      { name: "invoice.issued" as const },
    ],
    follow: [
      followFiles(actor, draft.id),
      ...(due ? [followSubmission(actor, draft.id, due)] : []),
      ...followFirstDeadline(actor, issued),
    ],
  } satisfies Announcement;
  return draft.rev === 0
    ? invoices.insert(actor.companyId, issued, announcement)
    : invoices.replace(actor.companyId, draft, issued, announcement);
}

/** The parent tells in its own timeline that it was reversed or corrected. */
function refundedParent(actor: CompanyActor, parent: StoredInvoice, child: StoredInvoice): Write {
  const details = { refundId: child.id, refundNumber: child.number };
  const told = after(parent, {}, { actor, action: "refunded", details });
  return invoices.replace(actor.companyId, parent, withRefund(told, child));
}

/** A document with nothing to collect is settled the moment it is issued, the way its parent was paid. */
export function selfSettlement(
  invoice: StoredInvoice,
  parent: StoredInvoice | undefined,
): Partial<StoredInvoice> {
  if (!isSelfSettled(invoice)) return {};
  return {
    amountPaid: invoice.payable,
    balance: ZERO,
    paidAt: instant(),
    paymentMethod: parent?.paymentMethod ?? invoice.paymentMethod,
  };
}
