import { serve } from "@hono/node-server";
import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { now, setClockOffset } from "#core/lib/clock.ts";
import type { NetworkStatus, Parcel } from "#core/providers/provider.ts";
import { ksef } from "#core/providers/ksef/network.ts";
import { isKsefNumber } from "#core/providers/ksef/number.ts";
import { simulateKsef } from "#infra/local/ksef/simulator.ts";
import { BUYER, documentFrom } from "../golden/documents.ts";

/** The client against the simulator and nothing else: no engine, no rows, time moved by hand. */

const NIP = "5265877635";
const POLISH = { ...BUYER, country: "PL", vatCode: "5260001246" };

const simulator = simulateKsef({ now });
const calls: string[] = [];
const server = serve({
  port: 0,
  fetch: (request: Request, env: unknown) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/ksef/v2")) calls.push(pathname.slice("/ksef/v2".length));
    return simulator.fetch(request, env as Parameters<typeof simulator.fetch>[1]);
  },
});

beforeAll(() => {
  process.env["KSEF_API_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ksef`;
});
afterAll(async () => {
  setClockOffset(0);
  await new Promise((closed) => server.close(closed));
  simulator.close();
});

let offsetMs = 0;
const advance = (seconds: number): void => setClockOffset((offsetMs += seconds * 1000));

async function control<Told>(path: string, body?: object): Promise<Told> {
  const request = new Request(
    `http://localhost/ksef/__sim${path}`,
    body && { method: "POST", body: JSON.stringify(body) },
  );
  return (await (await simulator.fetch(request)).json()) as Told;
}
const arm = (id: string, more: object = {}) => control("/faults", { id, ...more });

let turn = 0;
let values: { nip: string; authToken: string };
let parcel: Parcel;

/** Each test has an invoice and a token of its own. */
beforeEach(async () => {
  const number = `FV/${++turn}`;
  values = { nip: NIP, authToken: `20261120-EC-1-2-3|nip-${NIP}|secret${turn}` };
  const lines = [{ description: "Doradztwo", quantity: 1, unitPrice: 9, vatRate: 23 }];
  const document = documentFrom({ currency: "PLN", lines }, { buyer: POLISH, number });
  const { document: file } = await ksef.write(document, { values, sequence: turn, correctedId: null });
  const kept = { memo: {} as Readonly<Record<string, string>> };
  parcel = {
    ...file!,
    number,
    sha256: createHash("sha256").update(file!.bytes).digest("hex"),
    get memo() {
      return kept.memo;
    },
    remember: async (memo) => void (kept.memo = memo),
  };
});

const transport = () => ksef.transport(values)!;

async function sent(): Promise<string> {
  const outcome = await transport().send(parcel);
  if (outcome.result !== "sent") throw new Error(JSON.stringify(outcome));
  return outcome.externalId;
}

async function statusAfter(seconds: number, reference: string): Promise<NetworkStatus> {
  advance(seconds);
  return transport().status!(reference, parcel);
}

const arrived = () =>
  control<{ status: { code: number } | null }[]>(`/invoices?number=${encodeURIComponent(parcel.number)}`);

describe("KSeF number", () => {
  it("is known by its checksum", () => {
    expect(isKsefNumber("5265877635-20250826-0100001AF629-AF")).toBe(true);
    expect(isKsefNumber("5265877635-20250826-0100001AF629-AE")).toBe(false);
    expect(isKsefNumber("5265877635-20250826-0100001AF628-AF")).toBe(false);
    expect(isKsefNumber("5265877635-20250826-0100001af629-AF")).toBe(false);
  });
});

it("an invoice of more than a million bytes is refused before it leaves", async () => {
  const long = { description: "x".repeat(500), quantity: 1, unitPrice: 9, vatRate: 23 };
  const document = documentFrom(
    { currency: "PLN", lines: Array.from({ length: 2000 }, () => long) },
    { buyer: POLISH },
  );
  const { findings, document: file } = await ksef.write(document, { values, sequence: 1, correctedId: null });
  expect(file).toBeUndefined();
  expect(findings).toMatchObject([{ path: "lines", ruleId: "STORNO-PL-SIZE", severity: "fatal" }]);
});

describe("access", () => {
  it("takes one login for many calls, and a refresh after a quarter of an hour", async () => {
    const reference = await sent();
    await transport().status!(reference, parcel);
    expect(calls.filter((path) => path === "/auth/challenge")).toHaveLength(1);
    calls.length = 0;
    expect(await statusAfter(15 * 60, reference)).toMatchObject({ result: "accepted" });
    expect(calls.filter((path) => path.startsWith("/auth/"))).toEqual(["/auth/token/refresh"]);
    calls.length = 0;
    expect(await statusAfter(8 * 86_400, reference)).toMatchObject({ result: "accepted" });
    expect(calls).toContain("/auth/challenge");
  });

  it("is shared by whoever asks at the same time", async () => {
    const reference = await sent();
    advance(16 * 60);
    calls.length = 0;
    await Promise.all([1, 2, 3].map(() => transport().status!(reference, parcel)));
    expect(calls.filter((path) => path.startsWith("/auth/"))).toEqual(["/auth/token/refresh"]);
  });

  it.each(["access.expired", "auth.slow", "redeem.lost"])("is had in spite of %s", async (fault) => {
    await arm(fault);
    expect(await statusAfter(2, await sent())).toMatchObject({ result: "accepted" });
    expect(await arrived()).toHaveLength(1);
  });

  it("is refused to a token that was revoked, at once and for good", async () => {
    const reference = await sent();
    await control("/revoke", { token: values.authToken });
    expect(await statusAfter(2, reference)).toMatchObject({ result: "wait", reason: "reconnect" });
    expect((await transport().test()).error).toContain("Token unieważniony");
  });
});

describe("sending", () => {
  it("reads the keys again when KSeF has changed them, for tokens and for sessions", async () => {
    await transport().test();
    await control("/rotate", {});
    calls.length = 0;
    expect(await statusAfter(2, await sent())).toMatchObject({ result: "accepted" });
    expect(calls.filter((path) => path === "/security/public-key-certificates")).toHaveLength(1);
    await control("/rotate", { usage: "SymmetricKeyEncryption" });
    expect((await transport().send(parcel)).result).toBe("sent");
  });

  it.each(["session.ended", "session.lost"])(
    "waits when %s, for nothing has arrived, and goes on in another session",
    async (fault) => {
      await arm(fault);
      expect(await transport().send(parcel)).toMatchObject({ result: "wait", reason: "not_sent" });
      expect(await arrived()).toEqual([]);
      expect(await statusAfter(2, await sent())).toMatchObject({ result: "accepted" });
    },
  );

  it.each(["invoice.lost-after", "invoice.500-after"])(
    "does not know after %s, and finds it",
    async (fault) => {
      await arm(fault);
      expect(await transport().send(parcel)).toMatchObject({ result: "unknown" });
      const found = await transport().find!(parcel);
      if (found.result !== "found") throw new Error(found.result);
      expect(await statusAfter(2, found.externalId)).toMatchObject({ result: "accepted" });
    },
  );

  it("calls an invoice absent only when it cannot arrive any more", async () => {
    await arm("invoice.lost-before");
    expect(await transport().send(parcel)).toMatchObject({ result: "unknown" });
    const session = parcel.memo["session"]!;
    calls.length = 0;
    expect(await transport().find!(parcel)).toEqual({ result: "absent" });
    const listed = `/sessions/${session}/invoices`;
    expect(calls).toEqual([listed, `/sessions/online/${session}/close`, listed]);
    expect(await transport().find!(parcel)).toEqual({ result: "absent" });
  });

  it("asks nothing while it was told to wait", async () => {
    await control("/block", { seconds: 60 });
    expect(await transport().send(parcel)).toMatchObject({
      result: "wait",
      reason: "rate_minute",
      retryAfterSeconds: 60,
    });
    calls.length = 0;
    advance(20);
    expect(await transport().send(parcel)).toMatchObject({ result: "wait", retryAfterSeconds: 40 });
    expect(calls).toEqual([]);
    advance(40);
    expect((await transport().send(parcel)).result).toBe("sent");
  });

  it("waits for the day of issue to begin in Poland, an hour after it has in Romania", async () => {
    const day = new Date(now() + 2 * 86_400_000).toISOString().slice(0, 10);
    const dated = Buffer.from(parcel.bytes)
      .toString("utf8")
      .replace(/<P_1>[^<]*/, `<P_1>${day}`);
    parcel = Object.defineProperties({} as Parcel, {
      ...Object.getOwnPropertyDescriptors(parcel),
      bytes: { value: Buffer.from(dated, "utf8") },
    });
    const early = await transport().send(parcel);
    expect(early).toMatchObject({ result: "wait", message: expect.stringContaining(day) });
    advance((early as { retryAfterSeconds: number }).retryAfterSeconds);
    expect(await statusAfter(2, await sent())).toMatchObject({ result: "accepted" });
  });

  it("never leaves when nobody listens", async () => {
    const address = process.env["KSEF_API_URL"];
    process.env["KSEF_API_URL"] = "http://127.0.0.1:9/ksef";
    expect(await transport().send(parcel)).toMatchObject({ result: "wait", reason: "not_sent" });
    process.env["KSEF_API_URL"] = address;
  });
});

describe("a verdict", () => {
  it("is late while the invoice is stuck", async () => {
    await arm("invoice.stuck", { hours: 1 });
    const reference = await sent();
    expect(await statusAfter(600, reference)).toMatchObject({ result: "processing" });
    expect(await statusAfter(3600, reference)).toMatchObject({ result: "accepted" });
  });

  it("waits for its confirmation, for a day", async () => {
    await arm("upo.late", { times: 2 });
    const reference = await sent();
    expect(await statusAfter(2, reference)).toMatchObject({ result: "processing" });
    const overdue = await statusAfter(86_400, reference);
    expect(overdue).toMatchObject({ result: "accepted", note: expect.stringContaining("UPO") });
    expect(overdue).not.toHaveProperty("receipts");
    expect(await statusAfter(1, reference)).toMatchObject({ receipts: [expect.anything()] });
  });

  it("is not believed with a number whose checksum is wrong", async () => {
    await arm("number.damaged");
    expect(await statusAfter(2, await sent())).toMatchObject({ result: "wait" });
  });

  it("is a refusal with KSeF's words when the system cancels", async () => {
    await arm("invoice.cancelled");
    expect(await statusAfter(2, await sent())).toMatchObject({
      result: "rejected",
      errors: [expect.stringMatching(/^550 /)],
    });
  });

  it("is a refusal when the invoice is of another seller", async () => {
    const foreign = `20261120-EC-1-2-3|nip-${POLISH.vatCode}|secret`;
    values = { nip: POLISH.vatCode, authToken: foreign };
    expect(await statusAfter(2, await sent())).toMatchObject({
      result: "rejected",
      errors: [expect.stringMatching(/^410 /)],
    });
  });
});
