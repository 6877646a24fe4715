import { describe, expect, it } from "vitest";
import { isKeyText, isMistyped, newKeyText } from "./key-text.ts";

describe("the text of an API key", () => {
  it("says sk_live_ only where documents reach the real authority", () => {
    const before = process.env["ANAF_API_URL"];
    process.env["ANAF_API_URL"] = "https://api.anaf.ro";
    expect(newKeyText()).toMatch(/^sk_live_[0-9a-f]{64}$/);
    process.env["ANAF_API_URL"] = "http://127.0.0.1:1";
    expect(newKeyText()).toMatch(/^sk_test_[0-9a-f]{64}$/);
    if (before === undefined) delete process.env["ANAF_API_URL"];
    else process.env["ANAF_API_URL"] = before;
  });

  it("shows each single typing error by its checksum", () => {
    const text = newKeyText();
    expect(isMistyped(text)).toBe(false);
    for (let i = "sk_test_".length; i < text.length; i++) {
      const wrong = text.slice(0, i) + (text[i] === "7" ? "8" : "7") + text.slice(i + 1);
      expect(isMistyped(wrong)).toBe(true);
    }
    expect(isMistyped(text.slice(0, -1))).toBe(true);
  });

  it("is told from a session by its beginning; older keys have no checksum", () => {
    expect(["sk_live_x", "sk_0", "af_0", "eyJhbGciOi", "storno_oat_x"].map(isKeyText)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(isMistyped("af_anything")).toBe(false);
  });
});
