import { type CompanyActor, assertCan } from "#core/lib/actor.ts";
import { listRows, type ListPage } from "#core/store/listing.ts";
import { type Client, clientColumns, clients } from "./client.ts";
import { type Supplier, supplierColumns, suppliers } from "./supplier.ts";

/** What of a list of parties is asked for. */
export interface PartyQuery {
  readonly search?: string | undefined;
  readonly vatPayer?: "yes" | "no" | undefined;
  readonly source?: string | undefined;
  /** Newest first, or by name. */
  readonly sort: "recent" | "name";
  /** Only these; what documents say of a party is not in its own list. */
  readonly among?: ((id: string) => boolean) | undefined;
  /** Highest first by this, instead of `sort`. */
  readonly rank?: ((id: string) => number) | undefined;
  readonly page: number;
  readonly limit: number;
  readonly cursor?: string;
}

export interface ClientQuery extends PartyQuery {
  readonly type?: string | undefined;
  readonly country?: string | undefined;
}

export interface ClientList extends ListPage {
  readonly clients: readonly Client[];
  /** Of all clients, whatever is asked for. */
  readonly countries: readonly string[];
}

/** One page of the company's clients. */
export async function listClients(actor: CompanyActor, asked: ClientQuery): Promise<ClientList> {
  assertCan(actor, "client.view");
  const countries = new Set<string>();
  const ranked = new Ranked(asked);
  const page = await listRows(actor.companyId, clients, clientColumns, {
    ...order(asked),
    ...searched(asked.search, ["name", "cui", "cnp", "vatCode", "email", "idNumber"]),
    where: (row) =>
      fits(row, asked) &&
      (!asked.type || row.type === asked.type) &&
      (!asked.country || row.country === asked.country),
    visit: (row, matches) => {
      if (row.country) countries.add(row.country);
      if (matches) ranked.add(row.id);
    },
  });
  const found = await clients.getMany(actor.companyId, ranked.ids() ?? page.ids, { consistent: false });
  return {
    ...page,
    clients: found.filter(({ deletedAt }) => !deletedAt),
    countries: [...countries].toSorted((a, b) => a.localeCompare(b)),
  };
}

export interface SupplierList extends ListPage {
  readonly suppliers: readonly Supplier[];
}

/** One page of the company's suppliers. */
export async function listSuppliers(actor: CompanyActor, asked: PartyQuery): Promise<SupplierList> {
  assertCan(actor, "client.view");
  const ranked = new Ranked(asked);
  const page = await listRows(actor.companyId, suppliers, supplierColumns, {
    ...order(asked),
    ...searched(asked.search, ["name", "cif", "vatCode", "email"]),
    where: (row) => fits(row, asked),
    visit: (row, matches) => matches && ranked.add(row.id),
  });
  const found = await suppliers.getMany(actor.companyId, ranked.ids() ?? page.ids, { consistent: false });
  return { ...page, suppliers: found.filter(({ deletedAt }) => !deletedAt) };
}

/** All clients by name, for export. */
export async function allClients(actor: CompanyActor): Promise<Client[]> {
  assertCan(actor, "client.view");
  return byName(await clients.all(actor.companyId));
}

/** All suppliers by name, for export. */
export async function allSuppliers(actor: CompanyActor): Promise<Supplier[]> {
  assertCan(actor, "client.view");
  return byName(await suppliers.all(actor.companyId));
}

/** The page of a list that is ordered by what only documents know: all that match, ranked, then cut. */
class Ranked {
  private readonly matching: { id: string; rank: number }[] = [];
  private readonly asked: PartyQuery;

  constructor(asked: PartyQuery) {
    this.asked = asked;
  }

  add(id: string): void {
    if (this.asked.rank) this.matching.push({ id, rank: this.asked.rank(id) });
  }

  /** Undefined when the list keeps its own order. */
  ids(): string[] | undefined {
    const { rank, page, limit } = this.asked;
    if (!rank) return undefined;
    this.matching.sort((a, b) => b.rank - a.rank || (a.id < b.id ? 1 : -1));
    return this.matching.slice((page - 1) * limit, page * limit).map(({ id }) => id);
  }
}

const byName = <T extends { name: string; deletedAt: string | null }>(all: readonly T[]): T[] =>
  all.filter(({ deletedAt }) => !deletedAt).toSorted((a, b) => a.name.localeCompare(b.name, "ro"));

const order = ({ sort, page, limit, cursor }: PartyQuery) => ({
  sort: sort === "name" ? ("name" as const) : ("id" as const),
  descending: sort === "recent",
  page,
  limit,
  ...(cursor ? { cursor } : {}),
});

const searched = <const Names extends readonly string[]>(text: string | undefined, names: Names) =>
  text ? { search: { text, in: names as readonly Names[number][] } } : {};

const fits = (
  row: { id: string; isVatPayer: boolean; source: string | null },
  { vatPayer, source, among }: PartyQuery,
): boolean =>
  (!vatPayer || row.isVatPayer === (vatPayer === "yes")) &&
  (!source || row.source === source) &&
  (!among || among(row.id));
