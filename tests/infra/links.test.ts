import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { declare, type LocalFunction } from "#infra/local/sst.ts";
import { root } from "../../scripts/sst/platform.ts";

let functions: readonly LocalFunction[];
let queues: readonly string[];
beforeAll(async () => {
  const declared = await declare();
  functions = declared.functions;
  queues = declared.consumers.map(({ queue }) => queue);
});

const entryOf = ({ handler }: LocalFunction) => join(root, handler.replace(/\.\w+$/, ".ts"));

/**
 * The resources a function's code can reach: what is left of `linked.…` once esbuild has followed its imports, dynamic
 * ones included, and dropped what nothing calls. A queue chosen by name (`linked[queue]`) may be any of them.
 */
async function reachable(entry: string): Promise<string[]> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    splitting: true,
    outdir: "none",
    platform: "node",
    format: "esm",
    packages: "external",
    legalComments: "none",
    absWorkingDir: root,
  });
  const code = outputFiles.map(({ text }) => text).join("\n");
  const named = [...code.matchAll(/\blinked\d*\.([A-Z]\w*)/g)].map((found) => found[1]!);
  const chosen = /\blinked\d*\[/.test(code) ? queues : [];
  return [...new Set([...named, ...chosen])].toSorted();
}

describe("every function links what its code can reach, and nothing else", () => {
  it("in every function of stacks/", async () => {
    const byEntry = Map.groupBy(
      functions.filter((fn) => existsSync(entryOf(fn))),
      entryOf,
    );
    expect(byEntry.size).toBeGreaterThan(0);
    const reached = await Promise.all(
      [...byEntry.keys()].map(async (entry) => [entry, await reachable(entry)] as const),
    );
    const wrong = reached.flatMap(([entry, wanted]) =>
      byEntry.get(entry)!.flatMap(({ name, links }) => {
        const missing = wanted.filter((link) => !links.includes(link));
        const unused = links.filter((link) => !wanted.includes(link));
        return missing.length + unused.length > 0 ? [{ name, missing, unused }] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("which this test would notice", async () => {
    expect(await reachable(join(root, "core/store/files.ts"))).toEqual(["Files"]);
    expect(await reachable(join(root, "core/store/queues.ts"))).toEqual(queues.toSorted());
    expect(await reachable(join(root, "core/lib/clock.ts"))).toEqual([]);
  });
});
