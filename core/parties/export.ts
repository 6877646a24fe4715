import type { CompanyActor } from "#core/lib/actor.ts";
import { csv } from "#core/lib/csv.ts";
import { allClients, allSuppliers } from "./list.ts";

const yes = (flag: boolean): string => (flag ? "Da" : "Nu");

/** Header names of the clients' export; what reads it knows them. */
const clientHeader =
  "Tip,Denumire,CUI,CNP,Cod TVA,Platitor TVA,Nr. Reg. Com.,Adresa,Oras,Judet,Tara,Cod Postal,Email,Telefon,Banca," +
  "Cont bancar,Persoana contact,Termen plata (zile),Nr. identificare,Moneda";

/** All clients as CSV, by name. */
export async function clientsCsv(actor: CompanyActor): Promise<string> {
  const rows = (await allClients(actor)).map((one) => [
    one.type === "company" ? "Persoana juridica" : "Persoana fizica",
    one.name,
    one.cui,
    one.cnp,
    one.vatCode,
    yes(one.isVatPayer),
    one.registrationNumber,
    one.address,
    one.city,
    one.county,
    one.country,
    one.postalCode,
    one.email,
    one.phone,
    one.bankName,
    one.bankAccount,
    one.contactPerson,
    one.defaultPaymentTermDays,
    one.idNumber,
    one.currency,
  ]);
  return csv(clientHeader.split(","), rows);
}

const supplierHeader =
  "Denumire,CIF,Cod TVA,Platitor TVA,Adresa,Oras,Judet,Tara,Email,Telefon,Banca,Cont bancar,Note";

/** All suppliers as CSV, by name. */
export async function suppliersCsv(actor: CompanyActor): Promise<string> {
  const rows = (await allSuppliers(actor)).map((one) => [
    one.name,
    one.cif,
    one.vatCode,
    yes(one.isVatPayer),
    one.address,
    one.city,
    one.county,
    one.country,
    one.email,
    one.phone,
    one.bankName,
    one.bankAccount,
    one.notes,
  ]);
  return csv(supplierHeader.split(","), rows);
}
