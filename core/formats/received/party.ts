import { isCnp, normalCif, UNKNOWN_CONSUMER } from "#core/model/cif.ts";
import type { Party } from "#core/model/party.ts";
import { COUNTY_NAMES, countyCode, sectorOf } from "#core/model/places.ts";

/** The identifiers of a party as a document writes them. */
interface WrittenIds {
  readonly vatCode: string | null; // BT-31, BT-48
  readonly taxCode: string | null; // BT-32
  readonly legalId: string | null; // BT-30, BT-47
}

/** Tells fiscal code, VAT id, CNP and trade-register number apart: all of them may stand in the same elements. */
export function identityOf({ vatCode, taxCode, legalId }: WrittenIds): Partial<Party> {
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

/** The parts of an address as a document writes them. */
interface WrittenAddress {
  readonly lines: readonly (string | null)[];
  readonly city: string | null;
  readonly county: string | null;
  readonly country: string | null;
  readonly postalCode: string | null;
}

/** An address in words: Romanian county codes become names, SECTOR3 becomes Sector 3. */
export function addressOf({ lines, city, county, postalCode, ...written }: WrittenAddress): Partial<Party> {
  const country = written.country ?? "RO";
  const code = country === "RO" ? countyCode(county) : undefined;
  const sector = code === "B" ? sectorOf(city) : undefined;
  return {
    address: lines.filter(Boolean).join(" ") || null,
    city: sector ? `Sector ${sector}` : city,
    county: (code && COUNTY_NAMES.get(code)) ?? county,
    country,
    postalCode,
  };
}
