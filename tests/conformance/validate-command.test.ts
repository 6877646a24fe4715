import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentWith } from "./base.ts";
import { set } from "./tree.ts";

const folder = mkdtempSync(join(tmpdir(), "validate-"));
const [good, bad, broken, list] = ["good.xml", "bad.xml", "broken.xml", "list.txt"].map((name) =>
  join(folder, name),
) as [string, string, string, string];

beforeAll(() => {
  writeFileSync(good, documentWith());
  writeFileSync(bad, documentWith(set("cbc:ID", "ABC")));
  writeFileSync(broken, "<a>");
  writeFileSync(list, `${good}\n${bad}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

function validate(...args: string[]): { code: number | null; lines: string[]; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/validate.mjs", ...args], {
    encoding: "utf8",
  });
  return { code: status, lines: stdout.split("\n").filter((line) => line !== ""), errors: stderr };
}

describe("npm run validate", () => {
  it("exits 0 and prints one JSON line per valid file", () => {
    const { code, lines } = validate("--json", good);
    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { file: good, profile: "ro", xsd: "ok", rules: [], valid: true, findings: [] },
    ]);
  }, 30_000);

  it("exits 1 when a file is invalid, and takes files from a list and another profile", () => {
    const { code, lines } = validate("--json", "--list", list, broken);
    expect(code).toBe(1);
    expect(lines.map((line) => (JSON.parse(line) as { xsd: string; rules: string[] }).rules)).toEqual([
      [],
      ["BR-RO-010"],
      [],
    ]);
    expect(validate("--profile", "en-ubl", bad).code).toBe(0);
  }, 30_000);

  it("says for people what is wrong, where and how to mend it", () => {
    const { lines } = validate(bad);
    expect(lines).toEqual([
      `${bad}: INVALID by RO_CIUS 1.0.9 on UBL 2.1, structure in order`,
      "  error BR-RO-010 at /Invoice/cbc:ID",
      "    The document number contains no digit.",
      "    To fix: Use a number with at least one digit.",
    ]);
  }, 30_000);

  it("exits 2 when a file cannot be read, and still judges the others", () => {
    const { code, lines, errors } = validate("--json", join(folder, "absent.xml"), good);
    expect(code).toBe(2);
    expect(lines).toHaveLength(1);
    expect(errors).toContain("absent.xml");
  }, 30_000);

  it("exits 2 on an unknown option or profile", () => {
    expect(validate("--nonsense").code).toBe(2);
    expect(validate("--profile", "xx", good).code).toBe(2);
    expect(validate().code).toBe(2);
  }, 30_000);
});
