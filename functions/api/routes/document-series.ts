import * as Series from "#core/companies/document-series.ts";
import { refused } from "#core/lib/error.ts";
import { body, type CompanyEnv, Hono, inCompany, once, whole } from "../route.ts";

const view = ({ rev: _rev, highestTaken: _highest, found: _found, ...series }: Series.ShownSeries) => ({
  ...series,
  uuid: series.id,
});

function typeOf(written: string | undefined): Series.SeriesType | undefined {
  if (!written) return undefined;
  const type = Series.SERIES_TYPES.find((one) => one === written);
  if (!type) throw refused(`There are no series of type "${written}".`, { type: "is not a document type" });
  return type;
}

export const documentSeries = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", async (c) => {
    const all = await Series.list(c.var.actor, typeOf(c.req.query("type")));
    return c.json(whole(c, all.map(view)));
  })
  .post("/", async (c) => {
    const input = await body(c, Series.NewSeries);
    return once(c, c.var.actor, {
      status: 201,
      run: async (actor) => view(await Series.create(actor, input)),
      again: async (actor, id) => view(await Series.get(actor, id)),
    });
  })
  .patch("/:uuid", async (c) => {
    const changes = await body(c, Series.SeriesChanges);
    return c.json(view(await Series.update(c.var.actor, c.req.param("uuid"), changes)));
  })
  .post("/:uuid/set-default", (c) =>
    once(c, c.var.actor, {
      status: 200,
      run: async (actor) => view(await Series.setDefault(actor, c.req.param("uuid"))),
      again: async (actor, id) => view(await Series.get(actor, id)),
    }),
  )
  .delete("/:uuid", async (c) => {
    await Series.remove(c.var.actor, c.req.param("uuid"));
    return c.json({ message: "Document series deleted" });
  });
