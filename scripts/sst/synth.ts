/**
 * Runs sst.config.ts through SST's real components with Pulumi's mocks and prints the resource graph as JSON:
 * `node scripts/sst/synth.ts [stage]`. No network, no account. It is a process of its own because Pulumi's runtime is
 * global and because a promise that fails inside a component must end it.
 */
import crypto from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.ts";
import { mocks, type Resource } from "./mocks.ts";
import { extractPlatform, platform, root } from "./platform.ts";
import { type BuiltFunction, serveRpc } from "./rpc.ts";

/** What a synthesis finds. */
export interface Graph {
  readonly resources: readonly Resource[];
  readonly functions: readonly BuiltFunction[];
  readonly outputs: Record<string, unknown>;
}

/** The bundled program: SST's runner, our config, and the Pulumi both of them use. */
interface Program {
  run(program: () => unknown): Promise<unknown>;
  config: { app(input: { stage: string }): { name: string }; run(): Promise<unknown> };
  pulumi: {
    runtime: {
      setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>;
      runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
      /** Waits until every resource has been registered. */
      disconnect(): Promise<void>;
    };
    output(value: unknown): { apply(use: (value: Record<string, unknown>) => void): void };
  };
}

const key = ({ type, name }: Resource) => `${type} ${name}`;

async function synthesize(stage: string): Promise<Graph> {
  extractPlatform();
  const work = join(platform, "..", `functions-${process.pid}`);
  const outfile = join(platform, `synth-${process.pid}.mjs`);
  process.once("exit", () =>
    [work, outfile].forEach((path) => rmSync(path, { recursive: true, force: true })),
  );
  const rpc = await serveRpc(work);
  Object.assign(process.env, { SST_SERVER: rpc.url, SST_AWS_REGION: "eu-central-1" });
  for (const secret of ["JwtKey", "TokenKey", "AnafClientId", "AnafClientSecret"])
    process.env[`SST_SECRET_${secret}`] = `secret-${secret}`;
  Object.assign(globalThis, { $config: (config: unknown) => config });
  const app = { name: "storno", removal: "remove", protect: false, stage };
  const paths = { home: work, root, work, platform };
  await bundle(outfile, app, { command: "deploy", dev: false, paths, state: { version: {} } });
  // Physical names carry random letters; the same graph must come out every time.
  crypto.randomBytes = (size: number) => crypto.createHash("sha256").update("0").digest().subarray(0, size);
  const { config, pulumi, ...sst } = (await import(pathToFileURL(outfile).href)) as Program;
  const resources: Resource[] = [];
  await pulumi.runtime.setMocks(mocks(resources), app.name, stage, false);
  const result = await pulumi.runtime.runInPulumiStack(() => sst.run(() => config.run()));
  await pulumi.runtime.disconnect();
  const outputs = await new Promise<Record<string, unknown>>((done) => pulumi.output(result).apply(done));
  rpc.stop();
  return {
    resources: resources.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
    functions: rpc.functions,
    outputs,
  };
}

process.on("unhandledRejection", (error) => {
  console.error("Synthesis failed:", error);
  process.exit(1);
});
const graph = await synthesize(process.argv[2] ?? "test");
process.stdout.write(JSON.stringify(graph, undefined, 1), () => process.exit(0));
