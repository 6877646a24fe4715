import type * as z from "zod";
import { decimalTextOf, ZERO } from "#core/lib/decimal.ts";
import { newHeader, withHeader } from "#core/model/header.ts";
import type { Invoice, InvoiceProgress, IssuableDocument } from "#core/model/invoice.ts";
import { NewInvoice } from "#core/model/invoice-input.ts";
import { linesFrom } from "#core/model/lines.ts";
import { partyNamed, type Buyer, type PaymentAccount, type Seller } from "#core/model/party.ts";
import { reversalOf } from "#core/model/storno.ts";
import { invoiceTotals } from "#core/model/totals.ts";

/** Documents as a company would issue them, built the way the features build them: from the body of the API on. */

export const SELLER: Seller = {
  ...partyNamed("Simulat SRL"),
  cif: "9000000011",
  vatCode: "RO9000000011",
  isVatPayer: true,
  registrationNumber: "J40/1234/2020",
  address: "Strada Exemplului nr. 10",
  city: "Sector 3",
  county: "București",
  postalCode: "030001",
  email: "facturi@simulat.example",
  phone: "+40 21 000 0000",
  sector: "3",
  capitalSocial: "200 RON",
  website: null,
  vatOnCollection: false,
};

export const NON_PAYER: Seller = {
  ...SELLER,
  name: "Micro Neplătitor SRL",
  cif: "9000000038",
  vatCode: null,
  isVatPayer: false,
  registrationNumber: "J12/99/2021",
  address: "Calea Turzii 1",
  city: "Cluj-Napoca",
  county: "Cluj",
  sector: null,
};

export const BUYER: Buyer = {
  ...partyNamed("Cumpărător & Fiii SRL"),
  cif: "9000000020",
  vatCode: "RO9000000020",
  isVatPayer: true,
  registrationNumber: "J12/200/2019",
  address: "Bulevardul Eroilor 5",
  city: "Cluj-Napoca",
  county: "Cluj",
  postalCode: "400001",
  email: "contabil@cumparator.example",
  clientCode: null,
};

export const CONSUMER: Buyer = {
  ...partyNamed("Ion Popescu"),
  type: "individual",
  address: "Strada Lungă 7, ap. 3",
  city: "Sectorul 4",
  county: "Municipiul Bucureşti",
  clientCode: null,
};

export const FOREIGN: Buyer = {
  ...partyNamed("Beispiel GmbH"),
  cif: "DE123456789",
  vatCode: "DE123456789",
  isVatPayer: true,
  address: "Hauptstraße 1",
  city: "Berlin",
  county: "Berlin",
  country: "DE",
  postalCode: "10115",
  clientCode: null,
};

export const ACCOUNTS: PaymentAccount[] = [
  { iban: "RO14SIMU0000000000000001", bankName: "Banca Simulată", currency: "RON" },
  { iban: "RO84SIMU0000000000000002", bankName: "Banca Simulată", currency: "EUR" },
];

interface Surroundings {
  number?: string;
  issueDate?: string;
  seller?: Seller;
  buyer?: Buyer;
  parent?: IssuableDocument["parent"];
}

const untouched: InvoiceProgress = {
  amountPaid: ZERO,
  balance: ZERO,
  paidAt: null,
  anafMessageId: null,
  anafUploadId: null,
  anafDownloadId: null,
  anafStatus: null,
  anafErrorMessage: null,
  signatureValid: null,
  syncedAt: null,
  isDuplicate: false,
  isLateSubmission: false,
  cancelledAt: null,
  cancellationReason: null,
  scheduledSendAt: null,
};

/** A document from the body that `POST /invoices` takes and what surrounds it. */
export function documentFrom(body: z.input<typeof NewInvoice>, around: Surroundings = {}): IssuableDocument {
  const read = NewInvoice.parse(body);
  const seller = around.seller ?? SELLER;
  const buyer = around.buyer ?? BUYER;
  const documentType = read.documentType ?? "invoice";
  const defaultVat = seller.isVatPayer
    ? { category: "S" as const, rate: decimalTextOf(21) }
    : { category: "O" as const, rate: ZERO };
  const lines = linesFrom(read.lines, { documentType, defaultVat });
  const header = withHeader(
    newHeader({ issueDate: around.issueDate ?? "2026-03-10", currency: "RON" }),
    read,
  );
  const totals = invoiceTotals({ lines, ublExtensions: header.ublExtensions });
  const parent = around.parent ?? null;
  const invoice: Invoice = {
    ...header,
    ...totals,
    ...untouched,
    balance: totals.payable,
    id: "0195f000-0000-7000-8000-000000000001",
    companyId: "0195f000-0000-7000-8000-0000000000c0",
    number: around.number ?? "FCT0001",
    documentType,
    status: "issued",
    direction: "outgoing",
    untdidTypeCode: read.untdidTypeCode ?? "380",
    clientId: null,
    supplierId: null,
    senderCif: seller.cif,
    senderName: seller.name,
    parentDocumentNumber: parent?.number ?? null,
    parentDocumentDate: parent?.issueDate ?? null,
    refundInvoices: [],
    buyerSnapshot: buyer,
    sellerSnapshot: seller,
    bankAccounts: ACCOUNTS,
    lines,
    payments: [],
    events: [],
    attachments: [],
    createdAt: "2026-03-10T08:00:00.000Z",
    updatedAt: "2026-03-10T08:00:00.000Z",
    deletedAt: null,
  };
  return { invoice, seller, buyer, bankAccounts: ACCOUNTS, parent };
}

/** The reversal of a document, numbered and dated. */
export function stornoOf(
  source: IssuableDocument,
  number = "FCT0002",
  issueDate = "2026-03-20",
): IssuableDocument {
  const invoice = { ...source.invoice, ...untouched, ...reversalOf(source.invoice, issueDate), number };
  return {
    ...source,
    invoice,
    parent: { number: source.invoice.number, issueDate: source.invoice.issueDate },
  };
}

const service = {
  description: "Servicii de consultanță",
  quantity: 10,
  unitPrice: 150,
  unitOfMeasure: "ora",
};
const goods = {
  description: "Carte tehnică",
  quantity: 2,
  unitPrice: "49.90",
  vatRate: 11,
  productCode: "C-1",
};

const simple = documentFrom({ lines: [service], dueDate: "2026-04-09", notes: "Vă mulțumim!" });

const everything = documentFrom(
  {
    dueDate: "2026-04-09",
    notes: `Contract nr. 7 <din 2025> & acte adiționale. ${"Text lung de notă. ".repeat(20)}`,
    mentions: "Factura #12# nu necesită semnătură.",
    paymentTerms: "30 de zile",
    orderNumber: "PO-77",
    contractNumber: "CTR-7",
    projectReference: "P-1",
    buyerReference: "REF-CLIENT",
    receivingAdviceReference: "NIR-5",
    despatchAdviceReference: "AVIZ-9",
    tenderOrLotReference: "LOT-2",
    invoicedObjectIdentifier: "CONTOR-44",
    buyerAccountingReference: "CC-100",
    businessProcessType: "P1",
    payeeName: "Factoring IFN SA",
    payeeIdentifier: "F-1",
    payeeLegalRegistrationIdentifier: "9000000119",
    payeeBankAccount: "RO84SIMU0000000000000002",
    payeeBankName: "Banca Simulată",
    tvaLaIncasare: true,
    ublExtensions: {
      invoicePeriod: { startDate: "2026-02-01", endDate: "2026-02-28" },
      delivery: {
        actualDeliveryDate: "2026-02-28",
        deliveryAddress: {
          streetName: "Piața Unirii 1",
          cityName: "București, sect. 3",
          countrySubentity: "RO-B",
          postalZone: "030119",
          countryCode: "RO",
        },
      },
      allowanceCharges: [
        {
          chargeIndicator: false,
          amount: 100,
          taxCategoryCode: "S",
          taxRate: 21,
          reason: "Fidelitate",
          reasonCode: "95",
        },
        { chargeIndicator: true, amount: "25.50", taxCategoryCode: "S", taxRate: 21, reason: "Transport" },
      ],
      prepaidAmount: 200,
      additionalDocumentReferences: [{ id: "ANEXA-1", documentDescription: "Lista lucrărilor" }],
    },
    lines: [
      {
        ...service,
        discount: 50,
        lineNote: "Februarie",
        buyerAccountingRef: "CC-101",
        cpvCode: "72000000-5",
      },
      {
        description: "Preț cu TVA inclus",
        quantity: 3,
        unitPrice: "99.99",
        vatIncluded: true,
        discountPercent: 10,
      },
      {
        description: `${"Descriere foarte lungă a unui produs cu multe detalii ".repeat(8)}sfârșit`,
        quantity: "0.333333",
        unitPrice: "12.345678",
        unitOfMeasure: "kg",
        vatRate: 11,
        ncCode: "22042100",
        productCode: "SKU-9",
        buyerItemIdentification: "B-9",
        standardItemIdentification: "5941234567890",
        ublExtensions: {
          invoicePeriod: { startDate: "2026-02-01", endDate: "2026-02-28" },
          allowanceCharges: [
            { chargeIndicator: false, amount: 1, reasonCode: "95" },
            { chargeIndicator: true, amount: "0.50", reason: "Ambalaj" },
          ],
          additionalItemProperties: [{ name: "Culoare", value: "roșu" }],
          originCountry: "RO",
        },
      },
    ],
  },
  { number: "FCT0007" },
);

/** The documents every reader and writer of this product must get right, by file name. */
export const DOCUMENTS: Readonly<Record<string, IssuableDocument>> = {
  "380-simple": simple,
  "380-mixed-rates": documentFrom({ lines: [service, goods], dueDate: "2026-04-09" }),
  "380-everything": everything,
  "380-reverse-charge": documentFrom({
    lines: [{ ...service, description: "Deșeuri feroase", vatCategoryCode: "AE" }],
    dueDate: "2026-04-09",
  }),
  "380-non-payer": documentFrom(
    { lines: [service], dueDate: "2026-04-09" },
    { seller: NON_PAYER, number: "MIC0001" },
  ),
  "380-exempt": documentFrom({
    lines: [
      {
        ...service,
        vatCategoryCode: "E",
        exemptionReasonCode: "VATEX-EU-132-1I",
        exemptionReason: "Educație",
      },
    ],
    dueDate: "2026-04-09",
  }),
  "380-euro": documentFrom(
    { currency: "EUR", exchangeRate: "5.0911", lines: [service, goods], dueDate: "2026-04-09" },
    { number: "FCT0003" },
  ),
  "380-storno": stornoOf(simple),
  "380-storno-of-everything": stornoOf(everything, "FCT0008"),
  "381-credit-note": documentFrom(
    {
      documentType: "credit_note",
      lines: [{ ...service, quantity: -2, discount: -10 }],
      dueDate: "2026-04-20",
    },
    { number: "CN0001", issueDate: "2026-03-20", parent: { number: "FCT0001", issueDate: "2026-03-10" } },
  ),
  "381-of-everything": (() => {
    const storno = stornoOf(everything, "CN0002");
    return { ...storno, invoice: { ...storno.invoice, documentType: "credit_note" as const } };
  })(),
  "384-corrected": documentFrom(
    { invoiceTypeCode: "384", lines: [service], dueDate: "2026-04-09" },
    { number: "FCT0004", parent: { number: "FCT0001", issueDate: "2026-03-10" } },
  ),
  "389-self-billing": documentFrom(
    { invoiceTypeCode: "self_billing", lines: [service], dueDate: "2026-04-09" },
    {
      number: "AF0001",
      seller: { ...SELLER, ...BUYER, sector: null },
      buyer: { ...BUYER, ...SELLER, clientCode: null },
    },
  ),
  "380-consumer": documentFrom(
    { lines: [goods], paymentMethod: "card" },
    { buyer: CONSUMER, number: "FCT0005" },
  ),
  "380-foreign-buyer": documentFrom(
    {
      currency: "EUR",
      exchangeRate: "5.0911",
      lines: [{ ...service, vatCategoryCode: "AE" }],
      dueDate: "2026-04-09",
    },
    { buyer: FOREIGN, number: "FCT0006" },
  ),
  "380-intra-community": documentFrom(
    {
      currency: "EUR",
      exchangeRate: "5.0911",
      lines: [{ ...goods, vatRate: undefined, vatCategoryCode: "K" }],
      dueDate: "2026-04-09",
      ublExtensions: {
        delivery: {
          actualDeliveryDate: "2026-03-09",
          deliveryAddress: {
            streetName: "Hauptstraße 1",
            cityName: "Berlin",
            countrySubentity: "Berlin",
            countryCode: "DE",
          },
        },
      },
    },
    { buyer: FOREIGN, number: "FCT0009" },
  ),
  "380-export": documentFrom(
    {
      currency: "USD",
      exchangeRate: "4.3012",
      lines: [{ ...service, vatCategoryCode: "G" }],
      dueDate: "2026-04-09",
    },
    {
      buyer: { ...FOREIGN, name: "Sample Inc", cif: "12-3456789", vatCode: null, country: "US" },
      number: "FCT0010",
    },
  ),
  "380-nineteen-percent": documentFrom(
    { lines: [{ ...service, vatRate: 19 }], dueDate: "2025-08-30" },
    { issueDate: "2025-07-31", number: "FCT0000" },
  ),
};

/** 500 lines of every kind of number, for size and speed; too long to keep as a file. */
export const LONG_DOCUMENT = documentFrom({
  dueDate: "2026-04-09",
  lines: Array.from({ length: 500 }, (_, at) => ({
    description: `Articolul ${at + 1}, ambalat`,
    quantity: `${(at % 7) + 1}.${at % 10}`,
    unitPrice: `${(at * 37) % 1000}.${10 + (at % 90)}`,
    vatRate: at % 3 === 0 ? 11 : 21,
    vatIncluded: at % 5 === 0,
    discountPercent: at % 4 === 0 ? 5 : 0,
    productCode: `SKU-${at}`,
  })),
});
