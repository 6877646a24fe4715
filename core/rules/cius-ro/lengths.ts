import { anywhere, charged, document, lines, under, underLine, underRoot } from "../contexts.ts";
import { fatal, type Context, type Rule, type RuleSet, type Test } from "../engine/rule.ts";
import { atMost, attributeNotLonger, custom, isNotLonger, notLonger, twoDecimals } from "../engine/tests.ts";
import { totalDecimals } from "../en16931/totals.ts";
import { subtotalDecimals } from "../en16931/vat-breakdown.ts";
import { currencyDecimals } from "../en16931/document.ts";
import { nameNumber } from "../names.ts";
import { invoiceRoot } from "../structure/models.ts";
import { invoiceOnly } from "./addresses.ts";

const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "RO", context, rules });

/** A rule on the length of a text, in characters after blanks are normalized. */
function length(
  id: string,
  term: string,
  most: number,
  at: string,
  en: string,
  ro: string,
  test: Test = notLonger(most, at),
): Rule {
  return fatal(id, term, test, {
    en: `${en} is longer than ${most} characters.`,
    ro: `${ro} are mai mult de ${most} de caractere.`,
    hint: `Shorten the text to ${most} characters.`,
  });
}

const SELLER = "cac:AccountingSupplierParty/cac:Party";
const BUYER = "cac:AccountingCustomerParty/cac:Party";
const REPRESENTATIVE = "cac:TaxRepresentativeParty";
const DELIVERY = "cac:Delivery/cac:DeliveryLocation/cac:Address";

/** How long texts may be, how often things may occur and how fine amounts may be. The order of the sets matters. */
export function roLimitRules(): RuleSet[] {
  return [
    set(document, ...addressTexts, ...references, ...contacts, ...partyNames, ...terms),
    set(anywhere("cac:PaymentMeans"), ...payment),
    set(lines, ...lineTexts),
    set(under("cac:Item/cac:AdditionalItemProperty"), ...itemProperty),
    ...documentAdjustments(),
    set(anywhere("cac:LegalMonetaryTotal"), ...totalDecimals("BR-DEC-RO-")),
    set(invoiceAgain, ...vatTotalDecimals),
    set(under("cac:TaxTotal/cac:TaxSubtotal"), ...subtotalDecimals("BR-DEC-RO-1009", "BR-DEC-RO-1010")),
    // The first set for lines took every line, so this one is never asked; the same holds for the last set.
    set({ ...lines }, lineDecimals),
    ...lineAdjustments(),
    set(anywhere("cbc:Note"), note),
    set(anywhere("cac:AdditionalDocumentReference"), ...supporting),
    set(anywhere("cac:BillingReference"), ...preceding),
    set(underRoot("cac:TaxTotal/cac:TaxSubtotal", invoiceOnly), exemptionReason),
  ];
}

const addressTexts: readonly Rule[] = (
  [
    [
      `${SELLER}/cac:PostalAddress`,
      ["L0201 BT-38", "L0501 BT-37", "L151 BT-35", "L1002 BT-36", "L1003 BT-162"],
      "seller",
      "vânzătorului",
    ],
    [
      `${BUYER}/cac:PostalAddress`,
      ["L0202 BT-53", "L0502 BT-52", "L152 BT-50", "L1007 BT-51", "L1008 BT-163"],
      "buyer",
      "cumpărătorului",
    ],
    [
      `${REPRESENTATIVE}/cac:PostalAddress`,
      ["L0203 BT-67", "L0503 BT-66", "L153 BT-64", "L1012 BT-65", "L1013 BT-164"],
      "tax representative",
      "reprezentantului fiscal",
    ],
    [
      DELIVERY,
      ["L0204 BT-78", "L0504 BT-77", "L154 BT-75", "L1014 BT-76", "L1015 BT-165"],
      "delivery",
      "de livrare",
    ],
  ] as const
).flatMap(([at, ids, whose, cui]) =>
  (
    [
      [20, "cbc:PostalZone", "post code", "Codul poștal"],
      [50, "cbc:CityName", "city", "Localitatea"],
      [150, "cbc:StreetName", "street", "Strada"],
      [100, "cbc:AdditionalStreetName", "second address line", "A doua linie a adresei"],
      [100, "cac:AddressLine/cbc:Line", "third address line", "A treia linie a adresei"],
    ] as const
  ).map(([most, element, en, ro], index) => {
    const [id, term] = ids[index]!.split(" ") as [string, string];
    return length(
      `BR-RO-${id}`,
      term,
      most,
      `${at}/${element}`,
      `The ${en} of the ${whose}`,
      `${ro} (adresa ${cui})`,
    );
  }),
);

const references: readonly Rule[] = [
  length("BR-RO-L155", "BT-1", 200, "cbc:ID", "The document number", "Numărul documentului"),
  length(
    "BR-RO-L0302",
    "BT-12",
    200,
    "cac:ContractDocumentReference/cbc:ID",
    "The contract reference",
    "Referința contractului",
  ),
  length(
    "BR-RO-L0303",
    "BT-13",
    200,
    "cac:OrderReference/cbc:ID",
    "The purchase order reference",
    "Referința comenzii",
  ),
  length(
    "BR-RO-L0304",
    "BT-14",
    200,
    "cac:OrderReference/cbc:SalesOrderID",
    "The sales order reference",
    "Referința comenzii de vânzare",
  ),
  length(
    "BR-RO-L0305",
    "BT-15",
    200,
    "cac:ReceiptDocumentReference/cbc:ID",
    "The receiving advice reference",
    "Referința avizului de recepție",
  ),
  length(
    "BR-RO-L0306",
    "BT-16",
    200,
    "cac:DespatchDocumentReference/cbc:ID",
    "The despatch advice reference",
    "Referința avizului de expediție",
  ),
  length(
    "BR-RO-L0307",
    "BT-17",
    200,
    "cac:OriginatorDocumentReference/cbc:ID",
    "The tender or lot reference",
    "Referința licitației sau a lotului",
  ),
  length(
    "BR-RO-L1001",
    "BT-19",
    100,
    "cbc:AccountingCost",
    "The buyer's accounting reference",
    "Referința contabilă a cumpărătorului",
  ),
];

const contacts: readonly Rule[] = (
  [
    [SELLER, ["L1004 BT-41", "L1005 BT-42", "L1006 BT-43"], "seller", "vânzătorului"],
    [BUYER, ["L1009 BT-56", "L1010 BT-57", "L1011 BT-58"], "buyer", "cumpărătorului"],
  ] as const
).flatMap(([party, ids, whose, cui]) =>
  (
    [
      ["cbc:Name", "contact name", "Numele persoanei de contact"],
      ["cbc:Telephone", "contact telephone", "Telefonul de contact"],
      ["cbc:ElectronicMail", "contact e-mail", "E-mailul de contact"],
    ] as const
  ).map(([element, en, ro], index) => {
    const [id, term] = ids[index]!.split(" ") as [string, string];
    return length(
      `BR-RO-${id}`,
      term,
      100,
      `${party}/cac:Contact/${element}`,
      `The ${en} of the ${whose}`,
      `${ro} al ${cui}`,
    );
  }),
);

const partyNames: readonly Rule[] = [
  length(
    "BR-RO-L201",
    "BT-27",
    200,
    `${SELLER}/cac:PartyLegalEntity/cbc:RegistrationName`,
    "The seller's registered name",
    "Denumirea vânzătorului",
  ),
  length(
    "BR-RO-L202",
    "BT-28",
    200,
    `${SELLER}/cac:PartyName/cbc:Name`,
    "The seller's trading name",
    "Denumirea comercială a vânzătorului",
  ),
  length(
    "BR-RO-L203",
    "BT-44",
    200,
    `${BUYER}/cac:PartyLegalEntity/cbc:RegistrationName`,
    "The buyer's registered name",
    "Denumirea cumpărătorului",
  ),
  length(
    "BR-RO-L204",
    "BT-45",
    200,
    `${BUYER}/cac:PartyName/cbc:Name`,
    "The buyer's trading name",
    "Denumirea comercială a cumpărătorului",
  ),
  length(
    "BR-RO-L205",
    "BT-59",
    200,
    "cac:PayeeParty/cac:PartyName/cbc:Name",
    "The payee's name",
    "Numele beneficiarului plății",
  ),
  length(
    "BR-RO-L206",
    "BT-62",
    200,
    `${REPRESENTATIVE}/cac:PartyName/cbc:Name`,
    "The tax representative's name",
    "Numele reprezentantului fiscal",
  ),
  length(
    "BR-RO-L207",
    "BT-70",
    200,
    "cac:Delivery/cac:DeliveryParty/cac:PartyName/cbc:Name",
    "The name of who receives the goods",
    "Numele destinatarului livrării",
  ),
  length(
    "BR-RO-L1000",
    "BT-33",
    1000,
    `${SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm`,
    "The seller's legal information",
    "Informația juridică despre vânzător",
  ),
];

const terms: readonly Rule[] = [
  length(
    "BR-RO-L301",
    "BT-20",
    300,
    "cac:PaymentTerms/cbc:Note",
    "The text of the payment terms",
    "Textul termenilor de plată",
  ),
];

const payment: readonly Rule[] = [
  length(
    "BR-RO-L208",
    "BT-85",
    200,
    "cac:PayeeFinancialAccount/cbc:Name",
    "The account name",
    "Numele contului",
  ),
  length(
    "BR-RO-L209",
    "BT-88",
    200,
    "cac:CardAccount/cbc:HolderName",
    "The card holder's name",
    "Numele deținătorului cardului",
  ),
  length(
    "BR-RO-L1016",
    "BT-82",
    100,
    "",
    "The name of the payment means",
    "Denumirea modalității de plată",
    attributeNotLonger(100, "cbc:PaymentMeansCode", "name"),
  ),
  length("BR-RO-L140", "BT-83", 140, "cbc:PaymentID", "The payment reference", "Referința plății"),
];

const lineTexts: readonly Rule[] = [
  length("BR-RO-L1024", "BT-153", 100, "cac:Item/cbc:Name", "The name of an item", "Denumirea unui articol"),
  length(
    "BR-RO-L1021",
    "BT-133",
    100,
    "cbc:AccountingCost",
    "The accounting reference of a line",
    "Referința contabilă a unei linii",
  ),
  length(
    "BR-RO-L212",
    "BT-154",
    200,
    "cac:Item/cbc:Description",
    "The description of an item",
    "Descrierea unui articol",
  ),
  length("BR-RO-L303", "BT-127", 300, "cbc:Note", "The note of a line", "Nota unei linii"),
];

/** The official tests of these two are `count(.) <= 50`, and one is always less: they cannot fail. */
const countOfOne = (id: string, terms: string, en: string, ro: string): Rule =>
  fatal(
    id,
    terms,
    custom(() => true),
    {
      en: `There are more than 50 ${en}.`,
      ro: `Există mai mult de 50 de ${ro}.`,
      hint: "Keep at most 50.",
    },
  );

const itemProperty: readonly Rule[] = [
  countOfOne("BR-RO-A052", "BG-32", "item attributes", "atribute ale articolului"),
  length(
    "BR-RO-L0505",
    "BT-160",
    50,
    "cbc:Name",
    "The name of an item attribute",
    "Numele unui atribut al articolului",
  ),
  length(
    "BR-RO-L1025",
    "BT-161",
    100,
    "cbc:Value",
    "The value of an item attribute",
    "Valoarea unui atribut al articolului",
  ),
];

const supporting: readonly Rule[] = [
  countOfOne("BR-RO-A051", "BG-24", "supporting documents", "documente justificative"),
  length(
    "BR-RO-L0308",
    "BT-122",
    200,
    "cbc:ID",
    "The reference of a supporting document",
    "Referința unui document justificativ",
  ),
  length(
    "BR-RO-L1020",
    "BT-123",
    100,
    "cbc:DocumentDescription",
    "The description of a supporting document",
    "Descrierea unui document justificativ",
  ),
  length(
    "BR-RO-L210",
    "BT-124",
    200,
    "cac:Attachment/cac:ExternalReference/cbc:URI",
    "The address of a supporting document",
    "Adresa unui document justificativ",
  ),
  length(
    "BR-RO-L211",
    "BT-125",
    200,
    "",
    "The file name of an attachment",
    "Numele unui fișier atașat",
    attributeNotLonger(200, "cac:Attachment/cbc:EmbeddedDocumentBinaryObject", "filename"),
  ),
];

const preceding: readonly Rule[] = [
  fatal("BR-RO-A500", "BG-3", atMost(500, "cac:InvoiceDocumentReference"), {
    en: "There are more than 500 preceding invoices in one reference.",
    ro: "Există mai mult de 500 de facturi anterioare într-o referință.",
    hint: "Keep at most 500 preceding invoices.",
  }),
  length(
    "BR-RO-L156",
    "BT-25",
    200,
    "cac:InvoiceDocumentReference/cbc:ID",
    "The number of a preceding invoice",
    "Numărul unei facturi anterioare",
  ),
];

/** An official oddity: the length of a note is checked wherever a note stands, also in payment terms. */
const note = length(
  "BR-RO-L302",
  "BT-22",
  300,
  "",
  "A note",
  "O notă",
  custom((view, node) => isNotLonger(view, node, 300)),
);

const exemptionReason = length(
  "BR-RO-L1019",
  "BT-120",
  100,
  "cbc:TaxExemptionReason",
  "The exemption reason",
  "Motivul scutirii",
);

/**
 * The root of an invoice was taken by the first set, so of this context only an element CreditNote in the namespace of
 * the aggregates is left, which no valid document has.
 */
const invoiceAgain: Context = {
  title: "document, again",
  names: [invoiceRoot, nameNumber("cac:CreditNote")],
  matches: (view, node) => view.doc.name[node] !== invoiceRoot || view.doc.parent[node]! < 0,
};

const vatTotalDecimals: readonly Rule[] = [
  fatal("BR-DEC-RO-13", "BT-110", custom(currencyDecimals("cbc:DocumentCurrencyCode")), {
    en: "The VAT total has more than two decimals.",
    ro: "Totalul TVA are mai mult de două zecimale.",
    hint: "Round the VAT total to two decimals.",
  }),
  fatal("BR-DEC-RO-15", "BT-111", custom(currencyDecimals("cbc:TaxCurrencyCode")), {
    en: "The VAT total in the accounting currency has more than two decimals.",
    ro: "Totalul TVA în moneda de contabilizare are mai mult de două zecimale.",
    hint: "Round the VAT total in the accounting currency to two decimals.",
  }),
];

const finer = (id: string, terms: string, at: string, en: string, ro: string): Rule =>
  fatal(id, terms, twoDecimals(at), {
    en: `${en} has more than two decimals.`,
    ro: `${ro} are mai mult de două zecimale.`,
    hint: "Round the amount to two decimals.",
  });

const lineDecimals = finer(
  "BR-DEC-RO-23",
  "BT-131",
  "cbc:LineExtensionAmount",
  "The net amount of a line",
  "Valoarea netă a unei linii",
);

const documentAdjustments = (): RuleSet[] => {
  const inDocument = underRoot("cac:AllowanceCharge", invoiceOnly);
  return [
    set(
      charged(inDocument, false),
      finer("BR-DEC-RO-01", "BT-92", "cbc:Amount", "The amount of an allowance", "Valoarea unei reduceri"),
      finer(
        "BR-DEC-RO-02",
        "BT-93",
        "cbc:BaseAmount",
        "The base amount of an allowance",
        "Baza unei reduceri",
      ),
      length(
        "BR-RO-L1017",
        "BT-97",
        100,
        "cbc:AllowanceChargeReasonCode",
        "The reason code of an allowance",
        "Codul motivului unei reduceri",
      ),
    ),
    set(
      charged(inDocument, true),
      finer(
        "BR-DEC-RO-05",
        "BT-99",
        "cbc:Amount",
        "The amount of a charge",
        "Valoarea unei taxe suplimentare",
      ),
      finer(
        "BR-DEC-RO-06",
        "BT-100",
        "cbc:BaseAmount",
        "The base amount of a charge",
        "Baza unei taxe suplimentare",
      ),
      length(
        "BR-RO-L1018",
        "BT-104",
        100,
        "cbc:AllowanceChargeReasonCode",
        "The reason code of a charge",
        "Codul motivului unei taxe suplimentare",
      ),
    ),
  ];
};

const lineAdjustments = (): RuleSet[] => {
  const inLine = underLine("cac:AllowanceCharge");
  return [
    set(
      charged(inLine, false),
      finer(
        "BR-DEC-RO-24",
        "BT-136",
        "cbc:Amount",
        "The amount of a line's allowance",
        "Valoarea reducerii unei linii",
      ),
      finer(
        "BR-DEC-RO-25",
        "BT-137",
        "cbc:BaseAmount",
        "The base amount of a line's allowance",
        "Baza reducerii unei linii",
      ),
      length(
        "BR-RO-L1022",
        "BT-139",
        100,
        "cbc:AllowanceChargeReason",
        "The reason of a line's allowance",
        "Motivul reducerii unei linii",
      ),
    ),
    set(
      charged(inLine, true),
      finer(
        "BR-DEC-RO-27",
        "BT-141",
        "cbc:Amount",
        "The amount of a line's charge",
        "Valoarea taxei suplimentare a unei linii",
      ),
      finer(
        "BR-DEC-RO-28",
        "BT-142",
        "cbc:BaseAmount",
        "The base amount of a line's charge",
        "Baza taxei suplimentare a unei linii",
      ),
      length(
        "BR-RO-L1023",
        "BT-144",
        100,
        "cbc:AllowanceChargeReason",
        "The reason of a line's charge",
        "Motivul taxei suplimentare a unei linii",
      ),
    ),
  ];
};
