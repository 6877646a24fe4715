import type { AnafConnection } from "#core/companies/anaf-connections.ts";
import { bucharestDay } from "#core/lib/dates.ts";
import { Decimal } from "#core/lib/decimal.ts";
import type { StoredInvoice } from "#core/documents/invoices/collection.ts";
import type { Invoice } from "#core/model/invoice.ts";
import { unpack } from "#core/store/pack.ts";
import type { Attributes } from "#core/store/table.ts";

/** What an event is about: the company whose subscribers hear of it, if it is one's, and the data they read. */
interface Subject {
  readonly companyId: string | null;
  /** The organization whose members may be told too, where the row knows it. */
  readonly organizationId?: string | undefined;
  readonly data: Record<string, unknown>;
}

/** From a stored object of a kind to what its events tell (field names: RULES-platform §9). */
const describers: Record<string, (scope: string, object: never, ref: string | undefined) => Subject> = {
  inv: (scope, invoice: StoredInvoice, ref) => ({
    companyId: scope,
    organizationId: invoice.organizationId,
    data: ref ? payment(invoice, ref) : document(invoice),
  }),
  cli: (scope, client: Party) => ({ companyId: scope, data: party(client) }),
  sync: (scope) => ({ companyId: scope, data: {} }),
  co: (_organizationId, company: Party) => ({ companyId: company.id, data: party(company) }),
  anaf: (organizationId, connection: AnafConnection) => ({
    companyId: null,
    organizationId,
    data: connectionData(connection),
  }),
};

interface Party {
  readonly id: string;
  readonly name: string;
  readonly cif?: string | null;
  readonly cui?: string | null;
}

const party = ({ id, name, cif, cui }: Party) => ({ id, name, cif: cif ?? cui ?? null });

const document = ({ id, number, status, direction, total, currency }: Invoice) => ({
  id,
  number,
  status,
  direction,
  total: Decimal.from(total).toNumber(),
  currency,
});

const connectionData = ({ id, label, serial, cifs, state, refreshExpiresAt, createdBy }: AnafConnection) => ({
  id,
  label: label ?? serial,
  cifs,
  hasEnded: state !== "active",
  endsOn: bucharestDay(refreshExpiresAt),
  createdBy,
});

function payment(invoice: Invoice, paymentId: string) {
  const found = invoice.payments.find(({ id }) => id === paymentId);
  return {
    id: paymentId,
    paymentId,
    invoice_id: invoice.id,
    invoiceId: invoice.id,
    amount: found ? Decimal.from(found.amount).toNumber() : null,
    currency: found?.currency ?? invoice.currency,
    payment_method: found?.paymentMethod ?? null,
    paymentMethod: found?.paymentMethod ?? null,
  };
}

/** What the events of a row are about, as the row was written; undefined for kinds no subscriber hears of. */
export function subjectOf(row: Attributes, ref: string | undefined): Subject | undefined {
  const split = row.pk.lastIndexOf("#");
  const describe = describers[row.pk.slice(split + 1)];
  if (!describe || !row.d) return undefined;
  return describe(row.pk.slice(0, split), { id: row.sk, ...(unpack(row.d, row) as object) } as never, ref);
}
