import { describe, expect, it } from "vitest";
import { isLeitwegId, looksLikeLeitwegId } from "./leitweg-id.ts";

describe("Leitweg-ID", () => {
  it.each(["04011000-1234512345-06", "991-33333TEST-33", "04011000-1234512345-06 ", "991-33333test-33"])(
    "%j is one",
    (id) => expect(isLeitwegId(id)).toBe(true),
  );

  it.each([
    ["a wrong check digit", "04011000-1234512345-07"],
    ["a swapped digit", "04011000-1234521345-06"],
    ["no check digits", "04011000-1234512345"],
    ["an order number", "PO-2026-17"],
    ["nothing", ""],
  ])("with %s is none", (_, id) => expect(isLeitwegId(id)).toBe(false));

  it.each([
    ["04011000-1234512345-07", true],
    ["04011000-07", true],
    ["10-25", false],
    ["2026-17-01", false],
    ["PO-2026-17", false],
  ])("%s is meant to be one: %s", (id, isMeant) => expect(looksLikeLeitwegId(id)).toBe(isMeant));
});
