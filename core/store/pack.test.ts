import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dictionaries } from "./dictionary.ts";
import { sha256 } from "#core/lib/ids.ts";
import { pack, unpack } from "./pack.ts";

describe("pack", () => {
  it("gives back what it was given", () => {
    const value = {
      name: "Ștefan cel Mare SRL",
      lines: [{ quantity: "1.5" }],
      nothing: null,
      deep: { a: [1, true] },
    };
    expect(unpack(pack(value))).toEqual(value);
  });

  it("reads rows of every dictionary there ever was", () => {
    for (const [version, dictionary] of dictionaries.entries()) {
      const bytes = Buffer.concat([Buffer.of(version), deflateRawSync('{"a":1}', { dictionary })]);
      expect(unpack(bytes)).toEqual({ a: 1 });
    }
  });

  it("refuses a dictionary it does not know, instead of reading nonsense", () => {
    expect(() => unpack(Buffer.of(200, 1, 2, 3))).toThrow("dictionary 200");
  });

  it("never changes a dictionary: rows were written with it", () => {
    expect(dictionaries.map((dictionary) => sha256(dictionary).slice(0, 16))).toEqual(["39bc79bb2d273c51"]);
  });
});
