import { element, group, oneLine, pieces } from "#core/formats/markup.ts";
import { type Address, addressOf, buyerLegalId, placeOf, vatIdOf } from "#core/formats/written/party.ts";
import { normalCif, UNKNOWN_CONSUMER } from "#core/model/cif.ts";
import type { Invoice } from "#core/model/invoice.ts";
import type { Buyer, Party, Seller } from "#core/model/party.ts";
import type { Delivery } from "#core/model/ubl-extensions.ts";
import { day } from "./markup.ts";

/** An address, BG-5, BG-8 and BG-15. */
function postalAddress(address: Address): string {
  const [one, two, three] = pieces(oneLine(address.street), 150);
  const place = placeOf(address);
  return group(
    "ram:PostalTradeAddress",
    element("ram:PostcodeCode", oneLine(address.postalCode)) +
      element("ram:LineOne", one) +
      element("ram:LineTwo", two) +
      element("ram:LineThree", three) +
      element("ram:CityName", oneLine(place.city)) +
      element("ram:CountryID", address.country) +
      element("ram:CountrySubDivisionName", oneLine(place.county)),
  );
}

const contact = (party: Party): string =>
  group(
    "ram:DefinedTradeContact",
    element("ram:PersonName", oneLine(party.contactPerson)) +
      group("ram:TelephoneUniversalCommunication", element("ram:CompleteNumber", oneLine(party.phone))) +
      group("ram:EmailURIUniversalCommunication", element("ram:URIID", oneLine(party.email))),
  );

/** Registers whose numbers say by themselves of which they are (ISO 6523): SIREN and SIRET, of France. */
const FRENCH_REGISTERS: Readonly<Record<number, string>> = { 9: "0002", 14: "0009" };

/** Legal registration, BT-30 and BT-47. */
function legalOrganization(id: string, country: string): string {
  const digits = id.replaceAll(" ", "");
  const scheme = country === "FR" && /^\d+$/.test(digits) ? FRENCH_REGISTERS[digits.length] : undefined;
  return group(
    "ram:SpecifiedLegalOrganization",
    scheme ? element("ram:ID", digits, ` schemeID="${scheme}"`) : element("ram:ID", oneLine(id)),
  );
}

const taxRegistration = (id: string, scheme: "VA" | "FC"): string =>
  group("ram:SpecifiedTaxRegistration", element("ram:ID", id, ` schemeID="${scheme}"`));

/** Seller, BG-4. `outOfScope`: nobody may show a VAT id (BR-O-02). `siret`: he has an establishment in France. */
export function sellerParty(seller: Seller, outOfScope: boolean, siret: string | null): string {
  const digits = seller.cif ? normalCif(seller.cif) : "";
  const vatId = outOfScope ? undefined : vatIdOf(seller);
  return group(
    "ram:SellerTradeParty",
    element("ram:Name", oneLine(seller.name)) +
      element("ram:Description", seller.capitalSocial && oneLine(`Capital social: ${seller.capitalSocial}`)) +
      (siret
        ? legalOrganization(siret, "FR")
        : legalOrganization(seller.registrationNumber || digits, seller.country)) +
      contact(seller) +
      postalAddress({ ...addressOf(seller), sector: seller.sector && `Sector ${seller.sector}` }) +
      // BT-31 for who is registered for VAT, BT-32 for who is not.
      (vatId ? taxRegistration(vatId, "VA") : taxRegistration(digits, "FC")),
  );
}

/** BT-47. Thirteen zeros for a consumer without a number mean something in Romania only. */
function legalIdOf(buyer: Buyer): string {
  if (buyer.country !== "RO" && buyer.registrationNumber) return buyer.registrationNumber;
  const id = buyerLegalId(buyer);
  return id === UNKNOWN_CONSUMER ? "" : id;
}

/** Buyer, BG-7. */
export function buyerParty(buyer: Buyer, outOfScope: boolean): string {
  const vatId = outOfScope ? undefined : vatIdOf(buyer);
  return group(
    "ram:BuyerTradeParty",
    element("ram:Name", oneLine(buyer.name)) +
      legalOrganization(legalIdOf(buyer), buyer.country) +
      contact(buyer) +
      postalAddress(addressOf(buyer)) +
      (vatId ? taxRegistration(vatId, "VA") : ""),
  );
}

/** Payee, BG-10: only when somebody else than the seller is paid (BR-17). */
export function payeeParty(invoice: Invoice, seller: Seller): string {
  if (!invoice.payeeName || invoice.payeeName === seller.name) return "";
  return group(
    "ram:PayeeTradeParty",
    element("ram:ID", oneLine(invoice.payeeIdentifier)) +
      element("ram:Name", oneLine(invoice.payeeName)) +
      group(
        "ram:SpecifiedLegalOrganization",
        element("ram:ID", oneLine(invoice.payeeLegalRegistrationIdentifier)),
      ),
  );
}

/** Delivery, BG-13, with the documents that tell of it. */
export function delivery(invoice: Invoice): string {
  const extension: Delivery | null | undefined = invoice.ublExtensions?.delivery;
  const to = extension?.deliveryAddress;
  const address =
    to &&
    postalAddress({
      street: to.streetName ?? null,
      city: to.cityName ?? null,
      postalCode: to.postalZone ?? null,
      county: to.countrySubentity ?? null,
      country: to.countryCode,
    });
  const reference = (name: string, id: string | null) =>
    group(name, element("ram:IssuerAssignedID", oneLine(id)));
  return (
    group("ram:ShipToTradeParty", address ?? "") +
    group(
      "ram:ActualDeliverySupplyChainEvent",
      day("ram:OccurrenceDateTime", extension?.actualDeliveryDate),
    ) +
    reference("ram:DespatchAdviceReferencedDocument", invoice.despatchAdviceReference) +
    reference("ram:ReceivingAdviceReferencedDocument", invoice.receivingAdviceReference)
  );
}
