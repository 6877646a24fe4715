import { instant, now } from "#core/lib/clock.ts";
import { idFrom } from "#core/lib/ids.ts";
import type { ListedMessage, MessageType } from "#core/providers/anaf/messages.ts";
import type { SealReport } from "#core/providers/anaf/seal.ts";
import type { AnafEnvironment } from "#core/providers/anaf/wire.ts";
import { collection, type Change, type Stored } from "#core/store/collection.ts";
import { commit } from "#core/store/commit.ts";
import { listColumns } from "#core/store/listing.ts";
import type { Follow } from "#core/store/out.ts";
import { Stale } from "#core/store/write.ts";
import type { Mailbox } from "./mailbox.ts";

/** How far we are with a message: seen in a list, its ZIP kept, read; or why it will never be. */
export type MessageStage =
  | "listed"
  | "archived"
  | "done"
  /** Read by nobody: kept and shown with the reason. */
  | "unreadable"
  /** Listed, but ANAF no longer has it. */
  | "expired"
  | "missing";

/** The sealed ZIP as kept, and what was found out about it. */
export interface Archive {
  readonly key: string;
  readonly sizeBytes: number;
  /** Of the document inside. */
  readonly sha256: string;
  readonly seal: SealReport;
  readonly archivedAt: string;
}

/** A message in a company's SPV mailbox: one row of the ledger that proves what there was and what became of it. */
export interface Message extends Stored {
  readonly downloadId: string;
  readonly environment: AnafEnvironment;
  readonly uploadIndex: string | null;
  readonly type: MessageType;
  readonly cif: string;
  readonly sellerCif: string | null;
  readonly buyerCif: string | null;
  readonly details: string;
  /** As ANAF listed it. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** When ANAF made it, and when we saw it first. */
  readonly createdAt: string;
  readonly listedAt: string;
  readonly stage: MessageStage;
  readonly errorMessage: string | null;
  readonly archive: Archive | null;
  /** Downloads tried on a day, of the ten that ANAF allows. */
  readonly tries: { readonly day: string; readonly count: number } | null;
  /** Before this nothing is to be done; somebody has a message due then. */
  readonly nextAt: string | null;
  readonly invoiceId: string | null;
  /** What its invoice brought with it into the books; absent while it brought no invoice. */
  readonly made?: Made | undefined;
  /** What it is about, for lists. */
  readonly summary: MessageSummary | null;
  readonly processedAt: string | null;
}

/** New entries that a document from the mailbox made beside its invoice. */
export interface Made {
  readonly clients: number;
  readonly products: number;
  readonly series: number;
}

export interface MessageSummary {
  readonly number: string;
  readonly date: string;
  readonly partner: string | null;
  readonly total: string;
  readonly currency: string;
}

/** Positional in stored rows: append, never reorder. */
export const messageColumns = listColumns({
  createdAt: "text",
  type: "text",
  status: "text",
  downloadId: "text",
  uploadIndex: "text",
  cif: "text",
  processedAt: "text",
  number: "text",
  partner: "text",
  errorMessage: "text",
  listedAt: "text",
});

/** What lists and the API call the state of a message. */
export const statusOf = ({ stage }: Pick<Message, "stage">): "received" | "processed" | "error" =>
  stage === "done" ? "processed" : stage === "listed" || stage === "archived" ? "received" : "error";

export const messages = collection<Message>({
  kind: "spv",
  what: "Message",
  cells: (message) =>
    messageColumns.cells({
      createdAt: message.createdAt,
      type: message.type,
      status: statusOf(message),
      downloadId: message.downloadId,
      uploadIndex: message.uploadIndex,
      cif: message.cif,
      processedAt: message.processedAt,
      number: message.summary?.number ?? null,
      partner: message.summary?.partner ?? null,
      errorMessage: message.errorMessage,
      listedAt: message.listedAt,
    }),
  lookup: ({ uploadIndex, environment, downloadId }, companyId) =>
    uploadIndex === null
      ? undefined
      : { name: uploadOf(companyId, environment, uploadIndex), sort: downloadId },
});

const uploadOf = (companyId: string, environment: AnafEnvironment, uploadIndex: string): string =>
  `${companyId}#anaf#${environment}#${uploadIndex}`;

/** Messages about an upload. The index lags by a moment: their absence proves nothing. */
export const messagesAbout = (
  companyId: string,
  environment: AnafEnvironment,
  uploadIndex: string,
): Promise<Message[]> => messages.findBy(uploadOf(companyId, environment, uploadIndex));

/** The one id a message has in a company, however often and by whomever it is seen. */
export const messageId = (companyId: string, environment: AnafEnvironment, downloadId: string): string =>
  idFrom(`${companyId}#spv#${environment}#${downloadId}`);

/** The message that has a message of SPV downloaded and read. */
export const followMessage = (
  { organizationId, companyId }: Mailbox,
  id: string,
  dueAt?: string,
): Follow => ({
  queue: "Downloads",
  body: { organizationId, companyId, messageId: id },
  ...(dueAt ? { dueAt, key: `${id} ${dueAt}` } : {}),
});

/** A message seen for the first time, as a write. */
export function newMessage(
  mailbox: Mailbox,
  environment: AnafEnvironment,
  listed: ListedMessage,
): Change<Message> {
  const id = messageId(mailbox.companyId, environment, listed.downloadId);
  const { cif, ...facts } = listed;
  const message = {
    ...facts,
    id,
    environment,
    cif: cif ?? mailbox.cif,
    listedAt: instant(),
    stage: "listed" as const,
    errorMessage: null,
    archive: null,
    tries: null,
    nextAt: null,
    invoiceId: null,
    summary: null,
    processedAt: null,
  };
  return messages.insert(mailbox.companyId, message, { follow: [followMessage(mailbox, id)] });
}

/** A message that has been waiting for so long without a date to wait for was forgotten: its work is announced anew. */
const forgottenSeconds = 3600;

/**
 * Writes down what a list shows. What is known already stays as it is; what was left lying is taken up again. Answers
 * the messages that are new.
 */
export async function keepListed(
  mailbox: Mailbox,
  environment: AnafEnvironment,
  listed: readonly ListedMessage[],
): Promise<ListedMessage[]> {
  const { companyId } = mailbox;
  const ids = listed.map(({ downloadId }) => messageId(companyId, environment, downloadId));
  const known = new Map((await messages.getMany(companyId, ids)).map((message) => [message.id, message]));
  const fresh: ListedMessage[] = [];
  await inTens(listed, async (message, at) => {
    const before = known.get(ids[at]!);
    if (before) await takeUp(mailbox, before);
    else if (await isWritten(newMessage(mailbox, environment, message))) fresh.push(message);
  });
  return fresh;
}

/** Announces the work of a message anew when it was left lying. */
export async function takeUp(mailbox: Mailbox, message: Message): Promise<void> {
  if (!isForgotten(message)) return;
  const follow = [followMessage(mailbox, message.id)];
  const again = { ...message, listedAt: instant() };
  await isWritten(messages.replace(mailbox.companyId, message, again, { follow }));
}

const isForgotten = ({ stage, nextAt, listedAt }: Message): boolean =>
  (stage === "listed" || stage === "archived") &&
  Math.max(Date.parse(listedAt), Date.parse(nextAt ?? listedAt)) < now() - forgottenSeconds * 1000;

/** Whether we wrote it; false when somebody else was faster, which is as good. */
async function isWritten(write: Change<Message>): Promise<boolean> {
  try {
    await commit([write]);
    return true;
  } catch (error) {
    if (error instanceof Stale) return false;
    throw error;
  }
}

async function inTens<T>(all: readonly T[], each: (one: T, at: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += 10)
    await Promise.all(all.slice(from, from + 10).map((one, i) => each(one, from + i)));
}
