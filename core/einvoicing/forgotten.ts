import { findConnection } from "#core/companies/anaf-connections.ts";
import { companies } from "#core/companies/company.ts";
import { invoices, type StoredInvoice, underWayNames } from "#core/documents/invoices/collection.ts";
import { followSubmission, isDueByItself } from "#core/documents/invoices/efactura.ts";
import { instantIn } from "#core/lib/clock.ts";
import { follow } from "#core/store/due.ts";
import { type Known, readLookup } from "#core/store/read.ts";
import { attemptsOf } from "./attempts.ts";

/** A submission that should have moved this long ago has lost its message. */
const forgottenSeconds = 2 * 3600;

/** An automatic submission that found no connection is given up this long after its time: people have to send it. */
const givenUpSeconds = 30 * 86_400;

/** Invoices of one name looked at side by side, while those of the other names are. */
const together = 4;

/**
 * Takes up the submissions of every company whose next message was lost for good: it failed until it lay among the
 * dead letters, or what announced it did. Whatever is on its way stands in an index by the minute it set out, so that
 * only what is older than two hours is looked at, and most hours that is nothing. Every step asks what is still to be
 * done: one message too many does no harm. Answers how many were taken up.
 */
export async function recoverForgotten(): Promise<number> {
  const counts = await Promise.all(underWayNames.map(recoverNamed));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function recoverNamed(name: string): Promise<number> {
  const old = await readLookup(name, { before: instantIn(-forgottenSeconds) });
  let recovered = 0;
  for (let from = 0; from < old.length; from += together) {
    const taken = await Promise.all(old.slice(from, from + together).map(recover));
    recovered += taken.filter(Boolean).length;
  }
  return recovered;
}

async function recover({ pk, sk: id, gsi2sk: since }: Known): Promise<boolean> {
  const companyId = pk.slice(0, -`#${invoices.kind}`.length);
  const last = (await attemptsOf(companyId, id)).at(-1);
  const expectedAt = last?.endedAt ?? last?.nextAt ?? last?.sendingAt ?? since;
  if (expectedAt > instantIn(-forgottenSeconds)) return false;
  const invoice = await invoices.find(companyId, id);
  if (!invoice?.organizationId || !(await isToBeMoved(invoice, invoice.organizationId))) return false;
  await follow(followSubmission({ organizationId: invoice.organizationId, companyId }, id));
  return true;
}

/** Whether a message would move it; the index lags, and some wait for people. */
async function isToBeMoved(invoice: StoredInvoice, organizationId: string): Promise<boolean> {
  const company = await companies.find(organizationId, invoice.companyId);
  if (!company || company.deletedAt || invoice.deletedAt) return false;
  if (invoice.status === "sent_to_provider") return invoice.submission !== null;
  return (
    isDueByItself(invoice) &&
    invoice.scheduledSendAt! > instantIn(-givenUpSeconds) &&
    company.syncEnabled &&
    (await findConnection(organizationId, company.cif)) !== undefined
  );
}
