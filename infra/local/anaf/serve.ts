import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";
import type { SimulatorOptions } from "./settings.ts";

export interface ServeOptions extends SimulatorOptions {
  /** 0 lets the system choose. */
  port: number;
  host?: string;
  /** Who answers a path that is served on this port and no part of ANAF: the runner's own door, other countries. */
  beside?: (path: string) => Handler | undefined;
}

export type Handler = (request: Request, env: HttpBindings) => Response | Promise<Response>;

export interface ServedSimulator extends Simulator {
  url: string;
  port: number;
  /** Cuts open connections, stops listening and closes the ledger. */
  stop(): Promise<void>;
}

/** Serves a simulator over HTTP with real waiting; this file and main.ts are the only ones that know real time. */
export async function serve({
  port,
  host = "127.0.0.1",
  beside,
  ...options
}: ServeOptions): Promise<ServedSimulator> {
  const simulator = createSimulator({ sleep, ...options });
  const server = createAdaptorServer({
    fetch: (request, env) => {
      const answer = beside?.(new URL(request.url).pathname) ?? simulator.app.fetch;
      return answer(request, env as HttpBindings);
    },
  }) as Server;
  await listen(server, port, host);
  const { port: actualPort } = server.address() as AddressInfo;

  let reopening: NodeJS.Timeout | undefined;
  let isStopped = false;
  simulator.onRefuse((seconds) => {
    // After the control answer has left; then connecting fails until the time is over.
    setImmediate(() => {
      server.close();
      server.closeIdleConnections();
      clearTimeout(reopening);
      reopening = setTimeout(() => {
        if (!isStopped) listen(server, actualPort, host).catch((error: unknown) => console.error(error));
      }, seconds * 1000);
    });
  });
  return {
    ...simulator,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`,
    port: actualPort,
    stop: async () => {
      isStopped = true;
      clearTimeout(reopening);
      await new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      });
      simulator.close();
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      listening();
    });
  });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => void setTimeout(done, milliseconds).unref());
}
