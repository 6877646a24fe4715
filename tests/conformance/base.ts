import { at, drop, set, tree, write, type Change, type Tree } from "./tree.ts";

const lei = (name: string, value: string): Tree => tree(`cbc:${name} currencyID=RON`, value);
const vatScheme = (): Tree => tree("cac:TaxScheme", [tree("cbc:ID", "VAT")]);

function category(name: string): Tree {
  return tree(name, [tree("cbc:ID", "S"), tree("cbc:Percent", "19.00"), vatScheme()]);
}

function address(city: string, county: string): Tree[] {
  return [
    tree("cbc:StreetName", "Strada Lungă 1"),
    tree("cbc:AdditionalStreetName", "Corp B"),
    tree("cbc:CityName", city),
    tree("cbc:PostalZone", "010101"),
    tree("cbc:CountrySubentity", county),
    tree("cac:AddressLine", [tree("cbc:Line", "Etaj 2")]),
    tree("cac:Country", [tree("cbc:IdentificationCode", "RO")]),
  ];
}

function party(role: string, cui: string, city: string, county: string): Tree {
  return tree(`cac:${role}`, [
    tree("cac:Party", [
      tree("cbc:EndpointID schemeID=EM", `${role}@example.com`),
      tree("cac:PartyIdentification", [tree("cbc:ID schemeID=0088", "5412345000013")]),
      tree("cac:PartyName", [tree("cbc:Name", `${role} comercial`)]),
      tree("cac:PostalAddress", address(city, county)),
      tree("cac:PartyTaxScheme", [tree("cbc:CompanyID", `RO${cui}`), vatScheme()]),
      tree("cac:PartyLegalEntity", [
        tree("cbc:RegistrationName", `${role} SRL`),
        tree("cbc:CompanyID schemeID=0002", "J40/1/2020"),
        ...(role === "AccountingSupplierParty"
          ? [tree("cbc:CompanyLegalForm", "Capital social 200 lei")]
          : []),
      ]),
      tree("cac:Contact", [
        tree("cbc:Name", "Ion"),
        tree("cbc:Telephone", "0722000000"),
        tree("cbc:ElectronicMail", "ion@example.com"),
      ]),
    ]),
  ]);
}

function adjustment(isCharge: boolean, ofLine: boolean): Tree {
  return tree("cac:AllowanceCharge", [
    tree("cbc:ChargeIndicator", String(isCharge)),
    tree("cbc:AllowanceChargeReasonCode", isCharge ? "FC" : "95"),
    tree("cbc:AllowanceChargeReason", isCharge ? "Transport" : "Reducere"),
    lei("Amount", "10.00"),
    lei("BaseAmount", "100.00"),
    ...(ofLine ? [] : [category("cac:TaxCategory")]),
  ]);
}

function line(number: number, kind: "Invoice" | "CreditNote"): Tree {
  return tree(`cac:${kind}Line`, [
    tree("cbc:ID", String(number)),
    tree("cbc:Note", "Livrat"),
    tree(`cbc:${kind === "Invoice" ? "Invoiced" : "Credited"}Quantity unitCode=H87`, "2"),
    lei("LineExtensionAmount", "100.00"),
    tree("cbc:AccountingCost", "CC-1"),
    tree("cac:InvoicePeriod", [tree("cbc:StartDate", "2026-02-01"), tree("cbc:EndDate", "2026-02-28")]),
    tree("cac:OrderLineReference", [tree("cbc:LineID", "7")]),
    ...(kind === "Invoice"
      ? [
          tree("cac:DocumentReference", [
            tree("cbc:ID schemeID=ABT", "OBJ-1"),
            tree("cbc:DocumentTypeCode", "130"),
          ]),
        ]
      : []),
    adjustment(false, true),
    adjustment(true, true),
    tree("cac:Item", [
      tree("cbc:Description", "Hârtie albă"),
      tree("cbc:Name", `Hârtie ${number}`),
      tree("cac:BuyersItemIdentification", [tree("cbc:ID", "B-1")]),
      tree("cac:SellersItemIdentification", [tree("cbc:ID", "S-1")]),
      tree("cac:StandardItemIdentification", [tree("cbc:ID schemeID=0160", "05412345000013")]),
      tree("cac:OriginCountry", [tree("cbc:IdentificationCode", "RO")]),
      tree("cac:CommodityClassification", [tree("cbc:ItemClassificationCode listID=STI", "30197630-1")]),
      category("cac:ClassifiedTaxCategory"),
      tree("cac:AdditionalItemProperty", [tree("cbc:Name", "Culoare"), tree("cbc:Value", "alb")]),
    ]),
    tree("cac:Price", [
      lei("PriceAmount", "50.00"),
      tree("cbc:BaseQuantity unitCode=H87", "1"),
      tree("cac:AllowanceCharge", [
        tree("cbc:ChargeIndicator", "false"),
        lei("Amount", "5.00"),
        lei("BaseAmount", "55.00"),
      ]),
    ]),
  ]);
}

const UBL = "urn:oasis:names:specification:ubl:schema:xsd";

/** A document that uses nearly every element the rules read, and breaks none of them in any profile. */
export function base(kind: "Invoice" | "CreditNote" = "Invoice"): Tree {
  const isInvoice = kind === "Invoice";
  const typeCode = isInvoice ? tree("cbc:InvoiceTypeCode", "380") : tree("cbc:CreditNoteTypeCode", "381");
  const root = tree(kind, [
    tree("cbc:CustomizationID", "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1"),
    tree("cbc:ProfileID", "P1"),
    tree("cbc:ID", "FCT-0001"),
    tree("cbc:IssueDate", "2026-03-02"),
    ...(isInvoice ? [tree("cbc:DueDate", "2026-04-01"), typeCode] : [typeCode]),
    tree("cbc:Note", "#AAI#Vă mulțumim"),
    tree("cbc:DocumentCurrencyCode", "RON"),
    tree("cbc:AccountingCost", "CC-0"),
    tree("cac:InvoicePeriod", [
      tree("cbc:StartDate", "2026-02-01"),
      tree("cbc:EndDate", "2026-02-28"),
      tree("cbc:DescriptionCode", "35"),
    ]),
    tree("cac:OrderReference", [tree("cbc:ID", "CMD-7"), tree("cbc:SalesOrderID", "VZ-7")]),
    tree("cac:BillingReference", [
      tree("cac:InvoiceDocumentReference", [tree("cbc:ID", "FCT-0000"), tree("cbc:IssueDate", "2026-01-01")]),
    ]),
    tree("cac:DespatchDocumentReference", [tree("cbc:ID", "AV-1")]),
    tree("cac:ReceiptDocumentReference", [tree("cbc:ID", "NIR-1")]),
    ...(isInvoice ? [tree("cac:OriginatorDocumentReference", [tree("cbc:ID", "LIC-1")])] : []),
    tree("cac:ContractDocumentReference", [tree("cbc:ID", "CTR-1")]),
    tree("cac:AdditionalDocumentReference", [
      tree("cbc:ID", "DOC-1"),
      tree("cbc:DocumentDescription", "Anexa"),
      tree("cac:Attachment", [
        tree("cbc:EmbeddedDocumentBinaryObject mimeCode=application/pdf filename=anexa.pdf", "QUJD"),
        tree("cac:ExternalReference", [tree("cbc:URI", "https://example.com/anexa.pdf")]),
      ]),
    ]),
    tree("cac:AdditionalDocumentReference", [
      tree("cbc:ID schemeID=ABT", "OBJ-0"),
      tree("cbc:DocumentTypeCode", "130"),
    ]),
    ...(isInvoice ? [tree("cac:ProjectReference", [tree("cbc:ID", "PRJ-1")])] : []),
    party("AccountingSupplierParty", "12345674", "SECTOR1", "RO-B"),
    party("AccountingCustomerParty", "14399840", "Cluj-Napoca", "RO-CJ"),
    tree("cac:PayeeParty", [
      tree("cac:PartyIdentification", [tree("cbc:ID schemeID=0088", "5412345000020")]),
      tree("cac:PartyName", [tree("cbc:Name", "Factoring SA")]),
      tree("cac:PartyLegalEntity", [tree("cbc:CompanyID schemeID=0002", "J40/9/2019")]),
    ]),
    tree("cac:TaxRepresentativeParty", [
      tree("cac:PartyName", [tree("cbc:Name", "Reprezentant SRL")]),
      tree("cac:PostalAddress", address("SECTOR2", "RO-B")),
      tree("cac:PartyTaxScheme", [tree("cbc:CompanyID", "RO87654329"), vatScheme()]),
    ]),
    tree("cac:Delivery", [
      tree("cbc:ActualDeliveryDate", "2026-02-27"),
      tree("cac:DeliveryLocation", [
        tree("cbc:ID schemeID=0088", "5412345000037"),
        tree("cac:Address", address("SECTOR3", "RO-B")),
      ]),
      tree("cac:DeliveryParty", [tree("cac:PartyName", [tree("cbc:Name", "Depozit")])]),
    ]),
    tree("cac:PaymentMeans", [
      tree("cbc:PaymentMeansCode name=Virament", "30"),
      tree("cbc:PaymentID", "REF-1"),
      tree("cac:CardAccount", [
        tree("cbc:PrimaryAccountNumberID", "1234"),
        tree("cbc:NetworkID", "VISA"),
        tree("cbc:HolderName", "Ion"),
      ]),
      tree("cac:PayeeFinancialAccount", [
        tree("cbc:ID", "RO49AAAA1B31007593840000"),
        tree("cbc:Name", "Cont"),
      ]),
      tree("cac:PaymentMandate", [tree("cbc:ID", "MANDAT-1")]),
    ]),
    tree("cac:PaymentTerms", [tree("cbc:Note", "30 de zile")]),
    adjustment(false, false),
    adjustment(true, false),
    tree("cac:TaxTotal", [
      lei("TaxAmount", "38.00"),
      tree("cac:TaxSubtotal", [
        lei("TaxableAmount", "200.00"),
        lei("TaxAmount", "38.00"),
        category("cac:TaxCategory"),
      ]),
    ]),
    tree("cac:LegalMonetaryTotal", [
      lei("LineExtensionAmount", "200.00"),
      lei("TaxExclusiveAmount", "200.00"),
      lei("TaxInclusiveAmount", "238.00"),
      lei("AllowanceTotalAmount", "10.00"),
      lei("ChargeTotalAmount", "10.00"),
      lei("PrepaidAmount", "38.00"),
      lei("PayableRoundingAmount", "0.00"),
      lei("PayableAmount", "200.00"),
    ]),
    line(1, kind),
    line(2, kind),
  ]);
  root.attributes = {
    xmlns: `${UBL}:${kind}-2`,
    "xmlns:cac": `${UBL}:CommonAggregateComponents-2`,
    "xmlns:cbc": `${UBL}:CommonBasicComponents-2`,
    "xmlns:ext": `${UBL}:CommonExtensionComponents-2`,
  };
  return root;
}

export const SUBTOTAL = "cac:TaxTotal/cac:TaxSubtotal";
export const CATEGORIES: readonly string[] = [
  "cac:AllowanceCharge[1]/cac:TaxCategory",
  "cac:AllowanceCharge[2]/cac:TaxCategory",
  `${SUBTOTAL}/cac:TaxCategory`,
  "cac:InvoiceLine[1]/cac:Item/cac:ClassifiedTaxCategory",
  "cac:InvoiceLine[2]/cac:Item/cac:ClassifiedTaxCategory",
];

const SELLER_VAT = "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme";

/** Turns the base into a valid document of another VAT category: rates, reasons, sums and identifiers follow. */
export function ofCategory(code: string): Change {
  return (root) => {
    const isTaxed = code === "S" || code === "L" || code === "M";
    for (const path of CATEGORIES) {
      set(`${path}/cbc:ID`, code)(root);
      if (code === "O") drop(`${path}/cbc:Percent`)(root);
      else set(`${path}/cbc:Percent`, isTaxed ? "19.00" : "0.00")(root);
    }
    if (!isTaxed) {
      set("cac:TaxTotal/cbc:TaxAmount", "0.00")(root);
      set(`${SUBTOTAL}/cbc:TaxAmount`, "0.00")(root);
      set("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", "200.00")(root);
      set("cac:LegalMonetaryTotal/cbc:PayableAmount", "162.00")(root);
    }
    if (!isTaxed && code !== "Z") {
      const elements = at(root, `${SUBTOTAL}/cac:TaxCategory`).content as Tree[];
      elements.splice(-1, 0, tree("cbc:TaxExemptionReason", "Motivul legal"));
    }
    if (code === "O") {
      drop("cac:TaxRepresentativeParty")(root);
      drop("cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme")(root);
      set(`${SELLER_VAT}/cac:TaxScheme/cbc:ID`, "TAX")(root);
    }
  };
}

/** The XML of the base after changes. */
export function documentWith(...changes: Change[]): string {
  const root = base();
  for (const change of changes) change(root);
  return write(root);
}

export function creditNoteWith(...changes: Change[]): string {
  const root = base("CreditNote");
  for (const change of changes) change(root);
  return write(root);
}
