import type { Finding } from "./finding.ts";

/**
 * Where the elements our writer makes come from in the JSON of the API. Below the root, without positions; `[]` stands
 * for the position of the nearest numbered element. A place that is not listed belongs to the nearest listed one above.
 */
const origins: Readonly<Record<string, string>> = {
  "cbc:ID": "number",
  "cbc:IssueDate": "issueDate",
  "cbc:DueDate": "dueDate",
  "cbc:TaxPointDate": "taxPointDate",
  "cbc:InvoiceTypeCode": "untdidTypeCode",
  "cbc:CreditNoteTypeCode": "documentType",
  "cbc:Note": "notes",
  "cbc:ProfileID": "businessProcessType",
  "cbc:DocumentCurrencyCode": "currency",
  "cbc:TaxCurrencyCode": "exchangeRate",
  "cbc:AccountingCost": "buyerAccountingReference",
  "cbc:BuyerReference": "buyerReference",
  "cac:InvoicePeriod": "ublExtensions.invoicePeriod",
  "cac:InvoicePeriod/cbc:StartDate": "ublExtensions.invoicePeriod.startDate",
  "cac:InvoicePeriod/cbc:EndDate": "ublExtensions.invoicePeriod.endDate",
  "cac:InvoicePeriod/cbc:DescriptionCode": "taxPointDateCode",
  "cac:OrderReference": "orderNumber",
  "cac:BillingReference": "parentDocumentId",
  "cac:DespatchDocumentReference": "despatchAdviceReference",
  "cac:ReceiptDocumentReference": "receivingAdviceReference",
  "cac:OriginatorDocumentReference": "tenderOrLotReference",
  "cac:ContractDocumentReference": "contractNumber",
  "cac:ProjectReference": "projectReference",
  "cac:AdditionalDocumentReference": "ublExtensions.additionalDocumentReferences",
  ...party("cac:AccountingSupplierParty", "company"),
  ...party("cac:AccountingCustomerParty", "client"),
  "cac:Delivery": "ublExtensions.delivery",
  "cac:Delivery/cbc:ActualDeliveryDate": "ublExtensions.delivery.actualDeliveryDate",
  "cac:Delivery/cac:DeliveryLocation/cac:Address": "ublExtensions.delivery.deliveryAddress",
  "cac:Delivery/cac:DeliveryLocation/cac:Address/cbc:StreetName":
    "ublExtensions.delivery.deliveryAddress.streetName",
  "cac:Delivery/cac:DeliveryLocation/cac:Address/cbc:CityName":
    "ublExtensions.delivery.deliveryAddress.cityName",
  "cac:Delivery/cac:DeliveryLocation/cac:Address/cbc:PostalZone":
    "ublExtensions.delivery.deliveryAddress.postalZone",
  "cac:Delivery/cac:DeliveryLocation/cac:Address/cbc:CountrySubentity":
    "ublExtensions.delivery.deliveryAddress.countrySubentity",
  "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country":
    "ublExtensions.delivery.deliveryAddress.countryCode",
  "cac:PaymentMeans": "paymentMethod",
  "cac:PaymentMeans/cbc:PaymentDueDate": "dueDate",
  "cac:PaymentMeans/cac:PayeeFinancialAccount": "payeeBankAccount",
  "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:Name": "payeeBankName",
  "cac:PaymentTerms": "paymentTerms",
  ...adjustment("cac:AllowanceCharge", "ublExtensions.allowanceCharges[]"),
  "cac:TaxTotal": "lines",
  "cac:LegalMonetaryTotal": "lines",
  "cac:LegalMonetaryTotal/cbc:PrepaidAmount": "ublExtensions.prepaidAmount",
  ...line("cac:InvoiceLine"),
  ...line("cac:CreditNoteLine"),
};

function party(element: string, field: string): Record<string, string> {
  const at = `${element}/cac:Party`;
  return {
    [element]: field,
    [`${at}/cac:PostalAddress/cbc:StreetName`]: `${field}.address`,
    [`${at}/cac:PostalAddress/cbc:AdditionalStreetName`]: `${field}.address`,
    [`${at}/cac:PostalAddress/cbc:CityName`]: `${field}.city`,
    [`${at}/cac:PostalAddress/cbc:PostalZone`]: `${field}.postalCode`,
    [`${at}/cac:PostalAddress/cbc:CountrySubentity`]: `${field}.county`,
    [`${at}/cac:PostalAddress/cac:Country`]: `${field}.country`,
    [`${at}/cac:PostalAddress`]: `${field}.address`,
    [`${at}/cac:PartyTaxScheme`]: `${field}.vatCode`,
    [`${at}/cac:PartyLegalEntity/cbc:RegistrationName`]: `${field}.name`,
    [`${at}/cac:PartyLegalEntity/cbc:CompanyID`]: `${field}.registrationNumber`,
    [`${at}/cac:PartyLegalEntity/cbc:CompanyLegalForm`]: `${field}.capitalSocial`,
    [`${at}/cac:Contact/cbc:Name`]: `${field}.contactPerson`,
    [`${at}/cac:Contact/cbc:Telephone`]: `${field}.phone`,
    [`${at}/cac:Contact/cbc:ElectronicMail`]: `${field}.email`,
  };
}

function adjustment(element: string, field: string): Record<string, string> {
  return {
    [element]: field,
    [`${element}/cbc:ChargeIndicator`]: `${field}.chargeIndicator`,
    [`${element}/cbc:AllowanceChargeReasonCode`]: `${field}.reasonCode`,
    [`${element}/cbc:AllowanceChargeReason`]: `${field}.reason`,
    [`${element}/cbc:MultiplierFactorNumeric`]: `${field}.multiplierFactorNumeric`,
    [`${element}/cbc:Amount`]: `${field}.amount`,
    [`${element}/cbc:BaseAmount`]: `${field}.baseAmount`,
    [`${element}/cac:TaxCategory`]: `${field}.taxCategoryCode`,
    [`${element}/cac:TaxCategory/cbc:Percent`]: `${field}.taxRate`,
  };
}

function line(element: string): Record<string, string> {
  const item = `${element}/cac:Item`;
  return {
    [element]: "lines[]",
    [`${element}/cbc:Note`]: "lines[].lineNote",
    [`${element}/cbc:InvoicedQuantity`]: "lines[].quantity",
    [`${element}/cbc:InvoicedQuantity/@unitCode`]: "lines[].unitOfMeasure",
    [`${element}/cbc:CreditedQuantity`]: "lines[].quantity",
    [`${element}/cbc:CreditedQuantity/@unitCode`]: "lines[].unitOfMeasure",
    [`${element}/cbc:AccountingCost`]: "lines[].buyerAccountingRef",
    [`${element}/cac:InvoicePeriod`]: "lines[].ublExtensions.invoicePeriod",
    [`${element}/cac:AllowanceCharge`]: "lines[].discount",
    [`${item}/cbc:Name`]: "lines[].description",
    [`${item}/cbc:Description`]: "lines[].description",
    [`${item}/cac:BuyersItemIdentification`]: "lines[].buyerItemIdentification",
    [`${item}/cac:SellersItemIdentification`]: "lines[].productCode",
    [`${item}/cac:StandardItemIdentification`]: "lines[].standardItemIdentification",
    [`${item}/cac:CommodityClassification`]: "lines[].cpvCode",
    [`${item}/cac:ClassifiedTaxCategory`]: "lines[].vatCategoryCode",
    [`${item}/cac:ClassifiedTaxCategory/cbc:Percent`]: "lines[].vatRate",
    [`${element}/cac:Price`]: "lines[].unitPrice",
  };
}

/** The JSON path of a place in a document our writer made; null where the API has no such field. */
export function jsonPathOf(location: string): string | null {
  const steps = location.split("/").slice(2);
  const position = Number(/\[(\d+)\]/.exec(steps[0] ?? "")?.[1] ?? 1) - 1;
  const names = steps.map((step) => step.replace(/\[\d+\]$/, ""));
  for (let length = names.length; length > 0; length--) {
    const origin = origins[names.slice(0, length).join("/")];
    if (origin !== undefined) return origin.replace("[]", `[${position}]`);
  }
  return null;
}

/** Findings with their JSON paths, for documents that were written from our own JSON. */
export function withJsonPaths(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: jsonPathOf(finding.location) }));
}
