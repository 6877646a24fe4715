import { type MountedRoute, mountedRoutes } from "./surface.ts";

/** Who may call what, written down once more: a route that is open because somebody forgot is not in these lists. */

const all = await mountedRoutes();

/** What answers JSON. */
export const routes = all.filter(({ isPage }) => !isPage);

const open = ["/health", "/api/v1/plans", "/api/v1/validate/xml", "/api/v1/anaf/token-links/:linkToken"];

/** What needs a credential. */
export const closed = routes.filter(
  ({ path }) => !open.includes(path) && !/^\/api\/(auth|token|einvoice\/notices)(\/|$)/.test(path),
);

/** Registers and words that everybody may ask for, whichever company they are in. */
const isPublicKnowledge = (path: string): boolean =>
  /^\/api\/v1\/(company-registry|exchange-rates|vat-category-codes|webhooks\/events|einvoice)(\/|$)/.test(
    path,
  ) || /^\/api\/v1\/clients\/\w+-lookup$/.test(path);

/** What works without a company: about the user, the organization, or all of its companies. */
export const isOrganizationWide = ({ path }: MountedRoute): boolean =>
  /^\/v1\/|^\/api\/account\//.test(path) ||
  /^\/api\/v1\/(me|companies|api-tokens|anaf|sync|efactura-messages|notifications|notification-preferences)(\/|$)/.test(
    path,
  ) ||
  isPublicKnowledge(path);

/** What needs no permission: the caller's own account, notifications and ANAF connections, and what documents start from. */
export const isForAnyone = ({ name, path }: MountedRoute): boolean =>
  /^\/api\/(v1\/me|account\/anaf|v1\/anaf\/.*|v1\/sync\/.*|v1\/notification.*)$/.test(path) ||
  /^GET \/api\/v1\/(vat-rates|invoice-defaults)$/.test(name) ||
  isPublicKnowledge(path);
