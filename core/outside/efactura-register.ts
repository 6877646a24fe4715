import * as z from "zod";
import { askRegister } from "./anaf-register.ts";
import { outOfService } from "./ask.ts";

/** What the public RO e-Factura register says of a company that is in it. */
export interface EfacturaRegistration {
  /** Bare digits. */
  readonly cif: string;
  readonly name: string | null;
  /** Why it is in the register, in its words: a public body, or an option of its own. */
  readonly category: string | null;
  /** Days, `YYYY-MM-DD`, as the register writes them; null where it writes nothing. */
  readonly since: string | null;
  readonly until: string | null;
}

const service = "The RO e-Factura register";

const words = z.string().nullish();
const Found = z.object({
  cui: z.union([z.number(), z.string()]),
  denumire: words,
  categorie: words,
  dataInscriere: words,
  dataRenuntare: words,
  dataRadiere: words,
});

/**
 * Looks a company up in the RO e-Factura register (ANAF.md §11.3); undefined when it is not there. Throws `unavailable`
 * when the register does not answer sensibly.
 */
export async function findEfacturaRegistration(cif: string): Promise<EfacturaRegistration | undefined> {
  const found = await askRegister(service, "/api/registruroefactura/v1/interogare", cif);
  for (const item of found) {
    const entry = Found.safeParse(item);
    if (entry.success && String(entry.data.cui) === cif) return registrationOf(entry.data);
  }
  if (found.length > 0) throw outOfService(service, "answered in a form we do not know");
  return undefined;
}

const registrationOf = (entry: z.output<typeof Found>): EfacturaRegistration => ({
  cif: String(entry.cui),
  name: entry.denumire || null,
  category: entry.categorie || null,
  since: entry.dataInscriere || null,
  until: entry.dataRadiere || entry.dataRenuntare || null,
});
