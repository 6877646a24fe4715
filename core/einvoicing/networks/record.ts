import { invoices } from "#core/documents/invoices/collection.ts";
import { markElsewhere, markReturned } from "#core/documents/invoices/elsewhere.ts";
import { sha256 } from "#core/lib/ids.ts";
import type { Found, NetworkStatus, Receipt, SubmitOutcome } from "#core/providers/provider.ts";
import { commit, untilCommittedFrom } from "#core/store/commit.ts";
import { putFile } from "#core/store/files.ts";
import type { Write } from "#core/store/write.ts";
import {
  followHandover,
  type Handover,
  handovers,
  hasEnded,
  type KeptReceipt,
  type Owner,
  receiptKey,
} from "./handover.ts";
import { afterStatus, unknownOnes } from "./after-status.ts";
import { afterLook, afterSending } from "./after-sending.ts";

/** What became of sending. A twin that took it for abandoned knows less than who has the answer in his hands. */
export const recordSent = (owner: Owner, seen: Handover, outcome: SubmitOutcome): Promise<void> =>
  record(owner, seen, (handover) => {
    if (hasEnded(handover) || handover.externalId !== null || handover.tries !== seen.tries) return undefined;
    if (handover.state === "unknown" && outcome.result === "unknown") return undefined;
    return afterSending(handover, outcome);
  });

/** What a look for a lost document found; nothing when its network cannot be asked. */
export const recordFound = (owner: Owner, seen: Handover, found: Found | undefined): Promise<void> =>
  record(owner, seen, (handover) =>
    handover.state === "unknown" && handover.looks === seen.looks ? afterLook(handover, found) : undefined,
  );

/**
 * What the network answered when asked, or told us by itself (`toldAs`: under which id, if it says one). Its proofs
 * are stored first. A verdict stays; what comes after it is kept beside it.
 */
export async function recordStatus(
  owner: Owner,
  seen: Handover,
  status: NetworkStatus,
  { toldAs }: { toldAs?: string | null } = {},
): Promise<void> {
  const isAsked = toldAs === undefined;
  const receipts = await keep(owner, "receipts" in status ? status.receipts : undefined);
  await record(owner, seen, (handover) => {
    if (isAsked && handover.polls !== seen.polls) return undefined;
    if (hasEnded(handover)) return withReceipts(handover, receipts);
    const known = { ...handover, externalId: handover.externalId ?? toldAs ?? null };
    return afterStatus(known, status, receipts, isAsked);
  });
}

/** Nothing can be done now, for a reason that people should know. */
export const waitFor = (
  owner: Owner,
  seen: Handover,
  { note, nextAt }: { note: string; nextAt: string | null },
): Promise<void> =>
  record(owner, seen, (handover) => (hasEnded(handover) ? undefined : { ...handover, note, nextAt }));

/** Stores what the network gave as proof, under its hash: the same one again is the same file. */
const keep = ({ companyId }: Owner, receipts: readonly Receipt[] = []): Promise<KeptReceipt[]> =>
  Promise.all(
    receipts.map(async ({ fileName, contentType, bytes }) => {
      const key = receiptKey(companyId, sha256(bytes), fileName);
      await putFile(key, bytes, contentType);
      return { fileName, contentType, key };
    }),
  );

function withReceipts(handover: Handover, receipts: readonly KeptReceipt[]): Handover | undefined {
  const unknown = unknownOnes(handover, receipts);
  return unknown.length > 0 ? { ...handover, receipts: [...handover.receipts, ...unknown] } : undefined;
}

/** Writes the next state of a hand-over, with the message that goes on with it and what the invoice owes to it. */
async function record(
  owner: Owner,
  seen: Handover,
  next: (handover: Handover) => Handover | undefined,
): Promise<void> {
  const { companyId } = owner;
  const read = () => handovers.find(companyId, seen.id);
  await untilCommittedFrom(seen, read, async (handover) => {
    const after = handover && next(handover);
    if (!handover || !after) return;
    const follow = after.nextAt ? [followHandover(owner, after, after.nextAt)] : [];
    await commit([
      handovers.replace(companyId, handover, after, { follow }),
      ...(await onInvoice(companyId, handover, after)),
    ]);
  });
}

/** A document that was turned down may be corrected; one that somebody else handed over may not any more. */
async function onInvoice(companyId: string, before: Handover, after: Handover): Promise<Write[]> {
  const isReturned = after.state === "rejected";
  const isGone = before.state === "generated" && after.state !== "generated";
  if (!isReturned && !isGone) return [];
  const invoice = await invoices.find(companyId, after.invoiceId);
  const mark = isReturned ? markReturned : markElsewhere;
  const change = invoice && mark(invoice, after.provider);
  return change ? [change] : [];
}
