import { randomBytes } from "node:crypto";
import type { Local } from "#infra/local/engine.ts";

/** An answer, read: its status, its headers and its JSON (null when there is none). */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What an endpoint answers is exactly what the tests are there to find out.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** Calls the API as clients do: JSON in, JSON out. */
export async function call(
  local: Local,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await local.fetch(path, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...sent,
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text || null,
  };
}

export type SignedIn = Awaited<ReturnType<typeof signIn>>;

/**
 * A fresh user who owns a fresh organization, signed in. `call` speaks as that user; `headers` are for requests made
 * otherwise. Needs a started engine: `const local = await start()`.
 */
export async function signIn(
  local: Local,
  registration: { firstName?: string; lastName?: string; organizationName?: string } = {},
) {
  const email = `${randomBytes(6).toString("hex")}@example.com`;
  const password = "correct horse battery";
  const registered = await call(local, "POST", "/api/auth/register", { email, password, ...registration });
  if (registered.status !== 201) throw new Error(`Registration answered ${registered.status}.`);
  const { token, refresh_token: refreshToken } = registered.body as { token: string; refresh_token: string };
  const headers = { authorization: `Bearer ${token}` };
  return {
    email,
    password,
    token,
    refreshToken,
    headers,
    /** Who that is, for calling core directly. */
    async ids(): Promise<{ userId: string; organizationId: string }> {
      const { body } = await call(local, "GET", "/api/v1/me", undefined, headers);
      return { userId: body.id, organizationId: body.organization.id };
    },
    /** Calls the API as this user; more headers (X-Company, Idempotency-Key) may follow the body. */
    call: (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
      call(local, method, path, body, { ...headers, ...more }),
  };
}

/** The newest mail to an address, after everything due has been done. Throws when there is none. */
export async function newestMail(local: Local, to: string) {
  await local.drain();
  const mail = local.mails().find((one) => one.to === to);
  if (!mail) throw new Error(`No mail was sent to ${to}.`);
  return mail;
}
