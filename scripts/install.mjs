/**
 * Brings node_modules in line with package-lock.json before `npm start` and `npm test`, so that a fresh clone
 * needs no step of its own. `run` installs what the product needs, `test` the verification tools as well.
 * It runs on the host's Node (>= 20); everything after it runs on the Node 24 it installs.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const goal = process.argv[2] === "test" ? "test" : "run";
const stampFile = "node_modules/.installed.json";
const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");

const installed = readStamp();
const enough = installed?.lock === wanted && (goal === "run" || installed.goal === "test");
if (!enough) install();

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return undefined;
  }
}

function install() {
  console.error(`Installing packages (once, ${goal === "test" ? "with the test tools" : "no test tools"}) …`);
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  if (goal === "run") args.push("--omit=dev");
  // npm_node_execpath is the host's Node: `npm ci` deletes the pinned one it would otherwise run on.
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm ? [process.env.npm_node_execpath ?? process.execPath, npm] : ["npm"];
  const done = spawnSync(command, [...first, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  if (done.status !== 0) {
    console.error("npm ci failed; see the lines above.");
    process.exit(done.status ?? 1);
  }
  mkdirSync("node_modules", { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ lock: wanted, goal }));
}
