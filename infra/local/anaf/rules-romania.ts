import type { Issue } from "./settings.ts";
import { attributeOf, descendants, elementsAt, textAt, textOf } from "./xml.ts";
import type { Element } from "./xml.ts";

/** RO_CIUS rules, by the family codes ANAF prints (ANAF.md §15.2–§15.4). The wording is ours. */

type Check = (name: string, root: Element) => Issue[];

export const romanianIssues: Check = (name, root) => checks.flatMap((check) => check(name, root));

const customization = "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1";
const seller = "AccountingSupplierParty/Party";
const buyer = "AccountingCustomerParty/Party";
const representative = "TaxRepresentativeParty";
const delivery = "Delivery/DeliveryLocation/Address";

const counties = new Set(
  "AB AR AG B BC BH BN BT BV BR BZ CS CL CJ CT CV DB DJ GL GR GJ HR HD IL IS IF MM MH MS NT OT PH SM SJ SB SV TR TM TL VS VL VN"
    .split(" ")
    .map((code) => `RO-${code}`),
);

function issue(code: string, romanian: string, english: string): Issue {
  return { code, message: `${romanian} #${english}` };
}

const header: Check = (name, root) => {
  const issues: Issue[] = [];
  if (textAt(root, "CustomizationID") !== customization) {
    issues.push(issue("BR-RO-001", "Identificatorul specificatiei (BT-24) este gresit", "BT-24 is wrong"));
  }
  if (!/\d/.test(textAt(root, "ID"))) {
    issues.push(issue("BR-RO-010", "Numarul facturii (BT-1) nu contine cifre", "BT-1 must contain a digit"));
  }
  const types = name === "CreditNote" ? ["381"] : ["380", "384", "389", "751"];
  if (!types.includes(textAt(root, `${name}TypeCode`))) {
    issues.push(issue("BR-RO-020", "Codul tipului facturii (BT-3) nu este admis", "BT-3 is not allowed"));
  }
  const taxCurrency = textAt(root, "TaxCurrencyCode");
  if (textAt(root, "DocumentCurrencyCode") !== "RON" && taxCurrency !== "RON") {
    issues.push(issue("BR-RO-030", "Moneda TVA (BT-6) trebuie sa fie RON", "BT-6 must be RON"));
  }
  for (const code of elementsAt(root, "InvoicePeriod/DescriptionCode").map(textOf)) {
    if (!["3", "35", "432"].includes(code)) {
      issues.push(issue("BR-RO-040", "Codul datei TVA (BT-8) nu este admis", "BT-8 must be 3, 35 or 432"));
    }
  }
  return issues;
};

/** When any VAT category but O is used, both parties must be identifiable. Only invoice lines count. */
const identities: Check = (_name, root) => {
  const used = [
    ...elementsAt(root, "InvoiceLine/Item/ClassifiedTaxCategory/ID"),
    ...elementsAt(root, "AllowanceCharge/TaxCategory/ID"),
  ].map(textOf);
  if (!used.some((category) => "S Z E AE K G L M".split(" ").includes(category))) return [];
  const isNamed = (...paths: string[]): boolean =>
    paths.some((path) => elementsAt(root, path).some((id) => textOf(id) !== ""));
  const issues: Issue[] = [];
  if (!isNamed(`${seller}/PartyTaxScheme/CompanyID`, `${representative}/PartyTaxScheme/CompanyID`)) {
    issues.push(
      issue("BR-RO-065", "Lipseste identificatorul fiscal al vanzatorului", "Seller tax id is missing"),
    );
  }
  if (!isNamed(`${buyer}/PartyLegalEntity/CompanyID`, `${buyer}/PartyTaxScheme/CompanyID`)) {
    issues.push(issue("BR-RO-120", "Lipseste identificatorul cumparatorului", "Buyer id is missing"));
  }
  return issues;
};

/**
 * Street, city, sector and county of each address; the codes differ per party, the requirement does not. The
 * official rules look at a representative's and a delivery's address in invoices only.
 */
const addresses: Check = (name, root) => [
  ...addressIssues(root, `${seller}/PostalAddress`, ["081", "091", "100", "110"], true),
  ...addressIssues(root, `${buyer}/PostalAddress`, ["082", "092", "101", "111"], true),
  ...(name === "Invoice" ? furtherAddresses(root) : []),
];

function furtherAddresses(root: Element): Issue[] {
  const hasNoCounty = elementsAt(root, delivery).some((address) => !textAt(address, "CountrySubentity"));
  return [
    ...addressIssues(root, `${representative}/PostalAddress`, ["140", "150", "160", "170"], false),
    ...addressIssues(root, delivery, ["180", "201", "202", "212"], false),
    ...(hasNoCounty
      ? [issue("BR-RO-211", "Lipseste judetul livrarii", "The county of delivery is missing")]
      : []),
  ];
}

function addressIssues(root: Element, path: string, codes: string[], isMandatory: boolean): Issue[] {
  const found = elementsAt(root, path);
  const [street, city, sector, county] = codes;
  return (isMandatory && found.length === 0 ? [{}] : found).flatMap((address) => {
    const issues: Issue[] = [];
    const isRomanian = textAt(address, "Country/IdentificationCode") === "RO";
    const region = textAt(address, "CountrySubentity");
    const cityName = textAt(address, "CityName");
    if (!textAt(address, "StreetName")) {
      issues.push(issue(`BR-RO-${street}`, `Lipseste strada (${path})`, "The street is missing"));
    }
    if (!cityName) {
      issues.push(issue(`BR-RO-${city}`, `Lipseste localitatea (${path})`, "The city is missing"));
    }
    if (isRomanian && region === "RO-B" && !/^SECTOR[1-6]$/.test(cityName)) {
      issues.push(
        issue(`BR-RO-${sector}`, "In Bucuresti localitatea este SECTOR1-SECTOR6", "City must be SECTORn"),
      );
    }
    if (isRomanian && !counties.has(region)) {
      issues.push(
        issue(`BR-RO-${county}`, "Codul judetului nu este ISO 3166-2:RO", "The county code is wrong"),
      );
    }
    return issues;
  });
}

const counts: Check = (_name, root) => {
  const issues: Issue[] = [];
  const limit = (code: string, amount: number, most: number): void => {
    if (amount > most)
      issues.push(issue(code, `Sunt admise cel mult ${most} aparitii`, `At most ${most} are allowed`));
  };
  limit("BR-RO-A020", elementsAt(root, "Note").length, 20);
  limit("BR-RO-A050", elementsAt(root, "AdditionalDocumentReference").length, 50);
  limit("BR-RO-A500", elementsAt(root, "BillingReference").length, 500);
  for (const item of descendants(root, "Item")) {
    limit("BR-RO-A050", elementsAt(item, "AdditionalItemProperty").length, 50);
  }
  return issues;
};

/** Longest texts by path; the family code carries the length. `@` names an attribute. */
const lengths: [most: number, ...paths: string[]][] = [
  [20, ...[seller, buyer].map((party) => `${party}/PostalAddress/PostalZone`), `${delivery}/PostalZone`],
  [50, ...[seller, buyer].map((party) => `${party}/PostalAddress/CityName`), `${delivery}/CityName`],
  [
    100,
    "AccountingCost",
    ...[seller, buyer].flatMap((party) => [
      `${party}/PostalAddress/AdditionalStreetName`,
      `${party}/PostalAddress/AddressLine/Line`,
      `${party}/Contact/Name`,
      `${party}/Contact/Telephone`,
      `${party}/Contact/ElectronicMail`,
    ]),
    "TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason",
    "InvoiceLine/Item/Name",
    "CreditNoteLine/Item/Name",
    "InvoiceLine/Item/AdditionalItemProperty/Value",
    "AdditionalDocumentReference/DocumentDescription",
    "PaymentMeans/PaymentMeansCode@name",
  ],
  [140, "PaymentMeans/PaymentID"],
  [150, ...[seller, buyer].map((party) => `${party}/PostalAddress/StreetName`), `${delivery}/StreetName`],
  [
    200,
    "ID",
    "OrderReference/ID",
    "ContractDocumentReference/ID",
    "DespatchDocumentReference/ID",
    "BillingReference/InvoiceDocumentReference/ID",
    ...[seller, buyer].flatMap((party) => [
      `${party}/PartyLegalEntity/RegistrationName`,
      `${party}/PartyName/Name`,
    ]),
    "InvoiceLine/Item/Description",
    "CreditNoteLine/Item/Description",
    "AdditionalDocumentReference/Attachment/EmbeddedDocumentBinaryObject@filename",
  ],
  [300, "Note", "PaymentTerms/Note", "InvoiceLine/Note", "CreditNoteLine/Note"],
  [1000, `${seller}/PartyLegalEntity/CompanyLegalForm`],
];

const longTexts: Check = (_name, root) =>
  lengths.flatMap(([most, ...paths]) =>
    paths.flatMap((path) => {
      const [element = "", attribute] = path.split("@");
      const tooLong = elementsAt(root, element).some((found) => {
        const text = attribute === undefined ? textOf(found) : attributeOf(found, attribute);
        return Array.from(text.trim().replace(/\s+/g, " ")).length > most;
      });
      const code = `BR-RO-L${String(most).padStart(3, "0")}`;
      return tooLong ? [issue(code, `${path} depaseste ${most} de caractere`, `${path} is too long`)] : [];
    }),
  );

const dateElements: [name: string, code: string][] = [
  ["IssueDate", "BR-RO-DT001"],
  ["TaxPointDate", "BR-RO-DT002"],
  ["DueDate", "BR-RO-DT003"],
  ["PaymentDueDate", "BR-RO-DT003"],
  ["ActualDeliveryDate", "BR-RO-DT004"],
  ["StartDate", "BR-RO-DT005"],
  ["EndDate", "BR-RO-DT006"],
];

const dates: Check = (_name, root) =>
  dateElements.flatMap(([name, code]) =>
    descendants(root, name)
      .filter((element) => !isDay(textOf(element)))
      .map(() => issue(code, `${name} nu are forma AAAA-LL-ZZ`, `${name} is not a plain date`)),
  );

function isDay(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(instant || 0).toISOString().startsWith(text);
}

/** Amounts carry at most two decimals; prices may carry more. */
const roundedAmounts: [parent: string, names: string[]][] = [
  ["LegalMonetaryTotal", ["LineExtension", "AllowanceTotal", "ChargeTotal", "TaxExclusive", "TaxInclusive"]],
  ["LegalMonetaryTotal", ["Prepaid", "PayableRounding", "Payable"]],
  ["TaxTotal/TaxSubtotal", ["Taxable", "Tax"]],
  ["AllowanceCharge", ["", "Base"]],
  ["InvoiceLine/AllowanceCharge", ["", "Base"]],
  ["CreditNoteLine/AllowanceCharge", ["", "Base"]],
];

const decimals: Check = (_name, root) =>
  roundedAmounts.flatMap(([parent, names]) =>
    names
      .map((name) => `${parent}/${name}Amount`)
      .filter((path) => elementsAt(root, path).some((amount) => /\.\d{3,}/.test(textOf(amount))))
      .map((path) =>
        issue("BR-RO-Z2", `${path} are mai mult de doua zecimale`, `${path} has more than two decimals`),
      ),
  );

const checks: Check[] = [header, identities, addresses, counts, longTexts, dates, decimals];
