import { paymentAccounts } from "#core/companies/bank-accounts.ts";
import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { refused } from "#core/lib/error.ts";
import { sha256 } from "#core/lib/ids.ts";
import type { ValidationResult } from "#core/model/finding.ts";
import { withHeader } from "#core/model/header.ts";
import type { InvoiceChanges } from "#core/model/invoice-input.ts";
import { assertEditable } from "#core/model/lifecycle.ts";
import { linesFrom } from "#core/model/lines.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { followFirstDeadline } from "./deadline.ts";
import { documentOf } from "./document.ts";
import { buyerFields, isUnnumbered, summed } from "./draft.ts";
import { followFiles } from "./files.ts";
import { getInvoice } from "./get.ts";
import { selfSettlement } from "./issue.ts";
import { lineRules, type Surroundings, surroundingsOf, withKnownProducts } from "./surroundings.ts";
import { after } from "./timeline.ts";
import { quickResult, validXml } from "./validate.ts";

export interface Updated {
  readonly invoice: StoredInvoice;
  readonly validation: ValidationResult;
}

/**
 * Changes an invoice that the authority does not have: a draft as one likes; an issued or rejected one only to
 * something that could be issued, with the same number (DECISIONS 22). Absent keys keep, null clears, `lines` replaces
 * every line. Throws `invalid` when it cannot be changed (so), `malformed` for foreign ids.
 */
export async function update(actor: CompanyActor, id: string, changes: InvoiceChanges): Promise<Updated> {
  assertCan(actor, "invoice.edit");
  const lines = changes.lines && (await withKnownProducts(actor, changes.lines));
  return untilCommitted(async () => {
    const before = await getInvoice(actor.companyId, id);
    assertEditable(before);
    assertKept(before, changes);
    const around = await surroundingsOf(actor, namesIn(before, changes), before.documentType);
    const asked = lines === undefined ? changes : { ...changes, lines };
    const changed = changedBy(before, asked, around);
    if (Decimal.from(changed.balance).sign < 0 && changed.payments.length > 0)
      throw refused("More was already paid than this invoice would come to.", { lines: "total is too low" });
    const next = before.status === "draft" ? changed : await reissued(changed, around);
    const told = after(before, next, { actor, action: "updated" });
    const write = invoices.replace(actor.companyId, before, told, {
      events: [{ name: "invoice.updated" }],
      follow:
        told.xmlSha256 === null ? [] : [followFiles(actor, id), ...followFirstDeadline(actor, told, before)],
    });
    await commit([write, ...claim(actor, id, { fiscal: true })]);
    return { invoice: write.value, validation: quickResult(write.value, around) };
  });
}

/** The ids the document will name; what the body does not mention was checked when it was written. */
const namesIn = (before: StoredInvoice, { clientId, documentSeriesId }: InvoiceChanges) => ({
  clientId: clientId === undefined ? before.clientId : clientId,
  documentSeriesId: documentSeriesId === before.documentSeriesId ? undefined : documentSeriesId,
});

/** Refuses to change what a document is: its type, its parent and, once it has a number, its series. */
function assertKept(before: StoredInvoice, changes: InvoiceChanges): void {
  const differs = (key: "parentDocumentId" | "documentType" | "documentSeriesId"): boolean =>
    changes[key] !== undefined && (changes[key] ?? null) !== before[key];
  if (differs("parentDocumentId"))
    throw refused("The invoice that a document corrects cannot be changed.", {
      parentDocumentId: "cannot change",
    });
  if (differs("documentType"))
    throw refused("The type of a document cannot be changed; create another one.", {
      documentType: "cannot change",
    });
  if (differs("documentSeriesId") && !isUnnumbered(before))
    throw refused(`This document keeps its number ${before.number}.`, { documentSeriesId: "cannot change" });
}

function changedBy(before: StoredInvoice, changes: InvoiceChanges, around: Surroundings): StoredInvoice {
  const header = withHeader(before, changes) as StoredInvoice;
  const { documentType } = before;
  const { lines } = changes;
  return summed({
    ...header,
    ...buyerAfter(before, header, changes, around),
    untdidTypeCode: changes.untdidTypeCode ?? before.untdidTypeCode,
    clientId: around.client?.id ?? null,
    lines: lines
      ? linesFrom(lines, lineRules(around, { ...changes, documentType }), before.id)
      : before.lines,
  });
}

/** A draft shows its client as it is; an issued document keeps the buyer it was issued to unless told otherwise. */
function buyerAfter(
  before: StoredInvoice,
  header: StoredInvoice,
  { clientId, receiverName, receiverCif }: InvoiceChanges,
  { client }: Surroundings,
) {
  if (before.status === "draft") return buyerFields(client, header);
  if (client && clientId !== undefined) return buyerFields(client, header);
  if (!client && (clientId === null || receiverName !== undefined || receiverCif !== undefined))
    return buyerFields(undefined, header);
  const { buyerSnapshot, receiverName: name, receiverCif: cif } = before;
  return { buyerSnapshot, receiverName: name, receiverCif: cif };
}

/** An issued document in its new form: as valid as at its issue, settled if it settles itself. */
async function reissued(changed: StoredInvoice, { company, rates }: Surroundings): Promise<StoredInvoice> {
  const bankAccounts = await paymentAccounts(changed.companyId, changed.currency);
  const next = { ...changed, bankAccounts };
  const xml = await validXml(documentOf(next, { company, accounts: bankAccounts }), rates);
  return { ...next, ...selfSettlement(next, undefined), xmlSha256: sha256(xml) };
}
