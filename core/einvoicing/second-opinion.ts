import { getInvoice } from "#core/documents/invoices/get.ts";
import { xmlOf } from "#core/documents/invoices/files.ts";
import { validate } from "#core/documents/invoices/validate.ts";
import type { CompanyActor } from "#core/lib/actor.ts";
import { type Finding, type ValidationResult, validationResult } from "#core/model/finding.ts";
import { type Opinion, opinionIn, validare } from "#core/providers/anaf/public-services.ts";
import { takePermit } from "./budget.ts";

/**
 * Full validation, and beside it what ANAF's own public judge says of the same XML: its findings have the source
 * `anaf`, and those that our rules made already are not repeated. ANAF's silence changes nothing but `anafAvailable`.
 */
export async function validateWithAnaf(actor: CompanyActor, id: string): Promise<ValidationResult> {
  const own = await validate(actor, id, "full");
  const opinion = await opinionOn(actor, id);
  const said = new Set([...own.errors, ...own.warnings].map(({ ruleId }) => ruleId));
  const messages = opinion.result === "invalid" ? opinion.messages : [];
  const more = messages.map(findingOf).filter(({ ruleId }) => !said.has(ruleId));
  const { schematronAvailable, errors, warnings } = own;
  return {
    ...validationResult([...errors, ...warnings, ...more], schematronAvailable),
    anafAvailable: opinion.result !== "open",
  };
}

async function opinionOn(actor: CompanyActor, id: string): Promise<Opinion> {
  const invoice = await getInvoice(actor.companyId, id);
  const xml = await xmlOf(actor, invoice);
  if (!(await takePermit())) return { result: "open", because: "rate_minute" };
  return opinionIn(await validare(invoice.documentType === "credit_note" ? "FCN" : "FACT1", xml));
}

/** ANAF names its rule in brackets or after `eroare regula:`, amid a path through its own schema. */
function findingOf(message: string): Finding {
  const rule = /\[([A-Z][\w-]+)\]|eroare regula:\s*([\w.-]+)\s*:/.exec(message);
  return {
    severity: "fatal",
    ruleId: rule?.[1] ?? rule?.[2] ?? "ANAF",
    message: message.replaceAll(/\s+/g, " ").trim(),
    hint: null,
    location: null,
    path: null,
    source: "anaf",
  };
}
