import { Hono } from "hono";
import { newId } from "#core/lib/ids.ts";
import { authenticate } from "./auth.ts";
import type { PublicEnv } from "./env.ts";
import { answerError, answerUnknownRoute } from "./errors.ts";
import { limitCalls } from "./limits.ts";
import { accountPages } from "./routes/account-pages.ts";
import { apiTokens } from "./routes/api-tokens.ts";
import { auth, refreshTokens } from "./routes/auth.ts";
import { bankAccounts } from "./routes/bank-accounts.ts";
import { clientLookups, clients } from "./routes/clients.ts";
import { companies } from "./routes/companies.ts";
import { documentSeries } from "./routes/document-series.ts";
import { exchangeRates } from "./routes/exchange-rates.ts";
import { invoiceDefaults } from "./routes/invoice-defaults.ts";
import { invoices } from "./routes/invoices.ts";
import { me } from "./routes/me.ts";
import { planList } from "./routes/plans.ts";
import { productCategories } from "./routes/product-categories.ts";
import { products } from "./routes/products.ts";
import { suppliers } from "./routes/suppliers.ts";
import { vatCategoryCodes, vatRates } from "./routes/vat-rates.ts";
import { webhookEvents, webhooks } from "./routes/webhooks.ts";

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
  .route("/api/auth", auth)
  .on("POST", "/api/token/refresh", refreshTokens)
  .route("/api/v1/plans", planList)
  // Everything below needs a signed-in caller; what is public stands above.
  .use("/api/v1/*", authenticate)
  .route("/api/v1/me", me)
  .route("/api/v1/api-tokens", apiTokens)
  .route("/api/v1/companies", companies)
  .route("/api/v1/bank-accounts", bankAccounts)
  .route("/api/v1/vat-rates", vatRates)
  .route("/api/v1/vat-category-codes", vatCategoryCodes)
  .route("/api/v1/document-series", documentSeries)
  .route("/api/v1/clients", clientLookups)
  .route("/api/v1/clients", clients)
  .route("/api/v1/suppliers", suppliers)
  .route("/api/v1/products", products)
  .route("/api/v1/product-categories", productCategories)
  .route("/api/v1/exchange-rates", exchangeRates)
  .route("/api/v1/invoice-defaults", invoiceDefaults)
  .route("/api/v1/invoices", invoices)
  .route("/api/v1/webhooks/events", webhookEvents)
  .route("/api/v1/webhooks", webhooks);

app.onError(answerError);
app.notFound(answerUnknownRoute);
