import { createHmac, timingSafeEqual } from "node:crypto";
import { notFound } from "#core/lib/error.ts";
import { settings } from "#core/lib/settings.ts";
import { loadNetwork } from "#core/providers/index.ts";
import type { NetworkName } from "#core/providers/provider.ts";
import { linked } from "#core/store/linked.ts";
import { lookUp, take } from "#core/store/names.ts";
import type { Write } from "#core/store/write.ts";
import { type Handover, handovers, type Owner } from "./handover.ts";
import { recordStatus } from "./record.ts";

/*
 * Networks that call their senders: each company has an address of its own for each of them, which nobody else can
 * guess, and a document is known there by the name it travelled under.
 */

interface Meaning extends Record<string, unknown> {
  readonly organizationId: string;
  readonly handoverId: string;
}

const noticeName = (companyId: string, provider: NetworkName, fileName: string): string =>
  `${companyId}#notice#${provider}#${fileName}`;

/** The write by which a notice will find its hand-over, also one that comes before the answer to the sending. */
export const nameForNotices = (
  { organizationId, companyId }: Owner,
  { id, provider, fileName }: Handover,
): Write => take(noticeName(companyId, provider, fileName), { organizationId, handoverId: id });

/** The secret part of a company's address for a network's notices. */
const keyOf = (companyId: string, provider: NetworkName): string =>
  createHmac("sha256", Buffer.from(linked.TokenKey.value, "base64"))
    .update(`notices#${companyId}#${provider}`)
    .digest("hex");

/** Where a network tells a company what became of its documents. Who knows the address may tell it: keep it secret. */
export const noticeUrl = (companyId: string, provider: NetworkName): string =>
  `${settings.baseUrl}/api/einvoice/notices/${provider}/${companyId}.${keyOf(companyId, provider)}`;

/** A call that came to that address, whose last part is the company's id and the key, joined by a full stop. */
export interface NoticeCall {
  readonly provider: NetworkName;
  readonly address: string;
  readonly body: Uint8Array;
  readonly contentType: string;
}

/**
 * Takes a network's word on a document. Said twice or late it changes nothing. Throws `not_found` for a wrong address,
 * for what is no notice and for a document we did not send, so that the network tries again or complains.
 */
export async function takeNotice({ provider, address, body, contentType }: NoticeCall): Promise<void> {
  const [companyId = "", key = ""] = address.split(".");
  const network = await loadNetwork(provider);
  if (!network.readNotice || !isSame(key, keyOf(companyId, provider))) throw notFound("Address");
  const notice = network.readNotice(body, contentType);
  if (!notice) throw notFound("Notice");
  const meaning = await lookUp<Meaning>(noticeName(companyId, provider, notice.fileName));
  const handover = meaning && (await handovers.find(companyId, meaning.handoverId));
  if (!handover) throw notFound("Document");
  const owner = { organizationId: meaning.organizationId, companyId };
  await recordStatus(owner, handover, notice.status, { toldAs: notice.externalId });
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
