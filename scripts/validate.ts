/**
 * Says what the authority will say about files: `npm run --silent validate -- [--profile ro|en-ubl] [--json]
 * [--list FILE] FILE...`. Exit code 0 when all are valid, 1 when some are not, 2 when a file could not be read.
 */
import { enableCompileCache } from "node:module";

// To strip the types of some fifty files takes longer than to judge a thousand invoices, so Node keeps the result.
enableCompileCache();
const { validateFiles } = await import("./validate-files.ts");
process.exitCode = validateFiles(process.argv.slice(2));
