import { companies } from "#core/companies/company.ts";
import { instant, instantIn, now } from "#core/lib/clock.ts";
import { today } from "#core/lib/dates.ts";
import { ArchiveError, type SealedFile } from "#core/providers/anaf/archive.ts";
import type { Answer } from "#core/providers/anaf/classify.ts";
import { descarcare } from "#core/providers/anaf/client.ts";
import type { MessageType } from "#core/providers/anaf/messages.ts";
import { commit, untilCommittedFrom } from "#core/store/commit.ts";
import { keepArchive, readArchive } from "./archives.ts";
import { findByIndex } from "./attempts.ts";
import { afterDayLimit, afterMinuteLimit } from "./budget.ts";
import { acceptByContent, rejectByFile } from "./own-documents.ts";
import { receive } from "./incoming.ts";
import { ask, type Mailbox, mailboxOf } from "./mailbox.ts";
import { followMessage, type Message, messages } from "./messages.ts";
import { accept } from "./settle.ts";

/** The body of a message to the Downloads queue. */
export interface DownloadMessage {
  readonly organizationId: string;
  readonly companyId: string;
  readonly messageId: string;
}

/** ANAF allows ten downloads of a message a day; three of them are ours to waste on retries. */
const triesPerDay = 3;

/** A listed message that ANAF does not know is asked for this long: its file may come later than its line. */
const ghostMs = 24 * 3_600_000;

/**
 * Does what is left to be done with a message: downloads its ZIP once and reads it, which settles what it is about. Where
 * there is no ZIP to be had now, what the message's type alone says is settled. Doing it again changes nothing.
 */
export async function takeMessage({ organizationId, companyId, messageId }: DownloadMessage): Promise<void> {
  const company = await companies.find(organizationId, companyId);
  const message = await messages.find(companyId, messageId);
  if (!company || !message || (message.stage !== "listed" && message.stage !== "archived")) return;
  if (message.nextAt !== null && Date.parse(message.nextAt) > now() + 2000) return;
  const mailbox = mailboxOf(company);
  try {
    if (message.archive) await read(mailbox, message, await readArchive(message.archive));
    else await download(mailbox, message);
  } catch (error) {
    await settleKnown(mailbox, message);
    throw error;
  }
}

/** A sent invoice under an index that is ours is accepted, whether or not its file can be fetched today. */
async function settleKnown(mailbox: Mailbox, message: Message): Promise<void> {
  const { uploadIndex, type, environment, downloadId } = message;
  if (type !== "FACTURA_TRIMISA" || uploadIndex === null) return;
  const attempt = await findByIndex(mailbox.companyId, environment, uploadIndex);
  if (attempt) await accept(mailbox, attempt, { index: uploadIndex, downloadId, messageId: message.id });
}

async function download(mailbox: Mailbox, message: Message): Promise<void> {
  const tries = message.tries?.day === today() ? message.tries.count : 0;
  if (tries >= triesPerDay) return postpone(mailbox, message, afterDayLimit(message.id));
  const { answer } = await ask(mailbox, "descarcare", (access) => descarcare(access, message.downloadId));
  const wasCounted = !["not_sent", "auth", "rate_minute"].includes(answer.class);
  const tried = wasCounted ? { ...message, tries: { day: today(), count: tries + 1 } } : message;
  if (answer.class !== "binary") return refusedDownload(mailbox, tried, answer);
  try {
    const { archive, sealed } = await keepArchive(mailbox.companyId, message, answer.bytes!);
    const archived = await replace(mailbox, tried, { stage: "archived", archive, nextAt: null });
    if (archived) await read(mailbox, archived, sealed);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    await postpone(mailbox, { ...tried, errorMessage: error.message }, retryAt(tries));
  }
}

const retryAt = (tries: number): string => instantIn(60 * 4 ** tries);

async function refusedDownload(mailbox: Mailbox, seen: Message, answer: Answer): Promise<void> {
  const kind = answer.class;
  const message: Message = { ...seen, errorMessage: answer.texts[0] ?? seen.errorMessage };
  if (kind === "expired") return end(mailbox, message, "expired");
  const isGhost = kind === "business" && now() - Date.parse(message.listedAt) > ghostMs;
  if (isGhost) return end(mailbox, message, "missing");
  await postpone(mailbox, message, waitAfter(message, kind));
}

/** When to try again: limits name their moment, refusals may be lifted within hours, hiccups within minutes. */
function waitAfter({ id, tries }: Message, kind: Answer["class"]): string {
  if (kind === "rate_day") return afterDayLimit(id);
  if (kind === "rate_minute") return afterMinuteLimit(id);
  const isRefusal = kind === "auth" || kind === "no_right" || kind === "forbidden" || kind === "business";
  return isRefusal ? instantIn(4 * 3600) : retryAt(Math.min(tries?.count ?? 0, 4));
}

/** What a document turned out to be, for the message's row. */
export type Reading = Pick<Message, "stage"> &
  Partial<Pick<Message, "errorMessage" | "invoiceId" | "summary" | "made">>;

async function read(mailbox: Mailbox, message: Message, sealed: SealedFile): Promise<void> {
  const reading = await readers[message.type](mailbox, message, sealed.document);
  await replace(mailbox, message, { ...reading, nextAt: null, processedAt: instant() });
}

const readers: Record<
  MessageType,
  (mailbox: Mailbox, message: Message, document: Uint8Array) => Promise<Reading>
> = {
  FACTURA_TRIMISA: acceptByContent,
  ERORI_FACTURA: rejectByFile,
  FACTURA_PRIMITA: (mailbox, message, document) => receive(mailbox, message, document),
  MESAJ_CUMPARATOR: async () => ({ stage: "done" }),
};

const postpone = async (mailbox: Mailbox, message: Message, nextAt: string): Promise<void> => {
  await settleKnown(mailbox, message);
  await replace(mailbox, message, { nextAt });
};

const end = async (mailbox: Mailbox, message: Message, stage: Message["stage"]): Promise<void> => {
  await settleKnown(mailbox, message);
  await replace(mailbox, message, { stage, nextAt: null, processedAt: instant() });
};

/**
 * Writes a new state of a message, and announces the work that is left. Undefined when a twin of this message of ours
 * has brought it further already.
 */
async function replace(
  mailbox: Mailbox,
  seen: Message,
  changes: Partial<Message>,
): Promise<Message | undefined> {
  const { companyId } = mailbox;
  const readAgain = () => messages.find(companyId, seen.id);
  return untilCommittedFrom(seen, readAgain, async (current) => {
    if (!current || current.processedAt !== null) return undefined;
    const { tries, errorMessage } = seen;
    const next: Message = { ...current, tries, errorMessage, ...changes };
    const follow = next.nextAt ? [followMessage(mailbox, seen.id, next.nextAt)] : [];
    const write = messages.replace(companyId, current, next, { follow });
    await commit([write]);
    return write.value;
  });
}
