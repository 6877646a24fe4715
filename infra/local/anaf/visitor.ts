import { strFromU8, unzipSync } from "fflate";
import { app as registeredApp, everyCif } from "./fixtures.ts";
import type { Simulator } from "./simulator.ts";

/**
 * Somebody who calls a simulator without sockets: for tests and campaigns. It adds nothing of its own: what it
 * answers is what came over the wire.
 */
export interface Visitor {
  accessToken: string;
  refreshToken: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The body as text. */
  get(path: string): Promise<string>;
  upload(xml: string, query?: string): Promise<string>;
  stareMesaj(index: string): Promise<string>;
  lista(query: string): Promise<string>;
  descarcare(id: string): Promise<Response>;
}

const origin = "http://anaf.test";
export const redirectUri = "https://product.test/auth/callback/anaf";

/** A request without a token. */
export async function request(simulator: Simulator, path: string, init?: RequestInit): Promise<Response> {
  return simulator.app.fetch(new Request(origin + path, init));
}

/** A call of the control API; answers the JSON body, or undefined for 204. */
export async function control(
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await request(simulator, `/__sim${path}`, init);
  return response.status === 204 ? undefined : response.json();
}

/** Walks through the consent page and exchanges the code. */
export async function connect(simulator: Simulator, holder = everyCif, env = "prod"): Promise<Visitor> {
  const answer = await requestToken(simulator, {
    grant_type: "authorization_code",
    code: await obtainCode(simulator, holder),
    redirect_uri: redirectUri,
    token_content_type: "jwt",
  });
  const pair = (await answer.json()) as { access_token: string; refresh_token: string };
  return visitor(simulator, pair.access_token, pair.refresh_token, `/api-anaf/${env}/FCTEL/rest`);
}

/** A fresh authorization code of a holder. */
export async function obtainCode(simulator: Simulator, holder = everyCif): Promise<string> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: registeredApp.clientId,
    redirect_uri: redirectUri,
    token_content_type: "jwt",
    state: "s1",
    sim_holder: holder,
  });
  const answer = await request(simulator, `/logincert/anaf-oauth2/v1/authorize?${query.toString()}`);
  return new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
}

export async function requestToken(simulator: Simulator, form: Record<string, string>): Promise<Response> {
  const { clientId, clientSecret } = registeredApp;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const body = new URLSearchParams(form);
  return request(simulator, "/logincert/anaf-oauth2/v1/token", {
    method: "POST",
    headers: { authorization },
    body,
  });
}

function visitor(simulator: Simulator, accessToken: string, refreshToken: string, base: string): Visitor {
  const call = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${accessToken}`, ...(init.headers as Record<string, string>) };
    return request(simulator, path, { ...init, headers });
  };
  const get = async (path: string): Promise<string> => (await call(path)).text();
  return {
    accessToken,
    refreshToken,
    fetch: call,
    get,
    upload: async (xml, query = "standard=UBL&cif=9000000011") =>
      (await call(`${base}/upload?${query}`, { method: "POST", body: xml })).text(),
    stareMesaj: (index) => get(`${base}/stareMesaj?id_incarcare=${index}`),
    lista: (query) => get(`${base}/listaMesajeFactura?${query}`),
    descarcare: (id) => call(`${base}/descarcare?id=${id}`),
  };
}

/** The value of the first attribute of that name. */
export function attributeIn(xml: string, name: string): string | undefined {
  return new RegExp(`${name}="([^"]*)"`).exec(xml)?.[1];
}

/** The two entries of a sealed ZIP as text, in the order in which they lie there. */
export async function unzip(response: Response): Promise<[name: string, text: string][]> {
  const entries = unzipSync(new Uint8Array(await response.arrayBuffer()));
  return Object.entries(entries).map(([name, bytes]) => [name, strFromU8(bytes)]);
}
