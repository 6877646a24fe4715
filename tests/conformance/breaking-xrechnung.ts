import { base } from "./base.ts";
import {
  add,
  all,
  at,
  drop,
  dropAttribute,
  repeat,
  set,
  setAttribute,
  tree,
  write,
  type Change,
} from "./tree.ts";

const CIUS = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0";
const EXTENSION = `${CIUS}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0`;
const VEHICLES = `${CIUS}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9`;

const SELLER = "cac:AccountingSupplierParty/cac:Party";
const BUYER = "cac:AccountingCustomerParty/cac:Party";
const ADDRESS = "cac:Delivery/cac:DeliveryLocation/cac:Address";
const MEANS = "cac:PaymentMeans";
const MANDATE = `${MEANS}/cac:PaymentMandate`;
const LINE = "cac:InvoiceLine[1]";
const ITEM = `${LINE}/cac:Item`;
const REFERENCE = "cac:AdditionalDocumentReference[1]";
const FILE = `${REFERENCE}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject`;
const ADJUSTMENTS = ["", "cac:InvoiceLine[1]/", "cac:InvoiceLine[2]/"].flatMap((place) =>
  [1, 2].map((n) => `${place}cac:AllowanceCharge[${n}]`),
);

/** Puts an element in front of a sibling, where the schema wants it. */
const before =
  (path: string, element: ReturnType<typeof tree>): Change =>
  (root) => {
    const cut = path.lastIndexOf("/");
    const parent = at(root, cut < 0 ? "" : path.slice(0, cut));
    const content = parent.content as (typeof element)[];
    parent.content = content.toSpliced(content.indexOf(at(root, path)), 0, structuredClone(element));
  };

/** Turns the common base into an XRechnung: what Germany wants besides, and one way of paying. */
const german = all(
  set("cbc:CustomizationID", CIUS),
  before("cac:InvoicePeriod", tree("cbc:BuyerReference", "04011000-1234512345-06")),
  set("cac:PaymentTerms/cbc:Note", "#SKONTO#TAGE=14#PROZENT=2.00#\n"),
  drop(`${MEANS}/cac:CardAccount`),
  drop(MANDATE),
  ...ADJUSTMENTS.map((path) => before(`${path}/cbc:Amount`, tree("cbc:MultiplierFactorNumeric", "10"))),
);

export function xRechnungWith(...changes: Change[]): string {
  const root = base();
  for (const change of [german, ...changes]) change(root);
  return write(root);
}

const extended = (...changes: Change[]): Change => all(set("cbc:CustomizationID", EXTENSION), ...changes);

const directDebit = all(
  set(`${MEANS}/cbc:PaymentMeansCode`, "59"),
  drop(`${MEANS}/cac:PayeeFinancialAccount`),
  add(
    MEANS,
    tree("cac:PaymentMandate", [
      tree("cbc:ID", "M-1"),
      tree("cac:PayerFinancialAccount", [tree("cbc:ID", "DE89370400440532013000")]),
    ]),
  ),
  before(
    `${SELLER}/cac:PartyName`,
    tree("cac:PartyIdentification", [tree("cbc:ID schemeID=SEPA", "DE98ZZZ09999999999")]),
  ),
);

const byCard = all(
  set(`${MEANS}/cbc:PaymentMeansCode`, "54"),
  drop(`${MEANS}/cac:PayeeFinancialAccount`),
  add(
    MEANS,
    tree("cac:CardAccount", [tree("cbc:PrimaryAccountNumberID", "1234"), tree("cbc:NetworkID", "VISA")]),
  ),
);

const account = tree("cac:PayeeFinancialAccount", [tree("cbc:ID", "DE89370400440532013000")]);

const vehicle = all(
  set("cbc:CustomizationID", VEHICLES),
  setAttribute(`${ITEM}/cac:CommodityClassification/cbc:ItemClassificationCode`, "listID", "CVD"),
  set(`${ITEM}/cac:CommodityClassification/cbc:ItemClassificationCode`, "M1"),
  set(`${ITEM}/cac:AdditionalItemProperty/cbc:Name`, "cva"),
  set(`${ITEM}/cac:AdditionalItemProperty/cbc:Value`, "clean"),
);
const vehicleBut = (...changes: Change[]): Change => all(vehicle, ...changes);

const subLine = (amount: string) =>
  tree("cac:SubInvoiceLine", [
    tree("cbc:LineExtensionAmount currencyID=RON", amount),
    tree("cac:Item", [tree("cac:ClassifiedTaxCategory", [tree("cbc:ID", "S")])]),
  ]);
const thirdParty = (given: Record<string, string>, currency = "RON") =>
  add(
    "",
    tree(
      "cac:PrepaidPayment",
      Object.entries(given).map(([name, value]) =>
        tree(name === "PaidAmount" ? `cbc:PaidAmount currencyID=${currency}` : `cbc:${name}`, value),
      ),
    ),
  );
const paid = { ID: "1", PaidAmount: "0.00", InstructionID: "x" };
const paidBut = (name: keyof typeof paid, value: string, currency?: string): Change =>
  extended(thirdParty({ ...paid, [name]: value }, currency));

const missing = (rows: Readonly<Record<string, string>>): Record<string, Change> =>
  Object.fromEntries(Object.entries(rows).map(([id, path]) => [id, drop(path)]));

/** For every rule of XRechnung a change that breaks it in a valid XRechnung. */
export const breakingXRechnung: Readonly<Record<string, Change>> = {
  ...missing({
    "BR-DE-1": MEANS,
    "BR-DE-2": `${SELLER}/cac:Contact`,
    "BR-DE-3": `${SELLER}/cac:PostalAddress/cbc:CityName`,
    "BR-DE-4": `${SELLER}/cac:PostalAddress/cbc:PostalZone`,
    "BR-DE-5": `${SELLER}/cac:Contact/cbc:Name`,
    "BR-DE-6": `${SELLER}/cac:Contact/cbc:Telephone`,
    "BR-DE-7": `${SELLER}/cac:Contact/cbc:ElectronicMail`,
    "BR-DE-8": `${BUYER}/cac:PostalAddress/cbc:CityName`,
    "BR-DE-9": `${BUYER}/cac:PostalAddress/cbc:PostalZone`,
    "BR-DE-10": `${ADDRESS}/cbc:CityName`,
    "BR-DE-11": `${ADDRESS}/cbc:PostalZone`,
    "BR-DE-14": "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent",
    "BR-DE-15": "cbc:BuyerReference",
    "BR-DE-23-a": `${MEANS}/cac:PayeeFinancialAccount`,
    "PEPPOL-EN16931-R001": "cbc:ProfileID",
    "PEPPOL-EN16931-R010": `${BUYER}/cbc:EndpointID`,
    "PEPPOL-EN16931-R020": `${SELLER}/cbc:EndpointID`,
    "PEPPOL-EN16931-R041": "cac:AllowanceCharge[1]/cbc:BaseAmount",
    "PEPPOL-EN16931-R042": `${LINE}/cac:AllowanceCharge[2]/cbc:MultiplierFactorNumeric`,
    "PEPPOL-EN16931-R053": "cac:TaxTotal/cac:TaxSubtotal",
  }),
  "BR-DE-16": all(drop("cac:TaxRepresentativeParty"), drop(`${SELLER}/cac:PartyTaxScheme`)),
  "BR-DE-17": set("cbc:InvoiceTypeCode", "751"),
  "BR-DE-18": set("cac:PaymentTerms/cbc:Note", "#SKONTO#TAGE=14#PROZENT=2,00#\n"),
  "BR-DE-19": all(
    set(`${MEANS}/cbc:PaymentMeansCode`, "58"),
    set(`${MEANS}/cac:PayeeFinancialAccount/cbc:ID`, "DE00370400440532013000"),
  ),
  "BR-DE-20": all(directDebit, set(`${MANDATE}/cac:PayerFinancialAccount/cbc:ID`, "DE00370400440532013000")),
  "BR-DE-21": set("cbc:CustomizationID", "urn:cen.eu:en16931:2017"),
  "BR-DE-22": repeat(REFERENCE),
  "BR-DE-23-b": add(
    MEANS,
    tree("cac:CardAccount", [tree("cbc:PrimaryAccountNumberID", "1234"), tree("cbc:NetworkID", "VISA")]),
  ),
  "BR-DE-24-a": all(byCard, drop(`${MEANS}/cac:CardAccount`)),
  "BR-DE-24-b": all(byCard, add(MEANS, account)),
  "BR-DE-25-a": all(directDebit, drop(MANDATE)),
  "BR-DE-25-b": all(directDebit, add(MEANS, account)),
  "BR-DE-26": all(set("cbc:InvoiceTypeCode", "384"), drop("cac:BillingReference")),
  "BR-DE-27": set(`${SELLER}/cac:Contact/cbc:Telephone`, "12"),
  "BR-DE-28": set(`${SELLER}/cac:Contact/cbc:ElectronicMail`, "ion@example"),
  "BR-DE-30": all(
    directDebit,
    set(`${SELLER}/cac:PartyIdentification[2]/cbc:ID`, "x"),
    dropAttribute(`${SELLER}/cac:PartyIdentification[2]/cbc:ID`, "schemeID"),
  ),
  "BR-DE-31": all(directDebit, drop(`${MANDATE}/cac:PayerFinancialAccount`)),
  "BR-DE-TMP-32": all(
    drop("cac:Delivery/cbc:ActualDeliveryDate"),
    drop("cac:InvoicePeriod"),
    drop(`${LINE}/cac:InvoicePeriod`),
  ),
  "BR-TMP-2": set(`${REFERENCE}/cac:Attachment/cac:ExternalReference/cbc:URI`, "anexa.pdf"),
  "BR-DEX-01": extended(setAttribute(FILE, "mimeCode", "application/zip")),
  "BR-DEX-02": extended(add(LINE, subLine("99.00"))),
  "BR-DEX-03": extended(add(LINE, tree("cac:SubInvoiceLine", [tree("cac:Item")]))),
  "BR-DEX-04": extended(setAttribute(`${SELLER}/cac:PartyIdentification/cbc:ID`, "schemeID", "XR04")),
  "BR-DEX-05": extended(setAttribute(`${BUYER}/cac:PartyLegalEntity/cbc:CompanyID`, "schemeID", "XR04")),
  "BR-DEX-06": extended(setAttribute(`${ITEM}/cac:StandardItemIdentification/cbc:ID`, "schemeID", "XR04")),
  "BR-DEX-07": extended(setAttribute(`${SELLER}/cbc:EndpointID`, "schemeID", "XR04")),
  "BR-DEX-08": extended(setAttribute("cac:Delivery/cac:DeliveryLocation/cbc:ID", "schemeID", "XR04")),
  "BR-DEX-09": paidBut("PaidAmount", "1.00"),
  "BR-DEX-10": paidBut("ID", " "),
  "BR-DEX-11": paidBut("PaidAmount", ""),
  "BR-DEX-12": paidBut("InstructionID", ""),
  "BR-DEX-13": paidBut("PaidAmount", "0.000"),
  "BR-DEX-14": paidBut("ID", "1", "EUR"),
  "BR-DE-CVD-01": vehicleBut(drop("cac:ContractDocumentReference")),
  "BR-DE-CVD-02": vehicleBut(drop("cac:OriginatorDocumentReference")),
  "BR-DE-CVD-03": set("cbc:CustomizationID", VEHICLES),
  "BR-DE-CVD-04": vehicleBut(set(`${ITEM}/cac:CommodityClassification/cbc:ItemClassificationCode`, "M9")),
  "BR-DE-CVD-05": vehicleBut(set(`${ITEM}/cac:AdditionalItemProperty/cbc:Value`, "dirty")),
  "BR-DE-CVD-06-a": vehicleBut(repeat(`${ITEM}/cac:AdditionalItemProperty`)),
  "BR-DE-CVD-06-b": vehicleBut(repeat(`${ITEM}/cac:CommodityClassification`)),
  "BR-TMP-CVD-01": vehicleBut(
    setAttribute(
      "cac:InvoiceLine[2]/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode",
      "listID",
      "NOPE",
    ),
  ),
  "PEPPOL-EN16931-R005": before("cac:InvoicePeriod", tree("cbc:TaxCurrencyCode", "RON")),
  "PEPPOL-EN16931-R008": set("cbc:AccountingCost", " "),
  "PEPPOL-EN16931-R040": set("cac:AllowanceCharge[1]/cbc:MultiplierFactorNumeric", "10.03"),
  "PEPPOL-EN16931-R043": set("cac:AllowanceCharge[1]/cbc:ChargeIndicator", "0"),
  "PEPPOL-EN16931-R044": set(`${LINE}/cac:Price/cac:AllowanceCharge/cbc:ChargeIndicator`, "true"),
  "PEPPOL-EN16931-R046": set(`${LINE}/cac:Price/cac:AllowanceCharge/cbc:Amount`, "4.00"),
  "PEPPOL-EN16931-R054": before("cac:InvoicePeriod", tree("cbc:TaxCurrencyCode", "EUR")),
  "PEPPOL-EN16931-R055": all(
    before("cac:InvoicePeriod", tree("cbc:TaxCurrencyCode", "EUR")),
    add("", tree("cac:TaxTotal", [tree("cbc:TaxAmount currencyID=EUR", "-7.60")])),
  ),
  "PEPPOL-EN16931-R061": all(directDebit, drop(`${MANDATE}/cbc:ID`)),
  "PEPPOL-EN16931-R101": set(`${LINE}/cac:DocumentReference/cbc:DocumentTypeCode`, "916"),
  "PEPPOL-EN16931-R110": set(`${LINE}/cac:InvoicePeriod/cbc:StartDate`, "2026-01-31"),
  "PEPPOL-EN16931-R111": set(`${LINE}/cac:InvoicePeriod/cbc:EndDate`, "2026-03-01"),
  "PEPPOL-EN16931-R120": set(`${LINE}/cbc:InvoicedQuantity`, "3"),
  "PEPPOL-EN16931-R121": set(`${LINE}/cac:Price/cbc:BaseQuantity`, "0"),
  "PEPPOL-EN16931-R130": setAttribute(`${LINE}/cac:Price/cbc:BaseQuantity`, "unitCode", "KGM"),
};

/** Other valid XRechnungen: each way of paying, the extension with all it adds, and vehicles. */
export const validXRechnungen: Readonly<Record<string, Change>> = {
  "as it is": all(),
  "by direct debit": directDebit,
  "by card": byCard,
  "of the extension": extended(
    setAttribute(FILE, "mimeCode", "application/xml"),
    setAttribute(`${SELLER}/cac:PartyIdentification/cbc:ID`, "schemeID", "XR01"),
  ),
  "about a vehicle": vehicle,
  "without a cash discount": set("cac:PaymentTerms/cbc:Note", "30 Tage netto"),
  "with two cash discounts": set(
    "cac:PaymentTerms/cbc:Note",
    "Zahlbar wie folgt\n#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=100.00#\n",
  ),
};
