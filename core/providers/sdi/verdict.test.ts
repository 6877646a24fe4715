import { describe, expect, it } from "vitest";
import type { Parcel } from "#core/providers/provider.ts";
import { tooEarly } from "./day.ts";
import { outcomeOf } from "./intermediary.ts";
import type { Reply } from "./rest.ts";
import { statusIn } from "./verdict.ts";

const NAME = "IT01234567897_0A1B2.xml";
const SHA = "ab".repeat(32);

const parcel = (format = "FPR12"): Parcel => ({
  fileName: NAME,
  contentType: "application/xml",
  bytes: Buffer.from(`<p:FatturaElettronica xmlns:p="x" versione="${format}"/>`),
  sha256: SHA,
  number: "FCT1",
  memo: {},
  remember: () => Promise.reject(new Error("nothing is to be remembered")),
});

const reply = (status: number, body: unknown, retryAfterSeconds?: number): Reply => ({
  kind: "reply",
  status,
  text: typeof body === "string" ? body : JSON.stringify(body),
  retryAfterSeconds,
});

describe("what an intermediary answers to a document", () => {
  const cases: [string, Reply, object][] = [
    ["an id", reply(201, { id: 17 }), { result: "sent", externalId: "17" }],
    ["success without an id", reply(200, "OK"), { result: "unknown" }],
    ["our own copy", reply(409, { id: "a", sha256: SHA.toUpperCase() }), { result: "sent", externalId: "a" }],
    ["another's copy", reply(409, { id: "a", sha256: "00" }), { result: "refused" }],
    ["a copy of whom?", reply(409, { id: "a" }), { result: "refused" }],
    [
      "a refusal",
      reply(422, { errors: [{ code: "E1", description: "no" }, "E2"] }),
      { result: "refused", errors: ["E1: no", "E2"] },
    ],
    [
      "a refusal in a word",
      reply(400, { message: "too large" }),
      { result: "refused", errors: ["too large"] },
    ],
    ["a wrong key", reply(401, ""), { result: "wait", reason: "reconnect" }],
    ["a key without rights", reply(403, ""), { result: "wait", reason: "no_right" }],
    ["a redirect", reply(302, ""), { result: "wait", reason: "reconnect" }],
    ["nothing there", reply(404, ""), { result: "wait", reason: "reconnect" }],
    ["too many", reply(429, "", 7), { result: "wait", reason: "rate_minute", retryAfterSeconds: 7 }],
    ["its own time-out", reply(408, ""), { result: "unknown" }],
    ["a failure", reply(502, "<html>"), { result: "unknown" }],
    [
      "no connection",
      { kind: "failure", left: false, cause: "ECONNREFUSED" },
      { result: "wait", reason: "not_sent" },
    ],
    ["no answer", { kind: "failure", left: true, cause: "ECONNRESET" }, { result: "unknown" }],
  ];
  it.each(cases)("%s", (_what, answer, outcome) =>
    expect(outcomeOf(parcel(), answer)).toMatchObject(outcome),
  );
});

describe("what an intermediary says of a document", () => {
  const rc = (name = NAME) =>
    `<RicevutaConsegna><IdentificativoSdI>7</IdentificativoSdI><NomeFile>${name}</NomeFile></RicevutaConsegna>`;
  const given = (xml: string) => ({ status: "processing", notifications: [{ filename: "rc.xml", xml }] });
  const cases: [string, Reply, object][] = [
    ["a word alone", reply(200, { status: "delivered", sdiId: 7 }), { result: "accepted", officialId: "7" }],
    ["the exchange's word", reply(200, { status: "MC" }), { result: "accepted", officialId: null }],
    [
      "a rejection",
      reply(200, { status: "rejected", errors: ["00404: x"] }),
      { result: "rejected", errors: ["00404: x"] },
    ],
    [
      "a word of its own",
      reply(200, { status: "queued" }),
      { result: "processing", note: "The intermediary says: queued." },
    ],
    ["a notification", reply(200, given(rc())), { result: "accepted", officialId: "7" }],
    ["one in base 64", reply(200, given(Buffer.from(rc()).toString("base64"))), { result: "accepted" }],
    ["one about another", reply(200, given(rc("IT01234567897_0A1B3.xml"))), { result: "processing" }],
    ["another document", reply(200, { status: "delivered", sha256: "00" }), { result: "wait" }],
    ["no JSON", reply(200, "<html>"), { result: "wait" }],
    ["that it knows nothing", reply(404, ""), { result: "wait" }],
    [
      "nothing",
      { kind: "failure", left: true, cause: "ECONNRESET" },
      { result: "wait", message: "ECONNRESET" },
    ],
  ];
  it.each(cases)("%s", (_what, answer, status) => expect(statusIn(parcel(), answer)).toMatchObject(status));

  it("of a delivery to an office is not the end", () => {
    expect(statusIn(parcel("FPA12"), reply(200, given(rc())))).toMatchObject({
      result: "processing",
      receipts: [{ fileName: "rc.xml" }],
    });
  });
});

describe("a day of issue", () => {
  const file = (day: string) => Buffer.from(`<Numero>1</Numero><Data>${day}</Data>`);
  it("that has not begun in Italy is waited for", () => {
    expect(tooEarly(file("2000-01-01"))).toBeUndefined();
    expect(tooEarly(file("2999-01-01"))).toBeGreaterThan(86_400);
  });
});
