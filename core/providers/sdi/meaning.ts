import type { NetworkStatus } from "#core/providers/provider.ts";
import type { Notification, NotificationKind } from "./notification.ts";

/** What of a notification decides. */
export type Word = Pick<Notification, "kind" | "sdiId" | "errors" | "outcome">;

/** Later words stand behind earlier ones: an outcome counts more than the delivery it follows, in whatever order they come. */
const WEIGHT: readonly NotificationKind[] = ["MC", "RC", "AT", "DT", "NE", "NS"];

/** The notification that decides among all there are of a file. */
export const decisive = <Kind extends Word>(all: readonly Kind[]): Kind | undefined =>
  all.toSorted((a, b) => WEIGHT.indexOf(a.kind) - WEIGHT.indexOf(b.kind)).at(-1);

/** How often to ask about an office of the state, which has fifteen days for its answer. */
const outcomePollSeconds = 6 * 3600;

/**
 * What a notification means for the document. Between private parties delivery (RC) is the end, and so is MC: the
 * invoice is issued and waits in the buyer's tax drawer. An office of the state (`isPublic`) may still accept or refuse
 * (NE), or say nothing for fifteen days (DT); AT attests that it could not be reached at all, which counts as issued.
 */
export function meaningOf(word: Word, isPublic: boolean, raw: string): NetworkStatus {
  const { kind, sdiId, errors, outcome } = word;
  if (kind === "NS" || (kind === "NE" && outcome !== "EC01"))
    return { raw, result: "rejected", errors: kind === "NS" ? discarded(errors) : refusedWith(errors) };
  const awaited = isPublic ? AWAITED[kind] : undefined;
  if (awaited) return { raw, result: "processing", note: awaited, pollAfterSeconds: outcomePollSeconds };
  return { raw, result: "accepted", officialId: sdiId, note: ACCEPTED[kind] };
}

/** What of an office of the state is not yet the end. */
const AWAITED: Readonly<Partial<Record<NotificationKind, string>>> = {
  RC: "Delivered to the office, which has 15 days to accept or refuse it.",
  MC: "The office could not be reached yet; the exchange goes on trying.",
};

const ACCEPTED: Readonly<Record<Exclude<NotificationKind, "NS">, string>> = {
  RC: "Delivered to the buyer.",
  MC: "Issued but not delivered: the buyer finds it in its tax drawer and should be told.",
  NE: "Accepted by the office.",
  DT: "The office did not answer within 15 days, which counts as acceptance.",
  AT: "The office could not be reached; the exchange attests the transmission.",
};

const discarded = (errors: readonly string[]): readonly string[] =>
  errors.length > 0 ? errors : ["NS: discarded without a reason."];

const refusedWith = (words: readonly string[]): readonly string[] =>
  words.length > 0 ? words.map((said) => `EC02: ${said}`) : ["EC02: refused by the office."];

/** Whether a document was discarded only because the exchange has its name (00002) or the invoice (00404, 00409) already. */
export const isDuplicate = (status: NetworkStatus): boolean =>
  status.result === "rejected" && status.errors.every((error) => /^(?:00002|00404|00409)\b/.test(error));
