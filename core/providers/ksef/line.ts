import { settings } from "#core/lib/settings.ts";
import { neverLeft } from "../connection.ts";
import type { WaitReason } from "../provider.ts";
import { Complaint, Problem } from "./wire.ts";

/** One hand-over or question, with everything that has to be asked for it, is given up after this. */
const patienceSeconds = 55;
/** One call is. */
const callPatienceSeconds = 25;

const RAW_LENGTH = 2000;

/** The time one hand-over or question has in all. */
export type Line = AbortSignal;

export const openLine = (): Line => AbortSignal.timeout(patienceSeconds * 1000);

/** Why a call did not succeed: what KSeF or the line said to it, and whether it may have had its effect. */
export class Setback extends Error {
  readonly reason: WaitReason;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** KSeF's own exception code; 0 when it gave none. */
  readonly code: number;
  /** The request left, and nothing that came back says that it was not carried out. */
  readonly isUncertain: boolean;
  readonly raw: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, about: Partial<Omit<Setback, "message">> & { reason: WaitReason }) {
    super(message);
    this.reason = about.reason;
    this.status = about.status ?? 0;
    this.code = about.code ?? 0;
    this.isUncertain = about.isUncertain ?? false;
    this.raw = (about.raw ?? message).slice(0, RAW_LENGTH);
    this.retryAfterSeconds = about.retryAfterSeconds;
  }
}

export interface Request {
  readonly method?: "GET" | "POST";
  /** Of an access, refresh or authentication token; absent for what is public. */
  readonly token?: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What KSeF answered with a success status. */
export interface Answer {
  readonly text: string;
  /** Undefined when the body is no JSON. */
  readonly json: unknown;
  readonly headers: Headers;
}

/** One call to the API, version 2. Throws `Setback` for anything but a success. */
export async function call(line: Line, path: string, request: Request = {}): Promise<Answer> {
  const { method = "GET", token, json, headers } = request;
  try {
    const response = await fetch(`${settings.ksefApiUrl}/v2${path}`, {
      method,
      headers: {
        ...headers,
        accept: "application/json, application/xml",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      redirect: "manual",
      signal: AbortSignal.any([line, AbortSignal.timeout(callPatienceSeconds * 1000)]),
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response, text);
    return { text, json: jsonOf(text), headers: response.headers };
  } catch (error) {
    throw error instanceof Setback ? error : failure(error);
  }
}

/** The setback of an answer that says success and cannot be understood. What holds tokens is not kept as evidence. */
export const unreadable = (path: string, { text }: Answer): Setback =>
  new Setback("KSeF's answer cannot be understood.", {
    reason: "not_sent",
    isUncertain: true,
    raw: path.startsWith("/auth/") ? "" : text,
  });

function failure(error: unknown): Setback {
  const { code, message } = (error as { cause?: { code?: string; message?: string } }).cause ?? {};
  const cause = code ?? message ?? (error as Error).name;
  return new Setback(`KSeF did not answer: ${cause}`, {
    reason: "not_sent",
    isUncertain: !neverLeft(code),
  });
}

/** KSeF's codes for a missing authorization and a missing authentication. */
const NO_AUTHORIZATION = 21301;
const NO_AUTHENTICATION = 21304;

function refusal(response: Response, text: string): Setback {
  const { status } = response;
  const { code, message } = complaintOf(text);
  const retryAfter = Number(response.headers.get("retry-after"));
  return new Setback(message || `KSeF answered with HTTP status ${status}.`, {
    reason: reasonOf(status, code),
    status,
    code,
    isUncertain: status >= 500 || status === 408,
    raw: text || `HTTP ${status}`,
    retryAfterSeconds: retryAfter > 0 ? Math.ceil(retryAfter) : undefined,
  });
}

function reasonOf(status: number, code: number): WaitReason {
  if (status === 429) return "rate_minute";
  if (status === 401 || code === NO_AUTHENTICATION) return "reconnect";
  if (status === 403 || code === NO_AUTHORIZATION) return "no_right";
  return status === 404 || status === 410 ? "forbidden" : "not_sent";
}

/** The first exception with its details, or what a problem or a limit says, in KSeF's words. */
function complaintOf(text: string): { code: number; message: string } {
  const json = jsonOf(text);
  const [first] = Complaint.safeParse(json).data?.exception.exceptionDetailList ?? [];
  if (first) {
    const { exceptionCode: code, exceptionDescription, details } = first;
    return { code, message: [`${code} ${exceptionDescription}`, ...(details ?? [])].join(" ") };
  }
  const { title, detail, status } = Problem.safeParse(json).data ?? {};
  const limit = typeof status === "object" ? [status.description, ...(status.details ?? [])] : [];
  return { code: 0, message: [title, detail, ...limit].filter(Boolean).join(": ") };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
