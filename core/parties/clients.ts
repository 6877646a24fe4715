import * as z from "zod";
import { type CompanyActor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { refused } from "#core/lib/error.ts";
import { idFrom, newId } from "#core/lib/ids.ts";
import { fold } from "#core/model/fold.ts";
import { country, currency, flag, oneOf, text } from "#core/model/input.ts";
import type { Party } from "#core/model/party.ts";
import { type Added, book, type Prepared, removeEach, type Removals } from "./book.ts";
import { type Client, clients } from "./client.ts";
import { completed, fiscalCode, normalPlace, viesOf } from "./completion.ts";

const fields = {
  name: text(255),
  type: oneOf(["company", "individual"]).nullish(),
  cui: text(20),
  cnp: text(13),
  vatCode: text(20),
  isVatPayer: flag(),
  registrationNumber: text(50),
  address: text(255),
  city: text(100),
  county: text(100),
  country: country().nullish(),
  postalCode: text(10),
  email: text(255),
  phone: text(20),
  bankName: text(255),
  bankAccount: text(34),
  defaultPaymentTermDays: z.int("must be a whole number of days").min(0).max(3650).nullish(),
  contactPerson: text(255),
  notes: text(5000),
  idNumber: text(100),
  currency: currency().nullish(),
};

/** The body that creates a client, and the one that changes some of its fields: what is required depends on both. */
export const NewClient = z.object(fields);
type Input = z.output<typeof NewClient>;

export const RegistryClient = z.object({ cui: text(20), name: text(255) });

const kept = book({
  entries: clients,
  codeOf: ({ cui }) => cui,
  created: { events: [{ name: "client.created" }] },
  updated: { events: [{ name: "client.updated" }] },
});

/** A client that was added or was there, and whether the register knew it. */
export interface AddedClient extends Added<Client> {
  readonly anafValidated: boolean;
}

export async function get(actor: CompanyActor, id: string): Promise<Client> {
  assertCan(actor, "client.view");
  return kept.get(actor.companyId, id);
}

/**
 * Adds a client; one with the same CUI is answered instead. Blanks of a Romanian company come from ANAF's register, a
 * VAT number of another member state is checked in VIES; either may be down without failing this.
 * Throws `invalid` naming what is missing: the name, and the address where no register can give it.
 */
export async function create(actor: CompanyActor, input: Input): Promise<AddedClient> {
  assertCan(actor, "client.create");
  if (!input.name) throw refused("The client needs a name.", { name: "is required" });
  const { party, found } = await completed(blankFrom(input), codeOf(input), input.isVatPayer != null);
  const placed = normalPlace(party);
  assertComplete(placed);
  const vies = await viesOf(placed.country, placed.vatCode);
  const client = { ...placed, ...vies, isVatPayer: placed.isVatPayer || vies.viesValid === true };
  return { ...(await kept.add(actor, client)), anafValidated: found };
}

/**
 * Adds the client of a CUI with what the register says; without an answer under the given name, or the number itself.
 */
export async function createFromRegistry(
  actor: CompanyActor,
  { cui, name }: z.output<typeof RegistryClient>,
): Promise<AddedClient> {
  assertCan(actor, "client.create");
  const code = fiscalCode(cui)?.code;
  if (!code) throw refused("The CUI is missing.", { cui: "is required" });
  const { party, found } = await completed(blankFrom({ cui: code, country: "RO" }), code, false);
  const client = { ...party, name: party.name || name || `CUI ${code}` };
  return { ...(await kept.add(actor, client)), anafValidated: found };
}

/**
 * Changes the fields that are present; an empty one is cleared, which what an address is made of must not be. A new
 * VAT number, CUI or country is checked in VIES again. Issued documents keep the buyer they were issued to.
 */
export async function update(actor: CompanyActor, id: string, input: Input): Promise<Client> {
  assertCan(actor, "client.edit");
  assertNotEmptied(input);
  return kept.change(actor, id, async (before) => {
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const identity = "cui" in given ? identityOf(input, before) : {};
    const next: Client = normalPlace({
      ...before,
      ...given,
      isVatPayer: input.isVatPayer ?? before.isVatPayer,
      type: input.type ?? before.type,
      ...identity,
    });
    if (
      before.registrationNumber &&
      input.registrationNumber === null &&
      next.country === "RO" &&
      next.type === "company"
    )
      throw refused("A Romanian company keeps a registration number.", {
        registrationNumber: "must not be empty",
      });
    const moved =
      next.vatCode !== before.vatCode || next.cui !== before.cui || next.country !== before.country;
    if (!moved) return next;
    const vies = await viesOf(next.country, next.vatCode);
    return { ...next, ...vies, isVatPayer: next.isVatPayer || vies.viesValid === true };
  });
}

export async function remove(actor: CompanyActor, id: string): Promise<void> {
  assertCan(actor, "client.delete");
  await kept.remove(actor, id);
}

export async function removeMany(actor: CompanyActor, ids: readonly string[]): Promise<Removals> {
  assertCan(actor, "client.delete");
  return removeEach(ids, (id) => kept.remove(actor, id));
}

/**
 * The client behind the buyer of a document that another program issued, with the writes that make it known, to be
 * committed with the document; a deleted one comes back. People without a fiscal code are told apart by their CNP, else
 * by name and address, so that who buys often is one client.
 */
export async function findOrCreateClient(companyId: string, buyer: Party): Promise<Prepared<Client>> {
  const { cif, ...known } = buyer;
  const code = fiscalCode(cif ?? known.vatCode)?.code ?? null;
  const place = [known.country, known.county, known.city, known.address];
  const traits = known.cnp ? [known.cnp] : [known.name, ...place].map((trait) => fold(trait ?? ""));
  const client: Omit<Client, "rev"> = {
    ...blankFrom({}),
    ...known,
    id: code ? newId() : idFrom([companyId, "buyer", ...traits].join("\n")),
    cui: code,
    source: "anaf_sync",
    lastSyncedAt: instant(),
  };
  return kept.prepare(companyId, normalPlace(client));
}

const codeOf = (input: Input): string | null => fiscalCode(input.cui)?.code ?? null;

/** CUI, VAT number and country of a body; a number with a prefix says all three. */
function identityOf(input: Input, before?: Client): Pick<Client, "cui" | "vatCode" | "country"> {
  const code = fiscalCode(input.cui);
  return {
    cui: code?.code ?? null,
    vatCode: input.vatCode === undefined ? (code?.vatCode ?? before?.vatCode ?? null) : input.vatCode,
    country: input.country ?? code?.country ?? before?.country ?? "RO",
  };
}

function blankFrom(input: Input): Omit<Client, "rev"> {
  const createdAt = instant();
  const isNobody = input.cui?.trim() === "-";
  return {
    id: newId(),
    type: input.type ?? (isNobody ? "individual" : "company"),
    name: input.name ?? "",
    ...identityOf(input),
    cnp: input.cnp ?? null,
    isVatPayer: input.isVatPayer ?? false,
    registrationNumber: input.registrationNumber ?? null,
    address: input.address ?? null,
    city: input.city ?? null,
    county: input.county ?? null,
    postalCode: input.postalCode ?? null,
    email: input.email ?? null,
    phone: input.phone ?? null,
    bankName: input.bankName ?? null,
    bankAccount: input.bankAccount ?? null,
    defaultPaymentTermDays: input.defaultPaymentTermDays ?? null,
    contactPerson: input.contactPerson ?? null,
    clientCode: null,
    notes: input.notes ?? null,
    idNumber: input.idNumber ?? null,
    currency: input.currency ?? null,
    viesValid: null,
    viesValidatedAt: null,
    viesName: null,
    source: "manual",
    lastSyncedAt: null,
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
  };
}

/** An address unless a Romanian CUI stands for it; a county for Romanians without one. */
function assertComplete(client: Omit<Client, "rev">): void {
  const isRomanian = client.country === "RO";
  const needed: ("address" | "city" | "county")[] = [];
  if (!(isRomanian && client.cui)) needed.push("address", "city");
  if (isRomanian && !client.cui) needed.push("county");
  const missing = needed.filter((field) => !client[field]);
  if (missing.length > 0)
    throw refused(
      `The client needs: ${missing.join(", ")}.`,
      Object.fromEntries(missing.map((field) => [field, "is required"])),
    );
}

function assertNotEmptied(input: Input): void {
  const emptied = (["name", "address", "city", "county", "country"] as const).filter(
    (field) => input[field] === null,
  );
  if (emptied.length > 0)
    throw refused(
      `Cannot be emptied: ${emptied.join(", ")}.`,
      Object.fromEntries(emptied.map((field) => [field, "must not be empty"])),
    );
}
