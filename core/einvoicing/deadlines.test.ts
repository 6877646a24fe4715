import { describe, expect, it } from "vitest";
import { pressingDeadline } from "./deadlines.ts";

const issued = (issueDate: string) => ({ issueDate, taxPointDate: null });

describe("pressingDeadline", () => {
  it("is silent while more than two working days are left", () => {
    // Issued on Monday 2 November 2026: the fifth working day after is Monday 9.
    expect(pressingDeadline(issued("2026-11-02"), "2026-11-04")).toBeUndefined();
    expect(pressingDeadline(issued("2026-11-02"), "2026-11-05")).toBe("2026-11-09");
  });

  it("counts over weekends and legal holidays, and stays once it is past", () => {
    // 30 November and 1 December 2026 are legal holidays.
    expect(pressingDeadline(issued("2026-11-26"), "2026-12-02")).toBeUndefined();
    expect(pressingDeadline(issued("2026-11-26"), "2026-12-03")).toBe("2026-12-07");
    expect(pressingDeadline(issued("2026-11-26"), "2027-02-01")).toBe("2026-12-07");
  });
});
