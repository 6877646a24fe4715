import type { Local } from "#infra/local/engine.ts";
import { type Answer, call, signIn } from "./signed-in.ts";
import { freshCif } from "./cif.ts";
import { line } from "./with-invoices.ts";

export type Tenant = Awaited<ReturnType<typeof tenant>>;

/** Ids of one object of each kind, under the URL noun they are found by. */
export interface Belongings {
  readonly companies: string;
  readonly clients: string;
  readonly suppliers: string;
  readonly products: string;
  readonly "product-categories": string;
  readonly "bank-accounts": string;
  readonly "vat-rates": string;
  readonly "document-series": string;
  readonly "api-tokens": string;
  readonly tokens: string;
  readonly "token-links": string;
  readonly webhooks: string;
  readonly deliveries: string;
  readonly "efactura-messages": string;
  readonly notifications: string;
  /** An issued one with a payment and an attachment. */
  readonly invoices: string;
  readonly drafts: string;
  readonly payments: string;
  readonly attachments: string;
}

/**
 * An organization with two companies that owns one of everything. Each text anybody can write carries `mark`, so that
 * it can be found in an answer that should not have it.
 */
export async function tenant(local: Local, mark: string) {
  const owner = await signIn(local, {
    firstName: mark,
    lastName: mark,
    organizationName: `${mark} organization`,
  });
  const { userId, organizationId } = await owner.ids();
  const must = async (method: string, path: string, body?: unknown, more?: Record<string, string>) => {
    const answer = await owner.call(method, `/api/v1${path}`, body, more);
    if (answer.status >= 300)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const [main, sibling] = [
    await must("POST", "/companies", { cif: freshCif() }),
    await must("POST", "/companies", { cif: freshCif() }),
  ];
  await must("PATCH", `/companies/${main.id}`, { name: `${mark} SRL` });
  const inMain = { "x-company": main.id };
  const add = async (path: string, body: unknown) => must("POST", path, body, inMain);

  const idOf = async (path: string, body: unknown): Promise<string> => {
    const made = await add(path, body);
    return (made.invoice ?? made.client ?? made.supplier ?? made).id;
  };
  const place = { address: `${mark} Street 1`, city: "Cluj-Napoca", county: "CJ", country: "RO" };
  const clients = await idOf("/clients", { name: `${mark} client`, type: "individual", ...place });
  const draft = { clientId: clients, lines: [line({ description: `${mark} line` })], notes: `${mark} notes` };
  const invoices = await idOf("/invoices", draft);
  await add(`/invoices/${invoices}/issue`, {});
  const payment = { amount: 1, paymentMethod: "cash", reference: `${mark} payment` };
  const webhooks = await idOf("/webhooks", {
    url: "http://127.0.0.1:9/hook",
    events: ["*"],
    description: mark,
  });
  await connect(organizationId, userId, main.cif);
  const [connection] = (await must("GET", "/anaf/tokens")).data;
  const key = await add("/api-tokens", { name: `${mark} key`, scopes: ["invoice.view"] });
  await add(`/companies/${main.id}/einvoice-config`, {
    provider: "ksef",
    config: { token: `${mark} secret` },
  });

  const ids: Belongings = {
    companies: main.id,
    clients,
    suppliers: await idOf("/suppliers", {
      name: `${mark} supplier`,
      registrationNumber: "J1/1/2020",
      ...place,
    }),
    products: await idOf("/products", {
      name: `${mark} product`,
      unitOfMeasure: "buc",
      vatRate: 21,
      defaultPrice: 1,
    }),
    "product-categories": await idOf("/product-categories", { name: `${mark} category` }),
    "bank-accounts": await idOf("/bank-accounts", {
      type: "cash",
      bankName: `${mark} till`,
      currency: "RON",
    }),
    "vat-rates": await idOf("/vat-rates", { rate: 3, label: `${mark} rate` }),
    "document-series": await idOf("/document-series", { prefix: `${mark}S`, type: "invoice" }),
    "api-tokens": key.id,
    tokens: connection.id,
    "token-links": (await add("/anaf/token-links", {})).linkToken,
    webhooks,
    deliveries: (await add(`/webhooks/${webhooks}/test`, {})).deliveryUuid,
    "efactura-messages": await addMessage(main.id, mark),
    notifications: await notify(userId, main.id, mark),
    invoices,
    drafts: await idOf("/invoices", draft),
    payments: (await add(`/invoices/${invoices}/payments`, payment)).id,
    attachments: await attach(local, invoices, { ...owner.headers, ...inMain }, mark),
  };
  return {
    ...owner,
    mark,
    organizationId,
    company: main as { id: string; cif: string },
    sibling: sibling as { id: string; cif: string },
    key: key.token as string,
    ids,
    /** The same ids under the names that bodies use. */
    named: {
      company: main.id as string,
      clients,
      products: ids.products,
      series: ids["document-series"],
      vatRates: ids["vat-rates"],
      categories: ids["product-categories"],
      invoices: ids.drafts,
      issued: invoices,
    },
    /** Calls the API as the owner, inside the main company unless another is named. */
    call: (
      method: string,
      path: string,
      body?: unknown,
      more: Record<string, string> = {},
    ): Promise<Answer> => call(local, method, path, body, { ...owner.headers, ...inMain, ...more }),
  };
}

/** A connection to ANAF whose token opens nothing there. */
async function connect(organizationId: string, userId: string, cif: string) {
  const [{ storeConnection }, { pairOf }] = await Promise.all([
    import("#core/einvoicing/connections.ts"),
    import("#core/providers/anaf/oauth.ts"),
  ]);
  await storeConnection({ organizationId, userId }, pairOf("e30.e30.none", null), { cifs: [cif] });
}

async function attach(local: Local, invoice: string, headers: Record<string, string>, mark: string) {
  const form = new FormData();
  form.append("file", new File([`${mark} contents`], `${mark}.txt`, { type: "text/plain" }));
  const sent = { method: "POST", headers, body: form };
  const answer = await local.fetch(`/api/v1/invoices/${invoice}/attachments`, sent);
  return ((await answer.json()) as { id: string }).id;
}

/** A message of SPV as a look into the mailbox would have listed it. */
async function addMessage(companyId: string, mark: string): Promise<string> {
  const [{ messageId, messages }, { commit }, { instant }] = await Promise.all([
    import("#core/einvoicing/messages.ts"),
    import("#core/store/commit.ts"),
    import("#core/lib/clock.ts"),
  ]);
  const write = messages.insert(companyId, {
    id: messageId(companyId, "test", mark),
    downloadId: "4001",
    environment: "test",
    uploadIndex: null,
    type: "FACTURA_PRIMITA",
    cif: "9000000011",
    sellerCif: null,
    buyerCif: null,
    details: `${mark} details`,
    raw: { detalii: `${mark} raw` },
    createdAt: instant(),
    listedAt: instant(),
    stage: "listed",
    errorMessage: null,
    archive: null,
    tries: null,
    nextAt: null,
    invoiceId: null,
    summary: {
      number: `${mark}-1`,
      date: "2026-11-01",
      partner: `${mark} seller`,
      total: "1",
      currency: "RON",
    },
    processedAt: null,
  });
  await commit([write]);
  return write.value.id;
}

/** A notification of the owner, as something that happened would have left it. */
async function notify(userId: string, companyId: string, mark: string): Promise<string> {
  const [{ notifications }, { commit }, { instant }, { newId }] = await Promise.all([
    import("#core/notify/notifications.ts"),
    import("#core/store/commit.ts"),
    import("#core/lib/clock.ts"),
    import("#core/lib/ids.ts"),
  ]);
  const write = notifications.insert(userId, {
    id: newId(),
    type: "invoice.validated",
    data: { companyId, number: `${mark}-1` },
    isShown: true,
    createdAt: instant(),
    readAt: null,
  });
  await commit([write]);
  return write.value.id;
}
