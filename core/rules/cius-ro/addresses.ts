import { codeList } from "../codes/lists.ts";
import { document, underRoot } from "../contexts.ts";
import { onlyNormalized, path } from "../engine/path.ts";
import { fatal, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, someFilled } from "../engine/tests.ts";
import { nameNumber } from "../names.ts";
import { invoiceRoot } from "../structure/models.ts";

const counties = codeList("counties");
const sectors = codeList("bucharest-sectors");

/**
 * The official contexts name an element CreditNote in the namespace of the invoice, so addresses below the root are
 * never looked at in a real credit note.
 */
export const invoiceOnly = [invoiceRoot, nameNumber("ubl:CreditNote")];

/** Street, city, county and Bucharest sector of the addresses. */
export function roAddressRules(): RuleSet[] {
  return [
    {
      pattern: "RO",
      context: document,
      rules: [
        ...place(
          "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/",
          "BT-35 BT-37",
          "seller",
          "vânzătorului",
          ["BR-RO-081", "BR-RO-091"],
        ),
        ...place(
          "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/",
          "BT-50 BT-52",
          "buyer",
          "cumpărătorului",
          ["BR-RO-082", "BR-RO-092"],
        ),
        ...county(
          "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/",
          "BT-39 BT-37",
          "seller",
          "vânzătorului",
          ["BR-RO-110", "BR-RO-100"],
        ),
        ...county(
          "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/",
          "BT-54 BT-52",
          "buyer",
          "cumpărătorului",
          ["BR-RO-111", "BR-RO-101"],
        ),
      ],
    },
    {
      pattern: "RO",
      context: underRoot("cac:TaxRepresentativeParty/cac:PostalAddress", invoiceOnly),
      rules: [
        ...place("", "BT-64 BT-66", "tax representative", "reprezentantului fiscal", [
          "BR-RO-140",
          "BR-RO-150",
        ]),
        ...county("", "BT-68 BT-66", "tax representative", "reprezentantului fiscal", [
          "BR-RO-170",
          "BR-RO-160",
        ]),
      ],
    },
    {
      pattern: "RO",
      context: underRoot("cac:Delivery/cac:DeliveryLocation/cac:Address", invoiceOnly),
      rules: [
        ...place("", "BT-75 BT-77", "delivery", "de livrare", ["BR-RO-180", "BR-RO-201"]),
        fatal("BR-RO-211", "BT-79", someFilled("cbc:CountrySubentity"), {
          en: "The delivery address has no county.",
          ro: "Adresa de livrare nu are județ.",
          hint: "Fill in the county, for example RO-CJ.",
        }),
        ...county("", "BT-79 BT-77", "delivery", "de livrare", ["BR-RO-212", "BR-RO-202"]),
      ],
    },
  ];
}

function place(
  at: string,
  terms: string,
  whose: string,
  cui: string,
  ids: readonly [string, string],
): Rule[] {
  const [streetTerm, cityTerm] = terms.split(" ") as [string, string];
  return [
    fatal(ids[0], streetTerm, someFilled(`${at}cbc:StreetName`), {
      en: `The address of the ${whose} has no street.`,
      ro: `Adresa ${cui} nu are stradă.`,
      hint: "Fill in the street; where there is none, write the name of the place.",
    }),
    fatal(ids[1], cityTerm, someFilled(`${at}cbc:CityName`), {
      en: `The address of the ${whose} has no city.`,
      ro: `Adresa ${cui} nu are localitate.`,
      hint: "Fill in the city.",
    }),
  ];
}

function county(
  at: string,
  terms: string,
  whose: string,
  cui: string,
  ids: readonly [string, string],
): Rule[] {
  const [countyTerm, cityTerm] = terms.split(" ") as [string, string];
  const countryPath = path(`${at}cac:Country/cbc:IdentificationCode`);
  const countyPath = path(`${at}cbc:CountrySubentity`);
  const cityPath = path(`${at}cbc:CityName`);
  return [
    fatal(
      ids[0],
      countyTerm,
      custom(
        (view, node) =>
          onlyNormalized(view, node, countryPath) !== "RO" ||
          counties.has(onlyNormalized(view, node, countyPath)),
        `${at}cbc:CountrySubentity`,
      ),
      {
        en: `The Romanian address of the ${whose} has no valid county code.`,
        ro: `Adresa din România a ${cui} nu are un cod de județ valid.`,
        hint: "Write the county as RO- and its letters, for example RO-CJ or RO-B.",
      },
    ),
    fatal(
      ids[1],
      cityTerm,
      custom(
        (view, node) =>
          onlyNormalized(view, node, countryPath) !== "RO" ||
          onlyNormalized(view, node, countyPath) !== "RO-B" ||
          sectors.has(onlyNormalized(view, node, cityPath)),
        `${at}cbc:CityName`,
      ),
      {
        en: `The Bucharest address of the ${whose} does not give the sector as its city.`,
        ro: `Adresa din București a ${cui} nu are sectorul ca localitate.`,
        hint: "Write SECTOR1 to SECTOR6 as the city, in capitals and without a blank.",
      },
    ),
  ];
}
