/** What a body of these tests may name: ids of things that are there. */
export interface Named {
  readonly company: string;
  readonly clients: string;
  readonly products: string;
  readonly series: string;
  readonly vatRates: string;
  readonly categories: string;
  readonly invoices: string;
  readonly issued: string;
}

export type Body = Readonly<Record<string, unknown>>;

/** A route that reads a file instead of JSON. */
export const takesFile = "file";

const texts = (names: string, value = "text"): Body =>
  Object.fromEntries(names.split(" ").map((name) => [name, value]));

const place = {
  address: "Str. Lungă nr. 1",
  city: "Cluj-Napoca",
  county: "CJ",
  country: "RO",
  postalCode: "400001",
};
const contact = { ...place, email: "a@b.example", phone: "0712345678", bankName: "Banca", bankAccount: "" };

const client: Body = {
  ...contact,
  ...texts("name contactPerson notes idNumber"),
  type: "individual",
  cui: "",
  cnp: "",
  vatCode: "",
  isVatPayer: false,
  registrationNumber: "",
  defaultPaymentTermDays: 15,
  currency: "RON",
};

const supplier: Body = {
  ...contact,
  ...texts("name notes"),
  cif: "",
  vatCode: "",
  isVatPayer: false,
  registrationNumber: "J12/1/2020",
};

const product = ({ categories }: Named): Body => ({
  ...texts("name code description ncCode cpvCode"),
  unitOfMeasure: "buc",
  vatRate: 21,
  defaultPrice: 12.5,
  currency: "RON",
  vatCategoryCode: "S",
  isService: true,
  isActive: true,
  usage: "sales",
  color: "#aabbcc",
  categoryId: categories,
  sgrAmount: 0.5,
});

const bankAccount: Body = {
  type: "bank",
  iban: "RO49AAAA1B31007593840000",
  bankName: "Banca",
  currency: "RON",
  isDefault: false,
  showOnInvoice: true,
  openingBalance: null,
  openingBalanceDate: null,
};

const vatRate: Body = {
  rate: 21,
  label: "TVA",
  categoryCode: "S",
  isDefault: false,
  isActive: true,
  position: 5,
};

const companyChanges: Body = {
  ...texts("name website capitalSocial vatIn eoriCode representative representativeRole bankName bankBic"),
  phone: "0712345678",
  email: "a@b.example",
  vatOnCollection: false,
  oss: false,
  bankAccount: "RO49AAAA1B31007593840000",
  defaultCurrency: "RON",
  syncDaysBack: 30,
  efacturaDelayHours: 4,
  archiveEnabled: false,
  archiveRetentionYears: 10,
  enabledModules: ["reports"],
};

const line = ({ products, vatRates }: Named): Body => ({
  ...texts("description productCode lineNote buyerAccountingRef buyerItemIdentification"),
  uuid: null,
  productId: products,
  quantity: 2,
  unitPrice: 10,
  unitOfMeasure: "buc",
  vatRate: 21,
  vatCategoryCode: "S",
  vatRateId: vatRates,
  discount: 0,
  discountPercent: 0,
  vatIncluded: false,
  exemptionReasonCode: null,
  exemptionReason: null,
  standardItemIdentification: "05901234123457",
  cpvCode: "72000000-5",
  ncCode: "84713000",
  ublExtensions: {
    invoicePeriod: { startDate: "2026-01-01", endDate: "2026-01-31", descriptionCode: null },
    allowanceCharges: [
      { chargeIndicator: true, amount: 1, reasonCode: "FC", reason: "text", baseAmount: 20 },
    ],
    additionalItemProperties: [{ name: "text", value: "text" }],
    originCountry: "RO",
  },
});

const invoice = (ids: Named): Body => ({
  ...texts(
    "notes paymentTerms deliveryLocation projectReference orderNumber contractNumber issuerName issuerId",
  ),
  ...texts("mentions internalNote salesAgent deputyName deputyIdentityCard deputyAuto buyerReference"),
  ...texts("receivingAdviceReference despatchAdviceReference tenderOrLotReference invoicedObjectIdentifier"),
  ...texts("buyerAccountingReference businessProcessType payeeName payeeIdentifier payeeBankName"),
  payeeLegalRegistrationIdentifier: "text",
  payeeBankAccount: "RO49AAAA1B31007593840000",
  clientId: ids.clients,
  documentSeriesId: ids.series,
  seriesId: ids.series,
  parentDocumentId: null,
  documentType: "invoice",
  direction: "outgoing",
  isCreditNote: false,
  receiverName: null,
  receiverCif: null,
  issueDate: "2026-11-01",
  dueDate: "2026-12-01",
  currency: "EUR",
  exchangeRate: 4.97,
  invoiceTypeCode: "standard",
  paymentMethod: "bank_transfer",
  language: "ro",
  tvaLaIncasare: false,
  platitorTva: true,
  plataOnline: false,
  showClientBalance: true,
  clientBalanceExisting: 1,
  clientBalanceOverdue: 1,
  taxPointDate: null,
  taxPointDateCode: null,
  penaltyEnabled: true,
  penaltyPercentPerDay: 0.1,
  penaltyGraceDays: 5,
  scheduledEmailAt: null,
  autoApplyVatRules: false,
  vatIncluded: false,
  collect: null,
  idempotencyKey: null,
  ublExtensions: {
    invoicePeriod: { startDate: "2026-01-01", endDate: "2026-01-31", descriptionCode: null },
    delivery: { actualDeliveryDate: "2026-01-15", deliveryAddress: { cityName: "Cluj", countryCode: "RO" } },
    allowanceCharges: [
      {
        chargeIndicator: false,
        amount: 1,
        taxCategoryCode: "S",
        taxRate: 21,
        reason: "text",
        reasonCode: null,
      },
    ],
    prepaidAmount: 1,
    additionalDocumentReferences: [{ id: "text", documentTypeCode: null, documentDescription: "text" }],
  },
  lines: [line(ids)],
});

const payment: Body = {
  amount: 1,
  paymentMethod: "cash",
  paymentDate: "2026-11-02",
  currency: "RON",
  reference: "text",
  notes: "text",
};

const webhook: Body = { url: "http://127.0.0.1:9/hook", events: ["*"], description: "text", isActive: true };
const preference: Body = {
  eventType: "invoice.validated",
  emailEnabled: true,
  inAppEnabled: true,
  pushEnabled: true,
  telegramEnabled: false,
  whatsappEnabled: false,
  smsEnabled: false,
};
const key: Body = { name: "text", scopes: ["invoice.view"], expiresAt: null };
const network: Body = { provider: "ksef", enabled: true, config: { token: "text" } };

/**
 * What every writing route reads: each documented field, with a value it takes. `{}` where a body has no meaning. A
 * route that is missing here fails the tests: whoever mounts one says in a line what can be sent to it.
 */
export const bodies = (ids: Named): Readonly<Record<string, Body | typeof takesFile>> => ({
  "POST /v1/invoices/:id/storno": { work_point_id: null, firm_id: null },
  "POST /api/auth": { email: "a@b.example", password: "text", turnstileToken: null },
  "POST /api/auth/register": {
    ...texts("firstName lastName organizationName turnstileToken"),
    email: "",
    password: "correct horse",
    locale: "ro",
  },
  "POST /api/auth/token/refresh": { refresh_token: "text" },
  "POST /api/auth/refresh": { refresh_token: "text" },
  "POST /api/token/refresh": { refresh_token: "text" },
  "POST /api/auth/confirm-email": { token: "text" },
  "POST /api/auth/resend-confirmation": { email: "a@b.example" },
  "POST /api/auth/forgot-password": { email: "a@b.example", turnstileToken: null },
  "POST /api/auth/reset-password": { token: "text", password: "correct horse" },
  "POST /api/v1/validate/xml": takesFile,
  "POST /api/einvoice/notices/:provider/:address": takesFile,
  "PATCH /api/account/anaf": { code: "text" },
  "PATCH /api/v1/me": {
    ...texts("firstName lastName"),
    phone: "+40712345678",
    timezone: "Europe/Bucharest",
    locale: "ro",
    respectQuietHours: true,
    preferences: { theme: "dark" },
    verificationToken: null,
  },
  "DELETE /api/v1/me": { password: "wrong", verificationToken: null },
  "POST /api/v1/api-tokens": { ...key, verification_token: null },
  "PATCH /api/v1/api-tokens/:uuid": { name: key["name"], scopes: key["scopes"] },
  "DELETE /api/v1/api-tokens/:uuid": {},
  "POST /api/v1/api-tokens/:uuid/rotate": { verification_token: null },
  "POST /api/v1/anaf/tokens": {
    token: "text text text",
    label: "text",
    expiresInDays: 90,
    companyId: ids.company,
  },
  "DELETE /api/v1/anaf/tokens/:id": {},
  "POST /api/v1/anaf/tokens/:id/validate-cif": { cif: "9000000020" },
  "POST /api/v1/anaf/token-links": { companyId: ids.company },
  "POST /api/v1/sync/trigger": { days: 10 },
  "POST /api/v1/companies": {
    ...place,
    ...texts("name registrationNumber phone"),
    cif: "9000000020",
    vatPayer: true,
  },
  "PATCH /api/v1/companies/:uuid": companyChanges,
  "DELETE /api/v1/companies/:uuid": {},
  "POST /api/v1/companies/:uuid/toggle-sync": {},
  "PUT /api/v1/companies/:uuid/set-active": {},
  "POST /api/v1/companies/:uuid/restore": {},
  "POST /api/v1/companies/:uuid/refresh-anaf": {},
  "POST /api/v1/companies/:uuid/logo": takesFile,
  "DELETE /api/v1/companies/:uuid/logo": {},
  "POST /api/v1/companies/:uuid/einvoice-config": network,
  "POST /api/v1/companies/:uuid/einvoice-config/test": network,
  "DELETE /api/v1/companies/:uuid/einvoice-config/:provider": {},
  "POST /api/v1/bank-accounts": bankAccount,
  "PATCH /api/v1/bank-accounts/:uuid": { ...bankAccount, confirmReset: false },
  "DELETE /api/v1/bank-accounts/:uuid": {},
  "POST /api/v1/vat-rates": vatRate,
  "PATCH /api/v1/vat-rates/:uuid": vatRate,
  "DELETE /api/v1/vat-rates/:uuid": {},
  "POST /api/v1/document-series": {
    prefix: "TXT",
    type: "invoice",
    currentNumber: 3,
    active: true,
    isDefault: false,
  },
  "PATCH /api/v1/document-series/:uuid": {
    prefix: "TXT",
    currentNumber: 500,
    active: true,
    type: "invoice",
    isDefault: false,
  },
  "POST /api/v1/document-series/:uuid/set-default": {},
  "DELETE /api/v1/document-series/:uuid": {},
  "POST /api/v1/clients": client,
  "POST /api/v1/clients/from-registry": { cui: "9000000020", name: "text" },
  "POST /api/v1/clients/bulk-delete": { ids: [ids.clients] },
  "PATCH /api/v1/clients/:uuid": client,
  "DELETE /api/v1/clients/:uuid": {},
  "POST /api/v1/suppliers": supplier,
  "POST /api/v1/suppliers/bulk-delete": { ids: [ids.clients] },
  "PATCH /api/v1/suppliers/:uuid": supplier,
  "DELETE /api/v1/suppliers/:uuid": {},
  "POST /api/v1/products": product(ids),
  "POST /api/v1/products/bulk-delete": { ids: [ids.products] },
  "PATCH /api/v1/products/:uuid": product(ids),
  "DELETE /api/v1/products/:uuid": {},
  "POST /api/v1/product-categories": { name: "text", color: "#aabbcc", sortOrder: 1 },
  "PATCH /api/v1/product-categories/:uuid": { name: "text", color: "#aabbcc", sortOrder: 1 },
  "DELETE /api/v1/product-categories/:uuid": {},
  "POST /api/v1/invoices": invoice(ids),
  "PUT /api/v1/invoices/:uuid": invoice(ids),
  "DELETE /api/v1/invoices/:uuid": {},
  "POST /api/v1/invoices/bulk-delete": { ids: [ids.invoices] },
  "POST /api/v1/invoices/bulk-finalize": { ids: [ids.invoices] },
  "POST /api/v1/invoices/bulk-issue": { ids: [ids.invoices] },
  "POST /api/v1/invoices/bulk-cancel": { ids: [ids.invoices], reason: "text" },
  "POST /api/v1/invoices/bulk-storno": { ids: [ids.invoices] },
  "POST /api/v1/invoices/bulk-mark-paid": { ids: [ids.issued], paymentMethod: "cash", paidAt: "2026-11-02" },
  "POST /api/v1/invoices/bulk-mark-unpaid": { ids: [ids.issued] },
  "POST /api/v1/invoices/:uuid/validate": { mode: "quick" },
  "POST /api/v1/invoices/:uuid/issue": {},
  "POST /api/v1/invoices/:uuid/submit": {},
  "POST /api/v1/invoices/:uuid/submit-einvoice": { provider: "anaf" },
  "POST /api/v1/invoices/:uuid/cancel": { reason: "text text text" },
  "POST /api/v1/invoices/:uuid/restore": {},
  "POST /api/v1/invoices/:uuid/cancel-scheduled-email": {},
  "POST /api/v1/invoices/:uuid/verify-signature": {},
  "POST /api/v1/invoices/:uuid/payments": payment,
  "DELETE /api/v1/invoices/:uuid/payments/:paymentId": {},
  "POST /api/v1/invoices/:uuid/attachments": takesFile,
  "POST /api/v1/notifications/read-all": {},
  "PATCH /api/v1/notifications/:id/read": {},
  "PUT /api/v1/notification-preferences": { preferences: [preference] },
  "POST /api/v1/webhooks": webhook,
  "PATCH /api/v1/webhooks/:uuid": webhook,
  "DELETE /api/v1/webhooks/:uuid": {},
  "POST /api/v1/webhooks/:uuid/test": { eventType: "webhook.test" },
  "POST /api/v1/webhooks/:uuid/regenerate-secret": {},
  "POST /api/v1/webhooks/:uuid/deliveries/:delivery/retry": {},
});

/** The smallest PNG there is. */
export const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A request that the route takes, as fetch wants it. */
export function requestOf(name: string, ids: Named, headers: Record<string, string>): RequestInit {
  const [method] = name.split(" ");
  if (method === "GET") return { method, headers };
  const sent = bodies(ids)[name];
  if (sent === undefined) throw new Error(`Say in tests/api/bodies.ts what can be sent to ${name}.`);
  if (sent !== takesFile)
    return {
      method: method!,
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(sent),
    };
  const form = new FormData();
  form.append("file", new File([png], "file.png", { type: "image/png" }));
  return { method: method!, headers, body: form };
}
