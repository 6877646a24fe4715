import type { IncomingHttpHeaders } from "node:http";

/** A request as the emulators see it: read to its end, target still in raw, percent-encoded form. */
export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** The first value of a header, "" when absent. */
export function header(request: AwsRequest, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): AwsResponse => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.0", ...headers },
  body: Buffer.from(JSON.stringify(value)),
});
