import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { BlankSchema } from "hono/types";
import { join } from "node:path";
import { confirmation } from "./confirmation.ts";
import { controls } from "./control.ts";
import { assertNotBlocked, Cut } from "./faults.ts";
import { invoiceOf, invoicesOf, invoiceView } from "./invoices.ts";
import { publishedKeys } from "./keys.ts";
import { openLedger } from "./ledger.ts";
import { challenge, contextOf, logIn, type LoginRequest, loginState, redeem, refresh } from "./login.ts";
import { exception, Refusal } from "./refusal.ts";
import {
  type Caller,
  close,
  type InvoiceRequest,
  open,
  receive,
  sessionOf,
  type SessionRequest,
  sessionState,
} from "./sessions.ts";
import type { World } from "./world.ts";

export interface KsefOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The ledger's folder; absent keeps it in memory. */
  readonly dataDir?: string;
}

type Called = Context<{ Bindings: Partial<HttpBindings> }>;

/** A simulated KSeF, API 2.0, under `/ksef/v2`, with its controls under `/ksef/__sim`. */
export function simulateKsef({ now, dataDir }: KsefOptions) {
  const ledger = openLedger(dataDir && join(dataDir, "ksef"));
  const world: World = { ledger, now };
  const app = new Hono<{ Bindings: Partial<HttpBindings> }>().basePath("/ksef");
  app.route("/__sim", controls(world));
  app.use("/v2/*", async (_c, next) => {
    assertNotBlocked(world);
    await next();
  });
  mountLogin(app, world);
  mountSessions(app, world);
  app.notFound((c) => c.json({ title: "Not Found", status: 404 }, 404));
  app.onError((error, c) => answerTo(error, c));
  return {
    fetch: (request: Request, env?: HttpBindings) => app.fetch(request, env),
    close: () => ledger.close(),
  };
}

type App = Hono<{ Bindings: Partial<HttpBindings> }, BlankSchema, string>;

const authorizationOf = (c: Called): string | undefined => c.req.header("authorization");

function mountLogin(app: App, world: World): void {
  app.get("/v2/security/public-key-certificates", async (c) => c.json(await publishedKeys(world)));
  app.post("/v2/auth/challenge", (c) => c.json(challenge(world)));
  app.post("/v2/auth/ksef-token", async (c) => c.json(logIn(world, await body<LoginRequest>(c)), 202));
  app.post("/v2/auth/token/redeem", (c) => c.json(redeem(world, authorizationOf(c))));
  app.post("/v2/auth/token/refresh", (c) => c.json(refresh(world, authorizationOf(c))));
  app.get("/v2/auth/:reference", (c) =>
    c.json(loginState(world, authorizationOf(c), c.req.param("reference"))),
  );
}

function mountSessions(app: App, world: World): void {
  const caller = (c: Called): Caller => contextOf(world, authorizationOf(c));
  const session = (c: Called) => c.req.param("session")!;
  const invoice = (c: Called) => invoiceOf(world, session(c), c.req.param("invoice")!);
  app.post("/v2/sessions/online", async (c) =>
    c.json(open(world, caller(c), await body<SessionRequest>(c)), 201),
  );
  app.post("/v2/sessions/online/:session/invoices", async (c) =>
    c.json(receive(world, caller(c), session(c), await body<InvoiceRequest>(c)), 202),
  );
  app.post("/v2/sessions/online/:session/close", (c) => {
    close(world, caller(c), session(c));
    return c.body(null, 204);
  });
  app.get("/v2/sessions/:session", (c) => c.json(sessionState(world, caller(c), session(c))));
  app.get("/v2/sessions/:session/invoices", (c) => {
    sessionOf(world, caller(c), session(c));
    return c.json({ invoices: invoicesOf(world, session(c)).map((one) => invoiceView(world, one)) });
  });
  app.get("/v2/sessions/:session/invoices/:invoice", (c) => {
    sessionOf(world, caller(c), session(c));
    return c.json(invoiceView(world, invoice(c)));
  });
  app.get("/v2/sessions/:session/invoices/:invoice/upo", (c) => {
    const xml = confirmation(world, sessionOf(world, caller(c), session(c)), invoice(c));
    return c.body(xml, 200, { "content-type": "application/xml" });
  });
}

/** A body of the shape its call asks for; what is missing in it shows when it is used. */
async function body<Shape>(c: Called): Promise<Shape> {
  try {
    return await c.req.json<Shape>();
  } catch {
    throw exception(21405, "body");
  }
}

function answerTo(error: Error, c: Called): Response {
  if (error instanceof Refusal)
    return Response.json(error.body, { status: error.status, headers: error.headers });
  if (error instanceof Cut) {
    c.env.incoming?.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  if (error instanceof TypeError) return answerTo(exception(21405, error.message), c);
  throw error;
}
