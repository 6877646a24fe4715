import { companies } from "#core/companies/company.ts";
import { invoices } from "#core/documents/invoices/collection.ts";
import { markReturned } from "#core/documents/invoices/elsewhere.ts";
import { instant, instantIn, now } from "#core/lib/clock.ts";
import { sha256 } from "#core/lib/ids.ts";
import { loadNetwork } from "#core/providers/index.ts";
import type { Parcel, Transport } from "#core/providers/provider.ts";
import { commit } from "#core/store/commit.ts";
import { findFile } from "#core/store/files.ts";
import { Stale } from "#core/store/write.ts";
import { configOf } from "../provider-config.ts";
import {
  documentKey,
  followHandover,
  type Handover,
  type HandoverMessage,
  handovers,
  handoversTo,
  isOnItsWay,
  type Owner,
} from "./handover.ts";
import { recordFound, recordSent, recordStatus, waitFor } from "./record.ts";

/** A message may come a moment before the instant it was due at: clocks of two machines differ. */
const earlySeconds = 2;

/** A transport gives up after 60 seconds; a hand-over that is still sending after this was abandoned in a crash. */
const abandonedSeconds = 90;

const missingHours = 6;

/**
 * Looks after one hand-over: one message, one step. Every step first asks what is still to be done, so a message that
 * comes twice, late or after a crash changes nothing that was decided already; and every step that leaves something to
 * be done announces the next message with its own write.
 */
export async function lookAfterHandover(message: HandoverMessage): Promise<void> {
  const { organizationId, companyId, invoiceId, provider } = message;
  const company = await companies.find(organizationId, companyId);
  if (!company || company.deletedAt) return;
  const handover = (await handoversTo(companyId, invoiceId, provider)).at(-1);
  if (!handover || !isOnItsWay(handover) || isEarly(handover)) return;
  const [network, config] = await Promise.all([loadNetwork(provider), configOf(companyId, provider)]);
  const transport = config?.enabled ? network.transport(config.values) : undefined;
  if (transport) return step(message, transport, handover);
  if (handover.state === "prepared") return shelve(message, handover, network.withoutTransport);
  const note = "The credentials for this network are missing or switched off; what became of it is unknown.";
  await waitFor(message, handover, { note, nextAt: instantIn(missingHours * 3600) });
}

const isEarly = ({ nextAt }: Handover): boolean =>
  nextAt !== null && Date.parse(nextAt) > now() + earlySeconds * 1000;

async function step(owner: Owner, transport: Transport, handover: Handover): Promise<void> {
  const { state, sendingAt, externalId } = handover;
  if (state === "prepared") return send(owner, transport, handover);
  if (state === "sending") {
    if (sendingAt! > instantIn(-abandonedSeconds)) return;
    const outcome = { result: "unknown", resendAfterSeconds: 3600, raw: "interrupted here" } as const;
    return recordSent(owner, handover, outcome);
  }
  const parcel = parcelOf(owner, handover, await bytesOf(owner, handover));
  if (state === "unknown") return recordFound(owner, handover, await transport.find?.(parcel));
  if (transport.status)
    return recordStatus(owner, handover, await transport.status(externalId ?? "", parcel));
  await waitFor(owner, handover, {
    note: "The network will tell what became of the document.",
    nextAt: null,
  });
}

/** The credentials went before the document could: it stays what it is, and nobody waits for it. */
async function shelve({ companyId }: Owner, handover: Handover, reason: string): Promise<void> {
  const note = `The document is generated and was not transmitted. ${reason}`;
  const invoice = await invoices.find(companyId, handover.invoiceId);
  const returned = invoice && markReturned(invoice, handover.provider);
  await commit([
    handovers.replace(companyId, handover, { ...handover, state: "generated", note, nextAt: null }),
    ...(returned ? [returned] : []),
  ]);
}

/**
 * Sends a prepared document. That it is about to leave is written down before it does, so that after a crash nobody
 * takes it for not sent; a twin of this message fails on that write and leaves.
 */
async function send(owner: Owner, transport: Transport, handover: Handover): Promise<void> {
  const bytes = await bytesOf(owner, handover);
  const leaving = {
    state: "sending",
    sendingAt: instant(),
    tries: handover.tries + 1,
    nextAt: null,
  } as const;
  const follow = [followHandover(owner, handover, instantIn(abandonedSeconds + 5))];
  const sending = handovers.replace(owner.companyId, handover, { ...handover, ...leaving }, { follow });
  try {
    await commit([sending]);
  } catch (error) {
    if (error instanceof Stale) return;
    throw error;
  }
  const outcome = await transport.send(parcelOf(owner, sending.value, bytes));
  await recordSent(owner, sending.value, outcome);
}

async function bytesOf({ companyId }: Owner, handover: Handover): Promise<Uint8Array> {
  const bytes = await findFile(documentKey(companyId, handover));
  if (!bytes || sha256(bytes) !== handover.sha256)
    throw new Error(`The stored bytes of hand-over ${handover.id} are gone.`);
  return bytes;
}

/** The hand-over as its transport sees it. What it remembers is committed before it goes on. */
function parcelOf({ companyId }: Owner, handover: Handover, bytes: Uint8Array): Parcel {
  const { fileName, contentType, number, memo } = handover;
  let current = handover;
  return {
    fileName,
    contentType,
    bytes,
    sha256: handover.sha256,
    number,
    memo,
    async remember(next) {
      const write = handovers.replace(companyId, current, { ...current, memo: next });
      await commit([write]);
      current = write.value;
    },
  };
}
