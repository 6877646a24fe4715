import { afterAll, describe, expect, it, vi } from "vitest";
import { instantIn, now } from "#core/lib/clock.ts";
import type { NetworkStatus, SubmitOutcome } from "#core/providers/provider.ts";
import { afterLook, afterSending } from "./after-sending.ts";
import { afterStatus } from "./after-status.ts";
import type { Handover } from "./handover.ts";

// Time stands still, so that waits are exact.
vi.useFakeTimers({ toFake: ["Date"] });
afterAll(() => vi.useRealTimers());

const raw = "answer";
const base: Handover = {
  id: "i.ksef.001",
  rev: 1,
  invoiceId: "i",
  provider: "ksef",
  number: "FCT0001",
  state: "sending",
  sequence: 1,
  fileName: "FCT0001.xml",
  contentType: "application/xml",
  sha256: "",
  sizeBytes: 1,
  createdAt: instantIn(-60),
  sendingAt: instantIn(-1),
  sentAt: null,
  endedAt: null,
  externalId: null,
  officialId: null,
  memo: {},
  resendAt: null,
  errors: [],
  note: null,
  receipts: [],
  tries: 1,
  looks: 0,
  polls: 0,
  raw: null,
  lastCheckedAt: null,
  nextAt: null,
};

/** Seconds from now until something happens. */
const wait = ({ nextAt }: Handover): number | null =>
  nextAt === null ? null : (Date.parse(nextAt) - now()) / 1000;

describe("after sending", () => {
  const sent = (outcome: SubmitOutcome, handover: Partial<Handover> = {}) =>
    afterSending({ ...base, ...handover }, outcome);

  it("a confirmed document is asked about", () => {
    const next = sent({ raw, result: "sent", externalId: "X1" });
    expect([next.state, next.externalId, wait(next)]).toEqual(["sent", "X1", 5]);
  });

  it("one that was turned down at the door has ended with the network's words", () => {
    const next = sent({ raw, result: "refused", errors: ["no"] });
    expect([next.state, next.errors, wait(next)]).toEqual(["rejected", ["no"], null]);
    expect(next.endedAt).not.toBeNull();
  });

  it("one whose answer is lost is looked for soon and sent again late", () => {
    const next = sent({ raw, result: "unknown", resendAfterSeconds: 3600 });
    expect([next.state, wait(next)]).toEqual(["unknown", 20]);
    expect(next.resendAt).toBe(instantIn(3600));
  });

  it.each([
    [1, 30],
    [2, 60],
    [5, 480],
    [50, 3600],
  ])("one that certainly did not arrive is tried again: after try %d in %d seconds", (tries, seconds) => {
    const next = sent({ raw, result: "wait", reason: "not_sent", message: "" }, { tries });
    expect([next.state, wait(next)]).toEqual(["prepared", seconds]);
  });

  it("waits for as long as it was told, and says why with the network's words", () => {
    const next = sent({
      raw,
      result: "wait",
      reason: "rate_minute",
      message: "slow down",
      retryAfterSeconds: 77,
    });
    expect(wait(next)).toBe(77);
    expect(next.note).toContain("(slow down)");
  });
});

describe("after a look for a lost document", () => {
  const unknown = (given: Partial<Handover>) => ({ ...base, state: "unknown" as const, ...given });
  const waiting = { resendAt: instantIn(3600) };
  const due = { resendAt: instantIn(-1) };

  it("found, it is one that was sent when it left", () => {
    const next = afterLook(unknown(waiting), { result: "found", externalId: "X1" });
    expect([next.state, next.externalId, next.sentAt]).toEqual(["sent", "X1", base.sendingAt]);
  });

  it.each([
    ["absent too early: looked for again", waiting, { result: "absent" }, "unknown", 60],
    ["absent when it is time: sent again", due, { result: "absent" }, "prepared", 0],
    ["unclear when it is time: looked for again, never sent", due, { result: "unclear", raw }, "unknown", 60],
    ["a network that cannot be asked, too early: waited for", waiting, undefined, "unknown", 3600],
    ["a network that cannot be asked, when it is time: sent again", due, undefined, "prepared", 0],
  ] as const)("%s", (_, given, found, state, seconds) => {
    const next = afterLook(unknown(given), found);
    expect([next.state, wait(next)]).toEqual([state, seconds]);
  });

  it("nobody can say for a week: lost, and people are told to look", () => {
    const week = unknown({ ...due, sendingAt: instantIn(-8 * 86_400) });
    const next = afterLook(week, { result: "unclear", raw });
    expect([next.state, wait(next)]).toEqual(["lost", null]);
    expect(next.note).toContain("look there before you submit it again");
  });
});

describe("after the network's word", () => {
  const sent = { ...base, state: "sent" as const, externalId: "X1", sentAt: instantIn(-5) };
  const processing: NetworkStatus = { raw, result: "processing" };
  const receipt = { fileName: "upo.xml", contentType: "application/xml", key: "c/receipts/1.xml" };

  it.each([
    [0, 10],
    [4, 120],
    [8, 1800],
    [9, 3600],
  ])("undecided, it is asked again: after question %d in %d seconds", (polls, seconds) => {
    const next = afterStatus({ ...sent, polls }, processing, [], true);
    expect([next.state, next.polls, wait(next)]).toEqual(["sent", polls + 1, seconds]);
  });

  it("undecided for days, every six hours, and never given up", () => {
    const old = { ...sent, polls: 900, sentAt: instantIn(-300 * 86_400) };
    expect(wait(afterStatus(old, processing, [], true))).toBe(6 * 3600);
  });

  it("accepted, it has its number and keeps each receipt once", () => {
    const status = { raw, result: "accepted", officialId: "N-1" } as const;
    const next = afterStatus({ ...sent, receipts: [receipt] }, status, [receipt], true);
    expect(next).toMatchObject({ state: "accepted", officialId: "N-1", receipts: [receipt], nextAt: null });
  });

  it("told by itself before the answer to the sending came, it was sent", () => {
    const next = afterStatus({ ...base, nextAt: "x" }, { ...processing, note: "there" }, [], false);
    expect(next).toMatchObject({
      state: "sent",
      note: "there",
      sentAt: base.sendingAt,
      polls: 0,
      nextAt: "x",
    });
  });

  it("a question that failed says nothing about the document", () => {
    const failed: NetworkStatus = {
      raw,
      result: "wait",
      reason: "passing",
      message: "503",
      retryAfterSeconds: 9,
    };
    const next = afterStatus(sent, failed, [], true);
    expect([next.state, wait(next), next.note]).toEqual(["sent", 9, "The network could not be asked: 503"]);
  });
});
