import { describe, expect, it } from "vitest";
import { judge } from "../index.ts";
import { creditNoteWith, documentWith } from "../../../tests/conformance/base.ts";
import {
  add,
  at,
  drop,
  repeat,
  set,
  setAttribute,
  tree,
  type Change,
  type Tree,
} from "../../../tests/conformance/tree.ts";

const first =
  (path: string, element: Tree): Change =>
  (root) => {
    const parent = at(root, path);
    parent.content = [element, ...(parent.content as Tree[])];
  };

const broken: Record<string, readonly [kind: string, place: string, change: Change]> = {
  "an element UBL does not know": ["unknown-element", "/Invoice/cbc:Foo", add("", tree("cbc:Foo"))],
  "an element of no namespace": ["unknown-element", "/Invoice/foo", add("", tree("foo xmlns="))],
  "an element too late": ["misplaced-element", "/Invoice/cbc:UUID", add("", tree("cbc:UUID", "1"))],
  "an element too often": ["repeated-element", "/Invoice/cbc:ID[2]", repeat("cbc:ID")],
  "a missing element": ["missing-element", "/Invoice", drop("cbc:IssueDate")],
  "a missing last element": [
    "missing-element",
    "/Invoice/cac:InvoiceLine[1]",
    drop("cac:InvoiceLine[1]/cac:Item"),
  ],
  "text between elements": ["unexpected-text", "/Invoice/cac:PaymentTerms", set("cac:PaymentTerms", "text")],
  "an element in a value": [
    "element-in-value",
    "/Invoice/cbc:ID",
    set("cbc:ID", [tree("cbc:ID")] as unknown as string),
  ],
  "a word as an amount": [
    "wrong-value",
    "/Invoice/cac:TaxTotal/cbc:TaxAmount",
    set("cac:TaxTotal/cbc:TaxAmount", "abc"),
  ],
  "a day that does not exist": ["wrong-value", "/Invoice/cbc:IssueDate", set("cbc:IssueDate", "2026-02-30")],
  "the year 0": ["wrong-value", "/Invoice/cbc:IssueDate", set("cbc:IssueDate", "0000-01-01")],
  "yes as an indicator": [
    "wrong-value",
    "/Invoice/cac:AllowanceCharge[1]/cbc:ChargeIndicator",
    set("cac:AllowanceCharge/cbc:ChargeIndicator", "yes"),
  ],
  "an attachment that is no base 64": [
    "wrong-value",
    "/Invoice/cac:AdditionalDocumentReference[1]/cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
    set("cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject", "QUJ"),
  ],
  "an attribute UBL does not know": [
    "unknown-attribute",
    "/Invoice/cbc:ID",
    setAttribute("cbc:ID", "foo", "x"),
  ],
  "an attribute on an aggregate": [
    "unknown-attribute",
    "/Invoice/cac:PaymentTerms",
    setAttribute("cac:PaymentTerms", "schemeID", "x"),
  ],
  "an amount without a currency": [
    "missing-attribute",
    "/Invoice/cac:TaxTotal/cbc:TaxAmount",
    (root) => void (at(root, "cac:TaxTotal/cbc:TaxAmount").attributes = {}),
  ],
  "a language that is none": [
    "wrong-attribute",
    "/Invoice/cbc:Note",
    setAttribute("cbc:Note", "languageID", "not a language"),
  ],
  "an empty extension": [
    "wrong-extension",
    "/Invoice/ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent",
    first("", tree("ext:UBLExtensions", [tree("ext:UBLExtension", [tree("ext:ExtensionContent")])])),
  ],
};

describe("structure", () => {
  it.each(Object.entries(broken))("%s is refused with its place", (_, [kind, place, change]) => {
    const verdict = judge(documentWith(change), "ro");
    expect(verdict).toMatchObject({ xsd: "error", valid: false });
    const finding = verdict.findings.find(({ source }) => source === "XSD");
    expect(finding).toMatchObject({ ruleId: `UBL-XSD-${kind}`, location: place, severity: "fatal" });
    expect(finding!.message).toMatch(/^Line \d+, column \d+: /);
  });

  it("refuses other roots and other namespaces", () => {
    expect(judge("<Invoice/>", "ro").xsd).toBe("error");
    expect(judge(documentWith().replace("xsd:Invoice-2", "xsd:Order-2"), "ro").xsd).toBe("error");
  });

  it("accepts what the schemas allow", () => {
    expect(judge(creditNoteWith(), "ro").xsd).toBe("ok");
    const signed = tree("ext:UBLExtensions", [
      tree("ext:UBLExtension", [
        tree("ext:ExtensionContent", [tree("s:Any xmlns:s=urn:x", [tree("s:Thing", "1")])]),
      ]),
    ]);
    expect(judge(documentWith(first("", signed)), "ro").xsd).toBe("ok");
    expect(
      judge(
        documentWith(
          setAttribute("", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
          setAttribute("", "xsi:schemaLocation", "a b"),
        ),
        "ro",
      ).xsd,
    ).toBe("ok");
  });
});
