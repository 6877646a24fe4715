import { createHash, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { documentFixtures } from "./document-fixtures.ts";
import type { DocumentFixture } from "./document-fixtures.ts";
import { sampleInvoice } from "./documents.ts";
import { verifySeal } from "./seal.ts";
import { createSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";
import { attributeIn, connect, control, request, unzip } from "./visitor.ts";

/** Acceptance test 2 (SIMULATOR.md §12), and what a document goes through on the way. */

const invoice = (number: string, buyer = "9000000020", note?: string): string =>
  sampleInvoice({
    number,
    issueDate: "2026-11-20",
    seller: "9000000011",
    buyer,
    ...(note === undefined ? {} : { note }),
  });

async function remoteCheck(simulator: Simulator, file: string, signature: string): Promise<string> {
  const form = new FormData();
  form.set("file", new Blob([file]), "invoice.xml");
  form.set("signature", new Blob([signature]), "semnatura.xml");
  const answer = await request(simulator, "/webservicesp/api/validate/signature", {
    method: "POST",
    body: form,
  });
  return ((await answer.json()) as { msg: string }).msg;
}

describe.each(["prod", "test"])("an invoice in %s", (env) => {
  it("comes back byte for byte under a seal that verifies here and remotely", async () => {
    const simulator = createSimulator();
    const visitor = await connect(simulator, "SER-OWNER", env);
    const sent = invoice("A-1");
    const index = attributeIn(await visitor.upload(sent), "index_incarcare") ?? "";
    simulator.clock.advance(60_000);
    const id = attributeIn(await visitor.stareMesaj(index), "id_descarcare") ?? "";
    expect(await visitor.lista("zile=1&cif=9000000011&filtru=T")).toContain(`"id":"${id}"`);

    const entries = Object.fromEntries(await unzip(await visitor.descarcare(id)));
    const [file = "", seal = ""] = [entries[`${index}.xml`], entries[`semnatura_${index}.xml`]];
    const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
    expect(hash(file)).toBe(hash(sent));
    expect(verifySeal(Buffer.from(file), seal)).toBe("valid");
    expect(await remoteCheck(simulator, file, seal)).toContain("au fost validate cu succes");
    expect(await remoteCheck(simulator, file.replace("100.00", "900.00"), seal)).toContain(
      "NU au putut fi validate cu succes",
    );
    simulator.close();
  });
});

describe("a seal", () => {
  it("carries a chain from the signer to the root that the control API publishes", async () => {
    const simulator = createSimulator();
    const { chain, root } = (await control(simulator, "GET", "/seal")) as { chain: string[]; root: string };
    const [signer, authority, top] = chain.map((pem) => new X509Certificate(pem));
    expect(signer?.verify((authority as X509Certificate).publicKey)).toBe(true);
    expect(authority?.verify((top as X509Certificate).publicKey)).toBe(true);
    expect(top?.fingerprint256).toBe(new X509Certificate(root).fingerprint256);
    expect([signer?.subject, authority?.ca, signer?.ca]).toEqual([
      "C=RO\nO=Ministerul Finantelor Publice\nCN=Sim Ministerul Finantelor",
      true,
      false,
    ]);
    const { serial } = (await control(simulator, "POST", "/seal/rotate")) as { serial: string };
    const after = (await control(simulator, "GET", "/seal")) as { chain: string[] };
    expect(new X509Certificate(after.chain[0] ?? "").serialNumber).toBe(serial);
    simulator.close();
  });

  it("is re-indented in the test environment when asked, and then only fails as in reality", async () => {
    const simulator = createSimulator({ reindentTestSeal: true });
    const visitor = await connect(simulator, "SER-OWNER", "test");
    await visitor.upload(invoice("A-1"));
    simulator.clock.advance(60_000);
    const entries = Object.fromEntries(await unzip(await visitor.descarcare("3000000001")));
    const seal = entries["semnatura_5000000001.xml"] ?? "";
    expect(verifySeal(Buffer.from(entries["5000000001.xml"] ?? ""), seal)).toBe("bad_signature");
    simulator.close();
  });
});

describe("the same seed and requests", () => {
  it("give the same bytes, another seed does not", async () => {
    const run = async (seed: number): Promise<string> => {
      const simulator = createSimulator({ seed });
      const visitor = await connect(simulator);
      for (let n = 1; n <= 8; n++) await visitor.upload(invoice(`A-${n}`));
      simulator.clock.advance(60_000);
      const hash = createHash("sha256").update(visitor.accessToken);
      for (let n = 1; n <= 16; n++) {
        hash.update(Buffer.from(await (await visitor.descarcare(String(3_000_000_000 + n))).arrayBuffer()));
      }
      simulator.close();
      return hash.digest("hex");
    };
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
  });
});

describe("fixture documents", () => {
  interface Verdict {
    stare: string;
    /** The sealed file: the document itself, or the list of errors. */
    file: string;
  }

  async function judge({ xml, query, consumer }: DocumentFixture): Promise<Verdict> {
    const simulator = createSimulator();
    const visitor = await connect(simulator);
    const path = `/api-anaf/prod/FCTEL/rest/${consumer ? "uploadb2c" : "upload"}?${query}`;
    await visitor.fetch(path, { method: "POST", body: xml("SIM-7", "2026-11-20") });
    simulator.clock.advance(60_000);
    const state = await visitor.stareMesaj("5000000001");
    const entries = await unzip(await visitor.descarcare(attributeIn(state, "id_descarcare") ?? ""));
    simulator.close();
    return {
      stare: attributeIn(state, "stare") ?? "",
      file: Object.fromEntries(entries)["5000000001.xml"] ?? "",
    };
  }

  it.each(documentFixtures.filter(({ breaks }) => breaks === undefined))(
    "$name is accepted",
    async (fixture) => {
      expect(await judge(fixture)).toEqual({ stare: "ok", file: fixture.xml("SIM-7", "2026-11-20") });
    },
  );

  it.each(documentFixtures.filter(({ breaks }) => breaks !== undefined))(
    "$name is rejected",
    async (fixture) => {
      const { stare, file } = await judge(fixture);
      expect(stare).toBe("nok");
      expect(file).toContain(
        `<header xmlns="mfp:anaf:dgti:efactura:mesajEroriFactuta:v1" Index_incarcare="5000000001" Cif_emitent="9000000011"><Error errorMessage="`,
      );
      expect(file).toContain(`[${fixture.breaks}]-`);
    },
  );
});

describe("processing", () => {
  it("gives the buyer a copy of its own, and two messages to whoever invoices itself", async () => {
    const simulator = createSimulator();
    const visitor = await connect(simulator);
    await visitor.upload(invoice("A-1"));
    await visitor.upload(invoice("A-2", "9000000011"));
    simulator.clock.advance(60_000);
    const buyer = JSON.parse(await visitor.lista("zile=1&cif=9000000020")) as { mesaje: object[] };
    expect(buyer.mesaje).toMatchObject([
      { tip: "FACTURA PRIMITA", id_solicitare: "5000000001", id: "3000000002" },
    ]);
    const seller = JSON.parse(await visitor.lista("zile=1&cif=9000000011")) as { mesaje: object[] };
    expect(seller.mesaje).toMatchObject([
      { tip: "FACTURA PRIMITA", id_solicitare: "5000000002" },
      { tip: "FACTURA TRIMISA", id_solicitare: "5000000002" },
      { tip: "FACTURA TRIMISA", id_solicitare: "5000000001" },
    ]);
    simulator.close();
  });

  it("rejects a duplicate naming the first index, an unknown seller, and somebody else's seller", async () => {
    const simulator = createSimulator();
    const any = await connect(simulator);
    const accountant = await connect(simulator, "SER-ACCOUNTANT");
    await any.upload(invoice("A-1"));
    await any.upload(invoice("A-1"));
    await any.upload(invoice("A-2").replaceAll("9000000011", "9000000097"), "standard=UBL&cif=9000000020");
    await accountant.upload(invoice("A-3"), "standard=UBL&cif=9000000100");
    await any.upload(invoice("A-4").replaceAll("9000000011", "9000000012"));
    simulator.clock.advance(60_000);
    const { uploads } = (await control(simulator, "GET", "/state")) as {
      uploads: { state: string; errors: string[] }[];
    };
    expect(uploads.toReversed().map(({ state, errors }) => [state, errors])).toEqual([
      ["ok", []],
      ["nok", ["Factura a mai fost transmisa anterior cu index=5000000001 si data incarcare=2026-11-20"]],
      [
        "nok",
        [
          "E: validari globale\n eroare regula: R6.1: CIF-ul vanzatorului nu figureaza in baza de date:9000000097",
        ],
      ],
      ["nok", [expect.stringContaining("R6.2")]],
      [
        "nok",
        [expect.stringContaining("Cui vanzator incorect / validare CUI (9000000012) "), expect.any(String)],
      ],
    ]);
    simulator.close();
  });

  it("passes a buyer's message to both sides", async () => {
    const simulator = createSimulator();
    const visitor = await connect(simulator);
    await visitor.upload(invoice("A-1"));
    simulator.clock.advance(60_000);
    const rasp = `<header xmlns="mfp:anaf:dgti:spv:reqMesaj:v1" index_incarcare="5000000001" message="Lipsa aviz"/>`;
    await visitor.upload(rasp, "standard=RASP&cif=9000000020");
    simulator.clock.advance(60_000);
    for (const cif of ["9000000011", "9000000020"]) {
      expect(await visitor.lista(`zile=1&cif=${cif}&filtru=R`)).toContain(
        `"tip":"MESAJ CUMPARATOR PRIMIT / MESAJ CUMPARATOR TRANSMIS"`,
      );
    }
    simulator.close();
  });

  it.each([
    ["SIM:NOK", "nok", 60],
    ["SIM:UNREADABLE", "XML cu erori nepreluat de sistem", 60],
    ["SIM:SLOW", "in prelucrare", 60],
    ["SIM:SLOW", "ok", 700],
    ["SIM:STUCK", "in prelucrare", 47 * 3600],
    ["SIM:STUCK", "ok", 49 * 3600],
  ])("obeys %s: %s after %i s", async (marker, state, seconds) => {
    const simulator = createSimulator();
    const visitor = await connect(simulator);
    await visitor.upload(invoice("A-1", "9000000020", `Demo ${marker}`));
    simulator.clock.advance(seconds * 1000);
    expect(attributeIn(await visitor.stareMesaj("5000000001"), "stare")).toBe(state);
    simulator.close();
  });

  it("obeys SIM:TECH1814 and SIM:LOST once, so that the recovery can be shown", async () => {
    const simulator = createSimulator();
    const visitor = await connect(simulator);
    const technical = invoice("A-1", "9000000020", "SIM:TECH1814");
    expect(await visitor.upload(technical)).toContain("A aparut o eroare tehnica. Cod: 1814");
    expect(await visitor.upload(technical)).toContain(`index_incarcare="5000000001"`);
    const lost = invoice("A-2", "9000000020", "SIM:LOST");
    await expect(visitor.upload(lost)).rejects.toThrow("fetch failed");
    expect(await visitor.upload(lost)).toContain(`index_incarcare="5000000003"`);
    simulator.close();
  });
});

describe("options", () => {
  it("strict: credit notes only as CN, consumers only on uploadb2c", async () => {
    const simulator = createSimulator({ cnForCreditNote: "strict", b2cPath: "strict" });
    const visitor = await connect(simulator);
    const creditNote = sampleInvoice({
      number: "C-1",
      issueDate: "2026-11-20",
      seller: "9000000011",
      buyer: "9000000020",
      type: "381",
    });
    expect(await visitor.upload(creditNote)).toContain("Cannot find the declaration of element 'CreditNote'");
    await visitor.upload(invoice("A-1", "0000000000000"));
    simulator.clock.advance(60_000);
    expect(attributeIn(await visitor.stareMesaj("5000000001"), "stare")).toBe("nok");
    simulator.close();
  });

  it("validator: replaces the built-in rules", async () => {
    const validator = (xml: string): { code: string; message: string }[] =>
      xml.includes("A-2") ? [{ code: "MY-1", message: "no #nu" }] : [];
    const simulator = createSimulator({ validator });
    const visitor = await connect(simulator);
    await visitor.upload(invoice("A-1").replace("H87", "PK"));
    await visitor.upload(invoice("A-2"));
    simulator.clock.advance(60_000);
    expect(attributeIn(await visitor.stareMesaj("5000000001"), "stare")).toBe("ok");
    expect(attributeIn(await visitor.stareMesaj("5000000002"), "stare")).toBe("nok");
    simulator.close();
  });

  it("latency real: verdicts spread out, lists follow within a quarter of an hour", async () => {
    const simulator = createSimulator({ latency: "real" });
    const visitor = await connect(simulator);
    for (let n = 0; n < 40; n++) await visitor.upload(invoice(`A-${n}`));
    simulator.clock.advance(20_000);
    const { counts } = (await control(simulator, "GET", "/state")) as {
      counts: { state: string; n: number }[];
    };
    const done = counts.find(({ state }) => state === "ok")?.n ?? 0;
    expect(done).toBeGreaterThan(5);
    expect(done).toBeLessThan(35);
    simulator.clock.advance(3_600_000);
    const { mesaje } = JSON.parse(await visitor.lista("zile=1&cif=9000000011")) as { mesaje: object[] };
    expect(mesaje).toHaveLength(40);
    simulator.close();
  });
});
