import * as Categories from "#core/catalog/categories.ts";
import { body, type CompanyEnv, Hono, inCompany, once, whole } from "../route.ts";

const view = (category: Categories.Category) => ({ ...category, uuid: category.id });

export const productCategories = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", async (c) => c.json(whole(c, (await Categories.list(c.var.actor)).map(view))))
  .post("/", async (c) => {
    const input = await body(c, Categories.NewCategory);
    return once(c, c.var.actor, {
      status: 201,
      run: async (actor) => view(await Categories.create(actor, input)),
      again: async (actor, id) => view(await Categories.get(actor, id)),
    });
  })
  .patch("/:uuid", async (c) => {
    const changes = await body(c, Categories.CategoryChanges);
    return c.json(view(await Categories.update(c.var.actor, c.req.param("uuid"), changes)));
  })
  .delete("/:uuid", async (c) => {
    await Categories.remove(c.var.actor, c.req.param("uuid"));
    return c.json({ message: "Product category deleted" });
  });
