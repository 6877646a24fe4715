import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dictionaries } from "./dictionary.ts";
import { sha256 } from "#core/lib/ids.ts";
import { pack, unpack } from "./pack.ts";

const key = { pk: "0198c0de-0000-7000-8000-000000000001#inv", sk: "0198c0de-0000-7000-8000-000000000002" };

describe("pack", () => {
  it("gives back what it was given", () => {
    const value = {
      name: "Ștefan cel Mare SRL",
      lines: [{ quantity: "1.5" }],
      nothing: null,
      deep: { a: [1, true] },
    };
    expect(unpack(pack(value, key), key)).toEqual(value);
  });

  it("gives back small and large values, and small bytes of large values", () => {
    const line = (n: number) => ({ n, description: `Ștampile ${sha256(String(n))}`, unitPrice: `${n}.5` });
    for (const count of [0, 1, 5, 20, 100, 1_000])
      for (const value of [Array.from({ length: count }, (_, n) => line(n)), " ".repeat(count * 100)])
        expect(unpack(pack(value, key), key)).toEqual(value);
  });

  it("reads rows of every dictionary there ever was", () => {
    for (const [version, dictionary] of dictionaries.entries()) {
      const known = Buffer.concat([dictionary, Buffer.from(`${key.pk}"${key.sk}"`)]);
      const bytes = Buffer.concat([Buffer.of(version), deflateRawSync('{"a":1}', { dictionary: known })]);
      expect(unpack(bytes, key)).toEqual({ a: 1 });
    }
  });

  it("refuses a dictionary it does not know, instead of reading nonsense", () => {
    expect(() => unpack(Buffer.of(200, 1, 2, 3), key)).toThrow("dictionary 200");
  });

  it("never changes a dictionary: rows were written with it", () => {
    expect(dictionaries.map((dictionary) => sha256(dictionary).slice(0, 16))).toEqual(["ca3d57a0af1c4831"]);
  });
});
