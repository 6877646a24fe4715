import { addressOf, identityOf } from "#core/formats/received/party.ts";
import type { Reader } from "#core/formats/received/reader.ts";
import type { XmlNode } from "#core/lib/xml/index.ts";
import { partyNamed, type Party } from "#core/model/party.ts";

/** A trade party of a received document. */
export function parseParty(reader: Reader, party: XmlNode | undefined): Party {
  const legal = reader.node(party, "SpecifiedLegalOrganization");
  const contact = reader.node(party, "DefinedTradeContact");
  return {
    ...partyNamed(reader.text(party, "Name") ?? reader.text(legal, "TradingBusinessName") ?? ""),
    ...address(reader, reader.node(party, "PostalTradeAddress")),
    ...identityOf({
      vatCode: registration(reader, party, "VA"),
      taxCode: registration(reader, party, "FC"),
      legalId: reader.text(legal, "ID"),
    }),
    contactPerson: reader.text(contact, "PersonName") ?? reader.text(contact, "DepartmentName"),
    phone: reader.text(contact, "TelephoneUniversalCommunication", "CompleteNumber"),
    email: reader.text(contact, "EmailURIUniversalCommunication", "URIID"),
  };
}

/** The tax registration under a scheme: VA is the VAT id, FC the number of the tax office. */
function registration(reader: Reader, party: XmlNode | undefined, scheme: "VA" | "FC"): string | null {
  for (const node of reader.nodes(party, "SpecifiedTaxRegistration")) {
    const id = reader.node(node, "ID");
    // Some write VAT for VA; without a scheme it is some number of the tax office.
    const written = reader.attribute(id, "schemeID")?.toUpperCase() ?? "FC";
    if ((written.startsWith("VA") ? "VA" : "FC") === scheme) return reader.text(id);
  }
  return null;
}

const address = (reader: Reader, at: XmlNode | undefined): Partial<Party> =>
  addressOf({
    lines: ["LineOne", "LineTwo", "LineThree"].map((name) => reader.text(at, name)),
    city: reader.text(at, "CityName"),
    county: reader.text(at, "CountrySubDivisionName"),
    country: reader.text(at, "CountryID"),
    postalCode: reader.text(at, "PostcodeCode"),
  });
