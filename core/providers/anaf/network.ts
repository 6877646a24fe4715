import { type Answer, duplicateIndex } from "./classify.ts";
import { folded, STATES } from "./wire.ts";
import type { StatusOutcome, SubmitOutcome, WaitReason } from "../provider.ts";

/** A technical refusal was in every reported case one of a document that was not registered (ANAF.md §3, §18). */
const resendAfterTechnicalSeconds = 3600;
/** A document that arrived shows in the lists within minutes, on bad days within hours (ANAF.md §19). */
const resendAfterSeconds = 6 * 3600;

/** Answers after which certainly nothing was taken, and why the call has to wait. */
const WAITING: Partial<Record<Answer["class"], WaitReason>> = {
  not_sent: "not_sent",
  auth: "reconnect",
  forbidden: "forbidden",
  no_right: "no_right",
  rate_minute: "rate_minute",
  rate_day: "rate_day",
};

/** What an answer to an upload means for the document. */
export function submitOutcome(answer: Answer): SubmitOutcome {
  const { class: kind, header, texts, raw } = answer;
  const index = header?.index_incarcare;
  if (kind === "ok" && index && header.ExecutionStatus !== "1")
    return { result: "sent", externalId: index, raw };
  const reason = WAITING[kind];
  if (reason) return { result: "wait", reason, message: texts[0] ?? "", raw };
  if (kind === "technical")
    return { result: "unknown", resendAfterSeconds: resendAfterTechnicalSeconds, raw };
  if (kind === "waf")
    return { result: "refused", errors: ["ANAF's firewall refused the document as it is written."], raw };
  if (kind === "business") {
    const duplicateOf = duplicateIndex(texts);
    return { result: "refused", errors: texts, ...(duplicateOf ? { duplicateOf } : {}), raw };
  }
  return { result: "unknown", resendAfterSeconds, raw };
}

/** What an answer to stareMesaj means for the document. */
export function statusOutcome(answer: Answer): StatusOutcome {
  const { class: kind, header, texts, raw } = answer;
  const state = kind === "ok" ? folded(header?.stare ?? "") : "";
  const downloadId = header?.id_descarcare;
  if (state === STATES.accepted && downloadId) return { result: "accepted", downloadId, raw };
  if (state === STATES.rejected && downloadId) return { result: "rejected", downloadId, raw };
  if (state === STATES.unreadable) return { result: "unreadable", message: header!.stare!, raw };
  if (state === STATES.processing) return { result: "processing", raw };
  return { result: "wait", reason: WAITING[kind] ?? "passing", message: texts[0] ?? "", raw };
}
