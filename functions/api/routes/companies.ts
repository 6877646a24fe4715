import type { Context } from "hono";
import { visibleCompanies, visibleCompany } from "#core/companies/access.ts";
import { type AnafConnection, anafConnections, tokenStatus } from "#core/companies/anaf-connections.ts";
import { CompanyChanges, refreshFromRegister, toggleSync, update } from "#core/companies/change.ts";
import type { Company } from "#core/companies/company.ts";
import { create, NewCompany } from "#core/companies/create.ts";
import { getLogo, removeLogo, setLogo } from "#core/companies/logo.ts";
import { setActive } from "#core/companies/plan.ts";
import { hardDeleteAt, listDeleted, remove, restore } from "#core/companies/remove.ts";
import { assertCan } from "#core/lib/actor.ts";
import { type ActorEnv, body, file, Hono, once, paged, pageQuery } from "../route.ts";

/** A company as the API shows it, with the state of its ANAF connection. */
function view(company: Company, connections: readonly AnafConnection[]) {
  const {
    rev: _rev,
    organizationId: _org,
    syncPlan: _plan,
    registryReadAt: _read,
    logo,
    deletedAt,
    ...shown
  } = company;
  const status = tokenStatus(connections, company.cif);
  return {
    ...shown,
    uuid: company.id,
    logoPath: logo && `/api/v1/companies/${company.id}/logo`,
    tokenStatus: status,
    hasValidToken: status.isValid,
    stripeConnect: null,
    ...(deletedAt ? { deletedAt, hardDeleteAt: hardDeleteAt(deletedAt) } : {}),
  };
}

type Asked = Context<ActorEnv>;

const connectionsOf = (c: Asked) => anafConnections.all(c.var.actor.organizationId);

const shown = async (c: Asked, company: Company) => view(company, await connectionsOf(c));

async function listed(c: Asked, all: readonly Company[]) {
  const connections = await connectionsOf(c);
  return c.json(
    paged(
      all.map((company) => view(company, connections)),
      pageQuery(c),
    ),
  );
}

/** Runs a bodyless action on the company of the path; the same idempotency key does it once. */
const act = (
  c: Asked,
  action: typeof toggleSync,
  answer: (company: Company) => unknown = (company) => shown(c, company),
) =>
  once(c, c.var.actor, {
    status: 200,
    run: async (actor) => answer(await action(actor, c.req.param("uuid")!)),
    again: async (actor, id) => answer(await visibleCompany(actor, id)),
  });

const syncSaid = ({ syncEnabled }: Company) => ({
  syncEnabled,
  message: syncEnabled ? "Sync enabled" : "Sync disabled",
});

export const companies = new Hono<ActorEnv>()
  .get("/", async (c) => {
    assertCan(c.var.actor, "company.view");
    return listed(c, await visibleCompanies(c.var.actor));
  })
  .post("/", async (c) => {
    const input = await body(c, NewCompany);
    return once(c, c.var.actor, {
      status: 201,
      run: async (actor) => shown(c, await create(actor, input)),
      again: async (actor, id) => shown(c, await visibleCompany(actor, id)),
    });
  })
  .get("/deleted", async (c) => listed(c, await listDeleted(c.var.actor)))
  .get("/:uuid", async (c) => {
    assertCan(c.var.actor, "company.view");
    return c.json(await shown(c, await visibleCompany(c.var.actor, c.req.param("uuid"))));
  })
  .patch("/:uuid", async (c) => {
    const changes = await body(c, CompanyChanges);
    return c.json(await shown(c, await update(c.var.actor, c.req.param("uuid"), changes)));
  })
  .delete("/:uuid", async (c) => {
    await remove(c.var.actor, c.req.param("uuid"));
    return c.body(null, 204);
  })
  .post("/:uuid/toggle-sync", (c) => act(c, toggleSync, syncSaid))
  .put("/:uuid/set-active", async (c) => listed(c, await setActive(c.var.actor, c.req.param("uuid"))))
  .post("/:uuid/restore", (c) => act(c, restore))
  .post("/:uuid/refresh-anaf", (c) => act(c, refreshFromRegister))
  .post("/:uuid/logo", async (c) => {
    const company = await setLogo(c.var.actor, c.req.param("uuid"), await file(c));
    return c.json({ logoPath: view(company, []).logoPath, message: "Logo uploaded" });
  })
  .get("/:uuid/logo", async (c) => {
    assertCan(c.var.actor, "company.view");
    const { bytes, contentType } = await getLogo(c.var.actor, c.req.param("uuid"));
    // An SVG is a document that may carry scripts; opened by itself it must not run any.
    return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
      "content-type": contentType,
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    });
  })
  .delete("/:uuid/logo", async (c) => {
    await removeLogo(c.var.actor, c.req.param("uuid"));
    return c.json({ message: "Logo removed" });
  });
