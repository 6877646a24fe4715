import { instant } from "#core/lib/clock.ts";
import { isOutage, tryRegistration } from "#core/companies/registry.ts";
import { isCui, normalCif } from "#core/model/cif.ts";
import { countyCode, EU_COUNTRIES, sectorOf, vatPrefix } from "#core/model/places.ts";
import { checkVatNumber } from "#core/outside/vies.ts";

/** A fiscal code as written, told apart: whose country, and what it is in our spelling. */
export interface FiscalCode {
  /** Bare digits for Romania, the whole number with its prefix for other member states. */
  readonly code: string;
  /** The number with its prefix, when one was written. */
  readonly vatCode: string | null;
  /** ISO 3166 code, when the prefix names a member state. */
  readonly country: string | null;
}

const countryOfPrefix = new Map([...EU_COUNTRIES].map((country) => [vatPrefix(country), country]));

/** Reads a CUI, CIF or VAT number as people write it; `-` and blank mean none. */
export function fiscalCode(written: string | null | undefined): FiscalCode | null {
  const bare = (written ?? "").toUpperCase().replaceAll(/[\s.-]+/g, "");
  if (bare === "") return null;
  const country = /^[A-Z]{2}.*\d/.test(bare) ? countryOfPrefix.get(bare.slice(0, 2)) : undefined;
  if (!country) return { code: bare, vatCode: null, country: null };
  return { code: country === "RO" ? normalCif(bare) : bare, vatCode: bare, country };
}

/** Where somebody is, as far as addresses are brought into one form. */
export interface Place {
  address: string | null;
  city: string | null;
  county: string | null;
  country: string;
}

/** Romanian counties become codes, and Bucharest's city its sector (`SECTOR3`), as BR-RO-100 and BR-RO-110 want. */
export function normalPlace<P extends Place>(place: P): P {
  if (place.country !== "RO") return place;
  const county = countyCode(place.county) ?? (countyCode(place.city) === "B" ? "B" : place.county);
  const sector = county === "B" ? sectorOf(place.city, place.county, place.address) : undefined;
  return { ...place, county, city: sector ? `SECTOR${sector}` : place.city };
}

/** What the register can fill in; blanks are null. */
export interface Completable extends Place {
  name: string;
  registrationNumber: string | null;
  vatCode: string | null;
  isVatPayer: boolean;
  postalCode: string | null;
  phone: string | null;
}

/**
 * Fills blanks of a Romanian company from ANAF's register, and its VAT status unless that was given; with nothing to
 * fill it is not asked. `found` says whether the register knew it; a register that is down fills nothing.
 */
export async function completed<P extends Completable>(
  party: P,
  code: string | null,
  vatPayerGiven: boolean,
): Promise<{ party: P; found: boolean }> {
  const { vatCode, registrationNumber, address, city, county, postalCode, phone } = party;
  const isWhole = [vatCode, registrationNumber, address, city, county, postalCode, phone].every(Boolean);
  if (!code || party.country !== "RO" || !isCui(code) || (isWhole && vatPayerGiven))
    return { party, found: false };
  const registration = await tryRegistration(normalCif(code));
  if (!registration) return { party, found: false };
  const isVatPayer = vatPayerGiven ? party.isVatPayer : registration.vatPayer;
  return {
    found: true,
    party: {
      ...party,
      name: party.name || registration.name,
      isVatPayer,
      vatCode: isVatPayer ? (party.vatCode ?? registration.vatCode) : null,
      registrationNumber: party.registrationNumber ?? registration.registrationNumber,
      address: party.address ?? registration.address,
      city: party.city ?? registration.city,
      county: party.county ?? registration.county,
      postalCode: party.postalCode ?? registration.postalCode,
      phone: party.phone ?? registration.phone,
    },
  };
}

/** What VIES said of a VAT number, as a client keeps it. */
export interface Vies {
  viesValid: boolean | null;
  viesValidatedAt: string | null;
  viesName: string | null;
}

const unknown: Vies = { viesValid: null, viesValidatedAt: null, viesName: null };

/**
 * Asks VIES about a VAT number of another member state, by its own prefix, else by the country. Not known when there is
 * none or VIES gives no verdict.
 */
export async function viesOf(country: string, vatCode: string | null): Promise<Vies> {
  const written = fiscalCode(vatCode);
  const state = written?.country ?? country;
  if (!written || state === "RO" || !EU_COUNTRIES.has(state)) return unknown;
  try {
    const number = written.country ? written.code.slice(2) : written.code;
    const { valid, name } = await checkVatNumber(vatPrefix(state), number);
    return { viesValid: valid, viesValidatedAt: instant(), viesName: name };
  } catch (error) {
    if (isOutage(error)) return unknown;
    throw error;
  }
}
