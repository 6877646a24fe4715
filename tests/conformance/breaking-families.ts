import { CATEGORIES, ofCategory, SUBTOTAL } from "./base.ts";
import type { Breaking } from "./breaking.ts";
import { add, all, at, drop, ensure, set, setAttribute, tree, type Change, type Tree } from "./tree.ts";

const SELLER = "cac:AccountingSupplierParty/cac:Party";
const BUYER = "cac:AccountingCustomerParty/cac:Party";
const REPRESENTATIVE = "cac:TaxRepresentativeParty";
const DELIVERY = "cac:Delivery/cac:DeliveryLocation/cac:Address";
const LINE = "cac:InvoiceLine[1]";
const TOTAL = "cac:LegalMonetaryTotal";
const CATEGORY = `${SUBTOTAL}/cac:TaxCategory`;

/** Rule → longest text and where it stands: one character more breaks the rule. */
export const lengths: Readonly<Record<string, readonly [most: number, path: string, attribute?: string]>> = {
  ...addressLengths(`${SELLER}/cac:PostalAddress`, ["L0201", "L0501", "L151", "L1002", "L1003"]),
  ...addressLengths(`${BUYER}/cac:PostalAddress`, ["L0202", "L0502", "L152", "L1007", "L1008"]),
  ...addressLengths(`${REPRESENTATIVE}/cac:PostalAddress`, ["L0203", "L0503", "L153", "L1012", "L1013"]),
  ...addressLengths(DELIVERY, ["L0204", "L0504", "L154", "L1014", "L1015"]),
  "BR-RO-L155": [200, "cbc:ID"],
  "BR-RO-L0302": [200, "cac:ContractDocumentReference/cbc:ID"],
  "BR-RO-L0303": [200, "cac:OrderReference/cbc:ID"],
  "BR-RO-L0304": [200, "cac:OrderReference/cbc:SalesOrderID"],
  "BR-RO-L0305": [200, "cac:ReceiptDocumentReference/cbc:ID"],
  "BR-RO-L0306": [200, "cac:DespatchDocumentReference/cbc:ID"],
  "BR-RO-L0307": [200, "cac:OriginatorDocumentReference/cbc:ID"],
  "BR-RO-L0308": [200, "cac:AdditionalDocumentReference/cbc:ID"],
  "BR-RO-L0505": [50, `${LINE}/cac:Item/cac:AdditionalItemProperty/cbc:Name`],
  "BR-RO-L1001": [100, "cbc:AccountingCost"],
  "BR-RO-L1004": [100, `${SELLER}/cac:Contact/cbc:Name`],
  "BR-RO-L1005": [100, `${SELLER}/cac:Contact/cbc:Telephone`],
  "BR-RO-L1006": [100, `${SELLER}/cac:Contact/cbc:ElectronicMail`],
  "BR-RO-L1009": [100, `${BUYER}/cac:Contact/cbc:Name`],
  "BR-RO-L1010": [100, `${BUYER}/cac:Contact/cbc:Telephone`],
  "BR-RO-L1011": [100, `${BUYER}/cac:Contact/cbc:ElectronicMail`],
  "BR-RO-L1016": [100, "cac:PaymentMeans/cbc:PaymentMeansCode", "name"],
  "BR-RO-L1017": [100, "cac:AllowanceCharge[1]/cbc:AllowanceChargeReasonCode"],
  "BR-RO-L1018": [100, "cac:AllowanceCharge[2]/cbc:AllowanceChargeReasonCode"],
  "BR-RO-L1020": [100, "cac:AdditionalDocumentReference/cbc:DocumentDescription"],
  "BR-RO-L1021": [100, `${LINE}/cbc:AccountingCost`],
  "BR-RO-L1022": [100, `${LINE}/cac:AllowanceCharge[1]/cbc:AllowanceChargeReason`],
  "BR-RO-L1023": [100, `${LINE}/cac:AllowanceCharge[2]/cbc:AllowanceChargeReason`],
  "BR-RO-L1024": [100, `${LINE}/cac:Item/cbc:Name`],
  "BR-RO-L1025": [100, `${LINE}/cac:Item/cac:AdditionalItemProperty/cbc:Value`],
  "BR-RO-L1000": [1000, `${SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm`],
  "BR-RO-L140": [140, "cac:PaymentMeans/cbc:PaymentID"],
  "BR-RO-L156": [200, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"],
  "BR-RO-L201": [200, `${SELLER}/cac:PartyLegalEntity/cbc:RegistrationName`],
  "BR-RO-L202": [200, `${SELLER}/cac:PartyName/cbc:Name`],
  "BR-RO-L203": [200, `${BUYER}/cac:PartyLegalEntity/cbc:RegistrationName`],
  "BR-RO-L204": [200, `${BUYER}/cac:PartyName/cbc:Name`],
  "BR-RO-L205": [200, "cac:PayeeParty/cac:PartyName/cbc:Name"],
  "BR-RO-L206": [200, `${REPRESENTATIVE}/cac:PartyName/cbc:Name`],
  "BR-RO-L207": [200, "cac:Delivery/cac:DeliveryParty/cac:PartyName/cbc:Name"],
  "BR-RO-L208": [200, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:Name"],
  "BR-RO-L209": [200, "cac:PaymentMeans/cac:CardAccount/cbc:HolderName"],
  "BR-RO-L210": [200, "cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference/cbc:URI"],
  "BR-RO-L211": [
    200,
    "cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
    "filename",
  ],
  "BR-RO-L212": [200, `${LINE}/cac:Item/cbc:Description`],
  "BR-RO-L301": [300, "cac:PaymentTerms/cbc:Note"],
  "BR-RO-L302": [300, "cbc:Note"],
  "BR-RO-L303": [300, `${LINE}/cbc:Note`],
};

function addressLengths(address: string, ids: readonly string[]): Record<string, [number, string]> {
  const parts: [number, string][] = [
    [20, "cbc:PostalZone"],
    [50, "cbc:CityName"],
    [150, "cbc:StreetName"],
    [100, "cbc:AdditionalStreetName"],
    [100, "cac:AddressLine/cbc:Line"],
  ];
  return Object.fromEntries(
    parts.map(([most, part], index) => [`BR-RO-${ids[index]}`, [most, `${address}/${part}`]]),
  );
}

/** A text of that many characters, none of which fits sixteen bits. */
export const textOfLength = (length: number): string => "😀".repeat(length);

export const ofLength = (id: string, more: number): Change => {
  const [most, path, attribute] = lengths[id]!;
  const text = textOfLength(most + more);
  return attribute === undefined ? set(path, text) : setAttribute(path, attribute, text);
};

/** Amounts of which a third decimal breaks these rules. */
const fine: readonly (readonly [ids: string, path: string])[] = [
  ["BR-DEC-01 BR-DEC-RO-01", "cac:AllowanceCharge[1]/cbc:Amount"],
  ["BR-DEC-02 BR-DEC-RO-02", "cac:AllowanceCharge[1]/cbc:BaseAmount"],
  ["BR-DEC-05 BR-DEC-RO-05", "cac:AllowanceCharge[2]/cbc:Amount"],
  ["BR-DEC-06 BR-DEC-RO-06", "cac:AllowanceCharge[2]/cbc:BaseAmount"],
  ["BR-DEC-09 BR-DEC-RO-09", `${TOTAL}/cbc:LineExtensionAmount`],
  ["BR-DEC-10 BR-DEC-RO-10", `${TOTAL}/cbc:AllowanceTotalAmount`],
  ["BR-DEC-11 BR-DEC-RO-11", `${TOTAL}/cbc:ChargeTotalAmount`],
  ["BR-DEC-12 BR-DEC-RO-12", `${TOTAL}/cbc:TaxExclusiveAmount`],
  ["BR-DEC-14 BR-DEC-RO-14", `${TOTAL}/cbc:TaxInclusiveAmount`],
  ["BR-DEC-16 BR-DEC-RO-16", `${TOTAL}/cbc:PrepaidAmount`],
  ["BR-DEC-17 BR-DEC-RO-17", `${TOTAL}/cbc:PayableRoundingAmount`],
  ["BR-DEC-18 BR-DEC-RO-18", `${TOTAL}/cbc:PayableAmount`],
  ["BR-DEC-19 BR-DEC-RO-1009", `${SUBTOTAL}/cbc:TaxableAmount`],
  ["BR-DEC-20 BR-DEC-RO-1010", `${SUBTOTAL}/cbc:TaxAmount`],
  ["BR-DEC-23", `${LINE}/cbc:LineExtensionAmount`],
  ["BR-DEC-24 BR-DEC-RO-24", `${LINE}/cac:AllowanceCharge[1]/cbc:Amount`],
  ["BR-DEC-25 BR-DEC-RO-25", `${LINE}/cac:AllowanceCharge[1]/cbc:BaseAmount`],
  ["BR-DEC-27 BR-DEC-RO-27", `${LINE}/cac:AllowanceCharge[2]/cbc:Amount`],
  ["BR-DEC-28 BR-DEC-RO-28", `${LINE}/cac:AllowanceCharge[2]/cbc:BaseAmount`],
];

export const decimals: Breaking = Object.fromEntries(
  fine.flatMap(([ids, path]) => ids.split(" ").map((id) => [id, set(path, "1.000")] as const)),
);

const noVatIds: Change = (root) => {
  for (const party of [SELLER, BUYER, REPRESENTATIVE]) drop(`${party}/cac:PartyTaxScheme`)(root);
  drop(`${BUYER}/cac:PartyLegalEntity/cbc:CompanyID`)(root);
};
const withVatId = add(
  SELLER,
  tree("cac:PartyTaxScheme", [tree("cbc:CompanyID", "RO1"), tree("cac:TaxScheme", [tree("cbc:ID", "VAT")])]),
);

/** The ten questions asked of a category; `key` is what its rules are called. */
export function ofCategories(key: string, code: string): Breaking {
  const base = ofCategory(code);
  const isTaxed = ["S", "L", "M"].includes(code);
  const parties = code === "O" ? withVatId : noVatIds;
  const rate: Change = (root) => {
    for (const path of CATEGORIES) {
      const wrong = isTaxed ? "-1" : "1";
      if (code === "O") (at(root, path).content as Tree[]).push(tree("cbc:Percent", "0"));
      else set(`${path}/cbc:Percent`, wrong)(root);
    }
  };
  const hasReason = !isTaxed && code !== "Z";
  return Object.fromEntries(
    [
      ["01", all(base, set(`${CATEGORY}/cbc:ID`, code === "E" ? "S" : "E"))],
      ["02", all(base, parties)],
      ["03", all(base, parties)],
      ["04", all(base, parties)],
      ["05", all(base, rate)],
      ["06", all(base, rate)],
      ["07", all(base, rate)],
      ["08", all(base, set(`${SUBTOTAL}/cbc:TaxableAmount`, isTaxed ? "201.00" : "200.01"))],
      ["09", all(base, set(`${SUBTOTAL}/cbc:TaxAmount`, isTaxed ? "39.00" : "0.01"))],
      [
        "10",
        all(
          base,
          hasReason
            ? drop(`${CATEGORY}/cbc:TaxExemptionReason`)
            : add(CATEGORY, tree("cbc:TaxExemptionReason", "x")),
        ),
      ],
    ].map(([number, change]) => [`BR-${key}-${number as string}`, change as Change]),
  );
}

export const extras: Breaking = {
  "BR-IC-11": all(ofCategory("K"), drop("cac:Delivery/cbc:ActualDeliveryDate"), drop("cac:InvoicePeriod")),
  "BR-IC-12": all(ofCategory("K"), drop("cac:Delivery")),
  "BR-O-11": all(
    ofCategory("O"),
    add(
      "cac:TaxTotal",
      tree("cac:TaxSubtotal", [
        tree("cac:TaxCategory", [tree("cbc:ID", "E"), tree("cac:TaxScheme", [tree("cbc:ID", "VAT")])]),
      ]),
    ),
  ),
  "BR-O-12": all(ofCategory("O"), set(`${CATEGORIES[3]}/cbc:ID`, "E")),
  "BR-O-13": all(ofCategory("O"), set(`${CATEGORIES[0]}/cbc:ID`, "E")),
  "BR-O-14": all(ofCategory("O"), set(`${CATEGORIES[1]}/cbc:ID`, "E")),
};

/** Elements that may not be used, from the table of paths: putting one there breaks the rule. */
export const unusedElement = (path: string): Change => ensure(path.replace(/^line/, "cac:InvoiceLine"));

/** Attributes that may not be used: rule → attribute, on any element. */
export const unusedAttributes: Breaking = Object.fromEntries(
  (
    [
      ["08", "schemeName"],
      ["09", "schemeAgencyName"],
      ["10", "schemeDataURI"],
      ["11", "schemeURI"],
      ["12", "format"],
      ["13", "unitCodeListIdentifier"],
      ["14", "unitCodeListAgencyIdentifier"],
      ["15", "unitCodeListAgencyName"],
      ["16", "listAgencyName"],
      ["17", "listName"],
      ["19", "languageID"],
      ["20", "listURI"],
      ["21", "listSchemeURI"],
      ["22", "languageLocaleID"],
      ["23", "uri"],
      ["24", "currencyCodeListVersionID"],
      ["25", "characterSetCode"],
      ["26", "encodingCode"],
      ["27", "schemeAgencyID"],
      ["28", "listAgencyID"],
    ] as const
  ).map(([number, attribute]) => [`UBL-DT-${number}`, setAttribute("cbc:ID", attribute, "x")]),
);

/** Where a scheme or list may not be named: rule number → element and attribute. */
export const unusedSchemes: Breaking = Object.fromEntries(
  (
    [
      ["648", "cbc:CustomizationID", "schemeID"],
      ["649", "cbc:ProfileID", "schemeID"],
      ["650", "cbc:ID", "schemeID"],
      ["651", "cbc:SalesOrderID", "schemeID"],
      ["652", `${SELLER}/cac:PartyTaxScheme/cbc:CompanyID`, "schemeID"],
      ["653", "cac:PaymentMeans/cbc:PaymentID", "schemeID"],
      ["654", "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", "schemeID"],
      ["655", "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID", "schemeID"],
      ["656", "cbc:InvoiceTypeCode", "listID"],
      ["657", "cbc:DocumentCurrencyCode", "listID"],
      ["658", "cbc:TaxCurrencyCode", "listID"],
      ["659", "cac:AdditionalDocumentReference/cbc:DocumentTypeCode", "listID"],
      ["660", `${SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`, "listID"],
      ["661", "cac:PaymentMeans/cbc:PaymentMeansCode", "listID"],
      ["662", "cac:AllowanceCharge/cbc:AllowanceChargeReasonCode", "listID"],
      ["667", "cac:InvoiceLine/cac:Item/cac:BuyersItemIdentification/cbc:ID", "schemeID"],
      ["668", "cac:InvoiceLine/cac:Item/cac:SellersItemIdentification/cbc:ID", "schemeID"],
      ["672", "cbc:CreditNoteTypeCode", "listID"],
      ["675", "cac:PaymentMeans/cac:CardAccount/cbc:NetworkID", "schemeID"],
      ["676", "cac:PaymentMeans/cac:PaymentMandate/cbc:ID", "schemeID"],
      ["677", "cac:PaymentMeans/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID", "schemeID"],
      ["678", `${CATEGORY}/cbc:ID`, "schemeID"],
      ["679", "cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:ID", "schemeID"],
    ] as const
  ).map(([number, path, attribute]) => [
    `UBL-CR-${number}`,
    all(ensure(path), setAttribute(path, attribute, "x")),
  ]),
);

/** The older edition misspells an element, so the two editions need different documents. */
export const cardNumberScheme: Change = (root) => {
  for (const name of ["cbc:PrimaryAccountNumber", "cbc:PrimaryAccountNumberID"]) {
    const path = `cac:PaymentMeans/cac:CardAccount/${name}`;
    all(ensure(path), setAttribute(path, "schemeID", "x"))(root);
  }
};
