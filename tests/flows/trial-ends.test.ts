import { afterAll, beforeAll, expect, it } from "vitest";
import { organizationOf, startWithOutside, withCompany } from "../with-company.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
beforeAll(async () => {
  world = await startWithOutside();
});
afterAll(() => world.stop());

it("a trial ends: the company changed last stays writable, and all move to the lowest plan's rhythm", async () => {
  const { organizations } = await import("#core/identity/organizations.ts");
  const { companies } = await import("#core/companies/company.ts");
  const { synchronize } = await import("#core/einvoicing/sync.ts");
  const { instantIn } = await import("#core/lib/clock.ts");
  const { commit } = await import("#core/store/commit.ts");
  const owner = await withCompany(world.local);
  const id = await organizationOf(owner);
  const organization = await organizations.get(id, id);
  const trial = { plan: "freemium", subscriptionStatus: "trialing", trialEndsAt: instantIn(86_400) } as const;
  await commit([organizations.replace(id, organization, { ...organization, ...trial })]);
  const visit = () => synchronize({ organizationId: id, companyId: owner.company.id, cause: "schedule" });
  const states = async () =>
    (await companies.all(id)).map(({ syncPlan, isReadOnly }) => [syncPlan, isReadOnly]);

  expect((await owner.call("POST", "/api/v1/companies", { cif: "9000000020" })).status).toBe(201);
  await visit();
  expect(await states()).toEqual([
    ["starter", false],
    ["starter", false],
  ]);

  world.local.clock({ advance: "2d" });
  await visit();
  expect(await states()).toEqual([
    ["freemium", true],
    ["freemium", false],
  ]);
});
