import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { DomainError, type ErrorKind } from "#core/lib/error.ts";

/** The only place that knows which HTTP status a kind of refusal is. */
export const statuses: Record<ErrorKind, ContentfulStatusCode> = {
  malformed: 400,
  invalid: 422,
  unauthenticated: 401,
  payment_required: 402,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  rate_limited: 429,
  upstream: 502,
  unavailable: 503,
};

export const statusOf = ({ kind }: DomainError): ContentfulStatusCode => statuses[kind];

/** Answers an error in the one shape of the API (DECISIONS 6). What is not a refusal of ours is logged, not shown. */
export function answerError(error: Error, c: Context): Response {
  if (error instanceof HTTPException && error.status < 500) return answer(c, error.status, error.message, {});
  if (!(error instanceof DomainError)) {
    console.error(JSON.stringify({ requestId: c.get("requestId"), error: error.stack ?? String(error) }));
    return answer(c, 500, "Something went wrong on our side. The request id finds it in our log.", {});
  }
  const { code, errors, retryAfterSeconds, extra } = error.details;
  if (retryAfterSeconds !== undefined) c.header("Retry-After", String(retryAfterSeconds));
  return answer(c, statuses[error.kind], error.message, {
    ...(code ? { code } : {}),
    ...(errors ? { errors } : {}),
    ...extra,
  });
}

/** The answer for a path that no route serves. */
export const answerUnknownRoute = (c: Context): Response =>
  answer(c, 404, `There is no ${c.req.method} ${c.req.path}.`, {});

const answer = (c: Context, status: ContentfulStatusCode, message: string, more: object): Response =>
  c.json({ error: message, message, code: status, ...more, requestId: c.get("requestId") }, status);
