import { handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import { app } from "./app.ts";

type FunctionUrlEvent = Extract<LambdaEvent, { rawPath: string }>;

const answer = handle(app);

/**
 * Lambda's entry: a function URL event in, an HTTP answer out. A body that comes with GET or HEAD means nothing (RFC
 * 9110 §9.3.1) and is left out, because no `Request` can carry it.
 */
export function handler(event: FunctionUrlEvent, context: LambdaContext) {
  const isMeant = !["GET", "HEAD"].includes(event.requestContext.http.method);
  return answer(isMeant ? event : { ...event, body: null }, context);
}
