import { lookUpRegistration, tryRegistration } from "#core/companies/registry.ts";
import { DomainError, refused } from "#core/lib/error.ts";
import { isCui } from "#core/model/cif.ts";
import { COUNTY_NAMES, vatPrefix } from "#core/model/places.ts";
import type { Registration } from "#core/outside/cif-registry.ts";
import { checkVatNumber, type ViesAnswer } from "#core/outside/vies.ts";
import { fiscalCode } from "./completion.ts";

/**
 * What ANAF's register says of a CUI, saving nothing of the caller's. Throws `invalid` without one, `not_found` for one
 * the register does not know, `unavailable` when it does not answer.
 */
export async function lookUpCui(written: string | undefined): Promise<Registration> {
  const code = fiscalCode(written)?.code;
  if (!code) throw refused("The CUI is missing.", { cui: "is required" });
  const registration = isCui(code) ? await lookUpRegistration(code) : undefined;
  if (!registration)
    throw new DomainError("not_found", `The ANAF register knows no company with CUI ${code}.`);
  return registration;
}

/**
 * What VIES says of a VAT number. Throws `invalid` for one without a member state's prefix and `unavailable` when VIES
 * gives no verdict.
 */
export function lookUpVatNumber(written: string | undefined): Promise<ViesAnswer> {
  const code = fiscalCode(written);
  if (!code?.country || !code.vatCode)
    throw refused("A VAT number begins with the two letters of a member state.", {
      vatCode: "must begin with a member state's prefix",
    });
  return checkVatNumber(vatPrefix(code.country), code.vatCode.slice(2));
}

/** A company of the register, with the name of its county. */
export type Listed = Registration & { readonly countyName: string | null };

/**
 * Companies whose CUI is the one searched for. The register can be asked by whole numbers only: a name or a part of a
 * number finds nobody, and neither does a register that is down.
 */
export async function searchRegister(written: string): Promise<Listed[]> {
  const code = fiscalCode(written)?.code;
  const found = code && isCui(code) ? await tryRegistration(code) : undefined;
  if (!found) return [];
  return [{ ...found, countyName: COUNTY_NAMES.get(found.county ?? "") ?? null }];
}
