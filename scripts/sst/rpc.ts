import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";

/** A function SST asked its CLI to build, with the links it will get. */
export interface BuiltFunction {
  readonly functionID: string;
  readonly handler: string;
  readonly links: Record<string, unknown>;
}

interface Call {
  method: string;
  params: [{ functionID: string; handler: string; links?: Record<string, unknown> }];
}

/**
 * The Go half of SST, as far as the components call it: account bootstrap and function builds. A build here writes an
 * empty handler, because only its place in the graph matters; bundles are measured elsewhere.
 */
export async function serveRpc(directory: string) {
  const functions: BuiltFunction[] = [];
  const answers: Record<string, (call: Call["params"][0]) => object> = {
    "Provider.Aws.Bootstrap": () => ({
      asset: "assets",
      assetEcrRegistryId: "1",
      assetEcrUrl: "ecr",
      state: "state",
    }),
    "Runtime.Build": ({ functionID, handler, links = {} }) => {
      functions.push({ functionID, handler, links });
      const out = join(directory, functionID);
      const name = basename(handler);
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, `${name.split(".")[0]}.mjs`), "export const handler = () => {};\n");
      return { handler: name, out, errors: [], sourcemaps: [] };
    },
  };
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const { method, params } = JSON.parse(text) as Call;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ result: answers[method]?.(params[0]) ?? {} }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    functions,
    stop: () => server.close(),
  };
}
