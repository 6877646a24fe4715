import { Decimal } from "#core/lib/decimal.ts";
import { isCnp, isCui, isIban, UNKNOWN_CONSUMER } from "./cif.ts";
import { isVatexCode } from "./codes.ts";
import type { Finding } from "./finding.ts";
import type { InvoiceLine, IssuableDocument } from "./invoice.ts";
import type { Party } from "./party.ts";
import { countyCode, sectorOf } from "./places.ts";
import { destinationRates, romanianRates } from "./vat.ts";

/** What quick validation may need to know beyond the document. */
export interface BusinessRules {
  /** The company's active VAT rates in percent; none: the legal ones of the day. */
  allowedRates?: readonly (string | number)[];
}

/**
 * Quick validation: the business rules a document must meet before it is worth rendering (RULES-documents §4). Ids are
 * those of the official rule that would refuse the same thing, where there is one. Never throws.
 */
export function businessFindings(document: IssuableDocument, rules: BusinessRules = {}): Finding[] {
  return [
    ...sellerFindings(document),
    ...buyerFindings(document),
    ...headerFindings(document),
    ...document.invoice.lines.flatMap((line, at) => [...lineFindings(line, `lines[${at}]`)]),
    ...rateFindings(document, rules),
    ...categoryFindings(document),
    ...totalFindings(document),
  ];
}

type Complaint = Partial<Pick<Finding, "hint" | "path">>;

const fatal = (ruleId: string, message: string, more: Complaint = {}): Finding => ({
  severity: "fatal",
  ruleId,
  message,
  hint: more.hint ?? null,
  location: null,
  path: more.path ?? null,
  source: "business",
});

const warning = (ruleId: string, message: string, more: Complaint = {}): Finding => ({
  ...fatal(ruleId, message, more),
  severity: "warning",
});

function* sellerFindings({ seller }: IssuableDocument): Iterable<Finding> {
  if (!seller.cif) yield fatal("BR-CO-26", "The company has no CIF.", { path: "company.cif" });
  yield* addressFindings(seller, "company", {
    name: "BR-06",
    street: "BR-RO-081",
    city: "BR-RO-091",
    county: "BR-RO-110",
    sector: "BR-RO-100",
  });
}

function* buyerFindings({ buyer }: IssuableDocument): Iterable<Finding> {
  yield* addressFindings(buyer, "client", {
    name: "BR-07",
    street: "BR-RO-082",
    city: "BR-RO-092",
    county: "BR-RO-111",
    sector: "BR-RO-101",
  });
  if (buyer.type === "individual") {
    if (buyer.cnp && buyer.cnp !== UNKNOWN_CONSUMER && !isCnp(buyer.cnp))
      yield warning("STORNO-CNP", "The client's CNP has a wrong check digit.", { path: "client.cnp" });
    return;
  }
  const code = buyer.cif ?? buyer.vatCode;
  if (!code)
    yield fatal("BR-RO-120", "A client that is a company needs a fiscal or VAT code.", {
      path: "client.cui",
      hint: "Fill in cui or vatCode, or make the client an individual.",
    });
  else if (buyer.country === "RO" && !isCui(code))
    yield warning("STORNO-CUI", `The client's CUI ${code} has a wrong check digit.`, { path: "client.cui" });
}

interface AddressRules {
  name: string;
  street: string;
  city: string;
  county: string;
  sector: string;
}

function* addressFindings(party: Party, path: "company" | "client", ids: AddressRules): Iterable<Finding> {
  const who = `The ${path}`;
  if (!party.name.trim()) yield fatal(ids.name, `${who} has no name.`, { path: `${path}.name` });
  if (!party.address?.trim())
    yield fatal(ids.street, `${who} has no street address.`, { path: `${path}.address` });
  if (!party.city?.trim()) yield fatal(ids.city, `${who} has no city.`, { path: `${path}.city` });
  if (!party.country.trim()) yield fatal("BR-09", `${who} has no country.`, { path: `${path}.country` });
  if (party.country !== "RO") return;
  const county = countyCode(party.county) ?? countyCode(party.city);
  if (!county) {
    const hint = "Write the county by name or plate code: Cluj, CJ or RO-CJ.";
    yield fatal(ids.county, `${who} has no Romanian county.`, { path: `${path}.county`, hint });
  } else if (county === "B" && !sectorOf(party.city, party.county, party.address)) {
    const hint = "Write the sector in the city field: Sector 3.";
    yield fatal(ids.sector, `${who} is in Bucharest but names no sector.`, { path: `${path}.city`, hint });
  }
}

/** 20 notes of 300 characters, less what cutting between words leaves empty. */
const LONGEST_NOTES = 5500;

function* headerFindings({ invoice, bankAccounts }: IssuableDocument): Iterable<Finding> {
  if (invoice.currency !== "RON" && invoice.exchangeRate === null)
    yield fatal("BR-RO-030", `The VAT in lei needs the exchange rate of ${invoice.currency}.`, {
      path: "exchangeRate",
      hint: "Give the rate in lei per unit of currency.",
    });
  const code = invoice.taxPointDateCode;
  if (code && !["3", "35", "432"].includes(code))
    yield fatal("BR-RO-040", "The tax point code must be 3, 35 or 432.", { path: "taxPointDateCode" });
  if (code && invoice.taxPointDate)
    yield fatal("BR-CO-03", "Give either the tax point date or its code.", { path: "taxPointDateCode" });
  if (invoice.dueDate && invoice.dueDate < invoice.issueDate)
    yield warning("STORNO-DUE", "The invoice is due before it is issued.", { path: "dueDate" });
  if ((invoice.notes?.length ?? 0) + (invoice.mentions?.length ?? 0) > LONGEST_NOTES)
    yield warning("BR-RO-A020", `e-Factura takes about ${LONGEST_NOTES} characters of notes and mentions.`, {
      path: "notes",
    });
  const account = invoice.payeeBankAccount ?? bankAccounts[0]?.iban;
  if (account && !isIban(account))
    yield warning("STORNO-IBAN", `The account ${account} is not a valid IBAN.`, { path: "payeeBankAccount" });
  if (invoice.documentType === "credit_note" && !invoice.parentDocumentNumber)
    yield warning("BR-55", "The credit note does not name the invoice it corrects.", {
      path: "parentDocumentId",
    });
}

const LONGEST_LINE_NOTE = 300;

function* lineFindings(line: InvoiceLine, path: string): Iterable<Finding> {
  if (!line.description.trim())
    yield fatal("BR-25", "A line has no description.", { path: `${path}.description` });
  if (Decimal.from(line.quantity).isZero)
    yield fatal("BR-22", "A line has a quantity of zero.", { path: `${path}.quantity` });
  if (Decimal.from(line.unitPrice).sign <= 0)
    yield fatal("BR-27", "A line has no price.", {
      path: `${path}.unitPrice`,
      hint: "The price must be positive.",
    });
  if ((line.lineNote?.length ?? 0) > LONGEST_LINE_NOTE)
    yield warning(
      "BR-RO-L303",
      `e-Factura takes the first ${LONGEST_LINE_NOTE} characters of a line's note.`,
      {
        path: `${path}.lineNote`,
      },
    );
  if (line.exemptionReasonCode && !isVatexCode(line.exemptionReasonCode))
    yield fatal("BR-CL-22", `${line.exemptionReasonCode} is not an exemption code the validator knows.`, {
      path: `${path}.exemptionReasonCode`,
      hint: "Codes look like VATEX-EU-132-1I.",
    });
}

/** A rate must be one of the company's; one that Romanian law does not know on that day deserves a second look. */
function* rateFindings(
  { invoice, buyer, parent }: IssuableDocument,
  rules: BusinessRules,
): Iterable<Finding> {
  // A correction keeps the rates of what it corrects.
  if (parent !== null) return;
  const legal = romanianRates(invoice.taxPointDate ?? invoice.issueDate);
  const configured = rules.allowedRates ?? [];
  const allowed = [0, ...(configured.length > 0 ? configured : legal), ...destinationRates(buyer.country)];
  const isIn = (rates: readonly (string | number)[], rate: string) =>
    rates.some((one) => Decimal.from(rate).equals(one));
  for (const [at, line] of invoice.lines.entries()) {
    const path = `lines[${at}].vatRate`;
    if (!isIn(allowed, line.vatRate))
      yield fatal("STORNO-RATE", `${line.vatRate} % is not a VAT rate of the company.`, {
        path,
        hint: `Allowed: ${[...new Set(allowed.map(String))].join(", ")}.`,
      });
    else if (line.vatCategoryCode === "S" && buyer.country === "RO" && !isIn(legal, line.vatRate))
      yield warning("STORNO-RATE-DATE", `${line.vatRate} % was not a Romanian rate on that day.`, { path });
  }
}

/** Rules on mixing VAT categories, which the official validator states in words few users can act on. */
function* categoryFindings({ invoice, seller, buyer }: IssuableDocument): Iterable<Finding> {
  const categories = new Set<string>(invoice.lines.map((line) => line.vatCategoryCode));
  const extensions = invoice.ublExtensions;
  for (const entry of extensions?.allowanceCharges ?? []) categories.add(entry.taxCategoryCode);
  if (categories.has("O") && categories.size > 1)
    yield fatal(
      "BR-O-11",
      "Lines outside the scope of VAT (O) cannot share an invoice with other categories.",
      {
        path: "lines",
        hint: "Issue two invoices.",
      },
    );
  if (categories.has("S") && !seller.isVatPayer)
    yield fatal("BR-S-02", "A company that is not registered for VAT cannot charge it.", {
      path: "lines",
      hint: "Use category O.",
    });
  if (!categories.has("K")) return;
  if (!buyer.vatCode)
    yield fatal("BR-IC-02", "An intra-community supply needs the client's VAT id.", {
      path: "client.vatCode",
    });
  const hint = "Fill in ublExtensions.delivery.";
  if (!extensions?.delivery?.actualDeliveryDate && !extensions?.invoicePeriod)
    yield fatal("BR-IC-11", "An intra-community supply needs its delivery date.", {
      path: "ublExtensions.delivery",
      hint,
    });
  if (!extensions?.delivery?.deliveryAddress)
    yield fatal("BR-IC-12", "An intra-community supply needs its delivery address.", {
      path: "ublExtensions.delivery",
      hint,
    });
}

function* totalFindings({ invoice }: IssuableDocument): Iterable<Finding> {
  if (invoice.lines.length === 0) yield fatal("BR-16", "The document has no lines.", { path: "lines" });
  const total = Decimal.from(invoice.total);
  if (total.isZero && invoice.lines.length > 0)
    yield fatal("STORNO-TOTAL", "The total is zero.", { path: "total" });
  if (invoice.documentType === "credit_note" && total.sign > 0)
    yield fatal("STORNO-CREDIT", "A credit note must have a negative total.", {
      path: "lines",
      hint: "Write credited quantities as negative numbers.",
    });
}
