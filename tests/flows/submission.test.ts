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

describe("a submission whose message was lost for good", () => {
  it("is taken up within hours although nobody looks into the mailbox: what announced it was lost", async () => {
    const { markSubmitting } = await import("#core/documents/invoices/efactura.ts");
    const { invoices } = await import("#core/documents/invoices/collection.ts");
    const { commit } = await import("#core/store/commit.ts");
    const issued = await invoices.get(shop.company.id, (await shop.issuedLater()).id);
    const change = markSubmitting(shop.actor, issued, { automatic: false, xmlSha256: issued.xmlSha256! })!;
    if (!("put" in change)) throw new Error("A submission is a new state of its invoice.");
    const { out: _lost, ...put } = change.put;
    await commit([{ ...change, put }]);
    await pass(local, "1h");
    expect(await attemptsOf(issued.id)).toEqual([]);
    await pass(local, "1h", 2);
    await pass(local, "10s", 2);
    expect(await shop.get(issued.id)).toMatchObject({ status: "validated" });
  });

  it("is taken up although its due message is gone from the table, and not before it was due", async () => {
    await arm("gw.403_path", { verb: "upload", times: 1 });
    const { id } = await shop.submitted();
    await pass(local, "2m");
    expect(await loseDueMessages(id)).toBe(1);
    await pass(local, "1h", 2);
    expect(await attemptsOf(id)).toMatchObject([{ state: "prepared", tries: 1 }]);
    await pass(local, "1h", 2);
    await pass(local, "10s", 2);
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
  });

  it("has its verdict although the message that was to read it is gone", async () => {
    await control(local, "/faults", { id: "dl.quota", when: {} });
    const { id } = await shop.submitted({ notes: "SIM:NOK" });
    await pass(local, "1m", 2);
    const { messages } = await import("#core/einvoicing/messages.ts");
    const verdict = (await messages.all(shop.company.id)).find(({ type }) => type === "ERORI_FACTURA")!;
    expect(verdict).toMatchObject({ stage: "listed", nextAt: expect.any(String) });
    await control(local, "/faults", undefined, "DELETE");
    expect(await loseDueMessages(verdict.id, "Downloads")).toBe(1);
    await pass(local, "6h", 5);
    expect(await shop.get(id)).toMatchObject({ status: "rejected" });
  });

  it("is adopted, and not sent twice, although the message that was to compare it is gone", async () => {
    const { syncStates, STATE } = await import("#core/einvoicing/sync-state.ts");
    const { commit } = await import("#core/store/commit.ts");
    await arm("upload.lost_response");
    await control(local, "/faults", { id: "dl.quota", when: {} });
    const { id, number } = await shop.submitted();
    await pass(local, "30s", 3);
    const { messages } = await import("#core/einvoicing/messages.ts");
    const listed = (await messages.all(shop.company.id)).filter(({ stage }) => stage === "listed");
    expect(listed.length).toBeGreaterThan(0);
    await control(local, "/faults", undefined, "DELETE");
    for (const message of listed) expect(await loseDueMessages(message.id, "Downloads")).toBe(1);
    // The mailbox is known to now, so that no look shows the document again.
    const state = await syncStates.get(shop.company.id, STATE);
    const provenTo = new Date(Date.parse(state.glancedAt!) + 3_600_000).toISOString();
    await commit([syncStates.replace(shop.company.id, state, { ...state, provenTo })]);
    await pass(local, "6h", 5);
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
    expect(await ledger(number)).toMatchObject({ received: 1, accepted: 1 });
  });

  it("is taken up when it should have left by itself, as soon as there is a connection to leave through", async () => {
    const late = await withConnection(local, { cif: freshCif() });
    await late.call("POST", `/api/v1/companies/${late.company.id}/toggle-sync`);
    const { id } = await late.issuedLater();
    expect((await late.get(id)).scheduledSendAt).not.toBeNull();
    const { removeConnection, storeConnection } = await import("#core/einvoicing/connections.ts");
    await removeConnection(late.organizationId, late.connection);
    await pass(local, "1h", 4);
    expect(await late.get(id)).toMatchObject({ status: "issued" });
    const { fetchPair } = await import("../with-anaf.ts");
    const user = { organizationId: late.organizationId, userId: "u" };
    await storeConnection(user, await fetchPair(), { cifs: [late.company.cif] });
    await pass(local, "1h");
    await pass(local, "10s", 2);
    expect(await late.get(id)).toMatchObject({ status: "validated" });
  });
});

/** Takes messages about something out of the table in which they wait for their time; answers how many. */
async function loseDueMessages(id: string, queue = "Submissions"): Promise<number> {
  const { readPartition } = await import("#core/store/read.ts");
  const { commit } = await import("#core/store/commit.ts");
  const shards = Array.from({ length: 16 }, (_, shard) => `due#${shard}`);
  const rows = (await Promise.all(shards.map((pk) => readPartition(pk)))).flat();
  const lost = rows.filter(({ sk }) => sk.includes(`#${queue}#${id}`));
  for (const { pk, sk } of lost) await commit([{ remove: { pk, sk }, when: "present" }]);
  return lost.length;
}

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
