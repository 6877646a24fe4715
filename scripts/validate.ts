/**
 * Says what the authority will say about files: `npm run --silent validate -- [--profile ro|en-ubl|xr-ubl] [--json]
 * [--list FILE] FILE...`. Exit code 0 when all are valid, 1 when some are not, 2 when a file could not be read.
 */
import { readFileSync } from "node:fs";
import {
  judge,
  type Profile,
  profileNamed,
  profileNames,
  type ProfileName,
  type Verdict,
} from "#core/rules/index.ts";

const USAGE = "usage: validate [--profile ro|en-ubl|xr-ubl] [--json] [--list FILE] FILE...";

interface Request {
  profile: ProfileName;
  json: boolean;
  files: string[];
}

/** What the caller asked for cannot be read: exit code 2. */
class Unreadable extends Error {}

function readRequest(args: readonly string[]): Request {
  const request: Request = { profile: "ro", json: false, files: [] };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--json") request.json = true;
    else if (arg === "--profile") request.profile = nameOf(args[++i]);
    else if (arg === "--list") request.files.push(...linesOf(args[++i]));
    else if (arg.startsWith("--")) throw new Unreadable(`Unknown option ${arg}\n${USAGE}`);
    else request.files.push(arg);
  }
  if (request.files.length === 0) throw new Unreadable(USAGE);
  return request;
}

function nameOf(given: string | undefined): ProfileName {
  const name = profileNames.find((one) => one === given);
  if (!name) throw new Unreadable(`Unknown profile ${given}\n${USAGE}`);
  return name;
}

function linesOf(list: string | undefined): string[] {
  return read(list ?? "")
    .toString("utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Unreadable(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function asJson(file: string, { name: profile }: Profile, { xsd, rules, valid, findings }: Verdict): string {
  return JSON.stringify({ file, profile, xsd, rules, valid, findings });
}

const STRUCTURE: Record<Verdict["xsd"], string> = {
  ok: "structure in order",
  error: "structure broken",
  "not-wellformed": "not readable as XML",
};

function asText(file: string, profile: Profile, { xsd, valid, findings }: Verdict): string {
  const title = `${file}: ${valid ? "valid" : "INVALID"} by ${profile.title}, ${STRUCTURE[xsd]}`;
  const details = findings.map(({ severity, ruleId, location, message, hint }) =>
    [
      `  ${severity === "fatal" ? "error" : "warning"} ${ruleId} at ${location}`,
      `    ${message}`,
      `    To fix: ${hint}`,
    ].join("\n"),
  );
  return [title, ...details].join("\n");
}

/** Judges the files one by one and returns the exit code. */
async function validate({ profile: name, json, files }: Request): Promise<number> {
  const profile = await profileNamed(name);
  let code = 0;
  for (const file of files) {
    try {
      const verdict = judge(read(file), profile);
      process.stdout.write(`${json ? asJson(file, profile, verdict) : asText(file, profile, verdict)}\n`);
      if (!verdict.valid) code = Math.max(code, 1);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      console.error(error.message);
      code = 2;
    }
  }
  return code;
}

try {
  process.exitCode = await validate(readRequest(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Unreadable)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
