import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { control } from "./control.ts";
import { deposit } from "./deposit.ts";
import { orders } from "./faults.ts";
import { type Flow, openLedger } from "./ledger.ts";
import type { World } from "./world.ts";

/**
 * France's Chorus Pro behind PISTE, under `/chorus`. A program of its own: it shares no code with the product, so that it
 * cannot repeat its mistakes.
 */

type Env = { Bindings: Partial<HttpBindings> };
type Call = Context<Env>;

const TOKEN_SECONDS = 3600;

export function simulateChorus(around: { now: () => number; dataDir: string }) {
  const world: World = {
    now: around.now,
    ledger: openLedger(join(around.dataDir, "chorus")),
    faults: orders(),
    manners: { processingSeconds: 1, unknownRecipients: new Set() },
    tokens: new Map(),
  };
  const app = new Hono<Env>().basePath("/chorus");
  app.route("/__sim", control(world));
  app.post("/api/oauth/token", (c) => logIn(world, c));
  app.use("/cpro/*", async (c, next) => guard(world, c) ?? (await next()));
  app.post("/cpro/factures/v1/deposer/flux", (c) => takeDeposit(world, c));
  app.post("/cpro/transverses/v1/consulterCR", (c) => ask(world, c, reportOn));
  app.post("/cpro/transverses/v1/consulterCRDetaille", (c) => ask(world, c, errorsOf));
  app.post("/cpro/factures/v1/rechercher/fournisseur", (c) => search(world, c));
  return {
    fetch: (request: Request, env: Partial<HttpBindings>) => app.fetch(request, env),
    close: () => world.ledger.close(),
  };
}

/** PISTE's token for an application: ids begin with `piste-`, and their secret is `secret-` before the id. */
async function logIn({ tokens, faults, now }: World, c: Call): Promise<Response> {
  if (faults.take("login_down")) return c.text("Service Unavailable", 503);
  const form = new URLSearchParams(await c.req.text());
  const id = form.get("client_id") ?? "";
  const isKnown = id.startsWith("piste-") && form.get("client_secret") === `secret-${id}`;
  if (form.get("grant_type") !== "client_credentials" || form.get("scope") !== "openid" || !isKnown)
    return c.json({ error: "invalid_client" }, 401);
  const token = randomUUID();
  tokens.set(token, now() + TOKEN_SECONDS * 1000);
  return c.json({ access_token: token, token_type: "Bearer", expires_in: TOKEN_SECONDS, scope: "openid" });
}

/** Both proofs of a call. Technical accounts are called `TECH_…@cpro.fr`; the password is `pass-` before the login. */
function guard({ tokens, faults, now }: World, c: Call): Response | undefined {
  if (faults.take("token_expired")) tokens.clear();
  const token = c.req.header("authorization")?.replace(/^Bearer /, "") ?? "";
  if ((tokens.get(token) ?? 0) <= now()) return c.json({ error: "invalid_token" }, 401);
  const account = Buffer.from(c.req.header("cpro-account") ?? "", "base64").toString("utf8");
  const [login = "", password = ""] = account.split(":");
  const isKnown = /^TECH_.+@cpro\.fr$/.test(login) && password === `pass-${login}`;
  if (!isKnown || faults.take("account_refused")) return c.json({ error: "forbidden" }, 403);
  return undefined;
}

async function takeDeposit(world: World, c: Call): Promise<Response> {
  const { faults } = world;
  if (faults.take("throttled")) return c.json({ error: "quota" }, 429, { "retry-after": "7" });
  if (faults.take("refused"))
    return c.json({ codeRetour: 20001, libelle: "GDP_MSG_01.001 Le dépôt n'est pas autorisé." });
  const body: Record<string, unknown> = await c.req.json<Record<string, unknown>>().catch(() => ({}));
  const taken = deposit(world, body);
  if (typeof taken !== "number") return c.json(taken);
  if (faults.take("lost")) return cut(c);
  if (faults.take("error_after")) return c.json({ error: "internal error" }, 500);
  return c.json({
    codeRetour: 0,
    libelle: "GCU_MSG_01_000",
    numeroFluxDepot: nameOf(taken),
    dateDepot: new Date(world.now()).toISOString().slice(0, 10),
    syntaxeFlux: body["syntaxeFlux"],
  });
}

/** Closes the socket instead of answering; called without one, the fetch fails. */
function cut(c: Call): Response {
  const { outgoing } = c.env;
  if (!outgoing) throw new Error("The connection was cut.");
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

const nameOf = (id: number): string => `CPP00111170${String(id).padStart(14, "0")}`;
const idOf = (name: unknown): number => Number(/^CPP00111170(\d{14})$/.exec(String(name))?.[1] ?? 0);

/** A question about one flow. */
async function ask(
  world: World,
  c: Call,
  answer: (flow: Flow, isOver: boolean) => object,
): Promise<Response> {
  if (world.faults.take("question_refused"))
    return c.json({ codeRetour: 20002, libelle: "Le service est momentanément indisponible." });
  const { numeroFluxDepot } = await c.req.json<{ numeroFluxDepot?: unknown }>();
  const flow = world.ledger.byId(idOf(numeroFluxDepot));
  if (!flow) return c.json({ codeRetour: 20004, libelle: "Le flux n'existe pas." });
  const isOver = flow.endsMs <= world.now();
  return c.json({ codeRetour: 0, libelle: "", numeroFluxDepot, ...answer(flow, isOver) });
}

const reportOn = ({ ending, endsMs, fileName }: Flow, isOver: boolean) => ({
  nomFichierFlux: fileName,
  etatCourantFlux: isOver ? ending : "IN_EN_COURS_TRAITEMENT_CPP",
  dateHeureEtatCourantFlux: new Date(endsMs).toISOString(),
  ...(isOver ? { fichierCR: Buffer.from(`%PDF-1.4 compte rendu ${fileName}`).toString("base64") } : {}),
});

const errorsOf = ({ ending, complaint, number, seller, buyer }: Flow, isOver: boolean) => ({
  etatCourantDepotFlux: isOver ? ending : "IN_EN_COURS_TRAITEMENT_CPP",
  listeErreurTechnique: [],
  listeErreurDP: complaint
    ? [
        {
          numeroDP: number,
          identifiantFournisseur: seller,
          identifiantDestinataire: buyer,
          libelleErreurDP: complaint,
        },
      ]
    : [],
});

/** Invoices that came in, of a flow or under a number. */
async function search({ ledger, now }: World, c: Call): Promise<Response> {
  const { numeroFluxDepot, numeroFacture } = await c.req.json<Record<string, string | undefined>>();
  const flow = ledger.byId(idOf(numeroFluxDepot));
  const found = numeroFluxDepot === undefined ? ledger.byNumber(numeroFacture ?? "") : flow ? [flow] : [];
  const listeFactures = found
    .filter(({ ending, listedMs }) => ending === "IN_INTEGRE" && listedMs <= now())
    .map(({ id, number, issueDate, total, status }) => ({
      identifiantFactureCPP: 1_000_000 + id,
      numeroFacture: number,
      numeroFluxDepot: nameOf(id),
      dateFacture: issueDate,
      montantTTC: total,
      devise: "EUR",
      statut: status,
      commentaireEtatCourant: status === "REJETEE" ? "Bon de commande inconnu" : null,
    }));
  return c.json({ codeRetour: 0, libelle: "", listeFactures });
}
