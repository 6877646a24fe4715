import { describe, expect, it } from "vitest";
import { importsOf, type Source, sources } from "./sources.ts";

/** An area of core may import itself and the areas before it. That makes cycles impossible. */
const areas = [
  ..."lib model formats rules".split(" "), // pure
  ..."providers outside store".split(" "), // edges: the only ones that know networks and AWS
  ..."identity companies parties catalog documents einvoicing notify".split(" "), // features
];
const areaOf = (path: string) => path.split("/")[1]!;

/** The imports of `files` that `allowed` does not allow, as "who → what". */
const violations = (files: Source[], allowed: (path: string, imported: string) => boolean) =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => !allowed(file.path, imported))
      .map((imported) => `${file.path} → ${imported}`),
  );
/** Which resources a function is linked to is environment, as settings are: every edge and feature may read it. */
const linked = "core/store/linked.ts";
const isOurs = (imported: string) => /^(core|functions|stacks|infra|tests|scripts)\//.test(imported);

describe("who may import whom", () => {
  it("core has no area without a place in the order", () => {
    expect(
      [...new Set(sources("core").map(({ path }) => areaOf(path)))].filter((area) => !areas.includes(area)),
    ).toEqual([]);
  });

  it("an area of core imports only itself and the areas before it, and nothing outside core", () => {
    const allowed = (path: string, imported: string) =>
      !isOurs(imported) ||
      (imported === linked && areas.indexOf(areaOf(path)) >= areas.indexOf("providers")) ||
      (imported.startsWith("core/") && areas.indexOf(areaOf(imported)) <= areas.indexOf(areaOf(path)));
    expect(violations(sources("core"), allowed)).toEqual([]);
  });

  it("only core's edges know AWS, networks and the table", () => {
    const edges = new Set(["providers", "outside", "store"]);
    const outward = /^(@aws-sdk\/|electrodb$|node:(http|https|net|tls|dns)$|undici$)/;
    expect(
      violations(sources("core"), (path, imported) => edges.has(areaOf(path)) || !outward.test(imported)),
    ).toEqual([]);
  });

  it("functions import functions and core only; HTTP is known only to the API", () => {
    const allowed = (path: string, imported: string) =>
      isOurs(imported)
        ? /^(functions|core)\//.test(imported)
        : path.startsWith("functions/api/") || !/^(@?hono)/.test(imported);
    expect(violations(sources("functions"), allowed)).toEqual([]);
    expect(violations(sources("core"), (_path, imported) => !imported.startsWith("hono"))).toEqual([]);
  });

  it("stacks import infra and nothing else; infra's own files import infra only", () => {
    const description = [
      ...sources("stacks"),
      ...sources("infra").filter(({ path }) => path.split("/").length === 2),
    ];
    expect(description.length).toBeGreaterThan(8);
    expect(violations(description, (_path, imported) => /^infra\/[^/]+$/.test(imported))).toEqual([]);
  });

  it.each(["anaf", "ksef", "sdi"])(
    "the simulator %s imports nothing from core, so it cannot repeat our mistakes",
    (name) => {
      const simulator = sources(`infra/local/${name}`);
      expect(simulator.length).toBeGreaterThan(8);
      // What the first simulator knows of certificates and sockets may serve the others.
      const allowed = (_path: string, imported: string) =>
        !isOurs(imported) ||
        imported.startsWith("infra/local/anaf/") ||
        imported.startsWith(`infra/local/${name}/`);
      expect(violations(simulator, allowed)).toEqual([]);
    },
  );
});

it("this test reads imports of every form", () => {
  const code = 'import a from "./a.ts";\nimport "#core/b.ts";\nexport * from "c";\nawait import("../d.ts");';
  expect(importsOf({ path: "core/x/y.ts", text: code, code })).toEqual([
    "core/x/a.ts",
    "core/b.ts",
    "c",
    "core/d.ts",
  ]);
});
