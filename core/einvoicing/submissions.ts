import { companies } from "#core/companies/company.ts";
import { isDueByItself, markSubmitting, type SubmissionMessage } from "#core/documents/invoices/efactura.ts";
import { invoices, type StoredInvoice } from "#core/documents/invoices/collection.ts";
import { xmlOf } from "#core/documents/invoices/files.ts";
import { system } from "#core/lib/actor.ts";
import { instant, now } from "#core/lib/clock.ts";
import { sha256 } from "#core/lib/ids.ts";
import { routeOf } from "#core/providers/anaf/route.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { putFile } from "#core/store/files.ts";
import {
  type Attempt,
  attemptId,
  attempts,
  attemptsOf,
  bytesKey,
  claimHash,
  findByHash,
  untried,
} from "./attempts.ts";
import { usableConnection } from "./connections.ts";
import { type Mailbox, mailboxOf } from "./mailbox.ts";
import { poll } from "./poll.ts";
import { reconcile } from "./reconcile.ts";
import { abandoned, send } from "./send.ts";

/** A message may come a moment before the instant it was due at: clocks of two machines differ. */
const earlySeconds = 2;

/**
 * Looks after one invoice on its way to the authority: one message, one step. Every step first asks what is still to
 * be done, so a message that comes twice, late or after a crash changes nothing that was decided already; and every
 * step that leaves something to be done announces the next message with its own write.
 */
export async function lookAfter({ organizationId, companyId, invoiceId }: SubmissionMessage): Promise<void> {
  const company = await companies.find(organizationId, companyId);
  let invoice = await invoices.find(companyId, invoiceId);
  if (!company || company.deletedAt || !invoice || invoice.deletedAt) return;
  const mailbox = mailboxOf(company);
  if (isDueByItself(invoice)) invoice = await submitByItself(mailbox, invoice, company.syncEnabled);
  if (invoice?.status !== "sent_to_provider" || !invoice.submission) return;
  const attempt = await currentAttempt(mailbox, invoice);
  if (isEarly(attempt)) return;
  await step(mailbox, invoice, attempt);
}

const isEarly = ({ nextAt }: Attempt): boolean =>
  nextAt !== null && Date.parse(nextAt) > now() + earlySeconds * 1000;

/** What is next for an attempt; nothing for one that has ended. */
async function step(mailbox: Mailbox, invoice: StoredInvoice, attempt: Attempt): Promise<void> {
  const { state } = attempt;
  if (state === "prepared") await send(mailbox, invoice, attempt);
  else if (state === "sending") await abandoned(mailbox, invoice, attempt);
  else if (state === "unknown") await reconcile(mailbox, invoice, attempt);
  else if (state === "sent") await poll(mailbox, attempt);
}

/**
 * Starts the automatic submission of an issued invoice whose time has come (DECISIONS 13). Without a connection it
 * stays issued, and goes within an hour of there being one (forgotten.ts); without sync it stays for its people to send.
 */
async function submitByItself(
  mailbox: Mailbox,
  found: StoredInvoice,
  syncEnabled: boolean,
): Promise<StoredInvoice | undefined> {
  const { organizationId, companyId, cif } = mailbox;
  if (!syncEnabled || found.buyerSnapshot?.country !== "RO") return undefined;
  const actor = system(organizationId, companyId);
  if (!(await usableConnection(organizationId, cif))) return undefined;
  return untilCommitted(async () => {
    const invoice = await invoices.find(companyId, found.id);
    if (!invoice || !isDueByItself(invoice)) return invoice;
    const xml = await xmlOf(actor, invoice);
    const change = markSubmitting(actor, invoice, { automatic: true, xmlSha256: sha256(xml) });
    if (!change) return invoice;
    await commit([change]);
    return change.value;
  });
}

/** The newest attempt of the submission under way; the first is prepared here: bytes frozen, intent stored. */
async function currentAttempt(mailbox: Mailbox, invoice: StoredInvoice): Promise<Attempt> {
  const { companyId } = mailbox;
  const submission = invoice.submission!.attempt;
  const last = (await attemptsOf(companyId, invoice.id)).findLast(
    (attempt) => attempt.submission === submission,
  );
  return last ?? prepare(mailbox, invoice, submission);
}

async function prepare(mailbox: Mailbox, invoice: StoredInvoice, submission: number): Promise<Attempt> {
  const { organizationId, companyId, cif } = mailbox;
  const bytes = await xmlOf(system(organizationId, companyId), invoice);
  const hash = sha256(bytes);
  if (hash !== invoice.xmlSha256)
    throw new Error(`The XML of invoice ${invoice.id} is not the one that was frozen.`);
  await putFile(bytesKey(companyId, hash), bytes, "application/xml");
  const attempt: Omit<Attempt, "rev"> = {
    id: attemptId(invoice.id, submission, 1),
    invoiceId: invoice.id,
    submission,
    upload: 1,
    number: invoice.number,
    state: "prepared",
    // The connection it leaves through decides; see send.ts.
    environment: "prod",
    cif,
    route: routeOf(invoice),
    sha256: hash,
    sizeBytes: bytes.length,
    preparedAt: instant(),
    ...untried,
  };
  let tries = 0;
  return untilCommitted(async () => {
    // A twin of this message, or an earlier attempt with these bytes, is looked for only when the write meets one.
    const isFirst = tries++ === 0;
    const twin = isFirst ? undefined : await attempts.find(companyId, attempt.id);
    if (twin) return twin;
    const write = attempts.insert(companyId, attempt);
    const isKnown = !isFirst && (await findByHash(companyId, hash)) !== undefined;
    await commit([write, ...(isKnown ? [] : [claimHash(companyId, attempt)])]);
    return write.value;
  });
}
