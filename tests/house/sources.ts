import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A source file of ours, by its path from the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** The text without comments. */
  readonly code: string;
}

/** Every TypeScript file below the folders, tests left out. */
export function sources(...folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.includes("node_modules"))
      .map((file) => read(join(folder, file))),
  );
}

export function read(path: string): Source {
  const text = readFileSync(join(root, path), "utf8");
  return { path, text, code: text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1") };
}

/** What a file imports, statically or not, by the path it resolves to from the root; packages by their name. */
export function importsOf({ path, code }: Source): string[] {
  const found = [...code.matchAll(/(?:\bfrom|\bimport\(?)\s*"([^"]+)"/g)].map((match) => match[1]!);
  return found.map((name) => {
    if (name.startsWith("#")) return name.slice(1);
    return name.startsWith(".") ? join(path, "..", name) : name;
  });
}
