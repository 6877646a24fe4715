/**
 * Starts validate.ts with Node's compile cache on: to strip the types of some fifty files takes longer than to judge a
 * thousand invoices, so Node keeps the result. Plain JavaScript, because a TypeScript entry would load the stripper.
 */
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./validate.ts");
