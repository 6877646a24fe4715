import { type Address, addressOf, buyerLegalId, placeOf, vatIdOf } from "#core/formats/written/party.ts";
import { normalCif, UNKNOWN_CONSUMER } from "#core/model/cif.ts";
import type { Invoice } from "#core/model/invoice.ts";
import type { Buyer, Party, Seller } from "#core/model/party.ts";
import type { Delivery } from "#core/model/ubl-extensions.ts";
import { element, group, limited, oneLine, pieces } from "../markup.ts";
import type { ElectronicAddress } from "./profiles.ts";

/** The parts of an address, BG-5, BG-8, BG-15, with county and Bucharest sector as Romania codes them. */
function addressParts(address: Address): string {
  const [street, second] = pieces(oneLine(address.street), 150);
  const place = placeOf(address);
  return (
    element("cbc:StreetName", street) +
    element("cbc:AdditionalStreetName", limited(second, 100)) +
    element("cbc:CityName", limited(place.city, 50)) +
    element("cbc:PostalZone", limited(address.postalCode, 20)) +
    element("cbc:CountrySubentity", place.county) +
    group("cac:Country", element("cbc:IdentificationCode", address.country))
  );
}

const taxScheme = (companyId: string, scheme: string): string =>
  group(
    "cac:PartyTaxScheme",
    element("cbc:CompanyID", companyId) + group("cac:TaxScheme", element("cbc:ID", scheme)),
  );

const contact = (party: Party): string =>
  group(
    "cac:Contact",
    element("cbc:Name", limited(party.contactPerson, 100)) +
      element("cbc:Telephone", limited(party.phone, 100)) +
      element("cbc:ElectronicMail", limited(party.email, 100)),
  );

const endpoint = (address: ElectronicAddress | undefined): string =>
  address ? element("cbc:EndpointID", address.id, ` schemeID="${address.scheme}"`) : "";

/** Seller, BG-4. `outOfScope`: all lines are category O, and then nobody may show a VAT id (BR-O-02). */
export function sellerParty(seller: Seller, outOfScope: boolean, address?: ElectronicAddress): string {
  const digits = seller.cif ? normalCif(seller.cif) : "";
  const vatId = outOfScope ? undefined : vatIdOf(seller);
  const legal =
    element("cbc:RegistrationName", limited(seller.name, 200)) +
    element("cbc:CompanyID", oneLine(seller.registrationNumber) || digits) +
    element(
      "cbc:CompanyLegalForm",
      seller.capitalSocial && limited(`Capital social: ${seller.capitalSocial}`, 1000),
    );
  const party =
    endpoint(address) +
    group(
      "cac:PostalAddress",
      addressParts({ ...addressOf(seller), sector: seller.sector && `Sector ${seller.sector}` }),
    ) +
    // BT-31 for who is registered for VAT, BT-32 (any scheme but VAT) for who is not.
    (vatId ? taxScheme(vatId, "VAT") : digits && taxScheme(digits, "TAX")) +
    group("cac:PartyLegalEntity", legal) +
    contact(seller);
  return group("cac:AccountingSupplierParty", group("cac:Party", party));
}

/** Buyer, BG-7. */
export function buyerParty(
  buyer: Buyer,
  outOfScope: boolean,
  { address, isNumbered }: { address: ElectronicAddress | undefined; isNumbered: boolean },
): string {
  const vatId = outOfScope ? undefined : vatIdOf(buyer);
  const legalId = buyerLegalId(buyer);
  const isKnown = isNumbered || legalId !== UNKNOWN_CONSUMER;
  const legal =
    element("cbc:RegistrationName", limited(buyer.name, 200)) +
    element("cbc:CompanyID", isKnown ? legalId : null);
  const party =
    endpoint(address) +
    group("cac:PostalAddress", addressParts(addressOf(buyer))) +
    (vatId ? taxScheme(vatId, "VAT") : "") +
    group("cac:PartyLegalEntity", legal) +
    contact(buyer);
  return group("cac:AccountingCustomerParty", group("cac:Party", party));
}

/** Payee, BG-10: only when somebody else than the seller is paid (BR-17). */
export function payeeParty(invoice: Invoice, seller: Seller): string {
  if (!invoice.payeeName || invoice.payeeName === seller.name) return "";
  return group(
    "cac:PayeeParty",
    group("cac:PartyIdentification", element("cbc:ID", oneLine(invoice.payeeIdentifier))) +
      group("cac:PartyName", element("cbc:Name", limited(invoice.payeeName, 200))) +
      group(
        "cac:PartyLegalEntity",
        element("cbc:CompanyID", oneLine(invoice.payeeLegalRegistrationIdentifier)),
      ),
  );
}

/** Delivery, BG-13. */
export function delivery(extension: Delivery | null | undefined): string {
  const to = extension?.deliveryAddress;
  const address =
    to &&
    addressParts({
      street: to.streetName ?? null,
      city: to.cityName ?? null,
      postalCode: to.postalZone ?? null,
      county: to.countrySubentity ?? null,
      country: to.countryCode,
    });
  return group(
    "cac:Delivery",
    element("cbc:ActualDeliveryDate", extension?.actualDeliveryDate) +
      (address ? group("cac:DeliveryLocation", group("cac:Address", address)) : ""),
  );
}
