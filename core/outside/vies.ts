import * as z from "zod";
import { settings } from "#core/lib/settings.ts";
import { ask, jsonOf, outOfService } from "./ask.ts";

/** What VIES knows of a VAT number. Some states hide name and address. */
export interface ViesAnswer {
  readonly valid: boolean;
  readonly name: string | null;
  readonly address: string | null;
  readonly countryCode: string;
  readonly vatNumber: string;
}

const service = "VIES";

const Reply = z.object({ valid: z.boolean(), name: z.string().nullish(), address: z.string().nullish() });
const Fault = z.object({ errorWrappers: z.array(z.object({ error: z.string() })).min(1) });

/**
 * Asks the Commission's VIES whether a VAT number is valid for trade within the Union (ANAF.md §11.4). `prefix` is the
 * state's VAT prefix, `EL` for Greece. Throws `unavailable` when VIES or the state's own register gives no verdict:
 * not knowing is never the same as not valid.
 */
export async function checkVatNumber(prefix: string, number: string): Promise<ViesAnswer> {
  const answer = await ask(service, `${settings.viesUrl}/taxation_customs/vies/rest-api/check-vat-number`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ countryCode: prefix, vatNumber: number }),
  });
  const body = jsonOf(answer);
  const reply = Reply.safeParse(body);
  if (reply.success)
    return {
      valid: reply.data.valid,
      name: shown(reply.data.name),
      address: shown(reply.data.address),
      countryCode: prefix,
      vatNumber: number,
    };
  const fault = Fault.safeParse(body).data?.errorWrappers[0]?.error;
  if (fault === "INVALID_INPUT")
    return { valid: false, name: null, address: null, countryCode: prefix, vatNumber: number };
  throw outOfService(
    service,
    fault ? `gave no verdict (${fault})` : `answered ${answer.status} without data`,
  );
}

/** Hidden data comes as dashes. */
const shown = (text: string | null | undefined): string | null => {
  const tidy = text?.replaceAll(/\s+/g, " ").trim();
  return tidy && !/^-+$/.test(tidy) ? tidy : null;
};
