import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { type Connected, control, ledgerOf, pass, startWithAnaf, withConnection } from "../with-anaf.ts";

/** Whatever moves a document on can be lost; the document must not be. */

let local: Local;
let shop: Connected;

beforeAll(async () => {
  local = await startWithAnaf();
  shop = await withConnection(local, { cif: freshCif() });
});
afterAll(() => local?.stop());
beforeEach(() => control(local, "/faults", undefined, "DELETE"));

const arm = (id: string, when: object = { times: 1 }) =>
  control(local, "/faults", { id, when: { cif: shop.company.cif, ...when } });

async function attemptsOf(invoiceId: string) {
  const attempts = await import("#core/einvoicing/attempts.ts");
  return attempts.attemptsOf(shop.company.id, invoiceId);
}

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
    expect(await ledgerOf(local, shop.company.cif, number)).toMatchObject({ received: 1, accepted: 1 });
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
