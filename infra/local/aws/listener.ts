import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AwsRequest, AwsResponse } from "./request.ts";
import { verify } from "./signature.ts";

/** One AWS service: answers requests, and writes its errors in its own protocol. */
export interface AwsService {
  handle(request: AwsRequest): AwsResponse | Promise<AwsResponse>;
  refuse(error: unknown, request: AwsRequest): AwsResponse;
}

/** Serves every emulated service on one loopback port; the signature says which service a request is for. */
export async function listen(services: Record<string, AwsService>) {
  const server = createServer((incoming, outgoing) => {
    answer(services, incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await new Promise<void>((done, failed) => server.once("error", failed).listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  services: Record<string, AwsService>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
) {
  const request = await read(incoming, outgoing);
  const claimed = services[serviceNamed(request)] ?? services.s3!;
  let response: AwsResponse;
  try {
    const service = services[verify(request)];
    if (!service) throw new Error("No emulator for this service.");
    response = await service.handle(request);
  } catch (error) {
    response = claimed.refuse(error, request);
  }
  if (outgoing.destroyed) return;
  // Node would write the machine's time even where a campaign has stopped the clock, and SDK clients follow this header.
  const date = new Date().toUTCString();
  outgoing.writeHead(response.status, { date, "content-length": response.body.length, ...response.headers });
  outgoing.end(request.method === "HEAD" ? undefined : response.body);
}

async function read(incoming: IncomingMessage, outgoing: ServerResponse): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const target = incoming.url ?? "/";
  const mark = target.indexOf("?");
  const hangUp = new AbortController();
  outgoing.once("close", () => hangUp.abort());
  return {
    method: incoming.method ?? "GET",
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1).replaceAll("+", "%2B")),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
    signal: hangUp.signal,
  };
}

/** The service a request says it is for, before its signature is checked: an error must be in a form its sender reads. */
function serviceNamed(request: AwsRequest): string {
  const scope = request.query.get("X-Amz-Credential") ?? request.headers.authorization ?? "";
  return /\/([a-z0-9]+)\/aws4_request/.exec(scope)?.[1] ?? "";
}
