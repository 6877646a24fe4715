import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { instant, instantIn } from "#core/lib/clock.ts";
import { today } from "#core/lib/dates.ts";
import { Decimal, ZERO } from "#core/lib/decimal.ts";
import { refused } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import type { ValidationResult } from "#core/model/finding.ts";
import { newHeader, withHeader } from "#core/model/header.ts";
import type { Payment } from "#core/model/invoice.ts";
import type { NewInvoice } from "#core/model/invoice-input.ts";
import { linesFrom } from "#core/model/lines.ts";
import { settled } from "#core/model/paid.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import { invoices, likenessOf, type StoredInvoice } from "./collection.ts";
import { buyerFields, senderOf, summed, temporaryNumber } from "./draft.ts";
import { followProducts } from "./products.ts";
import { linkedTo } from "./refunds.ts";
import { lineRules, type Surroundings, surroundingsOf, withKnownProducts } from "./surroundings.ts";
import { after, firstEvent } from "./timeline.ts";
import { untouched } from "./untouched.ts";
import { quickResult } from "./validate.ts";

/** A new draft, what quick validation says of it, and the id of a draft it may be a copy of. */
export interface Created {
  readonly invoice: StoredInvoice;
  readonly validation: ValidationResult;
  readonly possibleDuplicateOf: string | undefined;
}

/**
 * Writes a draft invoice or credit note. Its number comes with issue; quick validation is told, never in the way.
 * Throws `malformed` for foreign ids and `invalid` for a credit note that differs from its parent in client or currency.
 */
export async function create(actor: CompanyActor, input: NewInvoice): Promise<Created> {
  assertCan(actor, "invoice.create");
  const documentType = input.documentType ?? "invoice";
  const asked = await withParent(actor, input);
  const [around, lines] = await Promise.all([
    surroundingsOf(actor, asked, documentType),
    withKnownProducts(actor, input.lines),
  ]);
  assertLikeParent(asked, around);
  const draft = collected(draftOf(actor, { ...asked, documentType, lines }, around), actor, input.collect);
  const [possibleDuplicateOf] = await Promise.all([findLike(draft), insert(actor, draft)]);
  return { invoice: draft, validation: quickResult(draft, around), possibleDuplicateOf };
}

/** A credit note that names only its parent is for the same client, in the same currency at the same rate. */
async function withParent(actor: CompanyActor, input: NewInvoice): Promise<NewInvoice> {
  if (!input.parentDocumentId) return input;
  const parent = await invoices.find(actor.companyId, input.parentDocumentId);
  if (!parent) return input;
  const { currency, exchangeRate } = parent;
  const isNamed = input.clientId || input.receiverName;
  const { clientId, receiverName, receiverCif } = isNamed ? input : parent;
  return {
    ...input,
    clientId,
    receiverName,
    receiverCif,
    ...(input.currency ? {} : { currency, exchangeRate }),
  };
}

function assertLikeParent(asked: NewInvoice, { parent }: Surroundings): void {
  if (!parent) return;
  if ((asked.clientId ?? null) !== parent.clientId)
    throw refused("A credit note is for the client of its invoice.", {
      clientId: "differs from the invoice",
    });
  if (asked.currency !== parent.currency)
    throw refused(`A credit note is in the currency of its invoice, ${parent.currency}.`, {
      currency: "differs from the invoice",
    });
}

type Asked = NewInvoice & { documentType: StoredInvoice["documentType"] };

function draftOf(actor: CompanyActor, input: Asked, around: Surroundings): StoredInvoice {
  const { company, client, parent } = around;
  const id = newId();
  const createdAt = instant();
  const header = withHeader(newHeader({ issueDate: today(), currency: company.defaultCurrency }), input);
  return summed<StoredInvoice>({
    ...header,
    ...untouched,
    ...senderOf(company),
    ...buyerFields(client, header),
    id,
    rev: 1,
    companyId: actor.companyId,
    number: temporaryNumber(id),
    documentType: input.documentType,
    untdidTypeCode: input.untdidTypeCode ?? "380",
    status: "draft",
    direction: "outgoing",
    clientId: client?.id ?? null,
    supplierId: null,
    parentDocumentNumber: parent?.number ?? null,
    parentDocumentDate: parent?.issueDate ?? null,
    refundInvoices: [],
    sellerSnapshot: null,
    bankAccounts: [],
    lines: linesFrom(input.lines, lineRules(around, input), id),
    subtotal: ZERO,
    vatTotal: ZERO,
    total: ZERO,
    discount: ZERO,
    payable: ZERO,
    payments: [],
    attachments: [],
    events: [firstEvent(id, "draft", { actor, action: "created" })],
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
    xmlSha256: null,
    submission: null,
  });
}

/** The draft with the payment it was created with. One that does not fit is left out: it must not fail the document. */
function collected(draft: StoredInvoice, actor: CompanyActor, collect: NewInvoice["collect"]): StoredInvoice {
  if (!collect) return draft;
  const asked = collect === true ? {} : collect;
  const amount = asked.value ?? draft.payable;
  if (Decimal.from(amount).sign <= 0 || Decimal.from(amount).compare(draft.payable) > 0) return draft;
  const payment: Payment = {
    id: newId(),
    amount,
    currency: draft.currency,
    paymentDate: asked.issueDate ?? today(),
    paymentMethod: asked.type ?? "bank_transfer",
    reference: asked.documentNumber ?? null,
    notes: asked.mentions ?? null,
    isReconciled: false,
    createdAt: instant(),
  };
  const details = { paymentId: payment.id, amount };
  return after(draft, settled(draft, [payment]), { actor, action: "payment_recorded", details });
}

async function insert(actor: CompanyActor, draft: StoredInvoice): Promise<void> {
  const payments = draft.payments.map(({ id }) => ({ name: "payment.created" as const, ref: id }));
  const written = invoices.insert(actor.companyId, draft, {
    events: [{ name: "invoice.created" }, ...payments],
    follow: followProducts(actor, draft),
  });
  await untilCommitted(async () =>
    commit([written, ...(await linkedTo(draft)), ...claim(actor, draft.id, { fiscal: true })]),
  );
}

/**
 * A draft for the same client over the same total, written within the hour: probably the same invoice sent twice by a
 * client without an idempotency key (DECISIONS 7: told, never prevented). The index may miss the very last one.
 */
async function findLike(draft: StoredInvoice): Promise<string | undefined> {
  if (draft.clientId === null && draft.receiverCif === null) return undefined;
  // This draft is written meanwhile, and may be the newest of its kind already.
  const alike = await invoices.findBy(likenessOf(draft.companyId, draft), { newestFirst: true, limit: 2 });
  const like = alike.find(({ id }) => id !== draft.id);
  return like && like.createdAt > instantIn(-3600) && like.status === "draft" ? like.id : undefined;
}
