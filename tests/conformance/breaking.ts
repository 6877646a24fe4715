import { SUBTOTAL } from "./base.ts";
import {
  add,
  all,
  drop,
  dropAttribute,
  ensure,
  repeat,
  set,
  setAttribute,
  tree,
  type Change,
} from "./tree.ts";

/** For every rule a change that breaks it in the base document. */
export type Breaking = Readonly<Record<string, Change>>;

const SELLER = "cac:AccountingSupplierParty/cac:Party";
const BUYER = "cac:AccountingCustomerParty/cac:Party";
const REPRESENTATIVE = "cac:TaxRepresentativeParty";
const DELIVERY = "cac:Delivery/cac:DeliveryLocation/cac:Address";
const LINE = "cac:InvoiceLine[1]";
const ITEM = `${LINE}/cac:Item`;
const TOTAL = "cac:LegalMonetaryTotal";
const CATEGORY = `${SUBTOTAL}/cac:TaxCategory`;
const ALLOWANCE = "cac:AllowanceCharge[1]";
const CHARGE = "cac:AllowanceCharge[2]";
const LINE_ALLOWANCE = `${LINE}/cac:AllowanceCharge[1]`;
const LINE_CHARGE = `${LINE}/cac:AllowanceCharge[2]`;
const DOCUMENT = "cac:AdditionalDocumentReference[1]";
const OBJECT = "cac:AdditionalDocumentReference[2]";
const MEANS = "cac:PaymentMeans";

const each = <Value>(
  rows: readonly (readonly [string, Value])[],
  change: (value: Value) => Change,
): Breaking =>
  Object.fromEntries(
    rows.map(([ids, value]) => ids.split(" ").map((id) => [id, change(value)] as const)).flat(),
  );

/** What must be there. */
const missing = each(
  [
    ["BR-01 BR-RO-001", "cbc:CustomizationID"],
    ["BR-02 BR-RO-010", "cbc:ID"],
    ["BR-03", "cbc:IssueDate"],
    ["BR-04", "cbc:InvoiceTypeCode"],
    ["BR-05", "cbc:DocumentCurrencyCode"],
    ["BR-06", `${SELLER}/cac:PartyLegalEntity/cbc:RegistrationName`],
    ["BR-07", `${BUYER}/cac:PartyLegalEntity/cbc:RegistrationName`],
    ["BR-08", `${SELLER}/cac:PostalAddress`],
    ["BR-09", `${SELLER}/cac:PostalAddress/cac:Country`],
    ["BR-10", `${BUYER}/cac:PostalAddress`],
    ["BR-11", `${BUYER}/cac:PostalAddress/cac:Country`],
    ["BR-12 BR-CO-10", `${TOTAL}/cbc:LineExtensionAmount`],
    ["BR-13 BR-CO-13", `${TOTAL}/cbc:TaxExclusiveAmount`],
    ["BR-14", `${TOTAL}/cbc:TaxInclusiveAmount`],
    ["BR-15 BR-CO-16", `${TOTAL}/cbc:PayableAmount`],
    ["BR-16", "cac:InvoiceLine"],
    ["BR-17", "cac:PayeeParty/cac:PartyName"],
    ["BR-18", `${REPRESENTATIVE}/cac:PartyName`],
    ["BR-19", `${REPRESENTATIVE}/cac:PostalAddress`],
    ["BR-20", `${REPRESENTATIVE}/cac:PostalAddress/cac:Country`],
    ["BR-21", `${LINE}/cbc:ID`],
    ["BR-22 BR-23", `${LINE}/cbc:InvoicedQuantity`],
    ["BR-24", `${LINE}/cbc:LineExtensionAmount`],
    ["BR-25", `${ITEM}/cbc:Name`],
    ["BR-26", `${LINE}/cac:Price/cbc:PriceAmount`],
    ["BR-31", `${ALLOWANCE}/cbc:Amount`],
    ["BR-32", `${ALLOWANCE}/cac:TaxCategory/cbc:ID`],
    ["BR-36", `${CHARGE}/cbc:Amount`],
    ["BR-37", `${CHARGE}/cac:TaxCategory/cbc:ID`],
    ["BR-41", `${LINE_ALLOWANCE}/cbc:Amount`],
    ["BR-43", `${LINE_CHARGE}/cbc:Amount`],
    ["BR-45", `${SUBTOTAL}/cbc:TaxableAmount`],
    ["BR-46", `${SUBTOTAL}/cbc:TaxAmount`],
    ["BR-47", `${CATEGORY}/cbc:ID`],
    ["BR-48", `${CATEGORY}/cbc:Percent`],
    ["BR-49", `${MEANS}/cbc:PaymentMeansCode`],
    ["BR-52", `${DOCUMENT}/cbc:ID`],
    ["BR-54", `${ITEM}/cac:AdditionalItemProperty/cbc:Value`],
    ["BR-55 UBL-SR-07", "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"],
    ["BR-56", `${REPRESENTATIVE}/cac:PartyTaxScheme`],
    ["BR-57", `${DELIVERY}/cac:Country`],
    ["BR-61", `${MEANS}/cac:PayeeFinancialAccount`],
    ["BR-CO-04 UBL-SR-48", `${ITEM}/cac:ClassifiedTaxCategory`],
    ["BR-CO-18", SUBTOTAL],
    ["UBL-SR-53", `${SELLER}/cac:PartyTaxScheme/cbc:CompanyID`],
    ["BR-RO-081", `${SELLER}/cac:PostalAddress/cbc:StreetName`],
    ["BR-RO-082", `${BUYER}/cac:PostalAddress/cbc:StreetName`],
    ["BR-RO-091", `${SELLER}/cac:PostalAddress/cbc:CityName`],
    ["BR-RO-092", `${BUYER}/cac:PostalAddress/cbc:CityName`],
    ["BR-RO-140", `${REPRESENTATIVE}/cac:PostalAddress/cbc:StreetName`],
    ["BR-RO-150", `${REPRESENTATIVE}/cac:PostalAddress/cbc:CityName`],
    ["BR-RO-180", `${DELIVERY}/cbc:StreetName`],
    ["BR-RO-201", `${DELIVERY}/cbc:CityName`],
    ["BR-RO-211", `${DELIVERY}/cbc:CountrySubentity`],
  ],
  drop,
);

const noReason = (path: string): Change =>
  all(drop(`${path}/cbc:AllowanceChargeReason`), drop(`${path}/cbc:AllowanceChargeReasonCode`));

const reasons = each(
  [
    ["BR-33 BR-CO-21", ALLOWANCE],
    ["BR-38 BR-CO-22", CHARGE],
    ["BR-42 BR-CO-23", LINE_ALLOWANCE],
    ["BR-44 BR-CO-24", LINE_CHARGE],
  ],
  noReason,
);

/** Attributes that must be there. */
const unattributed = each(
  [
    ["BR-62", [`${SELLER}/cbc:EndpointID`, "schemeID"]],
    ["BR-63", [`${BUYER}/cbc:EndpointID`, "schemeID"]],
    ["BR-64", [`${ITEM}/cac:StandardItemIdentification/cbc:ID`, "schemeID"]],
    ["BR-65", [`${ITEM}/cac:CommodityClassification/cbc:ItemClassificationCode`, "listID"]],
    ["UBL-DT-06", [`${DOCUMENT}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject`, "mimeCode"]],
    ["UBL-DT-07", [`${DOCUMENT}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject`, "filename"]],
  ] as const,
  ([path, name]) => dropAttribute(path, name),
);

/** Values that no list, sum or calendar allows. */
const wrong = each(
  [
    ["BR-27", [`${LINE}/cac:Price/cbc:PriceAmount`, "-1.00"]],
    ["BR-28", [`${LINE}/cac:Price/cac:AllowanceCharge/cbc:BaseAmount`, "-1.00"]],
    ["BR-29", ["cac:InvoicePeriod/cbc:EndDate", "2026-01-01"]],
    ["BR-30", [`${LINE}/cac:InvoicePeriod/cbc:EndDate`, "2026-01-01"]],
    ["BR-50", [`${MEANS}/cac:PayeeFinancialAccount/cbc:ID`, ""]],
    ["BR-51", [`${MEANS}/cac:CardAccount/cbc:PrimaryAccountNumberID`, "12345678901"]],
    ["BR-CO-09", [`${SELLER}/cac:PartyTaxScheme/cbc:CompanyID`, "QQ12345674"]],
    ["BR-CO-11", [`${TOTAL}/cbc:AllowanceTotalAmount`, "10.01"]],
    ["BR-CO-12", [`${TOTAL}/cbc:ChargeTotalAmount`, "10.01"]],
    ["BR-CO-14", ["cac:TaxTotal/cbc:TaxAmount", "38.01"]],
    ["BR-CO-15", [`${TOTAL}/cbc:TaxInclusiveAmount`, "238.01"]],
    ["BR-CO-17 BR-S-09", [`${SUBTOTAL}/cbc:TaxAmount`, "39.00"]],
    ["BR-CL-01 BR-RO-020_1", ["cbc:InvoiceTypeCode", "999"]],
    ["BR-CL-04 BR-RO-030", ["cbc:DocumentCurrencyCode", "XXY"]],
    ["BR-CL-06 BR-RO-040", ["cac:InvoicePeriod/cbc:DescriptionCode", "36"]],
    ["BR-CL-08", ["cbc:Note", "#QQ@#text"]],
    ["BR-CL-14", [`${SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`, "EL"]],
    ["BR-CL-15", [`${ITEM}/cac:OriginCountry/cbc:IdentificationCode`, "EL"]],
    ["BR-CL-16", [`${MEANS}/cbc:PaymentMeansCode`, "99"]],
    ["BR-CL-17", [`${CATEGORY}/cbc:ID`, "X"]],
    ["BR-CL-18", [`${ITEM}/cac:ClassifiedTaxCategory/cbc:ID`, "X"]],
    ["BR-CL-19", [`${ALLOWANCE}/cbc:AllowanceChargeReasonCode`, "FC"]],
    ["BR-CL-20", [`${CHARGE}/cbc:AllowanceChargeReasonCode`, "95"]],
    ["BR-RO-100", [`${SELLER}/cac:PostalAddress/cbc:CityName`, "Sector 1"]],
    ["BR-RO-101", [`${BUYER}/cac:PostalAddress/cbc:CountrySubentity`, "RO-B"]],
    ["BR-RO-110", [`${SELLER}/cac:PostalAddress/cbc:CountrySubentity`, "RO-XX"]],
    ["BR-RO-111", [`${BUYER}/cac:PostalAddress/cbc:CountrySubentity`, "CJ"]],
    ["BR-RO-160", [`${REPRESENTATIVE}/cac:PostalAddress/cbc:CityName`, "SECTOR7"]],
    ["BR-RO-170", [`${REPRESENTATIVE}/cac:PostalAddress/cbc:CountrySubentity`, "B"]],
    ["BR-RO-202", [`${DELIVERY}/cbc:CityName`, "București"]],
    ["BR-RO-212", [`${DELIVERY}/cbc:CountrySubentity`, "RO-XX"]],
    ["BR-RO-DT001", ["cbc:IssueDate", "2026-03-02Z"]],
    ["BR-RO-DT003", ["cbc:DueDate", "2026-02-30"]],
    ["BR-RO-DT004", ["cac:Delivery/cbc:ActualDeliveryDate", "2026-02-27+02:00"]],
    ["BR-RO-DT005", ["cac:InvoicePeriod/cbc:StartDate", "2026-02-01Z"]],
    ["BR-RO-DT006", ["cac:InvoicePeriod/cbc:EndDate", "2026-02-28Z"]],
    [
      "UBL-SR-19 UBL-SR-20 UBL-SR-21",
      ["cac:PayeeParty/cac:PartyName/cbc:Name", "AccountingSupplierParty SRL"],
    ],
  ] as const,
  ([path, text]) => set(path, text),
);

const wrongAttributes = each(
  [
    ["BR-CL-03", [`${TOTAL}/cbc:PayableAmount`, "currencyID", "XXY"]],
    ["BR-CL-07", [`${OBJECT}/cbc:ID`, "schemeID", "QQQ"]],
    ["BR-CL-10", [`${BUYER}/cac:PartyIdentification/cbc:ID`, "schemeID", "SEPA"]],
    ["BR-CL-11", [`${BUYER}/cac:PartyLegalEntity/cbc:CompanyID`, "schemeID", "9999"]],
    ["BR-CL-13", [`${ITEM}/cac:CommodityClassification/cbc:ItemClassificationCode`, "listID", "QQ"]],
    ["BR-CL-21", [`${ITEM}/cac:StandardItemIdentification/cbc:ID`, "schemeID", "9999"]],
    ["BR-CL-23", [`${LINE}/cbc:InvoicedQuantity`, "unitCode", "buc"]],
    ["BR-CL-24", [`${DOCUMENT}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject`, "mimeCode", "text/html"]],
    ["BR-CL-25", [`${SELLER}/cbc:EndpointID`, "schemeID", "0000"]],
    ["BR-CL-26", ["cac:Delivery/cac:DeliveryLocation/cbc:ID", "schemeID", "9999"]],
    ["UBL-DT-18", ["cbc:ID", "name", "x"]],
    ["UBL-CR-665", [`${DOCUMENT}/cbc:ID`, "schemeID", "ABT"]],
    ["UBL-CR-663", [`${LINE}/cbc:InvoicedQuantity`, "unitCodeListID", "x"]],
  ] as const,
  ([path, name, value]) => setAttribute(path, name, value),
);

/** What may be there once. */
const twice = each(
  [
    ["BR-66 UBL-SR-54", `${MEANS}/cac:CardAccount`],
    ["BR-67 UBL-SR-55", `${MEANS}/cac:PaymentMandate`],
    ["UBL-SR-01", "cac:ContractDocumentReference"],
    ["UBL-SR-02", "cac:ReceiptDocumentReference"],
    ["UBL-SR-03", "cac:DespatchDocumentReference"],
    ["UBL-SR-04", OBJECT],
    ["UBL-SR-05", "cac:PaymentTerms"],
    ["UBL-SR-06", "cac:BillingReference/cac:InvoiceDocumentReference"],
    ["UBL-SR-08 UBL-SR-49", "cac:InvoicePeriod"],
    ["UBL-SR-09 UBL-SR-11 UBL-SR-14", `${SELLER}/cac:PartyLegalEntity`],
    ["UBL-SR-10", `${SELLER}/cac:PartyName`],
    ["UBL-SR-12", `${SELLER}/cac:PartyTaxScheme`],
    ["UBL-SR-15 UBL-SR-17", `${BUYER}/cac:PartyLegalEntity`],
    ["UBL-SR-16", `${BUYER}/cac:PartyIdentification`],
    ["UBL-SR-18", `${BUYER}/cac:PartyTaxScheme`],
    ["UBL-SR-24", "cac:Delivery"],
    ["UBL-SR-25", "cac:Delivery/cac:DeliveryParty/cac:PartyName"],
    ["UBL-SR-26", `${MEANS}/cbc:PaymentID`],
    ["UBL-SR-27 UBL-SR-46", `${MEANS}/cbc:PaymentMeansCode`],
    ["UBL-SR-28", `${MEANS}/cac:PaymentMandate`],
    ["UBL-SR-30", `${ALLOWANCE}/cbc:AllowanceChargeReason`],
    ["UBL-SR-31", `${CHARGE}/cbc:AllowanceChargeReason`],
    ["UBL-SR-33", `${DOCUMENT}/cbc:DocumentDescription`],
    ["UBL-SR-34", `${LINE}/cbc:Note`],
    ["UBL-SR-35", `${LINE}/cac:OrderLineReference`],
    ["UBL-SR-36", `${LINE}/cac:InvoicePeriod`],
    ["UBL-SR-37", `${LINE}/cac:Price/cac:AllowanceCharge/cbc:Amount`],
    ["UBL-SR-39", "cac:ProjectReference"],
    ["UBL-SR-40", `${BUYER}/cac:PartyName`],
    ["UBL-SR-50", `${ITEM}/cbc:Description`],
    ["UBL-SR-51", `${SELLER}/cac:PostalAddress/cac:AddressLine`],
    ["UBL-SR-52", `${LINE}/cac:DocumentReference`],
    ["UBL-SR-56", "cac:OriginatorDocumentReference"],
  ],
  (path) => repeat(path),
);

const otherScheme = tree("cac:PartyTaxScheme", [
  tree("cbc:CompanyID", "1"),
  tree("cac:TaxScheme", [tree("cbc:ID", "TAX")]),
]);

/** Whatever takes more than one simple change. */
const particular: Breaking = {
  "BR-53": add("", tree("cbc:TaxCurrencyCode", "EUR")),
  "BR-B-01": set(`${CATEGORY}/cbc:ID`, "B"),
  "BR-B-02": set(`${CATEGORY}/cbc:ID`, "B"),
  "BR-CL-05": add("", tree("cbc:TaxCurrencyCode", "XXY")),
  "BR-CL-22": add(CATEGORY, tree("cbc:TaxExemptionReasonCode", "VATEX-QQ")),
  "BR-CO-03": add("", tree("cbc:TaxPointDate", "2026-03-01")),
  "BR-CO-19": all(
    drop("cac:InvoicePeriod/cbc:StartDate"),
    drop("cac:InvoicePeriod/cbc:EndDate"),
    drop("cac:InvoicePeriod/cbc:DescriptionCode"),
  ),
  "BR-CO-20": all(
    drop(`${LINE}/cac:InvoicePeriod/cbc:StartDate`),
    drop(`${LINE}/cac:InvoicePeriod/cbc:EndDate`),
  ),
  "BR-CO-25": all(drop("cbc:DueDate"), drop("cac:PaymentTerms")),
  "BR-CO-26": all(
    drop(`${SELLER}/cac:PartyTaxScheme`),
    drop(`${SELLER}/cac:PartyIdentification`),
    drop(`${SELLER}/cac:PartyLegalEntity`),
  ),
  // The official test looks for the currency inside the amount, so only such an odd document breaks it.
  "BR-DEC-13": add(
    "cac:TaxTotal",
    tree("cbc:TaxAmount currencyID=EUR", [tree("cbc:DocumentCurrencyCode", "EUR"), tree("cbc:X", "1.001")]),
  ),
  "BR-DEC-15": add(
    "cac:TaxTotal",
    tree("cbc:TaxAmount currencyID=EUR", [tree("cbc:TaxCurrencyCode", "EUR"), tree("cbc:X", "1.001")]),
  ),
  "BR-RO-020_2": add("", tree("cbc:CreditNoteTypeCode", "380")),
  "BR-RO-065": all(drop(REPRESENTATIVE), drop(`${SELLER}/cac:PartyTaxScheme`)),
  "BR-RO-120": all(drop(`${BUYER}/cac:PartyTaxScheme`), drop(`${BUYER}/cac:PartyLegalEntity/cbc:CompanyID`)),
  "BR-RO-A020": repeat("cbc:Note", 20),
  "BR-RO-A500": repeat("cac:BillingReference/cac:InvoiceDocumentReference", 500),
  "BR-RO-DT002": add("", tree("cbc:TaxPointDate", "2026-3-1")),
  "BR-RO-DT003_CN": add(MEANS, tree("cbc:PaymentDueDate", "2026-03-01Z")),
  "UBL-DT-01": set(`${LINE}/cbc:LineExtensionAmount`, "100.001"),
  "UBL-SR-13": add(SELLER, otherScheme, otherScheme),
  "UBL-SR-22": all(
    ensure(`${REPRESENTATIVE}/cac:Party/cac:PartyName/cbc:Name`),
    repeat(`${REPRESENTATIVE}/cac:Party/cac:PartyName`),
    repeat(`${REPRESENTATIVE}/cac:PartyName`),
  ),
  "UBL-SR-23": all(
    ensure(`${REPRESENTATIVE}/cac:Party/cac:PartyTaxScheme/cbc:CompanyID`),
    repeat(`${REPRESENTATIVE}/cac:Party/cac:PartyTaxScheme`),
    repeat(`${REPRESENTATIVE}/cac:PartyTaxScheme`),
  ),
  "UBL-SR-29": all(
    ...[SELLER, "cac:PayeeParty"].map((party) =>
      setAttribute(`${party}/cac:PartyIdentification/cbc:ID`, "schemeID", "SEPA"),
    ),
  ),
  "UBL-SR-32": add(CATEGORY, tree("cbc:TaxExemptionReason", "1"), tree("cbc:TaxExemptionReason", "2")),
  "UBL-SR-42": add(SELLER, otherScheme, otherScheme),
  "UBL-SR-43": add(DOCUMENT, tree("cbc:DocumentTypeCode", "50")),
  "UBL-SR-44": all(repeat(MEANS), set(`${MEANS}[2]/cbc:PaymentID`, "REF-2")),
  "UBL-SR-45": add(MEANS, tree("cbc:PaymentDueDate", "2026-03-01"), tree("cbc:PaymentDueDate", "2026-03-02")),
  "UBL-SR-47": all(repeat(MEANS), set(`${MEANS}[2]/cbc:PaymentMeansCode`, "58")),
  "UBL-CR-002": add("", tree("cbc:UBLVersionID", "2.0")),
  "UBL-CR-412": add(MEANS, tree("cbc:PaymentDueDate", "2026-03-01")),
  "UBL-CR-664": ensure(
    `${MEANS}/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cac:FinancialInstitution`,
  ),
  "UBL-CR-666": add(OBJECT, tree("cac:Attachment")),
  "UBL-CR-669": ensure(`cac:InvoiceLine/cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReasonCode`),
  "UBL-CR-670": ensure(`cac:InvoiceLine/cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReason`),
  "UBL-CR-671": ensure(`cac:InvoiceLine/cac:Price/cac:AllowanceCharge/cbc:MultiplierFactorNumeric`),
  "UBL-CR-673": add(OBJECT, tree("cbc:DocumentDescription", "x")),
  "UBL-CR-680": ensure(`${MEANS}/cac:PayerFinancialAccount`),
};

export const breaking: Breaking = {
  ...missing,
  ...reasons,
  ...unattributed,
  ...wrong,
  ...wrongAttributes,
  ...twice,
  ...particular,
};
