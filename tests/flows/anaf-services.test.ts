import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serve, type ServedSimulator } from "#infra/local/anaf/serve.ts";
import { sampleInvoice } from "#infra/local/anaf/documents.ts";
import { detachedSeal } from "#infra/local/anaf/seal.ts";
import { productionSigner } from "#infra/local/anaf/certificates.ts";
import * as Transport from "#core/providers/anaf/etransport.ts";
import {
  checkSignature,
  LARGEST_PUBLIC_BYTES,
  opinionIn,
  signatureVerdict,
  transformare,
  validare,
} from "#core/providers/anaf/public-services.ts";
import { connect } from "#infra/local/anaf/visitor.ts";
import { sha256 } from "#core/lib/ids.ts";
import type { AnafAccess } from "#core/providers/anaf/client.ts";
import { findEfacturaRegistration } from "#core/outside/efactura-register.ts";

let simulator: ServedSimulator;
beforeAll(async () => {
  simulator = await serve({
    port: 0,
    wafHeuristic: true,
    registerThrottle: "off",
    processingSeconds: 1,
    startsAt: "2026-11-20T12:24:00Z",
  });
  process.env.ANAF_PUBLIC_URL = `${simulator.url}/webservicesp`;
  process.env.ANAF_API_URL = `${simulator.url}/api-anaf`;
});
afterAll(() => simulator.stop());
beforeEach(() => control("/faults", undefined, "DELETE"));

async function control(path: string, body?: unknown, method = "POST"): Promise<void> {
  const sent = body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {};
  const answer = await fetch(`${simulator.url}/__sim${path}`, { method, ...sent });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
}

async function journal() {
  const answer = await fetch(`${simulator.url}/__sim/journal?since=0`);
  return (await answer.json()) as { entries: { sha256: string; path: string }[] };
}

const sample = { seller: "9000000011", buyer: "9000000020", number: "ȘT 1", issueDate: "2026-11-20" };
const good = sampleInvoice(sample);
const bytes = (xml: string) => Buffer.from(xml);

describe("the public judge of documents", () => {
  it("says yes to a good document, and of a bad one what is wrong, word by word", async () => {
    expect(opinionIn(await validare("FACT1", bytes(good)))).toEqual({ result: "valid" });
    const bad = opinionIn(await validare("FACT1", bytes(good.replace("9000000011", "9000000012"))));
    expect(bad).toMatchObject({ result: "invalid" });
    expect(JSON.stringify(bad)).toContain("Cui vanzator incorect");
  });

  it("judges a credit note by its own rules", async () => {
    const credit = sampleInvoice({ ...sample, type: "381", corrects: "1" });
    expect(opinionIn(await validare("FCN", bytes(credit)))).toEqual({ result: "valid" });
    expect(opinionIn(await validare("FACT1", bytes(credit)))).toMatchObject({ result: "invalid" });
  });

  it("leaves schemaLocation out, which the firewall refuses, and changes no other byte", async () => {
    const located = good.replace(
      "<Invoice ",
      `<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x ../UBL.xsd" `,
    );
    expect(opinionIn(await validare("FACT1", bytes(located)))).toEqual({ result: "valid" });
    const { entries } = await journal();
    const bare = good.replace("<Invoice ", `<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" `);
    expect(entries.at(-1)!.sha256).toBe(sha256(bytes(bare)));
  });

  it("never sends what is larger than ANAF takes", async () => {
    const before = (await journal()).entries.length;
    const answer = await validare("FACT1", new Uint8Array(LARGEST_PUBLIC_BYTES + 1));
    expect(opinionIn(answer)).toMatchObject({ result: "invalid" });
    expect((await journal()).entries).toHaveLength(before);
  });

  it.each(["waf.reject", "gw.503", "gw.maintenance"])("leaves the question open at %s", async (fault) => {
    await control("/faults", { id: fault, when: { verb: "validare" } });
    expect(opinionIn(await validare("FACT1", bytes(good))).result).toBe("open");
  });

  it("reads the answer with a brace too many", async () => {
    await control("/faults", { id: "valid.extra_brace", when: {} });
    expect(opinionIn(await validare("FACT1", bytes(good)))).toEqual({ result: "valid" });
  });
});

describe("the public printer", () => {
  it("gives a PDF, or says why not", async () => {
    expect(await transformare("FACT1", bytes(good))).toMatchObject({ class: "binary" });
    const bad = bytes(good.replace("9000000011", "9000000012"));
    expect(opinionIn(await transformare("FACT1", bad))).toMatchObject({ result: "invalid" });
    expect(await transformare("FACT1", bad, { isJudged: false })).toMatchObject({ class: "binary" });
  });

  it("asks once more the judged way when the firewall refuses the other", async () => {
    await control("/faults", { id: "waf.reject", when: { verb: "transformare", times: 1 } });
    expect(await transformare("FACT1", bytes(good), { isJudged: false })).toMatchObject({ class: "binary" });
  });
});

describe("the public check of a seal", () => {
  it("tells a seal of ANAF's that fits from one that does not, and leaves it open when neither is said", async () => {
    const signer = productionSigner(Date.parse("2026-11-20T10:00:00Z"), 0);
    const seal = bytes(detachedSeal(bytes(good), "5.xml", signer));
    expect(signatureVerdict(await checkSignature(bytes(good), seal))).toBe("valid");
    expect(signatureVerdict(await checkSignature(bytes(good.replace("ȘT 1", "ȘT 2")), seal))).toBe("invalid");
    await control("/faults", { id: "gw.503", when: { verb: "other" } });
    expect(signatureVerdict(await checkSignature(bytes(good), seal))).toBeUndefined();
  });
});

describe("the RO e-Factura register", () => {
  it("knows a public body, and does not know others, which it says with 404", async () => {
    expect(await findEfacturaRegistration("9000000070")).toMatchObject({
      cif: "9000000070",
      category: "Institutie publica",
      until: null,
    });
    expect(await findEfacturaRegistration("9000000011")).toBeUndefined();
  });

  it("is unavailable, not empty, when it answers a web page", async () => {
    await control("/faults", { id: "gw.maintenance", when: { verb: "register" } });
    await expect(findEfacturaRegistration("9000000070")).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("RO e-Transport", () => {
  const declaration = (day: string) =>
    bytes(
      `<eTransport xmlns="mfp:anaf:dgti:eTransport:declaratie:v2" codDeclarant="9000000011" refDeclarant="R1"><notificare codTipOperatiune="30"><bunuriTransportate greutateNeta="10" greutateBruta="12" valoareLeiFaraTva="100.50"/><dateTransport nrVehicul="CJ01SIM" codOrgTransport="9000000020" dataTransport="${day}"/></notificare></eTransport>`,
    );
  let access: AnafAccess;
  beforeAll(async () => {
    const { accessToken } = await connect(simulator);
    access = { accessToken, environment: "prod" };
  });

  it("gives the UIT with the receipt, its verdict later, and lists it for declarant and carrier", async () => {
    const receipt = Transport.declaredIn(
      await Transport.upload(access, "RO9000000011", declaration("2026-11-21")),
    )!;
    expect(receipt.uit).toMatch(/^[0-9ACDEFHJKLMNPQRTUVWXY]{14}[0-9]{2}$/);
    expect(await Transport.stareMesaj(access, receipt.index)).toMatchObject({
      class: "ok",
      json: { stare: "in prelucrare" },
    });
    await control("/clock", { advance: "10s" });
    const state = await Transport.stareMesaj(access, receipt.index);
    expect(state.json).toMatchObject({ stare: "ok" });
    expect(Transport.declaredIn(state)).toBeUndefined();
    const mine = { uit: receipt.uit };
    expect(Transport.rowsIn(await Transport.lista(access, "9000000011", 60))).toMatchObject([mine]);
    const carried = await Transport.info(access, { cui_op: "9000000020", uit: receipt.uit });
    expect(Transport.rowsIn(carried)).toMatchObject([mine]);
  });

  it("takes an empty list and an empty inquiry for answers", async () => {
    expect(Transport.rowsIn(await Transport.lista(access, "9000000046", 60))).toEqual([]);
    expect(Transport.rowsIn(await Transport.info(access, { cui_op: "9000000046" }))).toEqual([]);
  });

  it("shows the refusals that come with status 200, and the verdict that comes later", async () => {
    await control("/faults", { id: "etr.err_after_ok_http", when: { times: 1 } });
    const refused = await Transport.upload(access, "9000000011", declaration("2026-11-21"));
    expect(refused.class).toBe("technical");
    expect(Transport.declaredIn(refused)).toBeUndefined();
    const late = Transport.declaredIn(
      await Transport.upload(access, "9000000011", declaration("2026-11-01")),
    )!;
    await control("/clock", { advance: "10s" });
    expect((await Transport.stareMesaj(access, late.index)).json).toMatchObject({
      stare: "nok",
      Errors: [{ errorMessage: expect.any(String) }],
    });
    const anonymous = await Transport.lista({ ...access, accessToken: "x" }, "9000000011", 60);
    expect(anonymous.class).toBe("auth");
    expect(Transport.rowsIn(anonymous)).toBeUndefined();
  });
});
