import { Hono } from "hono";
import { TrieRouter } from "hono/router/trie-router";
import { newId } from "#core/lib/ids.ts";
import { authenticate, identify } from "./auth.ts";
import { allowOrigins } from "./cors.ts";
import type { PublicEnv } from "./env.ts";
import { answerError, answerUnknownRoute } from "./errors.ts";
import { lazily } from "./lazily.ts";
import { limitCalls } from "./limits.ts";

/** Routes by the prefix of their URLs, loaded when first asked for. A more special prefix stands before a general one. */
type Routes = Record<string, Parameters<typeof lazily>[1]>;

/** Routes that need no credential. */
export const open: Routes = {
  "/v1": async () => (await import("./routes/contazen.ts")).contazen,
  "/api/einvoice/notices": async () => (await import("./routes/notices.ts")).notices,
  "/api/auth": async () => (await import("./routes/auth.ts")).auth,
  "/api/token": async () => (await import("./routes/auth.ts")).tokenRefresh,
  "/api/v1/validate": async () => (await import("./routes/validate.ts")).validate,
  "/api/v1/plans": async () => (await import("./routes/plans.ts")).planList,
};

/** Routes of a signed-in caller. Those inside a company resolve it themselves (company.ts). */
export const signedIn: Routes = {
  "/api/v1/me": async () => (await import("./routes/me.ts")).me,
  "/api/v1/api-tokens": async () => (await import("./routes/api-tokens.ts")).apiTokens,
  "/api/v1/anaf": async () => (await import("./routes/anaf.ts")).anaf,
  "/api/v1/sync": async () => (await import("./routes/sync.ts")).sync,
  "/api/v1/efactura-messages": async () => (await import("./routes/efactura-messages.ts")).efacturaMessages,
  "/api/v1/einvoice": async () => (await import("./routes/einvoice.ts")).einvoice,
  "/api/v1/companies": async () => [
    (await import("./routes/companies.ts")).companies,
    (await import("./routes/einvoice.ts")).companyNetworks,
  ],
  "/api/v1/company-registry": async () => (await import("./routes/company-registry.ts")).companyRegistry,
  "/api/v1/bank-accounts": async () => (await import("./routes/bank-accounts.ts")).bankAccounts,
  "/api/v1/vat-rates": async () => (await import("./routes/vat-rates.ts")).vatRates,
  "/api/v1/vat-category-codes": async () => (await import("./routes/vat-rates.ts")).vatCategoryCodes,
  "/api/v1/document-series": async () => (await import("./routes/document-series.ts")).documentSeries,
  "/api/v1/clients": async () => {
    const { clientLookups, clients } = await import("./routes/clients.ts");
    return [clientLookups, clients];
  },
  "/api/v1/suppliers": async () => (await import("./routes/suppliers.ts")).suppliers,
  "/api/v1/products": async () => (await import("./routes/products.ts")).products,
  "/api/v1/product-categories": async () =>
    (await import("./routes/product-categories.ts")).productCategories,
  "/api/v1/exchange-rates": async () => (await import("./routes/exchange-rates.ts")).exchangeRates,
  "/api/v1/invoice-defaults": async () => (await import("./routes/invoice-defaults.ts")).invoiceDefaults,
  "/api/v1/invoices": async () => [
    (await import("./routes/invoices.ts")).invoices,
    (await import("./routes/einvoice.ts")).invoiceNetwork,
  ],
  "/api/v1/notifications": async () => (await import("./routes/notifications.ts")).notifications,
  "/api/v1/notification-preferences": async () =>
    (await import("./routes/notifications.ts")).notificationPreferences,
  "/api/v1/webhooks/events": async () => (await import("./routes/webhooks.ts")).webhookEvents,
  "/api/v1/webhooks": async () => (await import("./routes/webhooks.ts")).webhooks,
};

const accountPages = lazily("/", async () => (await import("./routes/account-pages.ts")).accountPages);
const anafPages = lazily("/", async () => (await import("./routes/anaf-pages.ts")).anafPages);
const linkStatus = lazily(
  "/api/v1/anaf/token-links",
  async () => (await import("./routes/anaf.ts")).linkStatus,
);
const anafAccount = lazily(
  "/api/account/anaf",
  async () => (await import("./routes/anaf.ts")).anafAccount,
  identify,
);

/**
 * The API: every middleware in order, every route by its URL. A route file reads the request, calls one verb of core
 * and writes the answer; errors become JSON in errors.ts. Hono's usual router would make one regular expression of all
 * routes: a fresh process pays milliseconds for it, a warm one wins microseconds.
 */
export const app = new Hono<PublicEnv>({ router: new TrieRouter() })
  .use(async (c, next) => {
    c.set("requestId", c.req.header("x-request-id")?.slice(0, 64) ?? newId());
    await next();
    c.header("X-Request-Id", c.get("requestId"));
  })
  .get("/health", (c) => c.json({ status: "ok" }))
  .use("/api/*", allowOrigins, limitCalls)
  .all("/confirm-email", accountPages)
  .all("/reset-password", accountPages)
  .all("/anaf/link/*", anafPages)
  .all("/api/anaf/link-callback", anafPages)
  .all("/api/connect/anaf", anafPages)
  .all("/auth/callback/anaf/*", anafPages)
  .get("/api/v1/anaf/token-links/:linkToken", linkStatus)
  .all("/api/account/anaf", anafAccount);

for (const [prefix, load] of Object.entries(open)) app.all(`${prefix}/*`, lazily(prefix, load));
for (const [prefix, load] of Object.entries(signedIn)) app.all(`${prefix}/*`, lazily(prefix, load, identify));
// Where no route is, strangers are told no more than where one is.
app.use("/api/v1/*", authenticate);

app.onError(answerError);
app.notFound(answerUnknownRoute);
