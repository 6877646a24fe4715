import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judge, type Profile, profileNamed } from "#core/rules/index.ts";

/** Documents with the verdicts of the official engine; kept beside the repository because they are test data of others. */
const FOLDER = "../shared/conformance/corpus";
const VERDICTS = join(FOLDER, "expected.jsonl");

interface Expected {
  readonly file: string;
  readonly profile: string;
  readonly xsd: "ok" | "error" | "not-wellformed";
  readonly rules: readonly string[];
  /** Rules on which the official engine itself failed, so that nobody knows its verdict. */
  readonly engineErrorRules?: readonly string[];
}

const isHere = existsSync(VERDICTS);
if (!isHere)
  console.log(`Skipped: ${VERDICTS} is not here, so verdicts are not compared with the official engine's.`);

const expected: Expected[] = isHere
  ? readFileSync(VERDICTS, "utf8")
      .split("\n")
      .filter((row) => row !== "")
      .map((row) => JSON.parse(row) as Expected)
  : [];

/** What differs between our verdict and the official one; undefined when nothing does. */
function difference(
  { file, xsd, rules, engineErrorRules = [] }: Expected,
  profile: Profile,
): string | undefined {
  const verdict = judge(readFileSync(join(FOLDER, file)), profile);
  if (verdict.xsd !== xsd) return `${file}: structure ${verdict.xsd}, official ${xsd}`;
  if (xsd === "not-wellformed") return undefined;
  const known = (id: string): boolean => !engineErrorRules.includes(id);
  const [ours, theirs] = [verdict.rules.filter(known), rules.filter(known)];
  const extra = ours.filter((id) => !theirs.includes(id));
  const lacking = theirs.filter((id) => !ours.includes(id));
  return extra.length + lacking.length === 0
    ? undefined
    : `${file}: extra ${extra.join()} missing ${lacking.join()}`;
}

describe.skipIf(!isHere).each([
  ["ro", 2000],
  ["en-ubl", 2000],
  ["xr-ubl", 80],
] as const)("official verdicts, profile %s", (name, most) => {
  it("are ours on every document", async () => {
    const profile = await profileNamed(name);
    const documents = expected.filter((each) => each.profile === name);
    expect(documents.length).toBeGreaterThan(most);
    expect(documents.flatMap((each) => difference(each, profile) ?? [])).toEqual([]);
  }, 120_000);
});
