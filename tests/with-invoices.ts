import type { StoredInvoice } from "#core/documents/invoices/index.ts";
import type { Write } from "#core/store/write.ts";
import type { Local } from "#infra/local/engine.ts";
import { type WithCompany, withCompany } from "./with-company.ts";

export const invoicesUrl = "/api/v1/invoices";

export type Invoicing = Awaited<ReturnType<typeof withInvoices>>;

/** The organization a signed-in user acts in: tests that reach behind the API need it. */
export async function organizationOf({ token }: Pick<WithCompany, "token">): Promise<string> {
  const { memberships } = await import("#core/identity/organizations.ts");
  const payload = Buffer.from(token.split(".")[1]!, "base64url").toString("utf8");
  const { sub } = JSON.parse(payload) as { sub: string };
  return (await memberships.all(sub))[0]!.id;
}

/** A client as its row is, written past the API so that these tests stand on their own. */
export async function addClient(companyId: string, given: Record<string, unknown> = {}) {
  const [{ clients }, { commit }, { newId }, { instant }] = await Promise.all([
    import("#core/parties/client.ts"),
    import("#core/store/commit.ts"),
    import("#core/lib/ids.ts"),
    import("#core/lib/clock.ts"),
  ]);
  const write = clients.insert(companyId, {
    id: newId(),
    type: "company",
    name: "Cumpărător SRL",
    cui: "9000000020",
    cnp: null,
    vatCode: "RO9000000020",
    isVatPayer: true,
    registrationNumber: "J12/345/2015",
    address: "Str. Memorandumului nr. 10",
    city: "Cluj-Napoca",
    county: "CJ",
    country: "RO",
    postalCode: "400114",
    email: "facturi@cumparator.example",
    phone: null,
    bankName: null,
    bankAccount: null,
    defaultPaymentTermDays: null,
    contactPerson: null,
    clientCode: null,
    notes: null,
    idNumber: null,
    currency: null,
    viesValid: null,
    viesValidatedAt: null,
    viesName: null,
    source: "manual",
    lastSyncedAt: null,
    createdAt: instant(),
    updatedAt: instant(),
    deletedAt: null,
    ...given,
  });
  await commit([write]);
  return write.value;
}

/** An ANAF connection that covers a CIF, as connecting would leave it; its tokens open nothing. */
export async function connectAnaf(organizationId: string, cif: string) {
  const [{ anafConnections }, { commit }, { newId }, { instantIn }] = await Promise.all([
    import("#core/companies/anaf-connections.ts"),
    import("#core/store/commit.ts"),
    import("#core/lib/ids.ts"),
    import("#core/lib/clock.ts"),
  ]);
  const inAYear = instantIn(365 * 86_400);
  const write = anafConnections.insert(organizationId, {
    id: newId(),
    organizationId,
    numericId: 1,
    label: null,
    serial: null,
    cifs: [cif],
    accessExpiresAt: inAYear,
    refreshExpiresAt: inAYear,
    createdBy: "test",
    createdAt: instantIn(0),
    lastUsedAt: null,
    environment: "test",
    sealed: "",
    state: "active",
    renewingUntil: null,
    warnedAtDays: null,
    nextLookAt: null,
  });
  await commit([write]);
}

/** Runs a change on a stored invoice past the API: what only the authority can bring about. */
export async function move(
  companyId: string,
  id: string,
  change: (
    invoice: StoredInvoice,
    efactura: typeof import("#core/documents/invoices/efactura.ts"),
  ) => Write | undefined,
): Promise<void> {
  const [{ getInvoice }, efactura, { commit }] = await Promise.all([
    import("#core/documents/invoices/get.ts"),
    import("#core/documents/invoices/efactura.ts"),
    import("#core/store/commit.ts"),
  ]);
  const write = change(await getInvoice(companyId, id), efactura);
  if (!write) throw new Error("The invoice did not move.");
  await commit([write]);
}

/** The line of the worked example: 10 × 150 at 21 % is 1500, 315, 1815. */
export const line = (given: Record<string, unknown> = {}) => ({
  description: "Consultanță",
  quantity: 10,
  unitPrice: 150,
  vatRate: 21,
  ...given,
});

/** A fresh company with a client to invoice. */
export async function withInvoices(local: Local, cif?: string) {
  const owner = await withCompany(local, cif);
  const client = await addClient(owner.company.id);
  const call = async (method: string, path: string, body?: unknown, more?: Record<string, string>) =>
    owner.call(method, `${invoicesUrl}${path}`, body, more);

  /** A draft for the client; fields given replace its own. */
  async function draft(given: Record<string, unknown> = {}) {
    const made = await call("POST", "", { clientId: client.id, lines: [line()], ...given });
    if (made.status !== 201) throw new Error(`Create answered ${made.status}: ${JSON.stringify(made.body)}`);
    return made.body.invoice;
  }

  /** A draft that was issued. */
  async function issued(given: Record<string, unknown> = {}) {
    const { id } = await draft(given);
    const answer = await call("POST", `/${id}/issue`);
    if (answer.status !== 200)
      throw new Error(`Issue answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  return { ...owner, owner, client, invoices: call, draft, issued };
}
