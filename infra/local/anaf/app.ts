import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { forbidden, notFound } from "./answers.ts";
import type { Verb, World } from "./call.ts";
import { mountControl } from "./control.ts";
import { download } from "./download.ts";
import { exchange } from "./exchange.ts";
import type { Endpoint, SimulatorContext } from "./exchange.ts";
import type { Guard } from "./gate.ts";
import { lista, listaPaginated } from "./lists.ts";
import { authorize, hello, revoke, token } from "./oauth.ts";
import { askLater, balanceSheet, fetchLater, invoiceRegister, vatRegister } from "./registers.ts";
import { state } from "./state.ts";
import { upload } from "./upload.ts";

export type App = Hono<{ Bindings: Partial<HttpBindings> }>;

/** Every real host under a prefix of its own (SIMULATOR.md §2, ANAF.md §1). */
export function createApp(world: World): App {
  const app: App = new Hono();
  // A rejected fetch is one of the answers, so it must not become a 500.
  app.onError((error) => {
    throw error;
  });
  const at = (verb: Verb, endpoint: Endpoint, guard: Guard = "open", service?: string) => {
    const door = { verb, guard, endpoint, ...(service === undefined ? {} : { service }) };
    return (context: SimulatorContext): Promise<Response> => exchange(world, door, context);
  };

  app.get("/logincert/anaf-oauth2/v1/authorize", at("authorize", authorize));
  app.post("/logincert/anaf-oauth2/v1/token", at("token", token));
  app.post("/logincert/anaf-oauth2/v1/revoke", at("other", revoke));
  app.get("/api-anaf/TestOauth/jaxrs/hello", at("other", hello, "bearer"));

  for (const [prefix, guard] of [
    ["/api-anaf", "bearer"],
    ["/webserviceapl", "certificate"],
  ] as const) {
    const invoices = `${prefix}/:env{test|prod}/FCTEL/rest`;
    app.post(`${invoices}/upload`, at("upload", upload, guard, "EFACTURA"));
    app.post(`${invoices}/uploadb2c`, at("upload", upload, guard, "EFACTURA"));
    app.get(`${invoices}/stareMesaj`, at("stare", state, guard, "EFACTURA"));
    app.get(`${invoices}/listaMesajeFactura`, at("lista", lista, guard, "EFACTURA"));
    app.get(
      `${invoices}/listaMesajePaginatieFactura`,
      at("listaPaginata", listaPaginated, guard, "EFACTURA"),
    );
    app.get(`${invoices}/descarcare`, at("descarcare", download, guard, "EFACTURA"));
    app.all(`${prefix}/*`, at("other", unknownPath));
  }

  app.post("/webservicesp/api/PlatitorTvaRest/v9/tva", at("register", vatRegister));
  app.post("/webservicesp/PlatitorTvaRest/api/v8/ws/tva", at("register", vatRegister));
  app.post("/webservicesp/AsynchWebService/api/v8/ws/tva", at("register", askLater));
  app.get("/webservicesp/AsynchWebService/api/v7/ws/tva", at("register", fetchLater));
  app.post("/webservicesp/api/registruroefactura/v1/interogare", at("register", invoiceRegister));
  app.get("/webservicesp/bilant", at("register", balanceSheet));

  mountControl(app, world);
  app.all(
    "*",
    at("other", (call) => notFound(call.now, call.path)),
  );
  return app;
}

/** Without `/prod/FCTEL/rest` the gateway says 403, which looks like a rights problem and is not (ANAF.md §1). */
const unknownPath: Endpoint = (call) =>
  /^\/[^/]+\/(?:test|prod)\/(?:FCTEL\/rest|ETRANSPORT\/ws)\//.test(call.path)
    ? notFound(call.now, call.path)
    : forbidden(call.now, call.path);
