import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { invoke } from "./lambda.ts";
import type { LocalFunction } from "./sst.ts";

/** More than Lambda takes (6 MB): the application refuses first, in its own words; this only protects our memory. */
const largestBodyBytes = 16 * 1024 * 1024;

/** What a function answers to a function URL event. */
interface Result {
  statusCode: number;
  headers?: Record<string, string>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
}

interface Call {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: Buffer;
  sourceIp: string;
}

/**
 * Serves a function on HTTP through the same event that a Lambda function URL would send (payload format 2.0).
 * The address exists at once, because the function's own environment names it; requests wait for `attach`.
 */
export async function serveFunction(host: string, port: number) {
  const attached = Promise.withResolvers<LocalFunction>();
  const open = new Set<Promise<void>>();
  let afterwards = () => {};
  const server = createServer((incoming, outgoing) => {
    const work = answer(attached.promise, incoming, outgoing).finally(() => {
      open.delete(work);
      afterwards();
    });
    open.add(work);
  });
  await new Promise<void>((done, failed) => server.once("error", failed).listen(port, host, done));
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    /** Says which function answers, and what to do after each answer. */
    attach: (fn: LocalFunction, then: () => void) => {
      afterwards = then;
      attached.resolve(fn);
    },
    /** The same way in for callers inside this process, without a socket. */
    fetch: async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const request =
        input instanceof Request ? input : new Request(new URL(input, "http://127.0.0.1"), init);
      const url = new URL(request.url);
      const result = await call(await attached.promise, {
        method: request.method,
        target: url.pathname + url.search,
        headers: { host: url.host, ...Object.fromEntries(request.headers) },
        body: Buffer.from(await request.arrayBuffer()),
        sourceIp: "127.0.0.1",
      });
      const headers = new Headers(result.headers);
      for (const cookie of result.cookies ?? []) headers.append("set-cookie", cookie);
      const empty = [204, 205, 304].includes(result.statusCode) || request.method === "HEAD";
      afterwards();
      return new Response(empty ? null : new Uint8Array(bytesOf(result)), {
        status: result.statusCode,
        headers,
      });
    },
    /** Takes no new requests and waits for those that are open. */
    stop: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeIdleConnections();
      await Promise.allSettled(open);
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(attached: Promise<LocalFunction>, incoming: IncomingMessage, outgoing: ServerResponse) {
  try {
    const body = await read(incoming);
    if (!body) return refuse(outgoing, 413, "Request Entity Too Large");
    const result = await call(await attached, {
      method: incoming.method ?? "GET",
      target: incoming.url ?? "/",
      headers: Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(",") : value!,
        ]),
      ),
      body,
      sourceIp: incoming.socket.remoteAddress ?? "",
    });
    const bytes = bytesOf(result);
    outgoing.writeHead(result.statusCode, {
      ...result.headers,
      ...(result.cookies?.length ? { "set-cookie": result.cookies } : {}),
      "content-length": String(bytes.length),
    });
    outgoing.end(incoming.method === "HEAD" ? undefined : bytes);
  } catch (error) {
    console.error("The API function failed:", error);
    refuse(outgoing, 502, "Internal Server Error");
  }
}

function refuse(outgoing: ServerResponse, status: number, message: string) {
  if (outgoing.headersSent) outgoing.destroy();
  else
    outgoing
      .writeHead(status, { "content-type": "application/json", connection: "close" })
      .end(JSON.stringify({ message }));
}

/** The whole body; nothing when it is too large. */
async function read(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function call(fn: LocalFunction, { method, target, headers, body, sourceIp }: Call): Promise<Result> {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark + 1);
  const { cookie, ...others } = headers;
  const event = {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    headers: { ...others, "x-forwarded-for": sourceIp, "x-forwarded-proto": "http" },
    ...(cookie ? { cookies: cookie.split("; ") } : {}),
    ...(query ? { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) } : {}),
    requestContext: {
      accountId: "anonymous",
      apiId: "local",
      domainName: headers.host ?? "localhost",
      domainPrefix: "local",
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId: crypto.randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: new Date().toISOString(),
      timeEpoch: Date.now(),
    },
    ...(body.length > 0 ? { body: body.toString("base64") } : {}),
    isBase64Encoded: body.length > 0,
  };
  return (await invoke(fn, event)) as Result;
}

const bytesOf = ({ body = "", isBase64Encoded }: Result) =>
  Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
