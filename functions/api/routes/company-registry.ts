import { searchRegister } from "#core/parties/lookups.ts";
import { type ActorEnv, Hono } from "../route.ts";

/** Romanian companies by CUI, under the register's own field names. */
export const companyRegistry = new Hono<ActorEnv>().get("/search", async (c) => {
  const found = await searchRegister(c.req.query("q") ?? "");
  c.header("Cache-Control", "public, max-age=300");
  return c.json({
    data: found.map((one) => ({
      denumire: one.name,
      cod_unic: one.cif,
      cod_inmatriculare: one.registrationNumber,
      adresa: one.address,
      localitate: one.city,
      nume_judet: one.countyName,
      radiat: one.deregistered,
    })),
  });
});
