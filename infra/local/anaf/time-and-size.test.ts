import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compactMinute, nextOffsetChange, romanianDateTime } from "./bucharest.ts";
import { sampleInvoice } from "./documents.ts";
import { createSimulator } from "./simulator.ts";
import { attributeIn, connect, control, requestToken, unzip } from "./visitor.ts";

const day = 86_400_000;
const invoice = (number: string): string =>
  sampleInvoice({ number, issueDate: "2026-11-20", seller: "9000000011", buyer: "9000000020" });

describe("a virtual year (SIMULATOR.md §12 test 5)", () => {
  it("expires tokens and downloads, changes seals at New Year, and keeps Romanian time twice over", async () => {
    const simulator = createSimulator({ startsAt: "2026-11-20T10:00:00Z" });
    let visitor = await connect(simulator);
    let refreshToken = visitor.refreshToken;
    const signers = new Set<string>();
    for (let week = 0; week < 52; week++) {
      await visitor.upload(invoice(`W-${week}`));
      simulator.clock.advance(60_000);
      const { mesaje } = JSON.parse(await visitor.lista("zile=1&cif=9000000011")) as {
        mesaje: { id: string; data_creare: string }[];
      };
      const [message] = mesaje;
      expect(message?.data_creare).toBe(compactMinute(simulator.clock.now() - 10_000));
      const entries = await unzip(await visitor.descarcare(message?.id ?? ""));
      const seal = entries.find(([name]) => name.startsWith("semnatura_"))?.[1] ?? "";
      signers.add(/<X509Certificate>([^<]*)/.exec(seal)?.[1] ?? "");
      simulator.clock.advance(7 * day - 60_000);
      if ((await visitor.fetch("/api-anaf/TestOauth/jaxrs/hello")).status === 401) {
        const form = { grant_type: "refresh_token", refresh_token: refreshToken };
        const pair = (await (await requestToken(simulator, form)).json()) as { refresh_token: string };
        refreshToken = pair.refresh_token;
        visitor = await connect(simulator);
      }
    }
    expect(signers.size).toBe(2);
    expect(await (await visitor.descarcare("3000000001")).text()).toContain("perioada de 60 de zile in care");
    simulator.clock.advance(365 * day);
    const late = await requestToken(simulator, { grant_type: "refresh_token", refresh_token: refreshToken });
    expect(await late.text()).toContain("Refresh Token status is expired");
    simulator.close();
  });

  it("knows both changes of hour", () => {
    const spring = nextOffsetChange(Date.parse("2027-01-01T00:00:00Z"));
    expect(new Date(spring).toISOString()).toBe("2027-03-28T01:00:00.000Z");
    expect([romanianDateTime(spring - 1000), romanianDateTime(spring)]).toEqual([
      "28-03-2027 02:59:59",
      "28-03-2027 04:00:00",
    ]);
    const autumn = nextOffsetChange(spring + 1);
    expect(new Date(autumn).toISOString()).toBe("2027-10-31T01:00:00.000Z");
    expect([compactMinute(autumn - 60_000), compactMinute(autumn)]).toEqual(["202710310359", "202710310300"]);
  });
});

/** 50 000 with SIM_UPLOADS=50000; the limit per upload is that of SIMULATOR.md §12 test 7. */
const uploads = Number(process.env["SIM_UPLOADS"] ?? 1_000);

describe(`memory with ${uploads} uploads (SIMULATOR.md §12 test 7)`, () => {
  it("stays under 500 MB per 50 000", { timeout: 900_000 }, async () => {
    const simulator = createSimulator({ validator: () => [], quotas: { perMinute: 1e9 } });
    const visitor = await connect(simulator);
    const before = process.memoryUsage.rss();
    for (let n = 0; n < uploads; n++) await visitor.upload(invoice(`A-${n}`));
    simulator.clock.advance(60_000);
    const { counts } = (await control(simulator, "GET", "/state")) as { counts: object[] };
    expect(counts).toEqual([{ env: "prod", state: "ok", n: uploads }]);
    const grownMb = (process.memoryUsage.rss() - before) / 1e6;
    console.log(`${uploads} uploads: ${grownMb.toFixed(0)} MB`);
    // A fixed part for the heap, which small runs fill too.
    expect(grownMb).toBeLessThan(150 + (uploads / 50_000) * 350);
    expect(attributeIn(await visitor.stareMesaj(String(5_000_000_000 + uploads)), "stare")).toBe("ok");
    simulator.close();
  });
});

describe("the simulator's own code (SIMULATOR.md §12 test 6)", () => {
  const starters = new Set(["main.ts", "serve.ts"]);
  const files = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );

  const codeOf = (name: string): string =>
    readFileSync(join(import.meta.dirname, name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");

  it.each(files)("%s: no chance, no network, nothing of the product", (name) => {
    expect(codeOf(name)).not.toMatch(/#core|#functions|\.\.\//);
    expect(codeOf(name)).not.toMatch(/Math\.random|randomUUID|randomBytes|globalThis\.fetch|\bawait fetch\(/);
  });

  it.each(files.filter((name) => !starters.has(name)))("%s: no wall clock", (name) => {
    expect(codeOf(name)).not.toMatch(/Date\.now|new Date\(\)|setTimeout|setInterval|performance\./);
  });
});
