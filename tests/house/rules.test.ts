import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingNames } from "#infra/settings.ts";
import { read, sources } from "./sources.ts";

const root = join(import.meta.dirname, "../..");
const product = sources("core", "functions");

/** The files whose code a pattern matches, with the match. */
const matching = (pattern: RegExp, files = product) =>
  files.flatMap(({ path, code }) => {
    const found = pattern.exec(code);
    return found ? [`${path}: ${found[0]}`] : [];
  });

/** What oxlint reports, as JSON. */
interface Report {
  diagnostics: { code: string; filename: string; message: string }[];
  number_of_files: number;
}

describe("house rules", () => {
  it("files and functions fit on a few screens, in the limits of .oxlintrc.json", () => {
    const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
    const { stdout } = spawnSync(process.execPath, [oxlint, "--format", "json"], {
      cwd: root,
      encoding: "utf8",
    });
    const { diagnostics, number_of_files: files } = JSON.parse(stdout) as Report;
    expect(files).toBeGreaterThan(50);
    const tooLong = diagnostics.filter(({ code }) => code.startsWith("eslint(max-lines"));
    expect(tooLong.map(({ filename, message }) => `${filename}: ${message}`)).toEqual([]);
  });

  it("zod is imported whole, so that its unused locales are not bundled", () => {
    expect(matching(/import (?!(type )?\* as z)[^;]*from "zod"/)).toEqual([]);
  });

  it("only commit() runs transactions: a cancelled one does not throw, and nobody else would notice", () => {
    const offenders = matching(/createWriteTransaction|TransactWriteItems|\.transaction\b/);
    expect(offenders.filter((offender) => !offender.startsWith("core/store/commit.ts"))).toEqual([]);
    expect(offenders).toHaveLength(1);
  });

  it("nothing in core or functions asks whether it runs locally", () => {
    const asking =
      /\bis_?local\b|["']local["']|\bemulat\w*|\bsimulat\w*|NODE_ENV|AWS_ENDPOINT|infra\/local|dynoxide|vitest/i;
    expect(matching(asking)).toEqual([]);
  });

  it("only the clock knows what time it is; stamps of the change index alone need the machine's own", () => {
    const allowed = new Set(["core/lib/clock.ts", "core/store/collection.ts"]);
    expect(
      matching(
        /new Date\(\)/,
        product.filter(({ path }) => !allowed.has(path)),
      ),
    ).toEqual([]);
  });

  it("every setting that core reads is given to deployed functions, and no other", () => {
    const names = [...read("core/lib/settings.ts").code.matchAll(/\bread\("(\w+)"/g)].map(
      (found) => found[1],
    );
    expect([...settingNames].toSorted()).toEqual([...new Set(names)].toSorted());
  });

  it("nobody exports by default, except where a tool wants it", () => {
    expect(matching(/^export default /m, sources("core", "functions", "stacks", "infra"))).toEqual([]);
  });

  it("names say what is inside", () => {
    const empty = /(^|\/)(utils?|helpers?|common|shared|manager|service|base|misc)(\.ts|\/)/;
    expect(product.filter(({ path }) => empty.test(path)).map(({ path }) => path)).toEqual([]);
  });
});
