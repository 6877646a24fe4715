import type { Context } from "hono";
import * as z from "zod";
import { type Category, categoriesOf } from "#core/catalog/categories.ts";
import type { Product } from "#core/catalog/product.ts";
import { listProducts, productsCsv } from "#core/catalog/product-list.ts";
import * as Products from "#core/catalog/products.ts";
import { today } from "#core/lib/dates.ts";
import { wire } from "#core/model/wire.ts";
import { productsSaga } from "#core/catalog/saga.ts";
import { bulkIds, csvFile, sagaFile } from "../party-query.ts";
import { body, type CompanyEnv, Hono, inCompany, listed, once, pageQuery, query } from "../route.ts";

function view({ rev: _rev, categoryId, ...product }: Product, categories: readonly Category[]) {
  const category = categories.find(({ id }) => id === categoryId);
  return wire({
    ...product,
    uuid: product.id,
    unitPrice: product.defaultPrice,
    categoryId: category?.id ?? null,
    category: category
      ? { id: category.id, name: category.name, color: category.color, sortOrder: category.sortOrder }
      : null,
  });
}

const shown = async (c: Context<CompanyEnv>, product: Product) =>
  view(product, await categoriesOf(c.var.actor.companyId));

/** A word we do not know filters nothing: clients send words of their own. */
const filters = z.object({
  search: z.string().optional(),
  isActive: z.enum(["true", "false"]).optional().catch(undefined),
  status: z.enum(["active", "inactive"]).optional().catch(undefined),
  type: z.enum(["product", "service"]).optional().catch(undefined),
  usage: z.enum(["sales", "purchases", "both", "internal"]).optional().catch(undefined),
  categoryId: z.string().optional(),
  source: z.enum(["anaf_sync", "manual", "import"]).optional().catch(undefined),
  sort: z.enum(["recent", "name", "priceHigh", "priceLow"]).catch("recent"),
});

/** Whether a filter says yes, says no, or is not there. */
const either = (written: string | undefined, yes: string): boolean | undefined =>
  written === undefined ? undefined : written === yes;

export const products = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", async (c) => {
    const { isActive, status, type, ...rest } = query(c, filters);
    const asked = pageQuery(c);
    const found = await listProducts(c.var.actor, {
      ...rest,
      isActive: either(isActive, "true") ?? either(status, "active"),
      isService: either(type, "service"),
      ...asked,
    });
    const categories = await categoriesOf(c.var.actor.companyId);
    const rows = found.products.map((product) => view(product, categories));
    return c.json(listed(rows, found.total, asked, found.nextCursor));
  })
  .post("/", async (c) => {
    const input = await body(c, Products.NewProduct);
    return once(c, c.var.actor, {
      status: 201,
      run: async (actor) => shown(c, await Products.create(actor, input)),
      again: async (actor, id) => shown(c, await Products.get(actor, id)),
    });
  })
  .post("/bulk-delete", async (c) => {
    const { ids } = await body(c, bulkIds);
    return c.json(await Products.removeMany(c.var.actor, ids));
  })
  .get("/export/csv", async (c) => csvFile(c, `produse-${today()}.csv`, await productsCsv(c.var.actor)))
  .get("/export/saga-xml", async (c) => sagaFile(c, "ART", await productsSaga(c.var.actor)))
  .get("/:uuid", async (c) => c.json(await shown(c, await Products.get(c.var.actor, c.req.param("uuid")))))
  .patch("/:uuid", async (c) => {
    const changes = await body(c, Products.ProductChanges);
    return c.json(await shown(c, await Products.update(c.var.actor, c.req.param("uuid"), changes)));
  })
  .delete("/:uuid", async (c) => {
    await Products.remove(c.var.actor, c.req.param("uuid"));
    return c.body(null, 204);
  });
