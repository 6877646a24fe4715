import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { DomainError } from "#core/lib/error.ts";
import { type VatRate, vatRatesOf } from "#core/companies/vat-rates.ts";
import { businessFindings } from "#core/model/business.ts";
import { type Finding, type ValidationResult, validationResult } from "#core/model/finding.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import type { StoredInvoice } from "./collection.ts";
import { documentOf, readDocument } from "./document.ts";
import { getInvoice } from "./get.ts";
import type { Surroundings } from "./surroundings.ts";

export type Mode = "quick" | "full";

/**
 * Checks an invoice in any state and changes nothing. Quick: the business rules; full: these, then the structure and
 * every official rule on the XML it would have.
 */
export async function validate(actor: CompanyActor, id: string, mode: Mode): Promise<ValidationResult> {
  assertCan(actor, "invoice.view");
  const invoice = await getInvoice(actor.companyId, id);
  const [document, rates] = await Promise.all([readDocument(actor, invoice), vatRatesOf(actor.companyId)]);
  const business = businessFindings(document, rulesOf(rates));
  if (mode === "quick") return validationResult(business, false);
  return validationResult(merged(business, await officialFindings(await writeXml(document))), true);
}

/** Quick validation of a draft that was just written. */
export const quickResult = (draft: StoredInvoice, { company, rates }: Surroundings): ValidationResult =>
  validationResult(businessFindings(documentOf(draft, { company, accounts: [] }), rulesOf(rates)), false);

/** The XML of a document that may be issued. Throws `invalid` with every finding when something fatal was found. */
export async function validXml(document: IssuableDocument, rates: readonly VatRate[]): Promise<Uint8Array> {
  const business = businessFindings(document, rulesOf(rates));
  // A document that breaks a business rule may be too broken to be written at all.
  if (business.some(({ severity }) => severity === "fatal")) throw notValid(validationResult(business, true));
  const xml = await writeXml(document);
  const result = validationResult(merged(business, await officialFindings(xml)), true);
  if (!result.valid) throw notValid(result);
  return xml;
}

/** Writes the UBL of a document. Formats and rules load when first needed, for the sake of cold starts. */
export async function writeXml(document: IssuableDocument): Promise<Uint8Array> {
  const { writeUbl } = await import("#core/formats/ubl/index.ts");
  return writeUbl(document);
}

async function officialFindings(xml: Uint8Array): Promise<readonly Finding[]> {
  const { judge, withJsonPaths } = await import("#core/rules/index.ts");
  return withJsonPaths(judge(xml, "ro").findings);
}

const rulesOf = (rates: readonly VatRate[]) => ({
  allowedRates: rates.filter(({ isActive }) => isActive).map(({ rate }) => rate),
});

/** Both kinds of findings; what a business rule already said in better words is not said again by its official rule. */
const merged = (business: readonly Finding[], official: readonly Finding[]): Finding[] => {
  const said = new Set(business.map(({ ruleId }) => ruleId));
  return [...business, ...official.filter(({ ruleId }) => !said.has(ruleId))];
};

/** The refusal of a document for what was found in it. */
export function notValid({ errors, warnings }: ValidationResult): DomainError {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new DomainError("invalid", `The invoice is not valid: ${first?.message}${more}`, {
    errors,
    extra: { valid: false, warnings },
  });
}
