import type { Handler } from "./anaf/serve.ts";

/** What a simulated network is given: the product's clock and a folder to keep its ledger under. */
export interface Surroundings {
  readonly now: () => number;
  readonly dataDir: string;
}

/** A simulated network, a small program of its own that imports nothing from core. Sees paths with its prefix. */
export interface Program {
  readonly fetch: Handler;
  close(): void;
}

/**
 * By the first part of the path: the settings that lead the product there, and the program that answers. Without any
 * its address is what a company configures.
 */
const programs: Readonly<
  Record<string, { settings?: readonly string[]; load: (around: Surroundings) => Promise<Program> }>
> = {
  ksef: {
    settings: ["KSEF_API_URL"],
    load: async (around) => (await import("./ksef/simulator.ts")).simulateKsef(around),
  },
  chorus: {
    settings: ["PISTE_LOGIN_URL", "PISTE_API_URL"],
    load: async (around) => (await import("./chorus/simulator.ts")).simulateChorus(around),
  },
  sdi: { load: async (around) => (await import("./sdi/simulator.ts")).simulateSdi(around) },
};

export type Abroad = ReturnType<typeof abroad>;

/** The networks of other countries. Each is loaded by its first request, so that starting takes no longer for them. */
export function abroad(around: Surroundings) {
  const loaded = new Map<string, Promise<Program>>();
  const programAt = (prefix: string): Promise<Program> => {
    const program = loaded.get(prefix) ?? programs[prefix]!.load(around);
    loaded.set(prefix, program);
    return program;
  };
  return {
    settings: (url: string): Record<string, string> =>
      Object.fromEntries(
        Object.entries(programs).flatMap(([prefix, { settings = [] }]) =>
          settings.map((setting) => [setting, `${url}/${prefix}`]),
        ),
      ),
    /** Who answers a path; undefined for paths of ANAF and its neighbours. */
    at(path: string): Handler | undefined {
      const prefix = path.split("/", 2)[1] ?? "";
      if (!Object.hasOwn(programs, prefix)) return undefined;
      return async (request, env) => (await programAt(prefix)).fetch(request, env);
    },
    async stop(): Promise<void> {
      for (const program of loaded.values()) (await program).close();
    },
  };
}
