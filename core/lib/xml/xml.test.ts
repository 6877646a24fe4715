import { describe, expect, it } from "vitest";
import {
  attribute,
  attributes,
  child,
  children,
  descend,
  localName,
  namespaceOf,
  Names,
  parseXml,
  root,
  text,
  textNodesOf,
  XmlError,
} from "./index.ts";

const answer = `<?xml version="1.0" encoding="UTF-8"?>
<header xmlns="mfp:anaf:dgti:spv:respUploadFisier:v1" index_incarcare="3828" ExecutionStatus="1">
  <Errors errorMessage="a &amp; b&#10;c"/>
  <Errors errorMessage="d"/>
</header>`;

describe("parseXml", () => {
  it("reads attributes of the root and of children by local name", () => {
    const doc = parseXml(answer);
    expect(localName(doc, root(doc))).toBe("header");
    expect(namespaceOf(doc, root(doc))).toBe("mfp:anaf:dgti:spv:respUploadFisier:v1");
    expect(attributes(doc, root(doc))).toEqual({ index_incarcare: "3828", ExecutionStatus: "1" });
    expect(children(doc, root(doc), "Errors").map((node) => attribute(doc, node, "errorMessage"))).toEqual([
      "a & b\nc",
      "d",
    ]);
    expect(attribute(doc, root(doc), "absent")).toBeUndefined();
  });

  it("finds children and texts, and is at ease with what is absent", () => {
    const doc = parseXml("<a><b><c>1</c><c>2</c></b><d/></a>");
    expect(text(doc, descend(doc, 0, "b", "c"))).toBe("1");
    expect(children(doc, child(doc, 0, "b")!).map((node) => text(doc, node))).toEqual(["1", "2"]);
    expect(text(doc, child(doc, 0, "d"))).toBe("");
    expect(text(doc, descend(doc, 0, "x", "y"))).toBeUndefined();
    expect(children(doc, 0)).toHaveLength(2);
  });

  it("puts text together as XPath does: references, CDATA, comments and children", () => {
    const doc = parseXml("<a>x&lt;<![CDATA[<&]]><!-- no --><b>y</b>&#x1F600;\r\nz</a>");
    expect(text(doc, 0)).toBe("x<<&y😀\nz");
    expect(textNodesOf(doc, 0)).toEqual(["x<<&", "😀\nz"]);
  });

  it("reads characters beyond ASCII in names, texts, attributes and prefixes, from every encoding alike", () => {
    const source = `<?é b?><ă:ț xmlns:ă="urn:ș"><b c="î&amp;😀">ă<!-- ț --><d/>😀</b><e>șț</e></ă:ț>`;
    for (const each of [source, Buffer.from(source), Buffer.from(`\ufeff${source}`, "utf16le")]) {
      const doc = parseXml(each);
      expect([localName(doc, 0), namespaceOf(doc, 0)]).toEqual(["ț", "urn:ș"]);
      expect(attribute(doc, 1, "c")).toBe("î&😀");
      expect(text(doc, 0)).toBe("ă😀șț");
      expect(text(doc, child(doc, 0, "e"))).toBe("șț");
    }
    expect(() => parseXml("<ă>\n șă<×/></ă>")).toThrow(expect.objectContaining({ line: 2, column: 4 }));
    expect(() => parseXml("<ă>\ufffe</ă>")).toThrow("not allowed");
  });

  it("resolves every kind of reference to the character it means, and refuses what means none", () => {
    const doc = parseXml(`<a b="1\t2&#10;&quot;">&lt;&gt;&amp;&quot;&apos;&#9;&#xe9;&#x20AC;&#128512;</a>`);
    expect(text(doc, 0)).toBe("<>&\"'\t\u00e9\u20ac\u{1f600}");
    expect(attribute(doc, 0, "b")).toBe('1 2\n"');
    for (const wrong of [
      "&lt",
      "&LT;",
      "&;",
      "&#;",
      "&#x;",
      "&#12a;",
      "&#xg;",
      "&#0;",
      "&#xD800;",
      "&#x110000;",
    ])
      expect(() => parseXml(`<a>${wrong}</a>`), wrong).toThrow(XmlError);
  });

  it("follows namespaces through scopes and gives them back", () => {
    const doc = parseXml(`<p:a xmlns:p="u"><p:b xmlns:p="v"><p:c/></p:b><p:d/></p:a>`);
    expect([0, 1, 2, 3].map((node) => namespaceOf(doc, node))).toEqual(["u", "v", "v", "u"]);
  });

  it("numbers known names as the caller did and keeps strangers to the document", () => {
    const known = new Names();
    const known_a = known.number("", "a");
    const doc = parseXml("<a><stranger/></a>", known);
    expect(doc.name[0]).toBe(known_a);
    expect(localName(doc, 1)).toBe("stranger");
    expect(known.find("", "stranger")).toBeUndefined();
  });

  it("grows beyond its first guess of how many elements there are", () => {
    const doc = parseXml(`<a>${`<b c="1"/>`.repeat(5000)}</a>`);
    expect(children(doc, 0)).toHaveLength(5000);
    expect(attribute(doc, 5000, "c")).toBe("1");
  });

  it("says where it stumbled", () => {
    const broken = (): unknown => parseXml("<a>\n  <b></c>\n</a>");
    expect(broken).toThrow(XmlError);
    expect(broken).toThrow(expect.objectContaining({ line: 2, column: 6 }));
  });
});
