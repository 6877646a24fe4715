import type { XmlNode } from "#core/lib/xml/index.ts";
import { isCnp, normalCif, UNKNOWN_CONSUMER } from "#core/model/cif.ts";
import { partyNamed, type Party } from "#core/model/party.ts";
import { COUNTY_NAMES, countyCode, sectorOf } from "#core/model/places.ts";
import type { Reader } from "./reader.ts";

/** A party of a received document; `party` is its cac:Party. */
export function parseParty(reader: Reader, party: XmlNode | undefined): Party {
  const legal = reader.node(party, "PartyLegalEntity");
  const name = reader.text(legal, "RegistrationName") ?? reader.text(party, "PartyName", "Name") ?? "";
  const contact = reader.node(party, "Contact");
  return {
    ...partyNamed(name),
    ...address(reader, reader.node(party, "PostalAddress")),
    ...identity(reader, party, reader.text(legal, "CompanyID")),
    contactPerson: reader.text(contact, "Name"),
    phone: reader.text(contact, "Telephone"),
    email: reader.text(contact, "ElectronicMail"),
  };
}

/** Tells fiscal code, VAT id, CNP and trade-register number apart: all of them may stand in the same elements. */
function identity(reader: Reader, party: XmlNode | undefined, legalId: string | null): Partial<Party> {
  const schemes = reader.nodes(party, "PartyTaxScheme");
  const isVat = (scheme: XmlNode) => reader.text(scheme, "TaxScheme", "ID")?.toUpperCase() === "VAT";
  const vatCode = firstText(reader, schemes.filter(isVat));
  const taxCode = firstText(
    reader,
    schemes.filter((scheme) => !isVat(scheme)),
  );
  const digits = legalId === null ? "" : normalCif(legalId);
  const isPerson = digits === UNKNOWN_CONSUMER || isCnp(digits);
  const isFiscal =
    /^\d{2,10}$/.test(digits) || (vatCode === null && taxCode === null && /^[A-Z]{2}\w+$/.test(digits));
  const fiscal = vatCode ?? taxCode ?? (isFiscal ? legalId : null);
  return {
    type: isPerson && vatCode === null ? "individual" : "company",
    cif: fiscal && normalCif(fiscal),
    cnp: isPerson && digits !== UNKNOWN_CONSUMER ? digits : null,
    vatCode,
    isVatPayer: vatCode !== null,
    registrationNumber: isPerson || isFiscal || legalId === fiscal ? null : legalId,
  };
}

const firstText = (reader: Reader, schemes: XmlNode[]): string | null => reader.text(schemes[0], "CompanyID");

/** An address in words: Romanian county codes become names, SECTOR3 becomes Sector 3. */
function address(reader: Reader, at: XmlNode | undefined): Partial<Party> {
  const street = [reader.text(at, "StreetName"), reader.text(at, "AdditionalStreetName")]
    .filter(Boolean)
    .join(" ");
  const country = reader.text(at, "Country", "IdentificationCode") ?? "RO";
  const county = reader.text(at, "CountrySubentity");
  const city = reader.text(at, "CityName");
  const code = country === "RO" ? countyCode(county) : undefined;
  const sector = code === "B" ? sectorOf(city) : undefined;
  return {
    address: street || null,
    city: sector ? `Sector ${sector}` : city,
    county: (code && COUNTY_NAMES.get(code)) ?? county,
    country,
    postalCode: reader.text(at, "PostalZone"),
  };
}
