import { addressOf, identityOf } from "#core/formats/received/party.ts";
import type { Reader } from "#core/formats/received/reader.ts";
import type { XmlNode } from "#core/lib/xml/index.ts";
import { partyNamed, type Party } from "#core/model/party.ts";

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

function identity(reader: Reader, party: XmlNode | undefined, legalId: string | null): Partial<Party> {
  const schemes = reader.nodes(party, "PartyTaxScheme");
  const isVat = (scheme: XmlNode) => reader.text(scheme, "TaxScheme", "ID")?.toUpperCase() === "VAT";
  const first = (found: XmlNode[]) => reader.text(found[0], "CompanyID");
  const vatCode = first(schemes.filter(isVat));
  const taxCode = first(schemes.filter((scheme) => !isVat(scheme)));
  return identityOf({ vatCode, taxCode, legalId });
}

const address = (reader: Reader, at: XmlNode | undefined): Partial<Party> =>
  addressOf({
    lines: [reader.text(at, "StreetName"), reader.text(at, "AdditionalStreetName")],
    city: reader.text(at, "CityName"),
    county: reader.text(at, "CountrySubentity"),
    country: reader.text(at, "Country", "IdentificationCode"),
    postalCode: reader.text(at, "PostalZone"),
  });
