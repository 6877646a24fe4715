import type { CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { type Instant, bucharestDay } from "#core/lib/dates.ts";
import { refused } from "#core/lib/error.ts";
import { assertCanMove } from "#core/model/lifecycle.ts";
import type { Change } from "#core/store/collection.ts";
import type { Announced, Follow } from "#core/store/out.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { deadlineOf } from "./deadline.ts";
import { after } from "./timeline.ts";

/**
 * An invoice on its way through the authority, as changes to be committed together with what the submission itself
 * records. Each takes the invoice as it was read and decides on its state alone, so a message that comes twice changes
 * nothing the second time: then the answer is undefined.
 */

/** The body of a message to the Submissions queue: look after this invoice. */
export interface SubmissionMessage {
  readonly organizationId: string;
  readonly companyId: string;
  readonly invoiceId: string;
}

/** The message that has the authority's side of an invoice looked after, at once or when it is due. */
export const followSubmission = (
  actor: Pick<CompanyActor, "organizationId" | "companyId">,
  invoiceId: string,
  dueAt?: Instant,
): Follow => {
  const { organizationId, companyId } = actor;
  const body: SubmissionMessage = { organizationId, companyId, invoiceId };
  return { queue: "Submissions", body: { ...body }, ...(dueAt ? { dueAt, key: invoiceId } : {}) };
};

/** Whether the time has come at which an issued invoice leaves by itself (DECISIONS 13: never before). */
export const isDueByItself = ({ status, scheduledSendAt }: StoredInvoice): boolean =>
  status === "issued" && scheduledSendAt !== null && scheduledSendAt <= instant();

/** Whether the company's delay setting already set this invoice on its way. */
export const isSentByItself = ({ status, submission }: StoredInvoice): boolean =>
  status === "sent_to_provider" && submission?.automatic === true;

/** Throws `invalid` unless the invoice is one of the company's own that is issued, or was rejected. */
export function assertSubmittable(invoice: StoredInvoice): void {
  if (invoice.direction === "incoming") throw refused("Only invoices of one's own can be submitted.");
  assertCanMove(invoice.status, "sent_to_provider");
}

/**
 * Decides that an issued or rejected invoice goes to the authority, and freezes its bytes by their hash (DECISIONS 22).
 * What an earlier attempt left is cleared. Undefined when the automatic submission was faster and is still under way:
 * asking again is then no mistake (DECISIONS 13). Throws `invalid` when it cannot be submitted.
 */
export function markSubmitting(
  actor: CompanyActor,
  invoice: StoredInvoice,
  { automatic, xmlSha256 }: { automatic: boolean; xmlSha256: string },
): Change<StoredInvoice> | undefined {
  if (isSentByItself(invoice)) return undefined;
  assertSubmittable(invoice);
  const changes: Partial<StoredInvoice> = {
    status: "sent_to_provider",
    organizationId: actor.organizationId,
    xmlSha256,
    submission: { attempt: (invoice.submission?.attempt ?? 0) + 1, automatic, startedAt: instant() },
    scheduledSendAt: null,
    anafUploadId: null,
    anafDownloadId: null,
    anafMessageId: null,
    anafErrorMessage: null,
    anafStatus: "pending",
    signatureValid: null,
  };
  const next = after(invoice, changes, { actor, action: "submitted_to_anaf", details: { automatic } });
  return invoices.replace(invoice.companyId, invoice, next, {
    events: [{ name: "invoice.submitted" }],
    // An automatic submission is started by the message that goes on with it.
    follow: automatic ? [] : [followSubmission(actor, invoice.id)],
  });
}

/** The authority took the upload under an index (`index_incarcare`). Undefined when that is already known. */
export function markSent(
  invoice: StoredInvoice,
  { uploadId, at }: { uploadId: string; at: Instant },
): Change<StoredInvoice> | undefined {
  if (invoice.status !== "sent_to_provider" || invoice.anafUploadId !== null) return undefined;
  return invoices.replace(invoice.companyId, invoice, {
    ...invoice,
    anafUploadId: uploadId,
    anafStatus: "uploaded",
    anafErrorMessage: null,
    isLateSubmission: bucharestDay(at) > deadlineOf(invoice),
    updatedAt: instant(),
  });
}

/**
 * The submission waits, for the reason given in words a user can act on: no answer from the authority, no token, a
 * quota used up. The status stays; undefined when the row already says so, and then no event is told either.
 */
export function markWaiting(
  invoice: StoredInvoice,
  reason: string,
  events: readonly Announced[] = [],
): Change<StoredInvoice> | undefined {
  if (invoice.status !== "sent_to_provider" || invoice.anafErrorMessage === reason) return undefined;
  const changes = { anafErrorMessage: reason, updatedAt: instant() };
  return invoices.replace(invoice.companyId, invoice, { ...invoice, ...changes }, { events });
}

/**
 * What the authority decided. An upload it refused at the door has no index. `insteadOf` is the index known so far when
 * the verdict is on another upload of the same bytes: one whose answer was lost, or the first of two.
 */
export type Verdict = {
  uploadId: string | null;
  insteadOf?: string | null;
  messageId?: string | null;
  downloadId?: string | null;
  /** Whether ANAF's seal on the document holds, when it came with the verdict. */
  signatureValid?: boolean | undefined;
} & ({ state: "validated" } | { state: "rejected"; reason: string; errors?: readonly unknown[] });

/**
 * The authority's verdict. Final: a later one, or one on another upload than the last, changes nothing and answers
 * undefined. A rejected invoice can be corrected and submitted again. Its organization's members are told: since it was
 * submitted the row knows which one that is.
 */
export function markVerdict(invoice: StoredInvoice, verdict: Verdict): Change<StoredInvoice> | undefined {
  const known = verdict.insteadOf === undefined ? verdict.uploadId : verdict.insteadOf;
  if (invoice.status !== "sent_to_provider" || invoice.anafUploadId !== known) return undefined;
  const isValid = verdict.state === "validated";
  const changes: Partial<StoredInvoice> = {
    status: verdict.state,
    anafUploadId: verdict.uploadId,
    anafStatus: isValid ? "ok" : "nok",
    anafErrorMessage: isValid ? null : verdict.reason,
    anafMessageId: verdict.messageId ?? invoice.anafMessageId,
    anafDownloadId: verdict.downloadId ?? invoice.anafDownloadId,
    signatureValid: verdict.signatureValid ?? invoice.signatureValid,
  };
  const details = isValid
    ? {}
    : { error: verdict.reason, ...(verdict.errors ? { errors: verdict.errors } : {}) };
  const action = isValid ? "anaf_validated" : "anaf_rejected";
  const next = after(invoice, changes, { actor: {}, action, details });
  return invoices.replace(invoice.companyId, invoice, next, {
    events: [{ name: isValid ? "invoice.validated" : "invoice.rejected" }],
  });
}

/** What came after the verdict: the sealed answer was archived, its signature checked. Undefined when the row knows. */
export function markArchived(
  invoice: StoredInvoice,
  facts: { downloadId: string; signatureValid?: boolean },
): Change<StoredInvoice> | undefined {
  const signatureValid = facts.signatureValid ?? invoice.signatureValid;
  if (invoice.anafDownloadId === facts.downloadId && invoice.signatureValid === signatureValid)
    return undefined;
  const changes = { anafDownloadId: facts.downloadId, signatureValid, updatedAt: instant() };
  return invoices.replace(invoice.companyId, invoice, { ...invoice, ...changes });
}
