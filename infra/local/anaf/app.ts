import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { forbidden, notFound } from "./answers.ts";
import { latestRates, movedToWebSite, tenDays, webSite, yearOfRates } from "./bnr.ts";
import type { Verb, World } from "./call.ts";
import { mountControl } from "./control.ts";
import { download } from "./download.ts";
import { listTransports, transportInfo, transportState, uploadTransport } from "./etransport.ts";
import { exchange } from "./exchange.ts";
import type { Endpoint, SimulatorContext } from "./exchange.ts";
import type { Guard } from "./gate.ts";
import { lista, listaPaginated } from "./lists.ts";
import { authorize, hello, revoke, token } from "./oauth.ts";
import { askLater, balanceSheet, fetchLater, invoiceRegister, vatRegister } from "./registers.ts";
import { state } from "./state.ts";
import { upload } from "./upload.ts";
import { checkSeal, render, validate } from "./validate.ts";
import { checkVatNumber, readVatNumber } from "./vies.ts";

export type App = Hono<{ Bindings: Partial<HttpBindings> }>;

type Door = (verb: Verb, endpoint: Endpoint, guard?: Guard, service?: string) => Handler;
type Handler = (context: SimulatorContext) => Promise<Response>;

/** Every real host under a prefix of its own (SIMULATOR.md §2, ANAF.md §1). */
export function createApp(world: World): App {
  const app: App = new Hono();
  // A rejected fetch is one of the answers, so it must not become a 500.
  app.onError((error) => {
    throw error;
  });
  const at: Door = (verb, endpoint, guard = "open", service) => {
    const door = { verb, guard, endpoint, ...(service === undefined ? {} : { service }) };
    return (context) => exchange(world, door, context);
  };
  mountControl(app, world);
  mountOauth(app, at);
  mountProtected(app, at, "/api-anaf", "bearer");
  mountProtected(app, at, "/webserviceapl", "certificate");
  mountPublic(app, at);
  mountOutside(app, at);
  app.all(
    "*",
    at("other", (call) => notFound(call.now, call.path)),
  );
  return app;
}

function mountOauth(app: App, at: Door): void {
  app.get("/logincert/anaf-oauth2/v1/authorize", at("authorize", authorize));
  app.post("/logincert/anaf-oauth2/v1/token", at("token", token));
  app.post("/logincert/anaf-oauth2/v1/revoke", at("other", revoke));
}

/** api.anaf.ro with a token, webserviceapl.anaf.ro with a certificate: one tree. */
function mountProtected(app: App, at: Door, prefix: string, guard: Guard): void {
  const invoices = `${prefix}/:env{test|prod}/FCTEL/rest`;
  app.post(`${invoices}/upload`, at("upload", upload, guard, "EFACTURA"));
  app.post(`${invoices}/uploadb2c`, at("upload", upload, guard, "EFACTURA"));
  app.get(`${invoices}/stareMesaj`, at("stare", state, guard, "EFACTURA"));
  app.get(`${invoices}/listaMesajeFactura`, at("lista", lista, guard, "EFACTURA"));
  app.get(`${invoices}/listaMesajePaginatieFactura`, at("listaPaginata", listaPaginated, guard, "EFACTURA"));
  app.get(`${invoices}/descarcare`, at("descarcare", download, guard, "EFACTURA"));

  const transports = `${prefix}/:env{test|prod}/ETRANSPORT/ws/v1`;
  app.post(`${transports}/upload/ETRANSP/:cif/2`, at("etransport", uploadTransport, guard, "ETRANSPORT"));
  app.get(`${transports}/stareMesaj/:index`, at("etransport", transportState, guard, "ETRANSPORT"));
  app.get(`${transports}/lista/:days/:cif`, at("etransport", listTransports, guard, "ETRANSPORT"));
  app.get(`${transports}/info`, at("etransport", transportInfo, guard, "ETRANSPORT"));

  app.get(`${prefix}/TestOauth/jaxrs/hello`, at("other", hello, guard));
  app.post(`${prefix}/api/validate/signature`, at("other", checkSeal, guard));
  app.all(`${prefix}/*`, at("other", unknownPath));
}

/** webservicesp.anaf.ro: no token, production only. */
function mountPublic(app: App, at: Door): void {
  const host = "/webservicesp";
  app.post(`${host}/prod/FCTEL/rest/validare/:standard`, at("validare", validate));
  app.post(`${host}/prod/FCTEL/rest/transformare/:standard`, at("transformare", render));
  app.post(`${host}/prod/FCTEL/rest/transformare/:standard/DA`, at("transformare", render));
  app.post(`${host}/api/validate/signature`, at("other", checkSeal));
  app.post(`${host}/api/PlatitorTvaRest/v9/tva`, at("register", vatRegister));
  app.post(`${host}/PlatitorTvaRest/api/v8/ws/tva`, at("register", vatRegister));
  app.post(`${host}/AsynchWebService/api/v8/ws/tva`, at("register", askLater));
  app.get(`${host}/AsynchWebService/api/v7/ws/tva`, at("register", fetchLater));
  app.post(`${host}/api/registruroefactura/v1/interogare`, at("register", invoiceRegister));
  app.get(`${host}/bilant`, at("register", balanceSheet));
}

/** The neighbours: the Commission's VAT check and the national bank. */
function mountOutside(app: App, at: Door): void {
  const vies = "/vies/taxation_customs/vies/rest-api";
  app.post(`${vies}/check-vat-number`, at("vies", checkVatNumber));
  app.get(`${vies}/ms/:country/vat/:number`, at("vies", readVatNumber));
  app.get("/curs-bnr/nbrfxrates.xml", at("bnr", latestRates));
  app.get("/curs-bnr/nbrfxrates10days.xml", at("bnr", tenDays));
  app.get("/curs-bnr/files/xml/years/:file", at("bnr", yearOfRates));
  app.get("/www-bnr/home", at("bnr", webSite));
  app.get("/www-bnr/*", at("bnr", movedToWebSite));
}

/** Without `/prod/FCTEL/rest` the gateway says 403, which looks like a rights problem and is not (ANAF.md §1). */
const unknownPath: Endpoint = (call) =>
  /^\/[^/]+\/(?:test|prod)\/(?:FCTEL\/rest|ETRANSPORT\/ws)\//.test(call.path)
    ? notFound(call.now, call.path)
    : forbidden(call.now, call.path);
