/**
 * Brings node_modules in line with package-lock.json before `npm start` and `npm test`, so that a fresh clone needs no
 * step of its own. `run` installs what the product needs; `test` adds the tools, and in tests/sst what SST's real
 * components need. It runs on the host's Node (>= 20); everything after it runs on the Node 24 it installs.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const asked = process.argv[2] === "test" ? "test" : "run";
const wanted = [
  { folder: ".", goal: asked },
  ...(asked === "test" ? [{ folder: "tests/sst", goal: asked }] : []),
];
const missing = wanted.filter((place) => !isInstalled(place));
if (missing.length > 0) {
  console.error(
    `Installing packages, once: ${asked === "test" ? "the product, its tools and SST" : "the product"} …`,
  );
  await Promise.all(missing.map(install));
}
assertNode();

/** Whether the folder holds what its lock file says, for this goal or a larger one. */
function isInstalled({ folder, goal }) {
  const { lock, goal: reached } = stampIn(folder);
  return lock === lockOf(folder) && (goal === "run" || reached === "test");
}

/** What was installed here, for which lock file; nothing when it never was. */
function stampIn(folder) {
  try {
    return JSON.parse(readFileSync(stampOf(folder), "utf8"));
  } catch {
    return {};
  }
}

async function install(place) {
  const { folder } = place;
  // Who has the tools keeps them: `npm start` after a change of the lock file must not take them away.
  const goal = stampIn(folder).goal === "test" ? "test" : place.goal;
  // Not `npm ci`: it refuses a lock file without the tools' packages for every other platform, which not every registry
  // has. This installs what the lock file says as well, and leaves the file alone.
  const args = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  if (goal === "run") args.push("--omit=dev");
  // npm_node_execpath is the host's Node: npm may replace the pinned one it would otherwise run on.
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm ? [process.env.npm_node_execpath ?? process.execPath, npm] : ["npm"];
  const child = spawn(command, [...first, ...args], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const status = await new Promise((done) =>
    child.once("error", () => done(1)).once("exit", (code) => done(code ?? 1)),
  );
  if (status !== 0) {
    console.error(`npm install failed in ${folder}; see the lines above.`);
    process.exit(status);
  }
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(stampOf(folder), JSON.stringify({ lock: lockOf(folder), goal }));
}

/** Where the registry has no Node for this machine, the host's must be able to run TypeScript as it is. */
function assertNode() {
  if (existsSync("node_modules/.bin/node") || existsSync("node_modules/.bin/node.cmd")) return;
  if (Number(process.versions.node.split(".")[0]) >= 24) return;
  console.error(
    `There is no packaged Node for ${process.platform} ${process.arch}: install Node 24 and try again.`,
  );
  process.exit(1);
}

function stampOf(folder) {
  return join(folder, "node_modules/.installed.json");
}

function lockOf(folder) {
  return createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
}
