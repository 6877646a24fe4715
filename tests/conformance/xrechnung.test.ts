import { describe, expect, it } from "vitest";
import { catalogue } from "#core/rules/catalogue.ts";
import { judge, profileNamed, profiles } from "#core/rules/index.ts";
import { breakingXRechnung, validXRechnungen, xRechnungWith } from "./breaking-xrechnung.ts";

const profile = await profileNamed("xr-ubl");
const common = new Set(catalogue(profiles["en-ubl"]).map(({ id }) => id));
const own = catalogue(profile).filter(({ id }) => !common.has(id));
/** Code lists that the extension and the vehicles widen by rules of their own; the official engine asks both. */
const replaced = new Set(["BR-CL-10", "BR-CL-13", "BR-CL-24"]);

describe("rules of XRechnung", () => {
  it.each(Object.entries(validXRechnungen))("accept a valid document %s", (_, change) => {
    const { xsd, rules } = judge(xRechnungWith(change), profile);
    expect({ xsd, rules: rules.filter((id) => !replaced.has(id)) }).toEqual({ xsd: "ok", rules: [] });
  });

  it("each have a document that breaks them", () => {
    expect(own.map(({ id }) => id).toSorted()).toEqual(Object.keys(breakingXRechnung).toSorted());
    const silent = own.filter(
      ({ id }) => !judge(xRechnungWith(breakingXRechnung[id]!), profile).rules.includes(id),
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it("say where it is, why in two languages, how to mend it and that it is national", () => {
    for (const [id, change] of Object.entries(breakingXRechnung)) {
      const { findings } = judge(xRechnungWith(change), profile);
      for (const finding of findings.filter(({ ruleId }) => ruleId === id)) {
        expect(finding).toMatchObject({
          source: "NATIONAL",
          location: expect.stringMatching(/^\/Invoice/) as unknown,
        });
        const texts = [finding.message, finding.messageRo, finding.hint];
        expect(texts.every((text) => text.length > 10 && !text.includes("undefined"))).toBe(true);
      }
    }
  });

  it.each([
    ["a line that does not end", "#SKONTO#TAGE=14#PROZENT=2.00#"],
    ["a blank inside", "#SKONTO#TAGE= 14#PROZENT=2.00#\n"],
    ["one decimal", "#SKONTO#TAGE=14#PROZENT=2.0#\n"],
    ["small letters", "#skonto#TAGE=14#PROZENT=2.00#\n"],
    ["another line after a good one", "#SKONTO#TAGE=14#PROZENT=2.00#\n#VERZUG#TAGE=30#PROZENT=1.00#\n"],
  ])("refuse a cash discount with %s", (_, note) => {
    const terms = xRechnungWith((root) => {
      const found = (root.content as { name: string; content: unknown }[]).find(
        ({ name }) => name === "cac:PaymentTerms",
      )!;
      (found.content as { content: string }[])[0]!.content = note;
    });
    expect(judge(terms, profile).rules).toEqual(["BR-DE-18"]);
  });
});
