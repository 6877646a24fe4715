import type { Context } from "hono";
import { html } from "hono/html";
import { confirmEmail, resetPassword } from "#core/identity/recovery.ts";
import { DomainError } from "#core/lib/error.ts";
import { formFields, Hono, limited, type PublicEnv, rates, statuses } from "../route.ts";
import { checkedPassword } from "./auth.ts";

/**
 * The two pages that mailed links open, plain HTML without a script. Opening one changes nothing, because mail scanners
 * open links too: the button does.
 */
export const accountPages = new Hono<PublicEnv>()
  .get("/confirm-email", (c) => show(c, texts(c).confirm, form(c, texts(c).confirm.action)))
  .post("/confirm-email", (c) => act(c, texts(c).confirm, ({ token }) => confirmEmail(token)))
  .get("/reset-password", (c) => show(c, texts(c).reset, form(c, texts(c).reset.action, "password")))
  .post("/reset-password", limited(rates.resetPassword), (c) =>
    act(c, texts(c).reset, ({ token, password }) => resetPassword(token, checkedPassword(password))),
  );

type Form = Record<"token" | "password", string>;

/** Does what the button says and shows the outcome; a refusal in its own words. */
async function act(c: Context, text: Text, run: (form: Form) => Promise<void>): Promise<Response> {
  try {
    const sent = await formFields(c);
    const field = (name: keyof Form) => (typeof sent[name] === "string" ? sent[name] : "");
    await run({ token: field("token"), password: field("password") });
    return show(c, text, html`<p>${text.done}</p>`);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    c.status(statuses[error.kind]);
    return show(c, text, html`<p>${error.message}</p>`);
  }
}

/** The code stands in the page alone: nothing may be loaded, kept or told to another site from here. */
async function show(c: Context, { title, lang }: Text, content: ReturnType<typeof html>): Promise<Response> {
  c.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");
  c.header("Referrer-Policy", "no-referrer");
  c.header("Cache-Control", "no-store");
  return c.html(
    html`<!doctype html>
      <html lang="${lang}">
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          body {
            font: 1.1rem/1.5 system-ui;
            max-width: 26rem;
            margin: 15vh auto;
            padding: 0 1rem;
          }
          input,
          button {
            font: inherit;
            display: block;
            width: 100%;
            box-sizing: border-box;
            margin: 0.5rem 0;
            padding: 0.6rem;
          }
        </style>
        <h1>${title}</h1>
        ${content}
      </html>`,
  );
}

const form = (c: Context, action: string, field?: "password") =>
  html`<form method="post" action="${c.req.path}">
    <input type="hidden" name="token" value="${c.req.query("token") ?? ""}" />
    ${
      field
        ? html`<input
            type="password"
            name="password"
            minlength="8"
            required
            autofocus
            autocomplete="new-password"
            aria-label="${action}"
          />`
        : ""
    }
    <button>${action}</button>
  </form>`;

interface Text {
  readonly lang: string;
  readonly title: string;
  readonly action: string;
  readonly done: string;
}

const texts = (c: Context) => (c.req.header("accept-language")?.toLowerCase().startsWith("ro") ? ro : en);

const ro: Record<"confirm" | "reset", Text> = {
  confirm: {
    lang: "ro",
    title: "Confirmarea adresei de e-mail",
    action: "Confirm adresa",
    done: "Adresa este confirmată.",
  },
  reset: {
    lang: "ro",
    title: "Parolă nouă",
    action: "Setează parola",
    done: "Parola este schimbată. Vă puteți autentifica.",
  },
};

const en: Record<"confirm" | "reset", Text> = {
  confirm: {
    lang: "en",
    title: "Confirm your e-mail address",
    action: "Confirm the address",
    done: "Your address is confirmed.",
  },
  reset: {
    lang: "en",
    title: "New password",
    action: "Set the password",
    done: "Your password is changed. You can sign in with it.",
  },
};
