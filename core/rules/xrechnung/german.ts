import { document, underRoot } from "../contexts.ts";
import { all, count, first, onlyNormalized, onlyText, path, some } from "../engine/path.ts";
import { fatal, type Context, type Rule, type RuleSet, warning } from "../engine/rule.ts";
import { custom, either, exists, oneExists, someFilled } from "../engine/tests.ts";
import { normalizeSpace } from "../engine/values.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import { contact, hasContact, place } from "./german-parties.ts";
import { isXRechnung } from "./identity.ts";
import { germanPaymentRules } from "./payment.ts";
import { cashDiscount } from "./skonto.ts";

const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "XR", context, rules });
const SELLER = "cac:AccountingSupplierParty/cac:Party";
const BUYER = "cac:AccountingCustomerParty/cac:Party";

/** What Germany asks for beyond EN 16931. */
export function germanRules(): RuleSet[] {
  return [
    set(document, ...wholeDocument),
    set(underRoot("cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference"), externalAddress),
    set(underRoot("cac:AccountingSupplierParty"), hasContact),
    set(
      underRoot(`${SELLER}/cac:PostalAddress`),
      ...place("seller", "vânzătorului", "BT-37 BT-38", ["BR-DE-3", "BR-DE-4"]),
    ),
    set(underRoot(`${SELLER}/cac:Contact`), ...contact),
    set(
      underRoot(`${BUYER}/cac:PostalAddress`),
      ...place("buyer", "cumpărătorului", "BT-52 BT-53", ["BR-DE-8", "BR-DE-9"]),
    ),
    set(
      underRoot("cac:Delivery/cac:DeliveryLocation/cac:Address"),
      ...place("place of delivery", "locului de livrare", "BT-77 BT-78", ["BR-DE-10", "BR-DE-11"]),
    ),
    ...germanPaymentRules(),
    set(underRoot("cac:TaxTotal/cac:TaxSubtotal"), rate),
  ];
}

/** UNTDID 1001 codes that German authorities read. */
const TYPES = new Set(["326", "380", "384", "389", "381", "875", "876", "877"]);
const invoiceType = path("cbc:InvoiceTypeCode");
const creditNoteType = path("cbc:CreditNoteTypeCode");
const precedingInvoice = path("cac:BillingReference/cac:InvoiceDocumentReference");

const isOfType = (view: View, node: number, isMet: (code: string) => boolean): boolean =>
  isMet(onlyNormalized(view, node, invoiceType)) || isMet(onlyNormalized(view, node, creditNoteType));

const wholeDocument: readonly Rule[] = [
  fatal("BR-DE-1", "BG-16", exists("cac:PaymentMeans"), {
    en: "The document does not say how it is to be paid.",
    ro: "Documentul nu spune cum se plătește.",
    hint: "Give the payment means, for example a transfer with its IBAN.",
  }),
  fatal("BR-DE-15", "BT-10", someFilled("cbc:BuyerReference"), {
    en: "The buyer's reference is missing.",
    ro: "Lipsește referința cumpărătorului.",
    hint: "Write the Leitweg-ID of a public buyer, or any reference another buyer gave you.",
  }),
  fatal("BR-DE-16", "BT-31 BT-32 BG-11", custom(isSellerTaxed, `${SELLER}/cac:PartyTaxScheme`), {
    en: "VAT is shown but the seller has no tax identifier.",
    ro: "Există TVA, dar vânzătorul nu are cod fiscal.",
    hint: "Give the seller's VAT identifier or tax registration, or a tax representative.",
  }),
  warning(
    "BR-DE-17",
    "BT-3",
    custom((view, node) => isOfType(view, node, (code) => TYPES.has(code))),
    {
      en: "The document's type is not one that German authorities read.",
      ro: "Tipul documentului nu este printre cele citite de autoritățile germane.",
      hint: "Use 326, 380, 381, 384, 389, 875, 876 or 877.",
    },
  ),
  cashDiscount,
  warning("BR-DE-21", "BT-24", custom(isXRechnung, "cbc:CustomizationID"), {
    en: "The document does not name XRechnung 3.0 as its specification.",
    ro: "Documentul nu indică XRechnung 3.0 ca specificație.",
    hint: "Write urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0.",
  }),
  fatal("BR-DE-22", "BT-125", custom(hasUniqueFiles, "cac:AdditionalDocumentReference"), {
    en: "Two attachments have the same file name.",
    ro: "Două atașamente au același nume de fișier.",
    hint: "Give every attachment a file name of its own.",
  }),
  warning("BR-DE-26", "BT-3 BG-3", custom(namesCorrected, "cac:BillingReference"), {
    en: "A corrected invoice does not name the invoice it corrects.",
    ro: "O factură corectată nu indică factura pe care o corectează.",
    hint: "Name the preceding invoice with its number.",
  }),
  fatal("BR-DE-30", "BT-90 BG-19", custom(hasCreditor, "cac:PayeeParty"), {
    en: "Payment is by direct debit but the creditor identifier is missing.",
    ro: "Plata se face prin debitare directă, dar lipsește identificatorul creditorului.",
    hint: "Give the creditor identifier as an identifier of the seller or payee with the scheme SEPA.",
  }),
  fatal(
    "BR-DE-31",
    "BT-91 BG-19",
    either(
      custom(isNotDebited),
      exists("cac:PaymentMeans/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
    ),
    {
      en: "Payment is by direct debit but the account to be debited is missing.",
      ro: "Plata se face prin debitare directă, dar lipsește contul de debitat.",
      hint: "Give the IBAN of the account that is debited.",
    },
  ),
  warning(
    "BR-DE-TMP-32",
    "BT-72 BG-14 BG-26",
    either(oneExists("cac:Delivery/cbc:ActualDeliveryDate", "cac:InvoicePeriod"), custom(hasPeriods)),
    {
      en: "The document does not say when goods or services were delivered.",
      ro: "Documentul nu spune când au fost livrate bunurile sau serviciile.",
      hint: "Give the delivery date, the invoicing period or a period on every line.",
    },
  ),
];

const TAXED = new Set(["S", "Z", "E", "AE", "K", "G", "L", "M"]);
const adjustments = path("cac:AllowanceCharge");
const adjustmentCategory = path("cac:TaxCategory/cbc:ID");
const indicator = path("cbc:ChargeIndicator");
const lineCategories = ["cac:InvoiceLine", "cac:CreditNoteLine"].map((line) =>
  path(`${line}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID`),
);
const representative = path("cac:TaxRepresentativeParty");
const sellerTaxIds = path(`${SELLER}/cac:PartyTaxScheme/cbc:CompanyID`);

/** Codes and indicators are compared as written, blanks included. */
function isSellerTaxed(view: View, node: number): boolean {
  const isTaxed = (id: number): boolean => TAXED.has(view.text(id));
  const isStated = (flag: number): boolean => ["true", "false"].includes(view.text(flag));
  const hasTax =
    lineCategories.some((each) => some(view, node, each, isTaxed)) ||
    all(view, node, adjustments).some(
      (each) => some(view, each, indicator, isStated) && some(view, each, adjustmentCategory, isTaxed),
    );
  if (!hasTax || first(view, node, representative) >= 0) return true;
  return some(view, node, sellerTaxIds, (id) => normalizeSpace(view.text(id)) !== "");
}

const supporting = path("cac:AdditionalDocumentReference");
const attached = path("cac:Attachment/cbc:EmbeddedDocumentBinaryObject");
const filename = nameNumber("filename");

function hasUniqueFiles(view: View, node: number): boolean {
  const seen = new Set<string>();
  return all(view, node, supporting).every((reference) => {
    const names = all(view, reference, attached).flatMap((file) => view.attributeText(file, filename) ?? []);
    const isNew = names.every((name) => !seen.has(name));
    for (const name of names) seen.add(name);
    return isNew;
  });
}

function namesCorrected(view: View, node: number): boolean {
  return !isOfType(view, node, (code) => code === "384") || first(view, node, precedingInvoice) >= 0;
}

const mandate = path("cac:PaymentMeans/cac:PaymentMandate");
function isNotDebited(view: View, node: number): boolean {
  return first(view, node, mandate) < 0;
}

const creditors = [SELLER, "cac:PayeeParty"].map((party) => path(`${party}/cac:PartyIdentification/cbc:ID`));
const schemeID = nameNumber("schemeID");

function hasCreditor(view: View, node: number): boolean {
  return (
    isNotDebited(view, node) ||
    creditors.some((each) => some(view, node, each, (id) => view.attributeText(id, schemeID) === "SEPA"))
  );
}

const eachLine = ["cac:InvoiceLine", "cac:CreditNoteLine"].map(path);
const period = path("cac:InvoicePeriod");

function hasPeriods(view: View, node: number): boolean {
  return eachLine.every((lines) => all(view, node, lines).every((line) => count(view, line, period) > 0));
}

const uri = path("cbc:URI");

const externalAddress = warning(
  "BR-TMP-2",
  "BT-124",
  custom((view, node) => /^[a-zA-Z][a-zA-Z0-9+.-]+:/.test(onlyText(view, node, uri)), "cbc:URI"),
  {
    en: "The address of an external document is not a complete URL.",
    ro: "Adresa unui document extern nu este un URL complet.",
    hint: "Write the address with its scheme, for example https://…",
  },
);

const rate = fatal("BR-DE-14", "BT-119", someFilled("cac:TaxCategory/cbc:Percent"), {
  en: "A VAT breakdown has no rate.",
  ro: "O defalcare a TVA nu are cotă.",
  hint: "Give the rate, 0 where none is charged.",
});
