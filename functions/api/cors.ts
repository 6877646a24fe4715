import { cors } from "hono/cors";
import { settings } from "#core/lib/settings.ts";

/** What the Stripe app calls, from a frame that has no origin: a browser says `null` for it. */
const framed = /^\/api\/v1\/(stripe-app|invoices|clients)(\/|$)/;

/**
 * Lets pages of the front end call the API, and the Stripe app what it needs of it (RULES-platform §1). Preflights are
 * answered here, before anybody asks for a credential; pages of any other origin are told nothing, so browsers stop
 * them.
 */
export const allowOrigins = cors({
  origin: (origin, c) => {
    const isAllowed =
      origin === new URL(settings.frontEndUrl).origin || (origin === "null" && framed.test(c.req.path));
    return isAllowed ? origin : null;
  },
  allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "X-Company",
    "X-Organization",
    "X-Request-Id",
    "X-Stripe-App-Token",
  ],
  exposeHeaders: [
    "Content-Disposition",
    "Idempotent-Replayed",
    "Retry-After",
    "X-Possible-Duplicate-Of",
    "X-Request-Id",
    "X-Total-Records",
  ],
  maxAge: 7200,
});
