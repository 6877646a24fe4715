import { createMiddleware } from "hono/factory";
import { assertWritable, companyOf, inside } from "#core/companies/access.ts";
import type { CompanyEnv } from "./env.ts";

const reading = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Puts the request into one company: header `X-Company`, else `?company=`, else the organization's only one. From here
 * on the actor carries that company, and whatever is owned is looked for under its id alone.
 */
export const inCompany = createMiddleware<CompanyEnv>(async (c, next) => {
  const actor = c.get("actor");
  const named = c.req.header("x-company")?.trim() || c.req.query("company")?.trim() || undefined;
  const company = await companyOf(actor, named);
  if (!reading.has(c.req.method) && !/\/(set-active|restore)(\/|$)/.test(c.req.path)) assertWritable(company);
  c.set("actor", inside(actor, company));
  await next();
});
