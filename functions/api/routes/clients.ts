import type { Context } from "hono";
import { refreshDrafts } from "#core/documents/client-drafts.ts";
import { partyFigures, partyHistory } from "#core/documents/party-figures.ts";
import type { CompanyActor } from "#core/lib/actor.ts";
import { today } from "#core/lib/dates.ts";
import { wire } from "#core/model/wire.ts";
import type { Client } from "#core/parties/client.ts";
import * as Clients from "#core/parties/clients.ts";
import { clientsCsv } from "#core/parties/export.ts";
import { listClients } from "#core/parties/list.ts";
import { lookUpCui, lookUpVatNumber } from "#core/parties/lookups.ts";
import { clientsSaga } from "#core/parties/saga.ts";
import { listItem } from "../invoice-view.ts";
import { bulkIds, csvFile, partyQuery, sagaFile } from "../party-query.ts";
import { type ActorEnv, body, type CompanyEnv, Hono, inCompany, listed, once, pageQuery } from "../route.ts";

const view = ({ rev: _rev, ...client }: Client) => ({
  ...client,
  uuid: client.id,
  groupCreatedAt: client.createdAt,
  einvoiceIdentifiers: null,
});

/** Adds a client once per idempotency key: 201 for one that was added, 200 for one that was there already. */
async function addOnce(
  c: Context<CompanyEnv>,
  add: (actor: CompanyActor) => Promise<Clients.AddedClient>,
): Promise<Response> {
  let wasThere = false;
  const answer = await once(c, c.var.actor, {
    status: 201,
    run: async (actor) => {
      const { entry, existing, anafValidated } = await add(actor);
      wasThere = existing;
      return { client: view(entry), ...(existing ? { existing } : { anafValidated }) };
    },
    again: async (actor, id) => ({ client: view(await Clients.get(actor, id)) }),
  });
  return wasThere ? new Response(answer.body, { status: 200, headers: answer.headers }) : answer;
}

/** Looks into public registers; needs no company. */
export const clientLookups = new Hono<ActorEnv>()
  .get("/anaf-lookup", async (c) => {
    const found = await lookUpCui(c.req.query("cui"));
    return c.json({
      data: {
        cui: found.cif,
        name: found.name,
        address: found.address,
        city: found.city,
        county: found.county,
        postalCode: found.postalCode,
        phone: found.phone,
        registrationNumber: found.registrationNumber,
        isVatPayer: found.vatPayer,
        vatCode: found.vatCode,
      },
    });
  })
  .get("/vies-lookup", async (c) => c.json({ data: await lookUpVatNumber(c.req.query("vatCode")) }));

export const clients = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", async (c) => {
    const figures = await partyFigures(c.var.actor, "outgoing");
    const asked = partyQuery(c, figures);
    const { type, country } = c.req.query();
    const found = await listClients(c.var.actor, { ...asked, type, country: country?.toUpperCase() });
    const rows = found.clients.map((client) => wire({ ...view(client), ...figures.of(client.id) }));
    return c.json({
      ...listed(rows, found.total, asked, found.nextCursor),
      currency: figures.currency,
      hasForeignCurrencies: figures.hasForeignCurrencies,
      distinctCountries: found.countries,
    });
  })
  .post("/", async (c) => {
    const input = await body(c, Clients.NewClient);
    return addOnce(c, (actor) => Clients.create(actor, input));
  })
  .post("/from-registry", async (c) => {
    const input = await body(c, Clients.RegistryClient);
    return addOnce(c, (actor) => Clients.createFromRegistry(actor, input));
  })
  .post("/bulk-delete", async (c) => {
    const { ids } = await body(c, bulkIds);
    return c.json(await Clients.removeMany(c.var.actor, ids));
  })
  .get("/export/csv", async (c) => csvFile(c, `clienti-${today()}.csv`, await clientsCsv(c.var.actor)))
  .get("/export/saga-xml", async (c) => sagaFile(c, "CLI", await clientsSaga(c.var.actor)))
  .get("/:uuid", async (c) => {
    const client = await Clients.get(c.var.actor, c.req.param("uuid"));
    const history = await partyHistory(c.var.actor, { clientId: client.id }, pageQuery(c));
    const figures = (await partyFigures(c.var.actor, "outgoing")).of(client.id);
    return c.json({
      client: wire({ ...view(client), ...figures }),
      invoiceHistory: history.invoices.map(listItem),
      invoiceCount: history.total,
      invoiceTotal: Number(figures.invoiceTotal),
      deliveryNoteHistory: [],
      deliveryNoteCount: 0,
      receiptHistory: [],
      receiptCount: 0,
    });
  })
  .patch("/:uuid", async (c) => {
    const client = await Clients.update(c.var.actor, c.req.param("uuid"), await body(c, Clients.NewClient));
    return c.json({ client: view(client), invoicesUpdated: await refreshDrafts(c.var.actor, client) });
  })
  .delete("/:uuid", async (c) => {
    await Clients.remove(c.var.actor, c.req.param("uuid"));
    return c.body(null, 204);
  });
