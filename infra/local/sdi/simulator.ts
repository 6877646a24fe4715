import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { join } from "node:path";
import { control, push } from "./control.ts";
import { receive, sdiIdOf } from "./exchange.ts";
import { orders } from "./faults.ts";
import { type FileRow, type NotificationRow, openLedger } from "./ledger.ts";
import type { World } from "./world.ts";

/**
 * Italy's Sistema di Interscambio behind an intermediary's REST interface, under `/sdi`. A program of its own: it
 * shares no code with the product, so that it cannot repeat its mistakes.
 */

type Env = { Bindings: Partial<HttpBindings> };
type Call = Context<Env>;

/** Keys are whatever begins so; anything else is refused. */
const KEY = /^Bearer sdi-\S+$/;

export function simulateSdi(around: { now: () => number; dataDir: string }) {
  const world: World = {
    now: around.now,
    ledger: openLedger(join(around.dataDir, "sdi")),
    manners: { processingSeconds: 1, scripts: new Map(), unknownRecipients: new Set() },
    faults: orders(),
    notifyUrl: "",
  };
  const app = new Hono<Env>().basePath("/sdi");
  app.use("/invoices/*", async (c, next) =>
    KEY.test(c.req.header("authorization") ?? "") ? next() : c.json({ error: "unknown key" }, 401),
  );
  app.route("/__sim", control(world));
  app.post("/invoices", (c) => submit(world, c));
  app.get("/invoices", (c) => search(world, c));
  app.get("/invoices/:id", (c) => look(world, c));
  return {
    fetch: (request: Request, env: Partial<HttpBindings>) => app.fetch(request, env),
    close: () => world.ledger.close(),
  };
}

/** Takes a file. Its name is what the intermediary knows it by: the second time it answers with the first. */
async function submit(world: World, c: Call): Promise<Response> {
  const { ledger, manners, faults } = world;
  if (faults.take("error_before")) return c.json({ error: "unavailable" }, 503);
  if (faults.take("throttled")) return c.json({ error: "too many requests" }, 429, { "retry-after": "7" });
  const body = await c.req.json<{ filename?: unknown; xml?: unknown }>().catch(() => undefined);
  const { filename: name, xml } = body ?? {};
  if (typeof name !== "string" || typeof xml !== "string")
    return c.json({ errors: [{ code: "request", description: "filename and xml are required" }] }, 422);
  const nowMs = world.now();
  const [known] = ledger.byName(name);
  if (known && !faults.take("second_copy"))
    return c.json({ id: idOf(known), filename: name, sha256: known.sha256 }, 409);
  const unlisted = faults.take("unlisted");
  const arrival = { unlistedSeconds: unlisted?.seconds ?? 0, lateSeconds: faults.take("late")?.seconds ?? 0 };
  const isTold = faults.take("notice_first") !== undefined;
  const processingSeconds = isTold ? 0 : manners.processingSeconds;
  const id = receive(ledger, { ...manners, processingSeconds }, { name, xml, nowMs }, arrival);
  if (isTold) await push(world);
  if (faults.take("lost") || unlisted) return cut(c);
  if (faults.take("error_after")) return c.json({ error: "internal error" }, 500);
  return c.json({ id: `inv-${id}` }, 201);
}

/** Closes the socket instead of answering; called without one, the fetch fails. */
function cut(c: Call): Response {
  const { outgoing } = c.env;
  if (!outgoing) throw new Error("The connection was cut.");
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

const idOf = ({ id }: Pick<FileRow, "id">): string => `inv-${id}`;

function search(world: World, c: Call): Response {
  if (world.faults.take("list_error")) return c.json({ error: "internal error" }, 500);
  const listed = world.ledger
    .byName(c.req.query("filename") ?? "")
    .filter(({ listedMs }) => listedMs <= world.now());
  return c.json(listed.map(({ id, name, sha256 }) => ({ id: idOf({ id }), filename: name, sha256 })));
}

function look(world: World, c: Call): Response {
  if (world.faults.take("status_error")) return c.json({ error: "internal error" }, 500);
  const file = world.ledger.byId(Number(/^inv-(\d+)$/.exec(c.req.param("id") ?? "")?.[1] ?? 0));
  if (!file) return c.json({ error: "no such file" }, 404);
  const said = world.ledger.saidOf(file.id, world.now());
  return c.json({
    id: idOf(file),
    filename: file.name,
    sha256: file.sha256,
    status: wordFor(said.at(-1)),
    sdiId: sdiIdOf(file.id),
    notifications: said.map(({ name, xml }) => ({ filename: name, xml })),
  });
}

const WORDS: Readonly<Record<string, string>> = {
  RC: "delivered",
  NS: "rejected",
  MC: "undelivered",
  DT: "expired",
  AT: "attested",
};

const wordFor = (last: NotificationRow | undefined): string => {
  if (!last) return "received";
  return WORDS[last.kind] ?? (last.outcome === "EC01" ? "accepted" : "refused");
};
