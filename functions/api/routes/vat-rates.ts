import * as VatRates from "#core/companies/vat-rates.ts";
import { VAT_CATEGORIES } from "#core/model/words.ts";
import { wire } from "#core/model/wire.ts";
import { type ActorEnv, body, type CompanyEnv, Hono, inCompany, once, whole } from "../route.ts";

const view = ({ deletedAt: _deletedAt, ...rate }: VatRates.VatRate) => wire({ ...rate, uuid: rate.id });

/** The categories a Romanian invoice may use, with the keys clients translate by. */
export const vatCategoryCodes = new Hono<ActorEnv>().get("/", (c) => {
  const all = VAT_CATEGORIES.map((code) => ({
    code,
    labelKey: `vatCategoryCodes.${code}.label`,
    descriptionKey: `vatCategoryCodes.${code}.description`,
  }));
  return c.json(whole(c, all));
});

export const vatRates = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", async (c) => c.json(whole(c, (await VatRates.list(c.var.actor)).map(view))))
  .post("/", async (c) => {
    const input = await body(c, VatRates.NewVatRate);
    return once(c, c.var.actor, {
      status: 201,
      run: async (actor) => view(await VatRates.create(actor, input)),
      again: async (actor, id) => view(await VatRates.get(actor, id)),
    });
  })
  .patch("/:uuid", async (c) => {
    const changes = await body(c, VatRates.VatRateChanges);
    return c.json(view(await VatRates.update(c.var.actor, c.req.param("uuid"), changes)));
  })
  .delete("/:uuid", async (c) => {
    await VatRates.remove(c.var.actor, c.req.param("uuid"));
    return c.json({ message: "VAT rate deleted" });
  });
