import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build as esbuild, type Plugin } from "esbuild";
import { platform, root } from "./platform.ts";

/** Node's own names that bundled CommonJS code expects, as SST's CLI provides them. */
const banner = [
  'import { createRequire as createRequire_ } from "node:module";',
  'import { fileURLToPath as toPath_ } from "node:url";',
  "const require = createRequire_(import.meta.url);",
  "const __filename = toPath_(import.meta.url);",
  'const __dirname = toPath_(new URL(".", import.meta.url));',
].join("\n");

/** Providers the platform mentions and our stacks never use. */
const unused = /^(@pulumi\/(tls|docker-build|command|cloudflare)|@pulumiverse\/vercel)/;

/**
 * Bundles sst.config.ts the way SST's CLI does: its globals injected, the platform's components as `sst`, and
 * `@pulumi/aws` as `aws` in front of every file of ours. `app` and `cli` become `$app` and `$cli`.
 */
export async function bundle(outfile: string, app: object, cli: object): Promise<void> {
  const globals = `import * as aws from "@pulumi/aws";\nimport * as sst from ${JSON.stringify(join(platform, "src/components"))};\n`;
  const plugin: Plugin = {
    name: "sst",
    setup(build) {
      build.onResolve({ filter: unused }, ({ path }) => ({ path, namespace: "unused" }));
      build.onLoad({ filter: /.*/, namespace: "unused" }, ({ path }) => ({
        contents: stub(path),
        loader: "js",
      }));
      build.onLoad({ filter: /\.ts$/ }, ({ path }) =>
        path.startsWith(platform)
          ? undefined
          : { contents: globals + readFileSync(path, "utf8"), loader: "ts" },
      );
    },
  };
  await esbuild({
    stdin: {
      contents: [
        `export { run } from ${JSON.stringify(join(platform, "src/auto/run.ts"))};`,
        `export { default as config } from ${JSON.stringify(join(root, "sst.config.ts"))};`,
        'export * as pulumi from "@pulumi/pulumi";',
      ].join("\n"),
      resolveDir: root,
      loader: "ts",
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    banner: { js: banner },
    inject: [join(platform, "src/shim/run.js")],
    define: { $app: JSON.stringify(app), $cli: JSON.stringify(cli), $dev: "false" },
    external: ["@pulumi/*", "@aws-sdk/*", "archiver", "esbuild", "glob", "undici", "vite"],
    plugins: [plugin],
    logLevel: "error",
  });
}

const stub = (name: string) => `module.exports = new Proxy({}, {
  get: (_, key) => key === "__esModule" || class { constructor() { throw new Error(${JSON.stringify(`${name} is not used here`)}); } },
});`;
