import { type CompanyActor, assertCan } from "#core/lib/actor.ts";
import { csv } from "#core/lib/csv.ts";
import { type ListPage, listRows } from "#core/store/listing.ts";
import { type Product, productColumns, products } from "./product.ts";

/** What of the list of products is asked for. */
export interface ProductQuery {
  readonly search?: string | undefined;
  readonly isActive?: boolean | undefined;
  readonly isService?: boolean | undefined;
  readonly usage?: string | undefined;
  /** A category, or `none`. */
  readonly categoryId?: string | undefined;
  readonly source?: string | undefined;
  readonly sort: "recent" | "name" | "priceHigh" | "priceLow";
  readonly page: number;
  readonly limit: number;
  readonly cursor?: string;
}

const orders = {
  recent: { sort: "id", descending: true },
  name: { sort: "name", descending: false },
  priceHigh: { sort: "defaultPrice", descending: true },
  priceLow: { sort: "defaultPrice", descending: false },
} as const;

/** One page of the company's products. */
export async function listProducts(
  actor: CompanyActor,
  asked: ProductQuery,
): Promise<ListPage & { products: readonly Product[] }> {
  assertCan(actor, "product.view");
  const { search, isActive, isService, usage, source, sort, page, limit, cursor } = asked;
  const categoryId = asked.categoryId === "none" ? null : asked.categoryId;
  const found = await listRows(actor.companyId, products, productColumns, {
    ...orders[sort],
    page,
    limit,
    ...(cursor ? { cursor } : {}),
    ...(search ? { search: { text: search, in: ["name", "code"] } } : {}),
    where: (row) =>
      (isActive === undefined || row.isActive === isActive) &&
      (isService === undefined || row.isService === isService) &&
      (usage === undefined || row.usage === usage) &&
      (source === undefined || row.source === source) &&
      (categoryId === undefined || row.categoryId === categoryId),
  });
  const hydrated = await products.getMany(actor.companyId, found.ids, { consistent: false });
  return { ...found, products: hydrated.filter(({ deletedAt }) => !deletedAt) };
}

const header =
  "Denumire,Cod,Descriere,UM,Pret,Moneda,Cota TVA,Categorie TVA,Serviciu,Activ,Utilizare,Cod NC,Cod CPV";

const yes = (is: boolean): string => (is ? "Da" : "Nu");

/** All products by name, for export. */
export async function allProducts(actor: CompanyActor): Promise<Product[]> {
  assertCan(actor, "product.view");
  const live = (await products.all(actor.companyId)).filter(({ deletedAt }) => !deletedAt);
  return live.toSorted((a, b) => a.name.localeCompare(b.name, "ro"));
}

/** All products as CSV, by name. */
export async function productsCsv(actor: CompanyActor): Promise<string> {
  const rows = (await allProducts(actor)).map((one) => [
    one.name,
    one.code,
    one.description,
    one.unitOfMeasure,
    Number(one.defaultPrice),
    one.currency,
    Number(one.vatRate),
    one.vatCategoryCode,
    yes(one.isService),
    yes(one.isActive),
    one.usage,
    one.ncCode,
    one.cpvCode,
  ]);
  return csv(header.split(","), rows);
}
