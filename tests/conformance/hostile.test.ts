import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "#core/rules/index.ts";
import { documentWith } from "./base.ts";
import { sampleInvoice } from "./sample.ts";
import "../same-cases.ts";

const good = documentWith();
const encoder = new TextEncoder();

const refused: Record<string, string | Uint8Array> = {
  "nothing at all": "",
  "no XML": "%PDF-1.7",
  "a billion laughs": `<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>`,
  "an external entity": `<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>`,
  "an unknown entity": "<a>&nbsp;</a>",
  "a reference to a forbidden character": "<a>&#0;</a>",
  "a control character": "<a>\u0001</a>",
  "a doubled attribute": `<a b="1" b="2"/>`,
  "an attribute doubled by namespace": `<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>`,
  "an undeclared prefix": "<p:a/>",
  "a prefix bound to nothing": `<a xmlns:p=""/>`,
  "a prefix declared twice": `<a xmlns:p="u" xmlns:p="v"/>`,
  "another meaning for xml": `<a xmlns:xml="u"/>`,
  "a name with two colons": `<a:b:c xmlns:a="u"/>`,
  "an unclosed tag": "<a><b></a>",
  "an end tag too many": "<a></a></a>",
  "two roots": "<a/><b/>",
  "text after the root": "<a/>x",
  "an unquoted attribute": "<a b=1/>",
  "attributes without a blank between": `<a b="1"c="2"/>`,
  "a less-than sign in an attribute": `<a b="<"/>`,
  "]]> in text": "<a>]]></a>",
  "two dashes in a comment": "<a><!-- a -- b --></a>",
  "an unclosed comment": "<a><!-- </a>",
  "an unclosed CDATA section": "<a><![CDATA[ </a>",
  "CDATA outside the root": "<![CDATA[x]]><a/>",
  "an instruction called xml": "<a><?xml version='1.0'?></a>",
  "a declaration after a blank": ` <?xml version="1.0"?><a/>`,
  "a declaration without a version": `<?xml encoding="UTF-8"?><a/>`,
  "bytes that are no UTF-8": Uint8Array.of(0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e),
  "a lone surrogate": "<a>\ud800</a>",
  "an unknown encoding": encoder.encode(`<?xml version="1.0" encoding="klingon"?><a/>`),
  "UTF-8 that declares UTF-16": encoder.encode(`<?xml version="1.0" encoding="UTF-16"?><a/>`),
  "nesting 100 000 deep": "<a>".repeat(100_000),
  "17 MB": new Uint8Array(17 * 1024 * 1024).fill(0x20),
  "a thousand attributes": `<a ${Array.from({ length: 1000 }, (_, i) => `b${i}="1"`).join(" ")}/>`,
  "a thousand namespaces": `<a ${Array.from({ length: 1000 }, (_, i) => `xmlns:b${i}="u"`).join(" ")}/>`,
  "a million attributes": `<a>${'<b c="" d="" e="" f=""/>'.repeat(250_000)}</a>`,
  "a million elements": `<a>${"<b/>".repeat(1_000_000)}</a>`,
  "twenty thousand names": `<a>${Array.from({ length: 20_000 }, (_, i) => `<b${i}/>`).join("")}</a>`,
};

describe("what is no acceptable XML", () => {
  it.each(Object.entries(refused))("%s is not well-formed and gets one finding with a place", (_, source) => {
    const verdict = judge(source, "ro");
    expect(verdict).toMatchObject({ xsd: "not-wellformed", rules: [], valid: false });
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]).toMatchObject({ source: "XML", severity: "fatal" });
    expect(verdict.findings[0]!.location).toMatch(/^line \d+, column \d+$/);
  });
});

describe("what is odd but XML", () => {
  const header = '<?xml version="1.0" encoding="UTF-8"?>\r\n';
  const latin2 = (text: string): Uint8Array =>
    Uint8Array.from(text, (sign) => ({ ă: 0xe3, â: 0xe2 })[sign] ?? sign.charCodeAt(0));
  const odd: Record<string, string | Uint8Array> = {
    "a byte order mark": `\ufeff${good}`,
    "UTF-16, little end first": Buffer.from(`\ufeff${good}`, "utf16le"),
    "UTF-16, big end first": Buffer.from(`\ufeff${good}`, "utf16le").swap16(),
    "ISO-8859-2": latin2(
      `<?xml version="1.0" encoding="ISO-8859-2"?>${good.replaceAll("ț", "t").replaceAll("î", "i")}`,
    ),
    "single quotes": good.replaceAll('"', "'"),
    CDATA: good.replace(">FCT-0001<", "><![CDATA[FCT-0001]]><"),
    "a comment inside a value": good.replace(">FCT-0001<", ">FCT<!-- x -->-0001<"),
    "instructions and comments everywhere": `${header}<?a b?><!-- c -->${good.replaceAll("<cac:Party>", "<?d?><cac:Party><!-- e -->")}<!-- f --> \n`,
    "Windows line ends": header + good.replaceAll("><", ">\r\n<"),
    "character references": good.replace(">FCT-0001<", ">&#70;&#x43;T-0001<"),
    "other prefixes": good
      .replaceAll("cac:", "x:")
      .replaceAll("xmlns:cac", "xmlns:x")
      .replace("xmlns:x:", "xmlns:x"),
  };

  it.each(Object.entries(odd))("%s changes nothing about the verdict", (_, source) => {
    expect(judge(source, "ro")).toMatchObject({ xsd: "ok", rules: [], valid: true });
  });
});

describe("what costs", () => {
  it("nested notes are not read again at every level", () => {
    const depth = 250;
    const note = "<cbc:Note>".repeat(depth) + "x".repeat(400_000) + "</cbc:Note>".repeat(depth);
    const verdict = judge(good.replace("</Invoice>", `${note}</Invoice>`), "ro");
    expect(verdict.xsd).toBe("not-wellformed");
    expect(verdict.findings[0]!.message).toContain("nested too often");
  });

  const many = (text: string, bytes = 1_000_000): string => text.repeat(bytes / text.length);
  const searched: Record<string, string> = {
    "identifiers beside types of documents": `<cac:AdditionalDocumentReference>${many('<cbc:ID schemeID="a"/>')}${many("<cbc:DocumentTypeCode/>")}</cac:AdditionalDocumentReference>`,
    "currencies beside VAT totals":
      many("<cbc:DocumentCurrencyCode>RON</cbc:DocumentCurrencyCode>") +
      many("<cac:TaxTotal><cbc:TaxAmount>1.00</cbc:TaxAmount></cac:TaxTotal>"),
    "prices with amounts and no discount": `<cac:Price>${many("<cbc:Amount>1.00</cbc:Amount>")}${many("<cbc:ID/>")}</cac:Price>`,
    "adjustments that are neither": many(
      "<cac:AllowanceCharge><cbc:ChargeIndicator>q</cbc:ChargeIndicator></cac:AllowanceCharge>",
    ),
    "a total of a million digits": `<cac:LegalMonetaryTotal><cbc:PayableAmount>${many("9")}</cbc:PayableAmount></cac:LegalMonetaryTotal>`,
    "nesting in every way": many("<cac:Item><cac:Price>".repeat(60) + "</cac:Price></cac:Item>".repeat(60)),
  };

  // Were one of these quadratic, it would take minutes and meet the test's time limit.
  it.each(Object.entries(searched))("%s cost no more than other elements", (_, text) => {
    expect(judge(good.replace("</Invoice>", `${text}</Invoice>`), "ro").valid).toBe(false);
  });

  it.each(["&amp;", "&#65;", "a\r\n", " x", "<![CDATA[x]]>", "x<!---->", "<?a?>x"])(
    "text made of %j is put together in one go",
    (piece) => {
      const verdict = judge(good.replace(">FCT-0001<", `>FCT-0001${many(piece)}<`), "ro");
      expect(verdict.rules).toEqual(["BR-RO-L155"]);
    },
  );

  it("refuses more different ways down than any invoice has", () => {
    const names = ["cac:Item", "cac:Price", "cac:Party"];
    const nested = (number: number): string =>
      number === 0 ? "" : `<${names[number % 3]}>${nested(Math.floor(number / 3))}</${names[number % 3]}>`;
    const ways = Array.from({ length: 24_000 }, (_, number) => nested(number)).join("");
    const verdict = judge(good.replace("</Invoice>", `${ways}</Invoice>`), "ro");
    expect(verdict.findings[0]!.message).toContain("too many ways");
    expect(judge(good, "ro").valid).toBe(true);
  });

  it("judges 10 MB of lines", () => {
    const verdict = judge(sampleInvoice(9500), "ro");
    expect(verdict).toMatchObject({ xsd: "ok", rules: [], valid: true });
  });

  it("adds the lines up once, however many totals ask for it", () => {
    const totals = "<cac:LegalMonetaryTotal/>".repeat(20_000);
    const verdict = judge(sampleInvoice(2000).replace("</Invoice>", `${totals}</Invoice>`), "ro");
    expect(verdict.rules).toContain("BR-CO-10");
    expect(verdict.findings.filter(({ ruleId }) => ruleId === "BR-CO-10")).toHaveLength(20);
    expect(verdict.findings.filter(({ source }) => source === "XSD")).toHaveLength(20);
  });

  it("names only the first places of a rule that breaks on every line", () => {
    const verdict = judge(sampleInvoice(2000).replaceAll('unitCode="H87"', 'unitCode="buc"'), "ro");
    expect(verdict.rules).toEqual(["BR-CL-23"]);
    expect(verdict.findings).toHaveLength(20);
  });
});

describe("any damage", () => {
  it("never makes the judge throw", () => {
    const cut = fc.record({
      at: fc.nat(good.length),
      length: fc.nat(40),
      text: fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom("<", ">", "&", '"', "]]>", "<!--", "<![CDATA[", "</", "<a>", "&#x0;"),
      ),
    });
    fc.assert(
      fc.property(
        fc.array(cut, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("ro" as const, "en-ubl" as const),
        (cuts, profile) => {
          const source = cuts.reduce(
            (text, { at, length, text: put }) => text.slice(0, at) + put + text.slice(at + length),
            good,
          );
          const verdict = judge(source, profile);
          expect(["ok", "error", "not-wellformed"]).toContain(verdict.xsd);
          expect(verdict.valid).toBe(
            verdict.xsd === "ok" && verdict.findings.every(({ severity }) => severity === "warning"),
          );
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);

  it("in the bytes never makes the judge throw either", () => {
    const bytes = encoder.encode(good);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 5 }), (changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        expect(judge(damaged, "ro").findings.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
