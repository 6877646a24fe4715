import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { type Connected, control, ledgerOf, pass, startWithAnaf, withConnection } from "../with-anaf.ts";
import { freshCif } from "../cif.ts";

let local: Local;
let shop: Connected;

beforeAll(async () => {
  local = await startWithAnaf();
  shop = await withConnection(local, { cif: freshCif() });
});
afterAll(() => local?.stop());
beforeEach(() => control(local, "/faults", undefined, "DELETE"));

const arm = (id: string, when: object = { times: 1 }, params: object = {}) =>
  control(local, "/faults", { id, when: { cif: shop.company.cif, ...when }, params });

const ledger = (number: string) => ledgerOf(local, shop.company.cif, number);

async function attemptsOf(invoiceId: string) {
  const attempts = await import("#core/einvoicing/attempts.ts");
  return attempts.attemptsOf(shop.company.id, invoiceId);
}

describe("an invoice that is submitted", () => {
  it("is accepted, sealed and archived, with one upload", async () => {
    const { id, number, status } = await shop.submitted();
    expect(status).toBe("sent_to_provider");
    await pass(local, "10s", 2);
    expect(await shop.get(id)).toMatchObject({ status: "validated", anafStatus: "ok", signatureValid: true });
    expect(await ledger(number)).toMatchObject({ received: 1, accepted: 1 });
    const [attempt, ...more] = await attemptsOf(id);
    expect(more).toEqual([]);
    const { findFile } = await import("#core/store/files.ts");
    const { sha256 } = await import("#core/lib/ids.ts");
    const sent = await findFile(`${shop.company.id}/submissions/${attempt!.sha256}.xml`);
    expect(sha256(sent!)).toBe(attempt!.sha256);
  });

  it("leaves the same when every message comes twice", async () => {
    const { id, number } = await shop.submitted();
    const { send } = await import("#core/store/queues.ts");
    const body = { organizationId: shop.organizationId, companyId: shop.company.id, invoiceId: id };
    for (let n = 0; n < 6; n++) await send("Submissions", body);
    await pass(local, "10s", 2);
    await send("Submissions", body);
    await pass(local, "10s");
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
    expect(await ledger(number)).toMatchObject({ received: 1, accepted: 1 });
  });

  it("keeps ANAF's findings word by word, and can be corrected and submitted again", async () => {
    await arm("resend.after_nok");
    const { id, number } = await shop.submitted();
    await pass(local, "30s", 3);
    const rejected = await shop.get(id);
    expect(rejected.status).toBe("rejected");
    expect(rejected.anafErrorMessage).not.toBe("");
    const Invoices = await import("#core/documents/invoices/index.ts");
    await Invoices.update(shop.actor, id, { notes: "Corectat." });
    await Invoices.submit(shop.actor, id);
    await pass(local, "30s", 3);
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
    expect(await ledger(number)).toMatchObject({ received: 2, accepted: 1 });
    const attempts = await attemptsOf(id);
    expect(attempts.map(({ state }) => state)).toEqual(["rejected", "accepted"]);
    expect(attempts[0]!.errors.length).toBeGreaterThan(0);
  });

  it("waits while there is no connection, says so, and goes as soon as there is one", async () => {
    const { id, number } = await shop.submitted();
    const { anafConnections } = await import("#core/companies/anaf-connections.ts");
    const { removeConnection, storeConnection } = await import("#core/einvoicing/connections.ts");
    const { wakeWaiting } = await import("#core/einvoicing/wake.ts");
    const { fetchPair } = await import("../with-anaf.ts");
    const [connection] = await anafConnections.all(shop.organizationId);
    await removeConnection(shop.organizationId, connection!);
    await pass(local, "1h", 2);
    const waiting = await shop.get(id);
    expect(waiting.status).toBe("sent_to_provider");
    expect(waiting.anafErrorMessage).toContain("connect again");
    expect(await ledger(number)).toMatchObject({ received: 0 });
    await storeConnection({ organizationId: shop.organizationId, userId: "u" }, await fetchPair(), {
      cifs: [shop.company.cif],
    });
    await wakeWaiting({ organizationId: shop.organizationId, companyId: shop.company.id });
    await pass(local, "30s", 2);
    expect(await shop.get(id)).toMatchObject({ status: "validated", anafErrorMessage: null });
  });
});

/** Faults on the way to ANAF and back, each of which hits one upload. */
const faults: [id: string, params?: object][] = [
  ["upload.lost_response"],
  ["upload.slow_accept", { seconds: 1 }],
  ["upload.dropped"],
  ["upload.tech_1814"],
  ["upload.tech_registered"],
  ["upload.double"],
  ["upload.empty200", { registered: true }],
  ["auth.expired"],
  ["gw.502", { registered: true }],
  ["gw.503"],
  ["gw.reset_midbody"],
  ["gw.429"],
  ["gw.403_path"],
  ["gw.maintenance"],
];

describe("uploads that go wrong on the way", () => {
  it("an answer that is lost is found in the list, within a minute and without a second upload", async () => {
    await arm("upload.lost_response");
    const { id, number } = await shop.submitted();
    await pass(local, "30s", 3);
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
    expect(await ledger(number)).toMatchObject({ received: 1, accepted: 1 });
    expect(await attemptsOf(id)).toMatchObject([
      { state: "accepted", externalId: expect.stringMatching(/^\d+$/) },
    ]);
  });

  it("an upload that never arrived is sent again after six hours, byte for byte", async () => {
    await arm("upload.dropped");
    const { id, number } = await shop.submitted();
    await pass(local, "1h", 5);
    expect(await ledger(number)).toMatchObject({ received: 0 });
    expect((await shop.get(id)).anafErrorMessage).toContain("before anything is sent again");
    await pass(local, "30m", 5);
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
    expect(await ledger(number)).toMatchObject({ received: 1, accepted: 1 });
    const [lost, sent] = await attemptsOf(id);
    expect(lost).toMatchObject({ state: "lost", sha256: sent!.sha256, upload: 1 });
    expect(sent).toMatchObject({ state: "accepted", upload: 2 });
  });

  it("every fault of the road hits one of fourteen invoices: one accepted document each", async () => {
    for (const [at, [fault, params = {}]] of faults.entries())
      await arm(fault, { verb: "upload", nth: at + 1, times: 1 }, params);
    const sent = [];
    for (const _ of faults) sent.push(await shop.submitted());
    await pass(local, "30s", 3);
    await pass(local, "1h", 10);
    const outcomes = await Promise.all(
      sent.map(async ({ id, number }) => [(await shop.get(id)).status, (await ledger(number)).accepted]),
    );
    expect(outcomes).toEqual(sent.map(() => ["validated", 1]));
  }, 120_000);

  it("does not take ANAF's duplicate text for it when the other document is not ours", async () => {
    const first = await shop.submitted();
    await pass(local, "30s", 2);
    const { findFile } = await import("#core/store/files.ts");
    const [attempt] = await attemptsOf(first.id);
    const sent = Buffer.from((await findFile(`${shop.company.id}/submissions/${attempt!.sha256}.xml`))!);
    // Another program sends a different document under the number ours is about to take.
    const nextNumber = first.number.replace(/\d+$/, (digits) =>
      String(+digits + 1).padStart(digits.length, "0"),
    );
    const foreign = sent.toString().replaceAll(first.number, nextNumber).replaceAll("Consultan", "Alta-ceva");
    const { fetchPair } = await import("../with-anaf.ts");
    const { upload } = await import("#core/providers/anaf/client.ts");
    const access = { accessToken: (await fetchPair()).accessToken, environment: "prod" } as const;
    await upload(access, shop.company.cif, { path: "upload", standard: "UBL" }, Buffer.from(foreign));
    local.clock({ advance: "10s" });
    const second = await shop.submitted();
    expect(second.number).toBe(nextNumber);
    await pass(local, "30s", 4);
    await pass(local, "1h", 8);
    const refused = await shop.get(second.id);
    expect(refused.status).toBe("rejected");
    expect(refused.anafErrorMessage).toContain("a mai fost transmisa anterior");
  }, 120_000);
});

describe("a verdict that does not come", () => {
  it("is asked for for days, and the invoice says that nothing has to be done", async () => {
    const { id } = await shop.submitted({ notes: "SIM:STUCK" });
    await pass(local, "6h", 5);
    const stuck = await shop.get(id);
    expect(stuck.status).toBe("sent_to_provider");
    expect(stuck.anafErrorMessage).toContain("still processing");
    await pass(local, "6h", 4);
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
  }, 120_000);

  it("comes without its sealed file, and the seal is checked when the file can be had", async () => {
    await control(local, "/faults", { id: "dl.quota", when: { times: 1 } });
    const { id } = await shop.submitted();
    await pass(local, "10s", 2);
    expect(await shop.get(id)).toMatchObject({ status: "validated", anafStatus: "ok", signatureValid: null });
    await pass(local, "26h");
    expect(await shop.get(id)).toMatchObject({ status: "validated", signatureValid: true });
  }, 60_000);

  it("is not overwritten once it came: a flapping state, a late message, a repeated download", async () => {
    const { id } = await shop.submitted();
    await pass(local, "10s", 2);
    const done = await shop.get(id);
    expect(done.status).toBe("validated");
    await arm("state.flap", { times: 5 });
    const { send } = await import("#core/store/queues.ts");
    const { messages } = await import("#core/einvoicing/messages.ts");
    for (const message of await messages.all(shop.company.id))
      await send("Downloads", {
        organizationId: shop.organizationId,
        companyId: shop.company.id,
        messageId: message.id,
      });
    await pass(local, "1h", 2);
    expect(await shop.get(id)).toEqual(done);
  });

  it("ends the attempt when ANAF cannot read the file; the invoice can be corrected", async () => {
    const { id } = await shop.submitted({ notes: "SIM:UNREADABLE" });
    await pass(local, "2m", 5);
    expect(await shop.get(id)).toMatchObject({ status: "rejected" });
    expect((await attemptsOf(id)).map(({ state }) => state)).toEqual(["unreadable"]);
  });
});

describe("a document ANAF refuses at the door", () => {
  it("is rejected with the text, and nothing is sent again", async () => {
    await arm("upload.sax");
    const { id, number } = await shop.submitted();
    await pass(local, "1m", 3);
    const refused = await shop.get(id);
    expect(refused).toMatchObject({ status: "rejected", anafUploadId: null });
    expect(refused.anafErrorMessage).toContain("SAXParseException");
    expect(await ledger(number)).toMatchObject({ received: 0 });
  });

  it("waits, and the company says which right is missing, when the right is gone", async () => {
    await arm("upload.no_right");
    const { id } = await shop.submitted();
    await pass(local, "1m");
    const waiting = await shop.get(id);
    expect(waiting.status).toBe("sent_to_provider");
    expect(waiting.anafErrorMessage).toContain("Nu aveti drept in SPV");
    const { companies } = await import("#core/companies/company.ts");
    const company = await companies.get(shop.organizationId, shop.company.id);
    expect(company.spvAccessError).toContain("Nu aveti drept in SPV");
  });
});

describe("a text that ANAF never said before", () => {
  it("is shown word by word, counted once per wording, and kept for a person to read", async () => {
    const { keepUnknownText, listUnknownTexts } = await import("#core/einvoicing/unknown-texts.ts");
    await keepUnknownText("upload", "Sistemul 12 a fost mutat");
    await keepUnknownText("upload", "Sistemul 13 a fost mutat");
    const kept = (await listUnknownTexts()).filter(({ text }) => text.startsWith("Sistemul"));
    expect(kept).toMatchObject([{ verb: "upload", count: 2, text: "Sistemul 12 a fost mutat" }]);
  });
});
