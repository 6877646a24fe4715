import { element, group, oneLine } from "#core/formats/markup.ts";
import { isOutOfScope, notesOf } from "#core/formats/written/document.ts";
import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import { REFERENCE_TYPES } from "./codes.ts";
import type { Money } from "./markup.ts";
import { day } from "./markup.ts";
import { EN16931, type Profile } from "./profiles.ts";
import { lineItem } from "./write-lines.ts";
import { buyerParty, delivery, sellerParty } from "./write-parties.ts";
import { settlement } from "./write-settlement.ts";

const CII = "urn:un:unece:uncefact:data:standard";
const NAMESPACES = [
  ["rsm", "CrossIndustryInvoice:100"],
  ["ram", "ReusableAggregateBusinessInformationEntity:100"],
  ["qdt", "QualifiedDataType:100"],
  ["udt", "UnqualifiedDataType:100"],
]
  .map(([prefix, name]) => ` xmlns:${prefix}="${CII}:${name}"`)
  .join("");

/** Longer notes than these are cut into several. */
const NOTES = { most: 100, length: 5000 };

/**
 * A document as UN/CEFACT Cross Industry Invoice D16B, UTF-8. A credit note (381) has all signs turned positive. The same
 * document always gives the same bytes. It writes what it is given: whether the result meets the rules is not its say.
 */
export function writeCii(document: IssuableDocument, profile: Profile = EN16931): Uint8Array {
  const { invoice } = document;
  const money = { currency: invoice.currency, isTurned: invoice.documentType === "credit_note" };
  const start = `<?xml version="1.0" encoding="UTF-8"?>\n<rsm:CrossIndustryInvoice${NAMESPACES}>\n`;
  const parts = [
    start + context(invoice, profile) + exchanged(invoice, money) + "<rsm:SupplyChainTradeTransaction>\n",
    ...invoice.lines.map((line) => lineItem(line, money)),
    agreement(document, profile) +
      required("ram:ApplicableHeaderTradeDelivery", delivery(invoice)) +
      settlement(document, profile, money) +
      "</rsm:SupplyChainTradeTransaction>\n</rsm:CrossIndustryInvoice>\n",
  ];
  return Buffer.concat(parts.map((part) => Buffer.from(part, "utf8")));
}

/** A group that must be there even when it has nothing to say. */
const required = (name: string, inner: string): string => (inner ? group(name, inner) : `<${name}/>\n`);

const context = ({ businessProcessType }: Invoice, { processId, guidelineId }: Profile): string =>
  group(
    "rsm:ExchangedDocumentContext",
    group(
      "ram:BusinessProcessSpecifiedDocumentContextParameter",
      element("ram:ID", oneLine(businessProcessType) || processId),
    ) + group("ram:GuidelineSpecifiedDocumentContextParameter", element("ram:ID", guidelineId)),
  );

const exchanged = (invoice: Invoice, { isTurned }: Money): string =>
  group(
    "rsm:ExchangedDocument",
    element("ram:ID", oneLine(invoice.number)) +
      element("ram:TypeCode", isTurned ? "381" : invoice.untdidTypeCode) +
      day("ram:IssueDateTime", invoice.issueDate) +
      notesOf(invoice, NOTES)
        .map((note) => group("ram:IncludedNote", element("ram:Content", note)))
        .join(""),
  );

/** Parties and references of the header. A project has a name in this syntax; EN 16931 knows its number only. */
function agreement({ invoice, seller, buyer }: IssuableDocument, { sellerSiret }: Profile): string {
  const outOfScope = isOutOfScope(invoice);
  const reference = (name: string, id: string | null, more = "") =>
    id ? group(name, element("ram:IssuerAssignedID", oneLine(id)) + more) : "";
  const additional = (id: string | null, type: string, name?: string | null) =>
    reference(
      "ram:AdditionalReferencedDocument",
      id,
      element("ram:TypeCode", type) + element("ram:Name", oneLine(name)),
    );
  const project = oneLine(invoice.projectReference);
  return group(
    "ram:ApplicableHeaderTradeAgreement",
    element("ram:BuyerReference", oneLine(invoice.buyerReference)) +
      sellerParty(seller, outOfScope, sellerSiret) +
      buyerParty(buyer, outOfScope) +
      reference("ram:BuyerOrderReferencedDocument", invoice.orderNumber) +
      reference("ram:ContractReferencedDocument", invoice.contractNumber) +
      additional(invoice.tenderOrLotReference, REFERENCE_TYPES.tender) +
      additional(invoice.invoicedObjectIdentifier, REFERENCE_TYPES.object) +
      (invoice.ublExtensions?.additionalDocumentReferences ?? [])
        .map((entry) => additional(entry.id, REFERENCE_TYPES.supporting, entry.documentDescription))
        .join("") +
      (project &&
        group(
          "ram:SpecifiedProcuringProject",
          element("ram:ID", project) + element("ram:Name", "Project reference"),
        )),
  );
}
