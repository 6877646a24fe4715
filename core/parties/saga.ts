import { element, group } from "#core/formats/markup.ts";
import type { CompanyActor } from "#core/lib/actor.ts";
import { COUNTY_NAMES } from "#core/model/places.ts";
import { allClients, allSuppliers } from "./list.ts";

/** An XML file the SAGA bookkeeping program imports: a list of lines, what is empty left out. */
export const sagaFile = (root: string, lines: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>\n${lines.join("")}</${root}>\n`;

const countyOf = (county: string | null): string | null => COUNTY_NAMES.get(county ?? "") ?? county;

/** All clients for SAGA, by name. */
export async function clientsSaga(actor: CompanyActor): Promise<string> {
  const lines = (await allClients(actor)).map((one, at) =>
    group(
      "Linie",
      element("Cod", one.clientCode ?? String(at + 1).padStart(5, "0")) +
        element("Denumire", one.name) +
        element("Cod_fiscal", one.vatCode ?? one.cui ?? one.cnp) +
        element("Reg_com", one.registrationNumber) +
        element("Tara", one.country) +
        element("Judet", countyOf(one.county)) +
        element("Localitate", one.city) +
        element("Adresa", one.address) +
        element("Cont_banca", one.bankAccount) +
        element("Banca", one.bankName) +
        element("Tel", one.phone) +
        element("Email", one.email) +
        element("Informatii", one.notes) +
        element("Guid_cod", one.id),
    ),
  );
  return sagaFile("Clienti", lines);
}

/** All suppliers for SAGA, by name. */
export async function suppliersSaga(actor: CompanyActor): Promise<string> {
  const lines = (await allSuppliers(actor)).map((one, at) =>
    group(
      "Linie",
      element("Cod", String(at + 1).padStart(5, "0")) +
        element("Denumire", one.name) +
        element("Cod_fiscal", one.vatCode ?? one.cif) +
        element("Tara", one.country) +
        element("Localitate", one.city) +
        element("Adresa", one.address) +
        element("Cont_banca", one.bankAccount) +
        element("Banca", one.bankName) +
        element("Tel", one.phone) +
        element("Email", one.email) +
        element("Informatii", one.notes) +
        element("Guid_cod", one.id),
    ),
  );
  return sagaFile("Furnizori", lines);
}
