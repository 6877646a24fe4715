import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue } from "#core/rules/catalogue.ts";
import { UnusedElements } from "#core/rules/engine/unused.ts";
import { judge, type LoadedProfile, profileNamed, profileNames, profiles } from "#core/rules/index.ts";
import { creditNoteWith, documentWith, ofCategory } from "./base.ts";
import { breaking, type Breaking } from "./breaking.ts";
import * as Families from "./breaking-families.ts";

/** Rules whose official test or context cannot be broken by any document. */
const UNBREAKABLE: Record<LoadedProfile, readonly string[]> = {
  ro: [
    // true()
    "BR-CO-05",
    "BR-CO-06",
    "BR-CO-07",
    "BR-CO-08",
    // count(.) <= 50
    "BR-RO-A051",
    "BR-RO-A052",
    // An earlier context takes every element.
    "BR-DEC-RO-23",
    "BR-RO-L1019",
    // These need an element no valid document has; tried apart, below.
    "BR-DEC-RO-13",
    "BR-DEC-RO-15",
  ],
  "en-ubl": ["BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08"],
};

function changesFor(profile: LoadedProfile): Breaking {
  const isRo = profile === "ro";
  const unused = [...new UnusedElements(...profiles[profile].unused).paths];
  return {
    ...breaking,
    ...Families.decimals,
    ...Families.extras,
    ...Families.unusedAttributes,
    ...Families.unusedSchemes,
    "UBL-CR-674": Families.cardNumberScheme,
    ...Object.fromEntries(Object.keys(Families.lengths).map((id) => [id, Families.ofLength(id, 1)])),
    ...Object.fromEntries(unused.map(([id, path]) => [id, Families.unusedElement(path)])),
    ...(
      [
        ["S", "S"],
        ["Z", "Z"],
        ["E", "E"],
        ["AE", "AE"],
        ["IC", "K"],
        ["G", "G"],
        ["O", "O"],
        [isRo ? "IG" : "AF", "L"],
        [isRo ? "IP" : "AG", "M"],
      ] as const
    ).reduce((before, [key, code]) => ({ ...before, ...Families.ofCategories(key, code) }), {}),
  };
}

describe.each(["ro", "en-ubl"] as const)("rules of profile %s", (profile) => {
  const ids = catalogue(profiles[profile]).map(({ id }) => id);
  const changes = changesFor(profile);

  it("accepts the base document, as invoice, as credit note and in every VAT category", () => {
    const documents = [
      documentWith(),
      creditNoteWith(),
      ...["Z", "E", "AE", "K", "G", "O", "L", "M"].map((code) => documentWith(ofCategory(code))),
    ];
    for (const document of documents)
      expect(judge(document, profile)).toMatchObject({ xsd: "ok", rules: [], valid: true });
  });

  it("has for every rule that can be broken a document that breaks it", () => {
    const breakable = ids.filter((id) => !UNBREAKABLE[profile].includes(id));
    expect(breakable.filter((id) => changes[id] === undefined)).toEqual([]);
    const silent = breakable.filter((id) => !judge(documentWith(changes[id]!), profile).rules.includes(id));
    expect(silent).toEqual([]);
  }, 60_000);

  it("says for every finding where it is, why in two languages and how to mend it", () => {
    for (const [id, change] of Object.entries(changes)) {
      for (const finding of judge(documentWith(change), profile).findings.filter(
        ({ ruleId }) => ruleId === id,
      )) {
        expect(finding.location).toMatch(/^\/Invoice/);
        expect(
          [finding.message, finding.messageRo, finding.hint].every(
            (text) => text.length > 10 && !text.includes("undefined"),
          ),
        ).toBe(true);
      }
    }
  });
});

describe("docs/rules.md", () => {
  it("lists every rule there is, as `node scripts/generate/rules-list.ts` writes it", async () => {
    const listed = new Map(
      [...readFileSync("docs/rules.md", "utf8").matchAll(/^\| ([A-Z]\S+) \|.*\| (.+) \|$/gm)].map(
        ([, id, en]) => [id!, en!],
      ),
    );
    const all = await Promise.all(profileNames.toReversed().map(profileNamed));
    const implemented = new Map(
      all.flatMap((profile) => catalogue(profile).map(({ id, en }) => [id, en] as const)),
    );
    expect([...listed.keys()].toSorted()).toEqual([...implemented.keys()].toSorted());
    for (const [id, en] of implemented) expect(listed.get(id)).toBe(en);
  });
});

describe("rules of RO_CIUS", () => {
  it.each(Object.keys(Families.lengths))("%s accepts a text that is just as long as allowed", (id) => {
    expect(judge(documentWith(Families.ofLength(id, 0)), "ro").rules).not.toContain(id);
  });

  it.each(["DocumentCurrencyCode BR-DEC-RO-13", "TaxCurrencyCode BR-DEC-RO-15"])(
    "%s is asked of an element no valid document has",
    (pair) => {
      const [child, id] = pair.split(" ");
      const document = documentWith((root) => {
        const amount = `<cbc:TaxAmount currencyID="EUR"><cbc:${child}>EUR</cbc:${child}>1.001</cbc:TaxAmount>`;
        (root.content as unknown[]).push({ name: "cac:CreditNote", attributes: {}, content: amount });
      });
      const odd = document.replace(
        /<cac:CreditNote>([^]*)<\/cac:CreditNote>/,
        (_, text: string) =>
          `<cac:CreditNote/><cac:TaxTotal>${text.replaceAll("&#60;", "<").replaceAll("&#34;", '"')}</cac:TaxTotal>`,
      );
      expect(judge(odd, "ro").rules).toContain(id);
    },
  );
});
