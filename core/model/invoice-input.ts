import * as z from "zod";
import { amount, Decimal } from "#core/lib/decimal.ts";
import { currency, day, flag, instant, oneOf, pastDay, requiredText, text, uuid } from "./input.ts";
import { DocumentExtensions, LineExtensions } from "./ubl-extensions.ts";
import {
  DOCUMENT_TYPES,
  INVOICE_PAYMENT_METHODS,
  INVOICE_TYPE_CODES,
  INVOICE_UNTDID_CODES,
  LANGUAGES,
  PAYMENT_METHODS,
  VAT_CATEGORIES,
} from "./words.ts";
import type { InvoiceTypeCode } from "./words.ts";

const TYPE_CODE_ALIASES = [...INVOICE_TYPE_CODES, "381", ...INVOICE_UNTDID_CODES] as const;

/** Every header field a client may write. Absent keys keep their value on update; null clears. */
const header = {
  documentSeriesId: uuid().nullish(),
  parentDocumentId: uuid().nullish(),
  receiverName: text(255),
  receiverCif: text(20),
  issueDate: pastDay().nullish(), // BT-2
  dueDate: day().nullish(), // BT-9
  currency: currency().nullish(), // BT-5
  exchangeRate: amount({ maxDecimals: 4, min: 0.0001 }).nullish(), // RON per unit of currency
  notes: text(5000), // BT-22
  paymentTerms: text(255), // BT-20
  paymentMethod: oneOf(INVOICE_PAYMENT_METHODS).nullish(), // BT-81
  deliveryLocation: text(500),
  projectReference: text(255), // BT-11
  orderNumber: text(255), // BT-13
  contractNumber: text(255), // BT-12
  issuerName: text(255),
  issuerId: text(36),
  mentions: text(5000),
  internalNote: text(5000), // never printed, never in XML
  salesAgent: text(255),
  deputyName: text(255),
  deputyIdentityCard: text(50),
  deputyAuto: text(50),
  language: oneOf(LANGUAGES).nullish(),
  tvaLaIncasare: flag(),
  platitorTva: flag(),
  plataOnline: flag(),
  showClientBalance: flag(),
  clientBalanceExisting: amount({ maxDecimals: 2 }).nullish(),
  clientBalanceOverdue: amount({ maxDecimals: 2 }).nullish(),
  taxPointDate: day().nullish(), // BT-7
  taxPointDateCode: text(10), // BT-8
  buyerReference: text(255), // BT-10
  receivingAdviceReference: text(255), // BT-15
  despatchAdviceReference: text(255), // BT-16
  tenderOrLotReference: text(255), // BT-17
  invoicedObjectIdentifier: text(255), // BT-18
  buyerAccountingReference: text(255), // BT-19
  businessProcessType: text(255), // BT-23
  payeeName: text(255), // BT-59
  payeeIdentifier: text(255), // BT-60
  payeeLegalRegistrationIdentifier: text(255), // BT-61
  payeeBankAccount: text(34), // BT-84
  payeeBankName: text(255),
  penaltyEnabled: flag(),
  penaltyPercentPerDay: amount({ maxDecimals: 2, min: 0, max: 100 }).nullish(),
  penaltyGraceDays: z.int("must be a whole number of days").min(0).max(3650).nullish(),
  scheduledEmailAt: instant().nullish(),
  ublExtensions: DocumentExtensions.nullish(),
};

const FLAGS = ["tvaLaIncasare", "platitorTva", "plataOnline", "showClientBalance", "penaltyEnabled"] as const;

type Written = z.output<z.ZodObject<typeof header>>;
type Flag = (typeof FLAGS)[number];
type Always = "issueDate" | "currency" | "language";

/** The header fields as stored: each one present, with null for nothing and false for an unset flag. */
export type HeaderFields = {
  [Key in Exclude<keyof Written, Flag | Always | "paymentMethod">]-?: Exclude<Written[Key], undefined>;
} & { [Key in Flag]: boolean } & { [Key in Always]-?: NonNullable<Written[Key]> } & {
  invoiceTypeCode: InvoiceTypeCode | null;
  /** How it is to be paid; once paid, how it was (then it may be any of PAYMENT_METHODS). */
  paymentMethod: string | null;
};

/** Names of all header fields, for whoever copies or changes a header. */
export const HEADER_FIELDS = [...Object.keys(header), "invoiceTypeCode"] as (keyof HeaderFields)[];
export const HEADER_FLAGS: ReadonlySet<string> = new Set(FLAGS);

/** Sums of many such lines still survive the trip through a JSON number to the last cent. */
const LARGEST_LINE = 1_000_000_000_000;

const isPrintable = (line: { quantity: string; unitPrice: string }): boolean =>
  Decimal.from(line.quantity).times(line.unitPrice).abs().compare(LARGEST_LINE) < 0;

/** A line as a client writes it. */
export const NewLine = z
  .object({
    productId: uuid().nullish(),
    description: requiredText(500),
    quantity: amount({ maxDecimals: 6, nonZero: true }),
    unitPrice: amount({ maxDecimals: 6, min: 0 }),
    unitOfMeasure: text(20),
    vatRate: amount({ maxDecimals: 2, min: 0, max: 100 }).nullish(),
    vatCategoryCode: oneOf(VAT_CATEGORIES).nullish(),
    vatRateId: uuid().nullish(),
    exemptionReasonCode: text(20),
    exemptionReason: text(100),
    discount: amount({ maxDecimals: 2 }).nullish(),
    discountPercent: amount({ maxDecimals: 2, min: 0, max: 100 }).nullish(),
    vatIncluded: flag(),
    productCode: text(50),
    lineNote: text(500),
    buyerAccountingRef: text(255),
    buyerItemIdentification: text(255),
    standardItemIdentification: text(255),
    cpvCode: text(50),
    ncCode: text(50),
    ublExtensions: LineExtensions.nullish(),
  })
  .refine(isPrintable, {
    path: ["unitPrice"],
    message: "times the quantity is more than an invoice can show",
  });
export type NewLine = z.output<typeof NewLine>;

const lines = z
  .array(NewLine, { error: "must be a list of lines" })
  .min(1, "must have at least one line")
  .max(10_000, "must have at most 10000 lines");

/** A payment recorded together with the invoice; `true` stands for the whole total, by bank, today. */
const collect = z.union([
  z.boolean(),
  z.object({
    value: amount({ maxDecimals: 2, min: 0.01 }).nullish(),
    type: oneOf(PAYMENT_METHODS).nullish(),
    issueDate: day().nullish(),
    documentNumber: text(255),
    mentions: text(500),
  }),
]);

const written = z.object({
  ...header,
  clientId: uuid().nullish(),
  seriesId: uuid().nullish(),
  documentType: oneOf(DOCUMENT_TYPES).nullish(),
  isCreditNote: flag(),
  invoiceTypeCode: z.preprocess(
    (code) => (typeof code === "number" ? String(code) : code),
    oneOf(TYPE_CODE_ALIASES).nullish(),
  ),
  autoApplyVatRules: flag(),
  vatIncluded: flag(),
});

/** One name per thing from here on: resolves the aliases the published clients and pages use. */
function withoutAliases<Body extends z.output<typeof written>>(body: Body) {
  const { seriesId, isCreditNote, documentType, invoiceTypeCode, ...rest } = body;
  const implied = invoiceTypeCode === "381" ? ("credit_note" as const) : undefined;
  const kind = isCreditNote ? ("credit_note" as const) : (documentType ?? implied);
  return {
    ...rest,
    ...(seriesId !== undefined && rest.documentSeriesId === undefined ? { documentSeriesId: seriesId } : {}),
    ...(kind ? { documentType: kind } : {}),
    ...(invoiceTypeCode === undefined ? {} : typeCodes(invoiceTypeCode)),
  };
}

/** The kind of operation and the UNTDID code (BT-3) behind either way of writing them. */
function typeCodes(given: (typeof TYPE_CODE_ALIASES)[number] | null) {
  if (given === "389" || given === "self_billing")
    return { invoiceTypeCode: "self_billing" as const, untdidTypeCode: "389" as const };
  return {
    invoiceTypeCode:
      INVOICE_TYPE_CODES.find((word) => word === given) ?? (given ? ("standard" as const) : null),
    untdidTypeCode: INVOICE_UNTDID_CODES.find((code) => code === given) ?? ("380" as const),
  };
}

/** The body that creates an invoice or credit note. Unknown fields are ignored. */
export const NewInvoice = written
  .extend({ lines, collect: collect.nullish() })
  .refine((body) => !body.isCreditNote || body.parentDocumentId, {
    path: ["parentDocumentId"],
    message: "is required for a credit note",
  })
  .transform(withoutAliases);
export type NewInvoice = z.output<typeof NewInvoice>;

/** The body that changes one: only keys that are present change, null clears, `lines` replaces all lines. */
export const InvoiceChanges = written.extend({ lines: lines.optional() }).transform(withoutAliases);
export type InvoiceChanges = z.output<typeof InvoiceChanges>;

/** The body that records a payment. Without a method, one with a date counts as a bank transfer. */
export const NewPayment = z
  .object({
    amount: amount({ maxDecimals: 2 }),
    paymentMethod: oneOf(PAYMENT_METHODS).nullish(),
    paymentDate: day().nullish(),
    currency: currency().nullish(),
    reference: text(255),
    notes: text(1000),
  })
  .refine((payment) => payment.paymentMethod || payment.paymentDate, {
    path: ["paymentMethod"],
    message: "is required",
  });
export type NewPayment = z.output<typeof NewPayment>;
