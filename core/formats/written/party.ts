import { normalCif, UNKNOWN_CONSUMER } from "#core/model/cif.ts";
import type { Buyer, Party } from "#core/model/party.ts";
import { countyCode, sectorOf, vatPrefix } from "#core/model/places.ts";

/** An address as documents spell it, BG-5, BG-8, BG-15. */
export interface Address {
  street: string | null;
  city: string | null;
  postalCode: string | null;
  county: string | null;
  country: string;
  /** Bucharest sector known from elsewhere than the texts. */
  sector?: string | null;
}

export const addressOf = (party: Party): Address => ({
  street: party.address,
  city: party.city,
  postalCode: party.postalCode,
  county: party.county,
  country: party.country,
});

/** In Romania the county is a code, and the city of an address in Bucharest is its sector (BR-RO-100 to 111). */
export function placeOf(address: Address): { city: string | null; county: string | null } {
  if (address.country !== "RO") return { city: address.city, county: address.county };
  const county = countyCode(address.county) ?? countyCode(address.city);
  if (county === undefined) return { city: address.city, county: address.county };
  const sector =
    county === "B" ? sectorOf(address.sector, address.city, address.county, address.street) : undefined;
  return { city: sector ? `SECTOR${sector}` : address.city, county: `RO-${county}` };
}

/** The VAT id of a registered party with its country's prefix (BT-31, BT-48); undefined for everybody else. */
export function vatIdOf(party: Party): string | undefined {
  if (party.country === "RO") {
    const digits = party.cif ?? party.vatCode;
    return party.isVatPayer && digits ? `RO${normalCif(digits)}` : undefined;
  }
  const id = party.vatCode?.toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (!id) return undefined;
  const prefix = vatPrefix(party.country);
  return id.startsWith(prefix) ? id : `${prefix}${id}`;
}

/** BT-47: CUI of a company, CNP of a person, thirteen zeros for a consumer who gave none. */
export function buyerLegalId(buyer: Buyer): string {
  if (buyer.type === "individual" && !buyer.cif) return buyer.cnp ?? UNKNOWN_CONSUMER;
  const code = buyer.cif ?? buyer.vatCode ?? buyer.cnp;
  return code ? normalCif(code) : UNKNOWN_CONSUMER;
}
