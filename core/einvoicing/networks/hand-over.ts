import type { StoredInvoice } from "#core/documents/invoices/collection.ts";
import { readDocument } from "#core/documents/invoices/document.ts";
import { markElsewhere } from "#core/documents/invoices/elsewhere.ts";
import { getInvoice } from "#core/documents/invoices/get.ts";
import { invoices } from "#core/documents/invoices/collection.ts";
import { notValid } from "#core/documents/invoices/validate.ts";
import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { instant, instantIn } from "#core/lib/clock.ts";
import { refused } from "#core/lib/error.ts";
import { sha256 } from "#core/lib/ids.ts";
import { validationResult } from "#core/model/finding.ts";
import { loadNetwork, networks } from "#core/providers/index.ts";
import type { Network, NetworkDocument, NetworkName } from "#core/providers/provider.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { putFile } from "#core/store/files.ts";
import { claim } from "#core/store/idempotency.ts";
import type { Write } from "#core/store/write.ts";
import { configOf } from "../provider-config.ts";
import { nextSequence } from "./counting.ts";
import {
  documentKey,
  followHandover,
  type Handover,
  handoverId,
  handovers,
  handoversTo,
  hasEnded,
  isOnItsWay,
} from "./handover.ts";
import { nameForNotices } from "./notices.ts";

/** Statuses of an invoice that has its final form. One that ANAF rejected is to be corrected first. */
const HANDED_OVER_FROM: ReadonlySet<string> = new Set(["issued", "sent_to_provider", "validated"]);

/**
 * Hands an issued invoice of the company's own over to a country's network: its document is written and judged by
 * that country's rules, its bytes stored, and only then the intent to send them, if there is a way to. While one is on
 * its way this answers that very hand-over and sends nothing twice; one that was rejected or lost is followed by
 * another. Throws `invalid` when the invoice's state forbids it, when the network accepted it already, and with every
 * finding when the country's rules are broken; nothing is stored then.
 */
export async function handOver(
  actor: CompanyActor,
  invoiceId: string,
  provider: NetworkName,
): Promise<Handover> {
  assertCan(actor, "efactura.submit");
  const network = await loadNetwork(provider);
  return untilCommitted(async () => {
    const invoice = await getInvoice(actor.companyId, invoiceId);
    const last = (await handoversTo(actor.companyId, invoice.id, provider)).at(-1);
    if (last && isOnItsWay(last)) return nudged(actor, last);
    if (last?.state === "accepted")
      throw refused(`${networks[provider].label} has accepted this invoice already.`);
    assertFinal(invoice);
    return begin(actor, network, invoice, last);
  });
}

function assertFinal({ direction, status }: StoredInvoice): void {
  if (direction === "incoming") throw refused("Only invoices of one's own can be submitted.");
  if (!HANDED_OVER_FROM.has(status))
    throw refused(`Only issued invoices can be submitted. This one is ${status}.`);
}

/** A message that should have come long ago was lost; another one costs nothing, because every step asks first. */
const overdueSeconds = 120;

async function nudged(actor: CompanyActor, open: Handover): Promise<Handover> {
  const since = open.nextAt ?? open.sendingAt ?? open.createdAt;
  if (open.state === "sent" && open.nextAt === null) return open;
  if (since > instantIn(-overdueSeconds)) return open;
  const again = handovers.replace(actor.companyId, open, open, { follow: [followHandover(actor, open)] });
  await commit([again]);
  return again.value;
}

/** Writes, stores and decides, in this order. Bytes that no row comes to name do no harm. */
async function begin(
  actor: CompanyActor,
  network: Network,
  invoice: StoredInvoice,
  last: Handover | undefined,
): Promise<Handover> {
  const { companyId } = actor;
  const provider = network.name;
  // What was only generated has been shown to nobody: it is written anew as the invoice is now, under its old number.
  const unsent = last && !hasEnded(last) ? last : undefined;
  const [config, count] = await Promise.all([
    configOf(companyId, provider),
    nextSequence(companyId, provider),
  ]);
  const sequence = unsent?.sequence ?? count.value.last;
  const document = await written(actor, network, invoice, { values: config?.values ?? {}, sequence });
  const canBeSent = config?.enabled === true && network.transport(config.values) !== undefined;
  const turn = Number(last?.id.slice(-3) ?? 0) + (unsent ? 0 : 1);
  const fresh: Omit<Handover, "rev"> = {
    ...untried,
    id: handoverId(invoice.id, provider, turn),
    invoiceId: invoice.id,
    provider,
    number: invoice.number,
    state: canBeSent ? "prepared" : "generated",
    sequence,
    fileName: document.fileName,
    contentType: document.contentType,
    sha256: sha256(document.bytes),
    sizeBytes: document.bytes.length,
    createdAt: unsent?.createdAt ?? instant(),
    note: canBeSent ? null : `The document is generated and was not transmitted. ${network.withoutTransport}`,
  };
  await putFile(documentKey(companyId, fresh), document.bytes, document.contentType);
  const told = canBeSent ? { follow: [followHandover(actor, fresh)] } : {};
  const change = unsent
    ? handovers.replace(companyId, unsent, fresh, told)
    : handovers.insert(companyId, fresh, told);
  const noticed = network.readNotice && !unsent ? [nameForNotices(actor, change.value)] : [];
  await commit([
    change,
    ...(unsent ? [] : [count]),
    ...noticed,
    heldTo(invoice, canBeSent ? provider : undefined),
    ...claim(actor, invoice.id, { fiscal: true }),
  ]);
  return change.value;
}

/** The invoice must still be the one that was written; on its way to a network it is frozen. */
const heldTo = (invoice: StoredInvoice, provider: NetworkName | undefined): Write =>
  (provider && markElsewhere(invoice, provider)) ?? invoices.unchanged(invoice.companyId, invoice);

async function written(
  actor: CompanyActor,
  network: Network,
  invoice: StoredInvoice,
  context: { values: Readonly<Record<string, string>>; sequence: number },
): Promise<NetworkDocument> {
  const [document, correctedId] = await Promise.all([
    readDocument(actor, invoice),
    correctedIdOf(actor.companyId, invoice, network.name),
  ]);
  const { document: file, findings } = await network.write(document, { ...context, correctedId });
  const result = validationResult(findings, true);
  if (!result.valid || !file) throw notValid(result);
  return file;
}

/** The number that the network gave to the document which this one corrects. */
async function correctedIdOf(
  companyId: string,
  { parentDocumentId }: StoredInvoice,
  provider: NetworkName,
): Promise<string | null> {
  if (!parentDocumentId) return null;
  const all = await handoversTo(companyId, parentDocumentId, provider);
  return all.findLast(({ state }) => state === "accepted")?.officialId ?? null;
}

/** What nothing has happened to yet. */
const untried = {
  sendingAt: null,
  sentAt: null,
  endedAt: null,
  externalId: null,
  officialId: null,
  memo: {},
  resendAt: null,
  errors: [],
  note: null,
  receipts: [],
  tries: 0,
  looks: 0,
  polls: 0,
  raw: null,
  lastCheckedAt: null,
  nextAt: null,
} as const;
