import { Decimal } from "#core/lib/decimal.ts";
import type { Finding } from "#core/model/finding.ts";
import type { InvoiceLine, IssuableDocument } from "#core/model/invoice.ts";
import type { Party } from "#core/model/party.ts";
import { ascii } from "./letters.ts";
import { isCodiceFiscale, isPartitaIva } from "./identifiers.ts";
import { LARGEST_AMOUNT } from "./lines.ts";
import { buyerIds, isItalianBuyer, type ItalianStanding, sellerId, transmitterOf } from "./parties.ts";
import { writingOf } from "./write.ts";

type Field = string;

/** `code` is the error with which the exchange would refuse the same thing; without one the rule is ours. */
const fatal = (code: string, path: Field, message: string, hint: string | null = null): Finding => ({
  severity: "fatal",
  ruleId: `SDI-${code}`,
  message,
  hint,
  location: null,
  path,
  source: "NATIONAL",
});

/**
 * What Italy asks for and the document lacks, each naming the field that mends it. The exchange's own checks
 * (technical specifications 1.9, appendix 3) that a document of ours cannot break are left to it.
 */
export function fatturapaFindings(document: IssuableDocument, standing: ItalianStanding): Finding[] {
  return [
    ...kindFindings(document),
    ...headerFindings(document),
    ...sellerFindings(document, standing),
    ...buyerFindings(document, standing),
    ...document.invoice.lines.flatMap((line, at) => [...lineFindings(line, `lines[${at}]`)]),
    ...vatFindings(document, standing),
  ];
}

function* kindFindings({ invoice }: IssuableDocument): Iterable<Finding> {
  if (invoice.documentType !== "credit_note" && ["389", "751"].includes(invoice.untdidTypeCode))
    yield fatal(
      "TYPE",
      "invoiceTypeCode",
      `A document of type ${invoice.untdidTypeCode} is not written as FatturaPA: self-billing follows rules of its own there.`,
    );
  const lines = invoice.lines.length + (invoice.ublExtensions?.allowanceCharges?.length ?? 0);
  if (lines > 9999) yield fatal("00200", "lines", "FatturaPA has at most 9999 lines.", "Divide the invoice.");
  if (Decimal.from(invoice.total).abs().compare(LARGEST_AMOUNT) >= 0)
    yield fatal("00200", "lines", "FatturaPA has no amount of more than eleven digits.");
}

function* headerFindings({ invoice, parent }: IssuableDocument): Iterable<Finding> {
  const number = ascii(invoice.number);
  if (number.length > 20)
    yield fatal(
      "00200",
      "number",
      "The number is longer than the 20 characters of FatturaPA.",
      "Use a shorter series.",
    );
  if (!/\d/.test(number)) yield fatal("00425", "number", "The number has no digit.");
  const codes: [Field, string | null | undefined, number][] = [
    ["orderNumber", invoice.orderNumber, 20],
    ["contractNumber", invoice.contractNumber, 20],
    ["receivingAdviceReference", invoice.receivingAdviceReference, 20],
    ["tenderOrLotReference", invoice.tenderOrLotReference, 15],
    ["parentDocumentId", parent?.number, 20],
  ];
  for (const [path, code, most] of codes)
    if (ascii(code).length > most)
      yield fatal("00200", path, `${code} is longer than the ${most} characters that FatturaPA has for it.`);
  const isPublicPurchase = invoice.tenderOrLotReference || invoice.projectReference;
  if (isPublicPurchase && !invoice.orderNumber && !invoice.contractNumber)
    yield fatal(
      "CIG",
      "orderNumber",
      "A tender (CIG) or project (CUP) is named within an order or a contract.",
      "Fill in the order number or the contract number.",
    );
}

function* sellerFindings({ seller }: IssuableDocument, standing: ItalianStanding): Iterable<Finding> {
  const id = sellerId(seller, standing);
  if (!id?.code) yield fatal("00301", "company.cif", "The company has no tax number.");
  else if (id.country === "IT" && !isPartitaIva(id.code))
    yield fatal(
      "00301",
      standing.partitaIva ? "config.partitaIva" : "company.vatCode",
      `${id.code} is not a valid partita IVA.`,
    );
  const transmitter = transmitterOf(seller, standing);
  if (standing.idTrasmittente && (transmitter?.country !== "IT" || !isCodiceFiscale(transmitter.code)))
    yield fatal("00300", "config.idTrasmittente", `${standing.idTrasmittente} is no Italian tax code.`);
  if (standing.regimeFiscale && !/^RF(0[124-9]|1\d|20)$/.test(standing.regimeFiscale))
    yield fatal("00200", "config.regimeFiscale", `${standing.regimeFiscale} is not one of RF01 to RF20.`);
  yield* addressFindings(seller, "company");
}

function* addressFindings(party: Party, owner: "company" | "client"): Iterable<Finding> {
  if (!ascii(party.address))
    yield fatal("00200", `${owner}.address`, `The address of ${party.name} is missing.`);
  if (!ascii(party.city)) yield fatal("00200", `${owner}.city`, `The city of ${party.name} is missing.`);
  if (party.country === "IT" && !/^\d{5}$/.test(ascii(party.postalCode)))
    yield fatal("00200", `${owner}.postalCode`, `${party.name} needs a CAP of five digits.`);
}

function* buyerFindings(document: IssuableDocument, standing: ItalianStanding): Iterable<Finding> {
  const { buyer, seller } = document;
  const isHome = isItalianBuyer(buyer);
  if (!isHome && sellerId(seller, standing)?.country !== "IT")
    yield fatal(
      "ITALY",
      "client.country",
      "Neither seller nor buyer is Italian: the Sistema di Interscambio does not concern this invoice.",
      "If the company is registered for VAT in Italy, add its partitaIva to the configuration.",
    );
  const { vat, codiceFiscale } = buyerIds(buyer);
  if (!vat && !codiceFiscale)
    yield fatal(
      "00417",
      buyer.type === "individual" ? "client.cui" : "client.vatCode",
      isHome ? "The client needs a partita IVA or a codice fiscale." : "The client needs its VAT number.",
    );
  if (isHome && vat && !isPartitaIva(vat.code))
    yield fatal("00305", "client.vatCode", `${vat.code} is not a valid partita IVA.`);
  if (codiceFiscale && !isCodiceFiscale(codiceFiscale))
    yield fatal("00306", "client.cui", `${codiceFiscale} is not a valid codice fiscale.`);
  const own = sellerId(seller, standing);
  if (vat && own && vat.country === own.country && vat.code === own.code)
    yield fatal("00471", "clientId", "Seller and buyer are the same.");
  yield* addressFindings(buyer, "client");
}

function* lineFindings(line: InvoiceLine, path: Field): Iterable<Finding> {
  const rate = Decimal.from(line.vatRate);
  if (!rate.isZero && rate.compare(1) < 0)
    yield fatal(
      "00424",
      `${path}.vatRate`,
      `A rate of ${line.vatRate} % is taken for a mistake.`,
      "Write 22 for 22 %.",
    );
  const most = [line.unitPrice, line.lineTotal].some(
    (amount) => Decimal.from(amount).abs().compare(LARGEST_AMOUNT) >= 0,
  );
  if (most) yield fatal("00200", `${path}.unitPrice`, "FatturaPA has no amount of more than eleven digits.");
}

/** Why there is no VAT must be said; what VAT there is must be in euro (Directive 2006/112/EC, art. 230). */
function* vatFindings(document: IssuableDocument, standing: ItalianStanding): Iterable<Finding> {
  const { invoice } = document;
  const writing = writingOf(document, standing);
  const hint = "Begin the reason with its code: N1, N2.1 to N2.2, N3.1 to N3.6, N4, N5, N6.1 to N6.9 or N7.";
  const message = "Italy has no VAT rate of zero: the line needs the reason (Natura) why it carries no VAT.";
  for (const [at, line] of invoice.lines.entries())
    if (Decimal.from(line.vatRate).isZero && !writing.natura(line.vatCategoryCode, line.exemptionReason))
      yield fatal("00400", `lines[${at}].exemptionReason`, message, hint);
  for (const [at, entry] of (invoice.ublExtensions?.allowanceCharges ?? []).entries())
    if (Decimal.from(entry.taxRate).isZero && !writing.natura(entry.taxCategoryCode, entry.reason ?? null))
      yield fatal("00400", `ublExtensions.allowanceCharges[${at}].reason`, message, hint);
  if (invoice.currency !== "EUR" && !Decimal.from(invoice.vatTotal).isZero)
    yield fatal("EURO", "currency", "An invoice with Italian VAT must state it in euro.", "Issue it in EUR.");
}
