import * as z from "zod";
import { countyCode, sectorOf } from "#core/model/places.ts";
import { askRegister } from "./anaf-register.ts";
import { outOfService } from "./ask.ts";

/** What the tax register says of a Romanian company, in our spelling. */
export interface Registration {
  /** Bare digits. */
  readonly cif: string;
  readonly name: string;
  readonly registrationNumber: string | null;
  readonly vatPayer: boolean;
  readonly vatCode: string | null;
  /** TVA la încasare. */
  readonly vatOnCollection: boolean;
  readonly address: string | null;
  /** In Bucharest the sector as CIUS-RO wants it, `SECTOR3`. */
  readonly city: string | null;
  /** County code, `CJ`, `B`. */
  readonly county: string | null;
  readonly sector: string | null;
  readonly postalCode: string | null;
  readonly phone: string | null;
  /** Struck off; the register says it in words only. */
  readonly deregistered: boolean;
  readonly inactive: boolean;
}

const service = "The ANAF company register";

/** Fields we read; every one may be missing, empty or null. */
const words = z.string().nullish();
const yes = z.boolean().nullish();
const Found = z.object({
  date_generale: z.object({
    cui: z.union([z.number(), z.string()]),
    denumire: words,
    adresa: words,
    nrRegCom: words,
    telefon: words,
    codPostal: words,
    stare_inregistrare: words,
  }),
  inregistrare_scop_Tva: z.object({ scpTVA: yes }).nullish(),
  inregistrare_RTVAI: z.object({ statusTvaIncasare: yes }).nullish(),
  stare_inactiv: z.object({ statusInactivi: yes, dataRadiere: words }).nullish(),
  adresa_sediu_social: z
    .object({
      sdenumire_Strada: words,
      snumar_Strada: words,
      sdetalii_Adresa: words,
      sdenumire_Localitate: words,
      sdenumire_Judet: words,
      scod_JudetAuto: words,
      scod_Postal: words,
    })
    .nullish(),
});

/**
 * Asks ANAF's register (PlatitorTvaRest v9, ANAF.md §11.1) for a company by its bare digits; undefined when it knows
 * none. Throws `unavailable` naming the register when it does not answer sensibly.
 */
export async function findRegistration(cif: string): Promise<Registration | undefined> {
  const entries = await askRegister(service, "/api/PlatitorTvaRest/v9/tva", cif);
  for (const item of entries) {
    const found = Found.safeParse(item);
    if (found.success && String(found.data.date_generale.cui) === cif) return registrationOf(found.data);
  }
  if (entries.length > 0) throw outOfService(service, "answered in a form we do not know");
  return undefined;
}

function registrationOf(found: z.output<typeof Found>): Registration {
  const { date_generale: general, adresa_sediu_social: seat } = found;
  const cif = String(general.cui);
  const vatPayer = found.inregistrare_scop_Tva?.scpTVA === true;
  return {
    cif,
    name: tidy(general.denumire) ?? `CUI ${cif}`,
    registrationNumber: tidy(general.nrRegCom),
    vatPayer,
    vatCode: vatPayer ? `RO${cif}` : null,
    vatOnCollection: found.inregistrare_RTVAI?.statusTvaIncasare === true,
    phone: tidy(general.telefon),
    ...placeOf(seat ?? {}, general),
    deregistered:
      tidy(found.stare_inactiv?.dataRadiere) !== null ||
      /radier|radiat/i.test(general.stare_inregistrare ?? ""),
    inactive: found.stare_inactiv?.statusInactivi === true,
  };
}

type Seat = Partial<NonNullable<z.output<typeof Found>["adresa_sediu_social"]>>;
type General = z.output<typeof Found>["date_generale"];

function placeOf(seat: Seat, general: General) {
  const whole = tidy(general.adresa);
  const locality = tidy(seat.sdenumire_Localitate);
  const county =
    [seat.scod_JudetAuto, seat.sdenumire_Judet, locality, ...(whole?.split(",") ?? [])]
      .map((text) => countyCode(text))
      .find((code) => code !== undefined) ?? null;
  const sector = county === "B" ? sectorOf(locality, whole) : undefined;
  return {
    address: streetOf(seat) ?? whole,
    city: sector ? `SECTOR${sector}` : cityOf(locality),
    county,
    sector: sector ? String(sector) : null,
    postalCode: postalCodeOf(seat.scod_Postal) ?? postalCodeOf(general.codPostal),
  };
}

/** Street, number and the rest of the address in one line; undefined when the register gives them not apart. */
function streetOf(seat: Seat): string | undefined {
  const street = tidy(seat.sdenumire_Strada);
  const number = tidy(seat.snumar_Strada);
  const parts = [street, number && (street ? `nr. ${number}` : number), tidy(seat.sdetalii_Adresa)];
  return parts.filter(Boolean).join(", ") || undefined;
}

/** `Mun. Cluj-Napoca` → `Cluj-Napoca`; villages keep the commune they belong to. */
const cityOf = (locality: string | null): string | null =>
  locality?.replace(/^(municipiul|mun\.?|orașul|oraș|orș\.?|ors\.?)\s+/i, "") ?? null;

/** Six digits: the register drops the leading zero of Bucharest's codes. */
function postalCodeOf(text: string | null | undefined): string | null {
  const digits = tidy(text)?.replaceAll(/\D/g, "");
  return digits && digits !== "0" ? digits.padStart(6, "0") : null;
}

/** Text without doubled blanks and with commas below (ș, ț), where the register writes cedillas; "" is none. */
const tidy = (text: string | null | undefined): string | null =>
  text
    ?.replaceAll(/[şţŞŢ]/g, (letter) => commaBelow[letter]!)
    .replaceAll(/\s+/g, " ")
    .trim() || null;

const commaBelow: Record<string, string> = { ş: "ș", ţ: "ț", Ş: "Ș", Ţ: "Ț" };
