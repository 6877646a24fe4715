import { handle } from "hono/aws-lambda";
import { app } from "./app.ts";

/** Lambda's entry: a function URL event in, an HTTP answer out. */
export const handler = handle(app);
