/** The closed vocabularies of the document language, in one place: values on the left of every comparison come from here. */

/** Stored statuses. `paid`, `partially_paid` and `overdue` are derived from payments and dates, never stored. */
export const INVOICE_STATUSES = [
  "draft",
  "issued",
  "sent_to_provider",
  "validated",
  "rejected",
  "cancelled",
  "synced",
] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export const DOCUMENT_TYPES = ["invoice", "credit_note"] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** Languages a document can be printed in. */
export const LANGUAGES = ["ro", "en", "de", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Kinds of operation, as the API names them. */
export const INVOICE_TYPE_CODES = [
  "standard",
  "reverse_charge",
  "exempt_with_deduction",
  "services_art_311",
  "sales_art_312",
  "non_taxable",
  "special_regime_art_314_315",
  "non_transfer",
  "simplified",
  "services_art_278",
  "exempt_art_294_ab",
  "exempt_art_294_cd",
  "self_billing",
] as const;
export type InvoiceTypeCode = (typeof INVOICE_TYPE_CODES)[number];

/** UNTDID 1001 codes of an Invoice in UBL (BT-3): ordinary, corrected, self-billed, accounting information. */
export const INVOICE_UNTDID_CODES = ["380", "384", "389", "751"] as const;
export type InvoiceUntdidCode = (typeof INVOICE_UNTDID_CODES)[number];

/** How an invoice says it is to be paid. */
export const INVOICE_PAYMENT_METHODS = ["bank_transfer", "cash", "card", "cheque", "other"] as const;

/** How money arrived. */
export const PAYMENT_METHODS = [
  ...INVOICE_PAYMENT_METHODS,
  "check",
  "stripe",
  "paypal",
  "mobilpay",
  "netopia",
] as const;

/**
 * VAT categories a Romanian invoice may use (BT-151): Standard, Zero, Exempt, reverse charge (AE), intra-community
 * supply (K), export (G), outside the scope of VAT (O). L and M are Spanish.
 */
export const VAT_CATEGORIES = ["S", "Z", "E", "AE", "K", "G", "O"] as const;
export type VatCategory = (typeof VAT_CATEGORIES)[number];
