import { Hono } from "hono";
import { newId } from "#core/lib/ids.ts";
import { authenticate } from "./auth.ts";
import type { PublicEnv } from "./env.ts";
import { answerError, answerUnknownRoute } from "./errors.ts";
import { lazily } from "./lazily.ts";
import { limitCalls } from "./limits.ts";
import { accountPages } from "./routes/account-pages.ts";
import { auth, refreshTokens } from "./routes/auth.ts";
import { contazen } from "./routes/contazen.ts";
import { planList } from "./routes/plans.ts";

/**
 * The API: every middleware in order, every route by its URL. A route file reads the request, calls one verb of core
 * and writes the answer; errors become JSON in errors.ts.
 */
export const app = new Hono<PublicEnv>()
  .use(async (c, next) => {
    c.set("requestId", c.req.header("x-request-id")?.slice(0, 64) ?? newId());
    await next();
    c.header("X-Request-Id", c.get("requestId"));
  })
  .get("/health", (c) => c.json({ status: "ok" }))
  .use("/api/*", limitCalls)
  .route("/", accountPages)
  .route("/v1", contazen)
  .route("/api/auth", auth)
  .on("POST", "/api/token/refresh", refreshTokens)
  .route("/api/v1/plans", planList)
  // Everything below needs a signed-in caller; what is public stands above.
  .use("/api/v1/*", authenticate)
  .all(
    "/api/v1/me/*",
    lazily("/api/v1/me", async () => (await import("./routes/me.ts")).me),
  )
  .all(
    "/api/v1/api-tokens/*",
    lazily("/api/v1/api-tokens", async () => (await import("./routes/api-tokens.ts")).apiTokens),
  )
  .all(
    "/api/v1/companies/*",
    lazily("/api/v1/companies", async () => (await import("./routes/companies.ts")).companies),
  )
  .all(
    "/api/v1/bank-accounts/*",
    lazily("/api/v1/bank-accounts", async () => (await import("./routes/bank-accounts.ts")).bankAccounts),
  )
  .all(
    "/api/v1/vat-rates/*",
    lazily("/api/v1/vat-rates", async () => (await import("./routes/vat-rates.ts")).vatRates),
  )
  .all(
    "/api/v1/vat-category-codes/*",
    lazily(
      "/api/v1/vat-category-codes",
      async () => (await import("./routes/vat-rates.ts")).vatCategoryCodes,
    ),
  )
  .all(
    "/api/v1/document-series/*",
    lazily(
      "/api/v1/document-series",
      async () => (await import("./routes/document-series.ts")).documentSeries,
    ),
  )
  .all(
    "/api/v1/clients/*",
    lazily("/api/v1/clients", async () => (await import("./routes/clients.ts")).clientLookups),
  )
  .all(
    "/api/v1/clients/*",
    lazily("/api/v1/clients", async () => (await import("./routes/clients.ts")).clients),
  )
  .all(
    "/api/v1/suppliers/*",
    lazily("/api/v1/suppliers", async () => (await import("./routes/suppliers.ts")).suppliers),
  )
  .all(
    "/api/v1/products/*",
    lazily("/api/v1/products", async () => (await import("./routes/products.ts")).products),
  )
  .all(
    "/api/v1/product-categories/*",
    lazily(
      "/api/v1/product-categories",
      async () => (await import("./routes/product-categories.ts")).productCategories,
    ),
  )
  .all(
    "/api/v1/exchange-rates/*",
    lazily("/api/v1/exchange-rates", async () => (await import("./routes/exchange-rates.ts")).exchangeRates),
  )
  .all(
    "/api/v1/invoice-defaults/*",
    lazily(
      "/api/v1/invoice-defaults",
      async () => (await import("./routes/invoice-defaults.ts")).invoiceDefaults,
    ),
  )
  .all(
    "/api/v1/invoices/*",
    lazily("/api/v1/invoices", async () => (await import("./routes/invoices.ts")).invoices),
  )
  .all(
    "/api/v1/webhooks/events/*",
    lazily("/api/v1/webhooks/events", async () => (await import("./routes/webhooks.ts")).webhookEvents),
  )
  .all(
    "/api/v1/webhooks/*",
    lazily("/api/v1/webhooks", async () => (await import("./routes/webhooks.ts")).webhooks),
  );

app.onError(answerError);
app.notFound(answerUnknownRoute);
