import { describe, expect, it } from "vitest";
import { isCnp, isCui, isIban, normalCif } from "./cif.ts";
import { isVatexCode, paymentMeansCode, unitCode, unitName } from "./codes.ts";
import { COUNTY_NAMES, countyCode, sectorOf } from "./places.ts";

describe("Romanian identifiers", () => {
  it.each(["12345674", "87654329", "8000000000", "14399840", "361757", "RO 9000000011"])(
    "%s is a CUI",
    (text) => expect(isCui(text)).toBe(true),
  );
  it.each(["1234", "31097608", "9000000012", "", "RO", "0", "12345678901", "DE123456789"])(
    "%j is no CUI",
    (text) => expect(isCui(text)).toBe(false),
  );
  it.each(["1800101221144", "1900101400004", "2900101400014"])("%s is a CNP", (text) =>
    expect(isCnp(text)).toBe(true),
  );
  it.each(["0000000000000", "1800101221145", "180010122114"])("%s is no CNP", (text) =>
    expect(isCnp(text)).toBe(false),
  );
  it.each(["RO49AAAA1B31007593840000", "RO14 SIMU 0000 0000 0000 0001", "DE89370400440532013000"])(
    "%s is an IBAN",
    (text) => expect(isIban(text)).toBe(true),
  );
  it.each(["RO49AAAA1B31007593840001", "RO49AAAA1B3100759384", "", "hello"])("%j is no IBAN", (text) =>
    expect(isIban(text)).toBe(false),
  );
  it("lose prefix, blanks and dots", () => {
    expect(normalCif(" ro 900.000.0011 ")).toBe("9000000011");
    expect(normalCif("RO")).toBe("RO");
    expect(normalCif("DE123")).toBe("DE123");
  });
});

describe("places", () => {
  it("find every county by code, ISO code and name, with or without diacritics", () => {
    expect(COUNTY_NAMES.size).toBe(42);
    for (const [code, name] of COUNTY_NAMES)
      for (const written of [
        code,
        code.toLowerCase(),
        `RO-${code}`,
        name,
        name.toUpperCase(),
        `Județul ${name}`,
      ])
        expect(countyCode(written), written).toBe(code);
  });

  it.each([
    "Bucureşti",
    "Municipiul București",
    "bucuresti sectorul 3",
    "Sector 3",
    "sect.3",
    "SECTOR3",
    "Bucharest",
  ])("%s is Bucharest", (text) => expect(countyCode(text)).toBe("B"));
  it.each([["Sectorul 3"], ["sect.3"], ["SECTOR3"], ["Bucureşti, sector 3"], ["sect 3"]])(
    "%s is sector 3",
    (text) => expect(sectorOf(text)).toBe(3),
  );
  it.each([null, "", "Berlin", "RO-XX"])("%j is no county", (text) =>
    expect(countyCode(text)).toBeUndefined(),
  );
  it("knows no sector 7 and takes the first text that names one", () => {
    expect(sectorOf("Sector 7")).toBeUndefined();
    expect(sectorOf("București", "Sector 5")).toBe(5);
  });
});

describe("codes", () => {
  it.each([
    ["buc", "H87"],
    ["Bucăți", "H87"],
    ["kg.", "KGM"],
    ["oră", "HUR"],
    ["pachet", "XPK"],
    ["PK", "XPK"],
    ["m²", "MTK"],
    ["kwh", "KWH"],
    ["C62", "C62"],
    ["xbx", "XBX"],
    ["Sumă globală", "LS"],
    ["palme", "H87"],
  ])("the unit %s is %s", (written, code) => expect(unitCode(written)).toBe(code));

  it("units come back as the words people use", () => {
    for (const word of ["buc", "kg", "ora", "zi", "luna", "set", "l", "m", "pachet"])
      expect(unitName(unitCode(word))).toBe(word);
    expect(unitName("XAB")).toBe("XAB");
  });

  it("a transfer without an account is not called a transfer", () => {
    expect(paymentMeansCode("bank_transfer", true)).toBe("30");
    expect(paymentMeansCode(null, true)).toBe("30");
    expect(paymentMeansCode(null, false)).toBe("ZZZ");
    expect(paymentMeansCode("cash", true)).toBe("10");
  });

  it("knows VATEX codes", () => {
    expect(isVatexCode("VATEX-EU-132-1I")).toBe(true);
    expect(isVatexCode("VATEX-EU-999")).toBe(false);
  });
});
