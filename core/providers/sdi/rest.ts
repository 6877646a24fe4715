import * as z from "zod";
import { neverLeft } from "#core/providers/connection.ts";
import { guardedCall, unreachable } from "#core/providers/guarded-call.ts";
import type { ConfigValues } from "#core/providers/provider.ts";

/**
 * The REST interface of an intermediary, as docs/networks.md asks for it. Its address is the user's, so it is called
 * through the guard; its key travels as a bearer token.
 */
export interface Intermediary {
  readonly endpoint: string;
  readonly apiKey: string;
}

/** The intermediary that a company configured; undefined without address or key. */
export function intermediaryOf({ apiEndpoint, apiKey }: ConfigValues): Intermediary | undefined {
  if (!apiEndpoint?.trim() || !apiKey?.trim()) return undefined;
  return { endpoint: apiEndpoint.trim().replace(/\/+$/, ""), apiKey: apiKey.trim() };
}

/** An answer, or why there is none. `left`: the request may have arrived all the same. */
export type Reply =
  | {
      readonly kind: "reply";
      readonly status: number;
      readonly text: string;
      readonly retryAfterSeconds: number | undefined;
    }
  | { readonly kind: "failure"; readonly left: boolean; readonly cause: string };

export interface Request {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON by POST; without one it is a GET. */
  readonly body?: unknown;
  readonly timeoutSeconds: number;
}

/** Answers carry notifications, which are a few kilobytes each. */
const keptBytes = 4_000_000;

/** One request to the intermediary. Never throws for what it or the line does. */
export async function ask(intermediary: Intermediary, request: Request): Promise<Reply> {
  const address = `${intermediary.endpoint}${request.path}`;
  const problem = await unreachable(address);
  if (problem) return { kind: "failure", left: false, cause: `apiEndpoint is ${WORDS[problem]}` };
  const url = new URL(address);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  try {
    const {
      status,
      headers,
      body: bytes,
    } = await guardedCall(url, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${intermediary.apiKey}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
      timeoutSeconds: request.timeoutSeconds,
      keptBytes,
    });
    return {
      kind: "reply",
      status,
      text: bytes.toString("utf8"),
      retryAfterSeconds: secondsOf(headers["retry-after"]),
    };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return { kind: "failure", left: !neverLeft(code), cause: code ?? message };
  }
}

const WORDS = {
  "not a URL": "not a URL",
  "carries credentials": "not allowed to carry a password",
  "not https": "not https",
  "not public": "not a public address",
} as const;

const secondsOf = (header: string | undefined): number | undefined =>
  header && /^\d{1,5}$/.test(header) ? Number(header) : undefined;

/** The beginning of an answer, kept as evidence. */
export const rawOf = (reply: Reply): string =>
  reply.kind === "reply" ? `${reply.status} ${reply.text}`.slice(0, 2000) : reply.cause;

/** Answers that are about the caller and not about the document. Redirects are not followed. */
export function accessProblem({ status }: Extract<Reply, { kind: "reply" }>) {
  if (status === 401)
    return { reason: "reconnect", message: "The intermediary does not take the apiKey." } as const;
  if (status === 403)
    return { reason: "no_right", message: "The intermediary forbids it to this apiKey." } as const;
  if (status === 404 || status === 405)
    return { reason: "reconnect", message: "There is no /invoices at this apiEndpoint." } as const;
  if (status >= 300 && status < 400)
    return {
      reason: "reconnect",
      message: "The apiEndpoint leads elsewhere; configure the final address.",
    } as const;
  return undefined;
}

const id = z.union([z.string().min(1), z.number()]).transform(String);
const fault = z.union([
  z.string(),
  z
    .object({ code: z.string().optional(), description: z.string().optional() })
    .transform(({ code, description }) => [code, description].filter(Boolean).join(": ")),
]);

/** What an intermediary says of a file. Everything is optional: not every one of them has all. */
export const Said = z.object({
  filename: z.string().nullish(),
  /** Of the file as we sent it, hex: tells our document from another under the same name. */
  sha256: z.string().toLowerCase().nullish(),
  status: z.string().nullish(),
  sdiId: id.nullish(),
  errors: z.array(fault).nullish(),
  notifications: z.array(z.object({ filename: z.string(), xml: z.string() })).nullish(),
});
export type Said = z.output<typeof Said>;

/** The same with the id by which the file is asked for: the answer to a POST, and what lists are made of. */
export const Entry = Said.extend({ id });
export type Entry = z.output<typeof Entry>;

export const Entries = z.union([
  z.array(Entry),
  z.object({ data: z.array(Entry) }).transform(({ data }) => data),
]);

/** Errors of a refused request, in whichever of the usual shapes. */
export const Refusal = z.object({
  errors: z.array(fault).nullish(),
  error: z.string().nullish(),
  message: z.string().nullish(),
});

/** The answer's JSON in the wanted shape; undefined when it is something else. */
export function read<Shape extends z.ZodType>(shape: Shape, reply: Reply): z.output<Shape> | undefined {
  if (reply.kind !== "reply") return undefined;
  try {
    return shape.safeParse(JSON.parse(reply.text)).data;
  } catch {
    return undefined;
  }
}
