import type { Finding } from "#core/model/finding.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { isNip } from "./nip.ts";
import { nipOf } from "./parties.ts";
import { treatmentOf } from "./treatment.ts";

/** What KSeF takes of one invoice without attachments (weryfikacja-faktury, 2026). */
export const LARGEST_INVOICE_BYTES = 1_000_000;

const NUMBER_LENGTH = 256;

const fatal = (ruleId: string, path: string, message: string, hint: string | null = null): Finding => ({
  severity: "fatal",
  ruleId,
  message,
  hint,
  location: null,
  path,
  source: "NATIONAL",
});

/** What a document lacks for Poland, each naming the field to fill in; none when `writeFa3` gives what KSeF takes. */
export const fa3Findings = (document: IssuableDocument, nip: string | null | undefined): Finding[] => [
  ...sellerFindings(document, nip),
  ...buyerFindings(document),
  ...headerFindings(document),
  ...rateFindings(document),
];

function* sellerFindings({ seller }: IssuableDocument, nip: string | null | undefined): Iterable<Finding> {
  if (!nip)
    yield fatal(
      "STORNO-PL-NIP",
      "config.nip",
      "The company has no Polish tax number (NIP).",
      "Save it with the KSeF configuration.",
    );
  else if (!isNip(nip))
    yield fatal("STORNO-PL-NIP", "config.nip", `${nip} is not a NIP: its check digit is wrong.`);
  if (!seller.address?.trim() && !seller.city?.trim())
    yield fatal("STORNO-PL-ADDRESS", "company.address", "The company has no address.");
}

function* buyerFindings({ buyer }: IssuableDocument): Iterable<Finding> {
  if (!buyer.name.trim()) yield fatal("STORNO-PL-NAME", "client.name", "The client has no name.");
  if (buyer.type === "individual") return;
  if (buyer.country === "PL" && !nipOf(buyer)) {
    const code = buyer.vatCode ?? buyer.cif;
    const message = code
      ? `${code} is not a NIP: its check digit is wrong.`
      : "A Polish company needs its NIP.";
    yield fatal("STORNO-PL-BUYER-NIP", "client.vatCode", message, "Fill in vatCode or cui with ten digits.");
  }
  if (!buyer.address?.trim() && !buyer.city?.trim())
    yield fatal("STORNO-PL-ADDRESS", "client.address", "The client has no address.");
}

function* headerFindings({ invoice, parent }: IssuableDocument): Iterable<Finding> {
  if (invoice.number.length > NUMBER_LENGTH)
    yield fatal("STORNO-PL-NUMBER", "number", `KSeF takes numbers of up to ${NUMBER_LENGTH} characters.`);
  if (invoice.documentType === "credit_note" && !parent)
    yield fatal("STORNO-PL-KOR", "parentDocumentId", "A correction must name the invoice it corrects.");
  if (invoice.untdidTypeCode === "384")
    yield fatal(
      "STORNO-PL-KOR",
      "invoiceTypeCode",
      "KSeF corrects by differences, and a corrected invoice (384) states everything anew.",
      "Reverse the invoice, or issue a credit note.",
    );
  const isTaxed = invoice.lines.some((line) => line.vatCategoryCode === "S");
  if (isTaxed && invoice.currency !== "PLN")
    yield fatal(
      "STORNO-PL-CURRENCY",
      "currency",
      "Polish VAT must be stated in zloty, and the invoice has no rate for it (art. 106e ust. 11 ustawy o VAT).",
      "Issue the invoice in PLN.",
    );
}

function* rateFindings({ invoice, buyer }: IssuableDocument): Iterable<Finding> {
  for (const [at, line] of invoice.lines.entries()) {
    if (!treatmentOf(line.vatCategoryCode, line.vatRate, buyer.country))
      yield fatal(
        "STORNO-PL-RATE",
        `lines[${at}].vatRate`,
        `${line.vatRate} % is not a Polish VAT rate.`,
        "Poland has 23, 8, 5 and 0.",
      );
    if (line.vatCategoryCode === "E" && !line.exemptionReasonCode && !line.exemptionReason)
      yield fatal(
        "STORNO-PL-EXEMPT",
        `lines[${at}].exemptionReason`,
        "An exempt line must name the provision that exempts it.",
      );
  }
  for (const [at, entry] of (invoice.ublExtensions?.allowanceCharges ?? []).entries())
    if (!treatmentOf(entry.taxCategoryCode, entry.taxRate, buyer.country))
      yield fatal(
        "STORNO-PL-RATE",
        `ublExtensions.allowanceCharges[${at}].taxRate`,
        `${entry.taxRate} % is not a Polish VAT rate.`,
      );
}
