import { afterEach, describe, expect, it } from "vitest";
import { now, setClockOffset } from "./clock.ts";
import * as Dates from "./dates.ts";

afterEach(() => setClockOffset(0));

describe("days", () => {
  it("knows which days exist", () => {
    expect(Dates.isDay("2024-02-29")).toBe(true);
    for (const text of [
      "2026-02-29",
      "2026-13-01",
      "2026-1-1",
      "20260101",
      "2026-01-01T00:00",
      "",
      "9999-99-99",
    ])
      expect(Dates.isDay(text)).toBe(false);
  });

  it("adds days and months across year ends and short months", () => {
    expect(Dates.addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(Dates.addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(Dates.addMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(Dates.addMonths("2026-11-15", 3)).toBe("2027-02-15");
    expect(Dates.daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  });
});

describe("Bucharest time", () => {
  const icu = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/Bucharest",
    dateStyle: "short",
    timeStyle: "medium",
  });

  it("agrees with the time zone database around every clock change", () => {
    for (let year = 2015; year <= 2040; year += 1)
      for (const month of [3, 10])
        for (let hour = 0; hour < 31 * 24; hour += 1) {
          const instant = new Date(Date.UTC(year, month - 1, 1, hour)).toISOString();
          expect(Dates.bucharestTime(instant)).toBe(icu.format(new Date(instant)).replace(" ", "T"));
        }
  });

  it("returns to the same instant from the wall time, in winter and summer", () => {
    for (const instant of ["2026-01-15T10:30:00.000Z", "2026-07-15T10:30:00.000Z"])
      expect(Dates.fromBucharest(Dates.bucharestTime(instant))).toBe(instant);
  });

  it("takes the first of a doubled hour and moves a skipped one forward", () => {
    expect(Dates.fromBucharest("2026-10-25T03:30:00")).toBe("2026-10-25T00:30:00.000Z");
    expect(Dates.fromBucharest("2026-03-29T03:30:00")).toBe("2026-03-29T01:30:00.000Z");
  });

  it("changes the legal day at midnight in Bucharest", () => {
    expect(Dates.bucharestDay("2026-11-20T21:59:59Z")).toBe("2026-11-20");
    expect(Dates.bucharestDay("2026-11-20T22:00:00Z")).toBe("2026-11-21");
    expect(Dates.startOfDay("2026-11-21")).toBe("2026-11-20T22:00:00.000Z");
  });

  it("takes today from the product's clock", () => {
    setClockOffset(Date.parse("2030-06-01T21:30:00Z") - now());
    expect(Dates.today()).toBe("2030-06-02");
  });

  it("reads ANAF timestamps and nothing else", () => {
    expect(Dates.instantOfAnaf("202611201424")).toBe("2026-11-20T12:24:00.000Z");
    expect(Dates.instantOfAnaf("202607201424")).toBe("2026-07-20T11:24:00.000Z");
    for (const text of ["", "20261120", "202613201424", "202611202524", "2026-11-20"])
      expect(Dates.instantOfAnaf(text)).toBeUndefined();
  });
});

describe("legal calendar", () => {
  it.each([
    [2025, "2025-04-20"],
    [2026, "2026-04-12"],
    [2027, "2027-05-02"],
    [2028, "2028-04-16"],
  ])("Orthodox Easter of %i is on %s", (year, day) => expect(Dates.orthodoxEaster(year)).toBe(day));

  it("counts Good Friday, Easter Monday and Pentecost as holidays", () => {
    for (const day of ["2026-04-10", "2026-04-13", "2026-05-31", "2026-06-01", "2026-12-01"])
      expect(Dates.isWorkingDay(day)).toBe(false);
    expect(Dates.isWorkingDay("2026-04-14")).toBe(true);
  });

  it.each([
    ["2026-01-02", "2026-01-13"],
    ["2026-01-05", "2026-01-14"],
    ["2026-04-08", "2026-04-17"],
    ["2026-04-30", "2026-05-08"],
    ["2026-05-28", "2026-06-05"],
    ["2026-12-23", "2026-12-31"],
    ["2025-12-30", "2026-01-04"],
  ])("an invoice issued on %s must be sent by %s", (issued, deadline) =>
    expect(Dates.submissionDeadline(issued)).toBe(deadline),
  );

  it("an invoice issued long after its tax point is due by the issuing limit plus five working days", () => {
    expect(Dates.submissionDeadline("2026-07-20", "2026-05-10")).toBe("2026-06-22");
  });
});
