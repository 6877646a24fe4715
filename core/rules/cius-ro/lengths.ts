import { fatal, type Rule, type Test } from "../engine/rule.ts";
import { notLonger } from "../engine/tests.ts";

/** A rule on the length of a text, in characters after blanks are normalized. */
export function length(
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

/** How long the texts of the document itself may be. */
export const documentTexts = (): Rule[] => [
  ...addressTexts,
  ...references,
  ...contacts,
  ...partyNames,
  ...terms,
];

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
