import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { writeUbl } from "#core/formats/ubl/index.ts";
import { businessFindings } from "#core/model/business.ts";
import { judge } from "#core/rules/index.ts";
import { DOCUMENTS, LONG_DOCUMENT } from "./documents.ts";
import { schemaErrors } from "./schemas.ts";

const written = Object.entries(DOCUMENTS).map(([name, document]) => ({
  name,
  document,
  bytes: writeUbl(document),
}));

describe("UBL of the documents a Romanian company issues", () => {
  it.each(written)("$name is written byte for byte as before", async ({ name, bytes }) => {
    const file = resolve(import.meta.dirname, `ubl/${name}.xml`);
    await expect(Buffer.from(bytes).toString("utf8")).toMatchFileSnapshot(file);
  });

  it.each(written)("$name is valid by the UBL 2.1 schema", ({ bytes }) => {
    expect(schemaErrors(bytes)).toBeUndefined();
  });

  it.each(written)("$name breaks no official rule, not even one that only warns", ({ bytes }) => {
    expect(judge(bytes, "ro")).toMatchObject({ xsd: "ok", rules: [], valid: true });
  });

  it.each(written)("$name breaks no business rule", ({ document }) => {
    expect(businessFindings(document).filter((finding) => finding.severity === "fatal")).toEqual([]);
  });

  it.each(["#aa\0#", "#a\r\n#", "#😀a#", "x#abc#y", "#AAI#", "a#b"])(
    "a note with number signs says no subject code (BR-CL-08): %j",
    (mentions) => {
      const [{ invoice, ...rest }] = Object.values(DOCUMENTS) as [(typeof DOCUMENTS)[string]];
      const { rules } = judge(writeUbl({ ...rest, invoice: { ...invoice, mentions } }), "ro");
      expect(rules).toEqual([]);
    },
  );

  it("500 lines are valid too", () => {
    expect(schemaErrors(writeUbl(LONG_DOCUMENT))).toBeUndefined();
    expect(judge(writeUbl(LONG_DOCUMENT), "ro").rules).toEqual([]);
  });

  it("gives the same bytes each time", () =>
    expect(Buffer.compare(writeUbl(LONG_DOCUMENT), writeUbl(LONG_DOCUMENT))).toBe(0));
});
