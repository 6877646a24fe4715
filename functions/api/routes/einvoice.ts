import type { Context } from "hono";
import * as z from "zod";
import { getSealed, listAttempts, verifyInvoice } from "#core/einvoicing/evidence.ts";
import * as Networks from "#core/einvoicing/networks/index.ts";
import * as Config from "#core/einvoicing/provider-config.ts";
import * as Invoices from "#core/documents/invoices/index.ts";
import { assertCan, assertFeature, type CompanyActor } from "#core/lib/actor.ts";
import { malformed } from "#core/lib/error.ts";
import { networks } from "#core/providers/index.ts";
import { type NetworkName, type ProviderName, PROVIDERS } from "#core/providers/provider.ts";
import { type ActorEnv, body, type CompanyEnv, Hono, inCompany, once, whole } from "../route.ts";
import { attemptView, handoverView, submissionMessages } from "../submission-view.ts";
import { sealView } from "../seal-view.ts";

type Asked = Context<CompanyEnv>;

const wrongProvider = { provider: `must be one of ${PROVIDERS.join(", ")}` };

function providerNamed(name: unknown): ProviderName {
  const found = PROVIDERS.find((provider) => provider === name);
  if (!found) throw malformed(wrongProvider);
  return found;
}

/** The e-invoice networks there are. */
export const einvoice = new Hono<ActorEnv>().get("/providers", (c) =>
  c.json(
    whole(
      c,
      PROVIDERS.map((value) => ({ value, ...networks[value] })),
    ),
  ),
);

const Submission = z.object({ provider: z.unknown() });

const submitted = (provider: ProviderName, invoice: Invoices.StoredInvoice) => ({
  message: "The invoice was queued for submission.",
  provider,
  id: invoice.id,
  status: invoice.status,
});

const handedOver = (companyId: string, handover: Networks.Handover) => ({
  message: submissionMessages[handover.state],
  provider: handover.provider,
  id: handover.invoiceId,
  status: handoverView(companyId, handover).status,
  submission: handoverView(companyId, handover),
});

/** Submitting to ANAF by its other name, or handing over to another country's network. */
async function submit(c: Asked) {
  const provider = providerNamed((await body(c, Submission)).provider);
  return provider === "anaf" ? submitToAnaf(c) : submitTo(c, provider);
}

const submitTo = (c: Asked, provider: NetworkName) =>
  once(c, c.var.actor, {
    status: 200,
    run: async (actor) =>
      handedOver(actor.companyId, await Networks.handOver(actor, c.req.param("uuid")!, provider)),
    again: async (actor, id) =>
      handedOver(actor.companyId, (await Networks.lastHandover(actor, id, provider))!),
  });

function submitToAnaf(c: Asked) {
  const provider = "anaf";
  return once(c, c.var.actor, {
    status: 200,
    run: async (actor) => {
      assertCan(actor, "efactura.submit");
      return submitted(provider, await Invoices.submit(actor, c.req.param("uuid")!));
    },
    again: async (actor, id) => submitted(provider, await Invoices.getInvoice(actor.companyId, id)),
  });
}

async function verify(c: Asked) {
  assertFeature(c.var.actor, "signatureVerification");
  return c.json(sealView(await verifyInvoice(c.var.actor, c.req.param("uuid")!)));
}

async function sealed(c: Asked) {
  const zip = await getSealed(c.var.actor, c.req.param("uuid")!);
  c.header("Content-Type", "application/zip");
  c.header("Content-Disposition", `attachment; filename="anaf-${c.req.param("uuid")}.zip"`);
  return c.body(Buffer.from(zip));
}

const submissions = async (c: Asked) => {
  const actor: CompanyActor = c.var.actor;
  const id = c.req.param("uuid")!;
  const [attempts, handovers] = await Promise.all([
    listAttempts(actor, id),
    Networks.listHandovers(actor, id),
  ]);
  const views = [
    ...attempts.map((attempt) => attemptView(actor.companyId, attempt)),
    ...handovers.map((handover) => handoverView(actor.companyId, handover)),
  ];
  return c.json(views.toReversed().toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)));
};

/** What an invoice has to do with its network; mounted beside the other routes of invoices. */
export const invoiceNetwork = new Hono<CompanyEnv>()
  .post("/:uuid/submit-einvoice", inCompany, submit)
  .get("/:uuid/einvoice-submissions", inCompany, submissions)
  .get("/:uuid/anaf-response", inCompany, sealed)
  .post("/:uuid/verify-signature", inCompany, verify);

const SavedConfig = z.object({
  provider: z.unknown(),
  enabled: z.boolean("must be true or false").optional(),
  config: z.record(z.string(), z.string().nullable(), "must be an object of texts").default({}),
});

async function saveConfig(c: Context<ActorEnv>) {
  const { provider, enabled, config } = await body(c, SavedConfig);
  const changes = { provider: providerNamed(provider), enabled, config };
  return c.json(await Config.saveConfig(c.var.actor, c.req.param("uuid")!, changes));
}

async function testConfig(c: Context<ActorEnv>) {
  const { provider: name, config } = await body(c, SavedConfig);
  const provider = providerNamed(name);
  if (provider === "anaf") throw malformed({ provider: "cannot be tested; connect ANAF instead" });
  return c.json(await Config.tryConfig(c.var.actor, c.req.param("uuid")!, provider, config));
}

/** Credentials of a company at networks other than ANAF. */
export const companyNetworks = new Hono<ActorEnv>()
  .get("/:uuid/einvoice-config", async (c) =>
    c.json(whole(c, await Config.listConfigs(c.var.actor, c.req.param("uuid")))),
  )
  .post("/:uuid/einvoice-config", saveConfig)
  .post("/:uuid/einvoice-config/test", testConfig)
  .delete("/:uuid/einvoice-config/:provider", async (c) => {
    await Config.removeConfig(c.var.actor, c.req.param("uuid"), providerNamed(c.req.param("provider")));
    return c.body(null, 204);
  });
