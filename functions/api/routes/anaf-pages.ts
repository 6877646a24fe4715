import type { Context } from "hono";
import { html } from "hono/html";
import { connectByLink, consentUrl, linkIn } from "#core/einvoicing/consent.ts";
import { createLink, getLink, isLive, secretOf } from "#core/einvoicing/links.ts";
import { resolve } from "#core/identity/resolve.ts";
import { DomainError } from "#core/lib/error.ts";
import { settings } from "#core/lib/settings.ts";
import { Hono, type PublicEnv } from "../route.ts";

/** Where a program that opened the consent page itself is sent back to; it reads JSON. */
const jsonCallback = "/api/anaf/link-callback";

/**
 * What a browser sees of connecting to ANAF: the page a link opens, the way to the certificate, and the page after it.
 * Plain HTML without a script; the texts are Romanian, because a Romanian certificate is needed to get here.
 */
export const anafPages = new Hono<PublicEnv>()
  .get("/anaf/link/:linkToken", landing)
  .get("/api/connect/anaf", async (c) =>
    c.redirect(consentUrl(c.req.query("link") ?? (await linkOfCaller(c)))),
  )
  .get("/auth/callback/anaf", callback)
  .get("/auth/callback/anaf/", callback)
  .get(jsonCallback, callback);

async function landing(c: Context): Promise<Response> {
  const linkToken = c.req.param("linkToken")!;
  const isGood = await isUsableLink(linkToken);
  if (!isGood)
    return page(c, 404, "Link expirat", "Acest link a expirat sau a fost deja folosit. Cereți altul.");
  const action = `/api/connect/anaf?link=${encodeURIComponent(linkToken)}`;
  return page(
    c,
    200,
    "Conectare la ANAF",
    "Introduceți certificatul digital înregistrat în SPV, apoi continuați. ANAF vă va cere PIN-ul.",
    html`<p><a class="button" href="${action}">Conectează la ANAF</a></p>`,
  );
}

async function isUsableLink(linkToken: string): Promise<boolean> {
  try {
    return isLive(await getLink(linkToken));
  } catch (error) {
    if (error instanceof DomainError && error.kind === "not_found") return false;
    throw error;
  }
}

/**
 * A browser that comes here shows no credential, and the front end finishes what it began. A script does show one: it
 * gets a link of its own, so that the callback makes the connection and nothing is left to finish.
 */
async function linkOfCaller(c: Context): Promise<string | undefined> {
  const authorization = c.req.header("authorization");
  if (!authorization) return undefined;
  const actor = await resolve({ authorization, organizationId: c.req.header("x-organization") });
  return secretOf(await createLink(actor, null));
}

/**
 * Where ANAF sends the browser back to. With a link the connection is made here; without one the code goes to the
 * front end, whose signed-in user finishes the flow by PATCH /api/account/anaf.
 */
async function callback(c: Context): Promise<Response> {
  const { code, state, error } = c.req.query();
  const link = linkIn(state);
  if (link === undefined) return toFrontEnd(c, { code, state, error });
  if (!code) {
    const text =
      error === "access_denied"
        ? "Accesul a fost refuzat: certificatul lipsește, nu este înregistrat în SPV sau ați renunțat. Nu s-a salvat nimic."
        : "ANAF nu a trimis un cod. Nu s-a salvat nimic; încercați din nou.";
    return page(c, 400, "Conectare nereușită", text);
  }
  try {
    await connectByLink(link, code);
    return await page(
      c,
      200,
      "Conectat la ANAF",
      "Conexiunea a fost salvată. Puteți închide această pagină.",
    );
  } catch (refusal) {
    if (!(refusal instanceof DomainError)) throw refusal;
    const text = `Conexiunea nu a fost salvată: ${refusal.message}`;
    return page(c, refusal.kind === "upstream" ? 502 : 410, "Conectare nereușită", text);
  }
}

function toFrontEnd(c: Context, found: Record<string, string | undefined>): Response {
  const target = new URL("/anaf", settings.frontEndUrl);
  const { code, state, error } = found;
  if (code) target.searchParams.set("code", code);
  else target.searchParams.set("error", error ?? "no_code");
  if (state) target.searchParams.set("state", state);
  return c.redirect(target.href);
}

/** Nothing is loaded, kept or told to another site from these pages: a code or a secret may stand in their address. */
async function page(
  c: Context,
  status: 200 | 400 | 404 | 410 | 502,
  title: string,
  text: string,
  more: ReturnType<typeof html> | string = "",
): Promise<Response> {
  if (c.req.path === jsonCallback)
    return c.json({ status: status === 200 ? "ok" : "fail", message: text }, status);
  c.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  c.header("Referrer-Policy", "no-referrer");
  c.header("Cache-Control", "no-store");
  const content = html`<!doctype html>
    <html lang="ro">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${title}</title>
      <style>
        body {
          font: 1.1rem/1.5 system-ui;
          max-width: 28rem;
          margin: 15vh auto;
          padding: 0 1rem;
        }
        .button {
          display: inline-block;
          padding: 0.6rem 1.2rem;
          border-radius: 0.4rem;
          background: #1d4ed8;
          color: #fff;
          text-decoration: none;
        }
      </style>
      <h1>${title}</h1>
      <p>${text}</p>
      ${more}
    </html>`;
  return c.html(content, status);
}
