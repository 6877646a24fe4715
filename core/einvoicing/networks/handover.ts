import type { NetworkName } from "#core/providers/provider.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import type { Follow } from "#core/store/out.ts";

/**
 * Where one hand-over of an invoice to a network is. Before `sending` nothing can have left; from `sending` on the
 * network may have it.
 *
 *     generated ⇄ prepared → sending → sent → accepted | rejected
 *                    ↑          ├→ unknown → sent (found) | prepared (not there: again) | lost (nobody can tell)
 *                    └──────────┤ (certainly without effect: waits)
 *                               └→ rejected (at the door)
 */
export type HandoverState =
  /** Written and stored, and nothing more is going to happen by itself: there is no way to send it. */
  "generated" | "prepared" | "sending" | "unknown" | "sent" | "accepted" | "rejected" | "lost";

const ENDED: ReadonlySet<HandoverState> = new Set(["accepted", "rejected", "lost"]);
const RESTING: ReadonlySet<HandoverState> = new Set(["generated", ...ENDED]);

/** Nothing happens to it any more, and another hand-over may take its place unless it was accepted. */
export const hasEnded = ({ state }: Pick<Handover, "state">): boolean => ENDED.has(state);
/** The queue has something to do for it. */
export const isOnItsWay = ({ state }: Pick<Handover, "state">): boolean => !RESTING.has(state);

/** A file the network gave us, and where it lies. */
export interface KeptReceipt {
  readonly fileName: string;
  readonly contentType: string;
  readonly key: string;
}

/** One hand-over of an invoice to a network other than ANAF. Its bytes are stored before anything leaves. Kept. */
export interface Handover extends Stored {
  readonly invoiceId: string;
  readonly provider: NetworkName;
  /** The invoice's. */
  readonly number: string;
  readonly state: HandoverState;
  readonly sequence: number;
  readonly fileName: string;
  readonly contentType: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly createdAt: string;
  readonly sendingAt: string | null;
  readonly sentAt: string | null;
  readonly endedAt: string | null;
  /** The id to ask by, and the number the network gave to the document when it accepted it. */
  readonly externalId: string | null;
  readonly officialId: string | null;
  /** What the network's code noted to find its way after a crash; see `Parcel.remember`. */
  readonly memo: Readonly<Record<string, string>>;
  /** When it was not found by then, the same bytes may be sent again. */
  readonly resendAt: string | null;
  /** The network's own words for a rejection. */
  readonly errors: readonly string[];
  /** Where it is or why it waits, for people. */
  readonly note: string | null;
  readonly receipts: readonly KeptReceipt[];
  /** Times it was sent, looked for and asked about. */
  readonly tries: number;
  readonly looks: number;
  readonly polls: number;
  /** The beginning of the network's last answer, and when that came. */
  readonly raw: string | null;
  readonly lastCheckedAt: string | null;
  /** Before this nothing is to be done; a message is due then. */
  readonly nextAt: string | null;
}

/** Hand-overs, under their company; those of one invoice lie side by side, and open ones are found by their network. */
export const handovers = collection<Handover>({
  kind: "hand",
  what: "Submission",
  lookup: (handover, companyId) =>
    isOnItsWay(handover) ? { name: onTheWay(companyId, handover.provider), sort: handover.id } : undefined,
});

/** Name under which a company's hand-overs that are on their way to a network are found. */
export const onTheWay = (companyId: string, provider: NetworkName): string => `${companyId}#hand#${provider}`;

/** One id per invoice, network and turn, so that two who make the next one at once meet on it. */
export const handoverId = (invoiceId: string, provider: NetworkName, turn: number): string =>
  `${invoiceId}.${provider}.${String(turn).padStart(3, "0")}`;

/** Every hand-over of an invoice, by network and from the oldest to the newest. */
export const handoversOf = (companyId: string, invoiceId: string): Promise<Handover[]> =>
  handovers.some(companyId, { from: `${invoiceId}.`, to: `${invoiceId}.~`, limit: 500 });

/** Those of an invoice to one network, the newest last. */
export const handoversTo = (
  companyId: string,
  invoiceId: string,
  provider: NetworkName,
): Promise<Handover[]> => {
  const prefix = `${invoiceId}.${provider}.`;
  return handovers.some(companyId, { from: prefix, to: `${prefix}~`, limit: 500 });
};

const extensionOf = (fileName: string): string => /\.(\w{1,8})$/.exec(fileName)?.[1] ?? "bin";

/** Where the bytes of a hand-over lie: under their hash, so that no later version can take their place. */
export const documentKey = (
  companyId: string,
  { sha256, fileName }: Pick<Handover, "sha256" | "fileName">,
): string => `${companyId}/submissions/${sha256}.${extensionOf(fileName)}`;

/** Where a receipt lies. */
export const receiptKey = (companyId: string, sha256: string, fileName: string): string =>
  `${companyId}/receipts/${sha256}.${extensionOf(fileName)}`;

/** The body of a message to the Submissions queue that has a hand-over looked after. */
export interface HandoverMessage {
  readonly organizationId: string;
  readonly companyId: string;
  readonly invoiceId: string;
  readonly provider: NetworkName;
}

/** A company as the owner of hand-overs. */
export type Owner = Pick<HandoverMessage, "organizationId" | "companyId">;

/** The message that has a hand-over looked after, at once or when it is due. */
export const followHandover = (
  { organizationId, companyId }: Owner,
  { id, invoiceId, provider }: Pick<Handover, "id" | "invoiceId" | "provider">,
  dueAt?: string,
): Follow => {
  const body: HandoverMessage = { organizationId, companyId, invoiceId, provider };
  return { queue: "Submissions", body: { ...body }, ...(dueAt ? { dueAt, key: id } : {}) };
};
