import { afterEach, describe, expect, it } from "vitest";
import { setClockOffset } from "#core/lib/clock.ts";
import { scheduledSend } from "./schedule.ts";

afterEach(() => setClockOffset(0));

/** Answers when an invoice issued at an instant leaves, for a delay in hours. */
function sentAt(issuedAt: string, efacturaDelayHours: number | null): string | null {
  setClockOffset(Date.parse(issuedAt) - Date.now());
  return scheduledSend({ syncEnabled: true, efacturaDelayHours }, { country: "RO" });
}

describe("scheduledSend", () => {
  it("is at once without a delay", () => {
    const sent = sentAt("2026-11-20T10:00:00Z", null);
    expect(Math.abs(Date.parse(sent!) - Date.parse("2026-11-20T10:00:00Z"))).toBeLessThan(1000);
  });

  it("is never with sync off or for a buyer abroad", () => {
    const company = { syncEnabled: true, efacturaDelayHours: null };
    expect(scheduledSend({ ...company, syncEnabled: false }, { country: "RO" })).toBeNull();
    expect(scheduledSend(company, { country: "DE" })).toBeNull();
  });

  it.each([
    ["whole days end at midnight in Bucharest", "2026-11-20T10:00:00Z", 48, "2026-11-21T22:00:00.000Z"],
    ["a part of a day more changes nothing", "2026-11-20T10:00:00Z", 30, "2026-11-20T22:00:00.000Z"],
    ["midnight is three hours ahead in summer", "2026-07-01T10:00:00Z", 24, "2026-07-01T21:00:00.000Z"],
    ["hours that end by day wait for the night", "2026-11-20T10:00:00Z", 4, "2026-11-20T22:00:00.000Z"],
    [
      "hours that end after six in the morning wait for the next night",
      "2026-11-20T22:30:00Z",
      6,
      "2026-11-21T22:00:00.000Z",
    ],
  ])("%s", (_what, issuedAt, hours, expected) => {
    expect(sentAt(issuedAt, hours)).toBe(expected);
  });

  it("hours that end in the night are kept to", () => {
    const sent = sentAt("2026-11-20T21:30:00Z", 2);
    expect(sent).toMatch(/^2026-11-20T23:(29|30):/);
  });
});
