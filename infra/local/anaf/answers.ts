import { romanianDateTime } from "./bucharest.ts";

/** What goes back over the wire. Whole bodies, so that the journal and the faults can look at them. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** A reply that never properly arrives: what a socket can do instead of answering. */
export interface Break {
  /** close: end without a byte · refuse: reset before reading · hang: never answer · reset: cut inside the body. */
  break: "close" | "refuse" | "hang" | "reset";
  /** What was being sent when the body was cut. */
  partial?: Answer;
}

export const xmlDeclaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;

export function xmlAnswer(body: string): Answer {
  return { status: 200, headers: { "content-type": "application/xml" }, body: xmlDeclaration + body };
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

export function htmlAnswer(body: string, status = 200): Answer {
  return { status, headers: { "content-type": "text/html" }, body };
}

export function textAnswer(body: string, status = 200): Answer {
  return { status, headers: { "content-type": "text/plain" }, body };
}

/** The 400 and 500 envelope of the e-Factura endpoints (ANAF.md §3). */
export function badRequest(now: number, message: string): Answer {
  const timestamp = romanianDateTime(now);
  return jsonAnswer({ timestamp, status: 400, error: "Bad Request", message }, 400);
}

/** The gateway's own 404 (ANAF.md §2.5). */
export function notFound(now: number, path: string): Answer {
  const timestamp = new Date(now).toISOString();
  return jsonAnswer({ timestamp, status: 404, error: "Not Found", path }, 404);
}

/** The exact body of the gateway's 401 is unconfirmed (ANAF.md §2.5, tag C); only status and JSON are known. */
export function unauthorized(now: number, path: string): Answer {
  const timestamp = new Date(now).toISOString();
  return jsonAnswer({ timestamp, status: 401, error: "Unauthorized", path }, 401);
}

export function forbidden(now: number, path: string): Answer {
  const timestamp = new Date(now).toISOString();
  return jsonAnswer({ timestamp, status: 403, error: "Forbidden", path }, 403);
}

/** No Retry-After: none is known (ANAF.md §9, tag C). */
export function tooManyRequests(now: number, path: string): Answer {
  const timestamp = new Date(now).toISOString();
  return jsonAnswer({ timestamp, status: 429, error: "Too Many Requests", path }, 429);
}

const attributeEscapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#xA;",
};

/** Escapes a value for an XML attribute the way ANAF's serializer does: a line break becomes `&#xA;` (ANAF.md §6). */
export function attribute(value: string): string {
  return value.replace(/[&<>"\n]/g, (char) => attributeEscapes[char] ?? char);
}

export function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
