import { anywhere, document, under, where } from "../contexts.ts";
import { all, count, first, onlyText, path, some } from "../engine/path.ts";
import { fatal, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, exists, hasAttribute } from "../engine/tests.ts";
import { isVat } from "../engine/vat.ts";
import type { View } from "../engine/view.ts";
import { codeList } from "../codes/lists.ts";
import { nameNumber } from "../names.ts";
import type { Edition } from "./edition.ts";

const schemeID = nameNumber("schemeID");
const partyTaxScheme = path("cac:Party/cac:PartyTaxScheme");
const ownTaxScheme = path("cac:PartyTaxScheme");
const companyID = path("cbc:CompanyID");
const vatPrefixes = codeList("vat-prefixes");

/** Who sells, who buys, who is paid, who represents. */
export function partyRules(edition: Edition): RuleSet[] {
  const { given } = edition;
  const set = (context: RuleSet["context"], ...rules: Rule[]): RuleSet => ({
    pattern: "model",
    context,
    rules,
  });
  return [
    set(document, ...names(edition)),
    set(
      under("cac:AccountingCustomerParty/cac:Party/cbc:EndpointID"),
      endpointScheme("BR-63", "BT-49", "buyer", "cumpărătorului"),
    ),
    set(
      under("cac:AccountingSupplierParty/cac:Party/cbc:EndpointID"),
      endpointScheme("BR-62", "BT-34", "seller", "vânzătorului"),
    ),
    set(
      under("cac:AccountingCustomerParty/cac:Party/cac:PostalAddress"),
      country(edition, "BR-11", "BT-55", "buyer", "cumpărătorului"),
    ),
    set(
      under("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress"),
      country(edition, "BR-09", "BT-40", "seller", "vânzătorului"),
    ),
    set(
      under("cac:TaxRepresentativeParty/cac:PostalAddress"),
      country(edition, "BR-20", "BT-69", "tax representative", "reprezentantului fiscal"),
    ),
    set(anywhere("cac:PayeeParty"), payee),
    set(anywhere("cac:AccountingSupplierParty"), sellerIdentity(edition)),
    set(
      anywhere("cac:TaxRepresentativeParty"),
      fatal("BR-18", "BT-62", given("cac:PartyName/cbc:Name"), {
        en: "The tax representative has no name.",
        ro: "Reprezentantul fiscal nu are nume.",
        hint: "Give the tax representative's name, or remove the representative.",
      }),
      fatal("BR-19", "BG-12", exists("cac:PostalAddress"), {
        en: "The tax representative has no address.",
        ro: "Reprezentantul fiscal nu are adresă.",
        hint: "Give the tax representative's postal address.",
      }),
      fatal(
        "BR-56",
        "BT-63",
        custom((view, node) => hasVatId(view, node, ownTaxScheme), "cac:PartyTaxScheme/cbc:CompanyID"),
        {
          en: "The tax representative has no VAT identifier.",
          ro: "Reprezentantul fiscal nu are cod de TVA.",
          hint: "Give the tax representative's VAT identifier.",
        },
      ),
    ),
    set(where(anywhere("cac:PartyTaxScheme"), isVat, "[VAT]"), vatPrefix),
  ];
}

const names = ({ given }: Edition): Rule[] => [
  fatal(
    "BR-06",
    "BT-27",
    given("cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName"),
    {
      en: "The seller has no registered name.",
      ro: "Vânzătorul nu are denumire.",
      hint: "Fill in the seller's registered name.",
    },
  ),
  fatal(
    "BR-07",
    "BT-44",
    given("cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName"),
    {
      en: "The buyer has no registered name.",
      ro: "Cumpărătorul nu are denumire.",
      hint: "Fill in the buyer's registered name.",
    },
  ),
  fatal("BR-08", "BG-5", exists("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress"), {
    en: "The seller has no postal address.",
    ro: "Vânzătorul nu are adresă poștală.",
    hint: "Fill in the seller's postal address.",
  }),
  fatal("BR-10", "BG-8", exists("cac:AccountingCustomerParty/cac:Party/cac:PostalAddress"), {
    en: "The buyer has no postal address.",
    ro: "Cumpărătorul nu are adresă poștală.",
    hint: "Fill in the buyer's postal address.",
  }),
];

const endpointScheme = (id: string, term: string, party: string, parte: string): Rule =>
  fatal(id, term, hasAttribute("schemeID"), {
    en: `The electronic address of the ${party} has no scheme.`,
    ro: `Adresa electronică a ${parte} nu are schemă.`,
    hint: "Say what kind of address it is (schemeID), for example EM for an e-mail address, or remove the address.",
  });

const country = ({ given }: Edition, id: string, term: string, party: string, parte: string): Rule =>
  fatal(id, term, given("cac:Country/cbc:IdentificationCode"), {
    en: `The address of the ${party} has no country.`,
    ro: `Adresa ${parte} nu are țară.`,
    hint: "Add the two-letter country code, for example RO.",
  });

const payeeName = path("cac:PartyName/cbc:Name");
const payeeId = path("cac:PartyIdentification/cbc:ID");
const seller = nameNumber("cac:AccountingSupplierParty");
const sellerName = path("cac:Party/cac:PartyName/cbc:Name");
const sellerId = path("cac:Party/cac:PartyIdentification/cbc:ID");

const payee = fatal("BR-17", "BT-59 BG-10", custom(isPayeeApart, "cac:PartyName/cbc:Name"), {
  en: "The payee has no name, or it is the seller under the same name or identifier.",
  ro: "Beneficiarul plății nu are nume sau este chiar vânzătorul, cu același nume ori identificator.",
  hint: "Name the payee only when somebody other than the seller is paid.",
});

function isPayeeApart(view: View, node: number): boolean {
  if (first(view, node, payeeName) < 0) return false;
  const parent = view.doc.parent[node]!;
  const isSame = (own: readonly number[], theirs: readonly number[]): boolean => {
    const others = sellerTexts(view, parent, theirs);
    return some(view, node, own, (found) => others.has(view.text(found)));
  };
  return !isSame(payeeName, sellerName) && !isSame(payeeId, sellerId);
}

/** What the sellers beside a payee say at a path. */
export function sellerTexts(view: View, parent: number, steps: readonly number[]): ReadonlySet<string> {
  return view.once(`seller ${parent} ${steps.join()}`, () => {
    const found = parent < 0 ? [] : all(view, parent, [seller, ...steps]);
    return new Set(found.map((each) => view.text(each)));
  });
}

/** `steps[VAT]/cbc:CompanyID` exists. */
export function hasVatId(view: View, node: number, steps: readonly number[]): boolean {
  return some(view, node, steps, (scheme) => isVat(view, scheme) && count(view, scheme, companyID) > 0);
}

const legalId = path("cac:Party/cac:PartyLegalEntity/cbc:CompanyID");

/** The newer edition does not count a SEPA creditor identifier as an identifier of the seller. */
function sellerIdentity({ isOlder }: Edition): Rule {
  const test = (view: View, node: number): boolean =>
    hasVatId(view, node, partyTaxScheme) ||
    some(view, node, sellerId, (found) => isOlder || view.attributeText(found, schemeID) !== "SEPA") ||
    first(view, node, legalId) >= 0;
  return fatal("BR-CO-26", "BT-29 BT-30 BT-31", custom(test, "cac:Party"), {
    en: "The seller has no identifier at all.",
    ro: "Vânzătorul nu are niciun identificator.",
    hint: "Give the seller's VAT identifier, registration number or another identifier.",
  });
}

const vatPrefix = fatal(
  "BR-CO-09",
  "BT-31 BT-48 BT-63",
  custom((view, node) => vatPrefixes.contains(startOf(onlyText(view, node, companyID))), "cbc:CompanyID"),
  {
    en: "A VAT identifier does not begin with a country prefix.",
    ro: "Un cod de TVA nu începe cu prefixul țării.",
    hint: "Write the country prefix before the number, for example RO12345674; Greece uses EL.",
  },
);

/** The first two characters; the official test then only asks whether the list's text contains them. */
const startOf = (text: string): string => Array.from(text.slice(0, 4)).slice(0, 2).join("");
