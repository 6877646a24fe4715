import { describe, expect, it } from "vitest";
import { hashPassword, isOutdated, isPassword } from "./passwords.ts";

describe("a stored password", () => {
  it("is known by the password alone, and looks different each time", async () => {
    const [one, two] = [await hashPassword("correct horse"), await hashPassword("correct horse")];
    expect(one).not.toBe(two);
    expect(one).not.toContain("correct");
    expect([await isPassword("correct horse", one), await isPassword("correct horsf", one)]).toEqual([
      true,
      false,
    ]);
  });

  it("is the same in both Unicode spellings of a letter", async () => {
    expect(await isPassword("s\u0326tefan-1", await hashPassword("\u0219tefan-1"))).toBe(true);
  });

  it("is no password when there is none stored", async () => {
    expect(await isPassword("", undefined)).toBe(false);
  });

  it("is still known at an older price, and called outdated", async () => {
    // RFC 7914 §12: scrypt("pleaseletmein", "SodiumChloride", N = 16384, r = 8, p = 1), its first 32 bytes.
    const key = Buffer.from("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2", "hex");
    const salt = Buffer.from("SodiumChloride").toString("base64url");
    const older = `scrypt1$16384$8$1$${salt}$${key.toString("base64url")}`;
    expect([await isPassword("pleaseletmein", older), isOutdated(older)]).toEqual([true, true]);
    expect(isOutdated(await hashPassword("x"))).toBe(false);
  });

  it("cannot be read in a form from the future", async () => {
    await expect(isPassword("x", "argon9$1$2$3$a$b")).rejects.toThrow("does not know");
  });
});
