/**
 * What route files stand on, in one import.
 *
 * It is one module for the cold start's sake as well: what only some lazily loaded routes share, the bundler puts into
 * a file of its own for each set of them, and a fresh process pays most of a millisecond per file. What every route
 * reaches stays in one.
 */
export { Hono } from "hono";
export { authenticate } from "./auth.ts";
export { body, bytesOf, file, formFields, json, query } from "./body.ts";
export { inCompany } from "./company.ts";
export { attachment, inline } from "./download.ts";
export { statuses, statusOf } from "./errors.ts";
export type { ActorEnv, CompanyEnv, PublicEnv } from "./env.ts";
export { limitCalls, limited, rates } from "./limits.ts";
export { once, withKey } from "./once.ts";
export { listed, paged, pageQuery, whole } from "./page.ts";
