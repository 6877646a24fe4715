import type { Attempt, AttemptState } from "#core/einvoicing/attempts.ts";
import { bytesKey } from "#core/einvoicing/attempts.ts";
import { documentKey, type Handover, type HandoverState } from "#core/einvoicing/networks/index.ts";
import { idFrom } from "#core/lib/ids.ts";

/** What the contract knows of a submission, and how far it really came: nothing is said to be sent that was not. */
type Status = "pending" | "submitted" | "accepted" | "rejected" | "error";
type Stage = "generated" | "transmitted" | "accepted";

const attemptStatuses: Record<AttemptState, Status> = {
  prepared: "pending",
  sending: "pending",
  unknown: "submitted",
  sent: "submitted",
  accepted: "accepted",
  rejected: "rejected",
  unreadable: "rejected",
  refused: "rejected",
  lost: "error",
  superseded: "error",
};

const handoverStatuses: Record<HandoverState, Status> = {
  generated: "pending",
  prepared: "pending",
  sending: "pending",
  unknown: "pending",
  sent: "submitted",
  accepted: "accepted",
  rejected: "rejected",
  lost: "error",
};

/** How far a document is known to have come. */
const stageOf = (state: string, externalId: string | null): Stage =>
  state === "accepted" ? "accepted" : externalId === null ? "generated" : "transmitted";

/** An upload to ANAF as a submission of the contract. */
export function attemptView(companyId: string, attempt: Attempt) {
  const { id, errors, preparedAt, endedAt, sentAt, route, environment, otherIds, suspect } = attempt;
  const uuid = idFrom(`${companyId}#${id}`);
  const { state, sha256, submission, upload, downloadId, nextAt, raw, externalId } = attempt;
  return {
    id: uuid,
    uuid,
    provider: "anaf",
    externalId,
    status: attemptStatuses[state],
    errorMessage: errors.length > 0 ? errors.join("\n") : null,
    xmlPath: bytesKey(companyId, sha256),
    metadata: {
      stage: stageOf(state, externalId),
      state,
      sha256,
      submission,
      upload,
      route,
      environment,
      sentAt,
      downloadId,
      nextAt,
      otherIds,
      suspect,
      answer: raw,
    },
    createdAt: preparedAt,
    updatedAt: endedAt ?? sentAt,
  };
}

/** A hand-over to another country's network as a submission of the contract. */
export function handoverView(companyId: string, handover: Handover) {
  const { id, provider, externalId, officialId, errors, state, note, createdAt, endedAt, sentAt } = handover;
  const { fileName, contentType, sha256, sizeBytes, receipts, tries, raw, lastCheckedAt, nextAt } = handover;
  const uuid = idFrom(`${companyId}#${id}`);
  return {
    id: uuid,
    uuid,
    provider,
    externalId: officialId ?? externalId,
    status: handoverStatuses[state],
    errorMessage: errors.length > 0 ? errors.join("\n") : null,
    xmlPath: documentKey(companyId, handover),
    metadata: {
      stage: stageOf(state, externalId),
      state,
      message: note,
      fileName,
      contentType,
      sha256,
      sizeBytes,
      reference: externalId,
      officialId,
      receipts,
      attempts: tries,
      sentAt,
      lastCheckedAt,
      nextAt,
      answer: raw,
    },
    createdAt,
    updatedAt: endedAt ?? lastCheckedAt ?? sentAt,
  };
}

/** What happened when an invoice was handed over, in a sentence. */
export const submissionMessages: Record<HandoverState, string> = {
  generated: "The document was generated and stored. It was not transmitted.",
  prepared: "The document was generated and is queued for transmission.",
  sending: "The document is being transmitted.",
  unknown: "The document may have been transmitted; the network is asked before anything is sent again.",
  sent: "The document was transmitted; the network has not decided yet.",
  accepted: "The network has accepted the document.",
  rejected: "The network has rejected the document.",
  lost: "Nobody could find out whether the network has the document.",
};
