import { EN16931 } from "#core/formats/cii/profiles.ts";
import { writeCii } from "#core/formats/cii/write.ts";
import { isSiret } from "#core/formats/facturx/siret.ts";
import { writeFacturX } from "#core/formats/facturx/write.ts";
import { type Profile, RO_CIUS } from "#core/formats/ubl/profiles.ts";
import { writeUbl } from "#core/formats/ubl/write.ts";
import { paymentOf } from "#core/formats/written/document.ts";
import type { Finding } from "#core/model/finding.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import type { VatCategory } from "#core/model/words.ts";
import { judge, withJsonPaths } from "#core/rules/index.ts";
import { chorusTransport } from "../chorus/transport.ts";
import type { ConfigValues, Network, Transport, Written } from "../provider.ts";

/**
 * France's Factur-X, and Chorus Pro, which takes it for public bodies. Between companies it travels over approved
 * platforms, each with an interface and a contract of its own, or by e-mail: then it is written and kept, and that is all.
 */
export const facturx: Network = {
  name: "facturx",
  withoutTransport:
    "To have it deposited at Chorus Pro save siret, the clientId and clientSecret of an application at PISTE, and the " +
    "login and password of a technical account of Chorus Pro. For other buyers send the file by an approved platform.",
  write: (document, { values }) => written(inFrench(document), values["siret"]?.replaceAll(" ", "") || null),
  transport,
};

function transport({ clientId, clientSecret, login, password, siret }: ConfigValues): Transport | undefined {
  if (!clientId || !clientSecret || !login || !password || !siret) return undefined;
  return chorusTransport({ clientId, clientSecret, login, password });
}

/** Who has a SIRET configured writes to public bodies, under their business process A1, deposit of an invoice. */
async function written(document: IssuableDocument, siret: string | null): Promise<Written> {
  const findings = [
    ...europeanFindings(document),
    ...(siret === null ? [] : chorusFindings(document, siret)),
  ];
  if (findings.some(({ severity }) => severity === "fatal")) return { findings };
  const profile = siret === null ? EN16931 : { ...EN16931, processId: "A1", sellerSiret: siret };
  const bytes = await writeFacturX(document, writeCii(document, profile));
  const fileName = `${document.invoice.number.replaceAll(/[^\w.-]+/g, "-")}.pdf`;
  return { document: { fileName, contentType: "application/pdf", bytes }, findings };
}

/** Why there is no VAT, where nobody said it. */
const REASONS: Partial<Record<VatCategory, string>> = {
  E: "Exonéré de TVA",
  AE: "Autoliquidation",
  K: "Livraison intracommunautaire",
  G: "Exportation hors de l'Union européenne",
  O: "Hors du champ de la TVA",
};

/** The document with what we say for its author in the language of its readers. */
function inFrench(document: IssuableDocument): IssuableDocument {
  const { invoice } = document;
  const lines = invoice.lines.map((line) => ({
    ...line,
    exemptionReason: line.exemptionReason ?? REASONS[line.vatCategoryCode] ?? null,
  }));
  const paymentTerms = invoice.paymentTerms || (invoice.dueDate ? null : "Paiement à réception");
  return { ...document, invoice: { ...invoice, lines, paymentTerms } };
}

/** EN 16931 in the syntax that our rules read: what it says of the contents holds in either. */
const EUROPEAN: Profile = {
  ...RO_CIUS,
  name: "EN 16931",
  customizationId: EN16931.guidelineId,
  numbersConsumers: false,
};

const europeanFindings = (document: IssuableDocument): Finding[] =>
  withJsonPaths(judge(writeUbl(document, EUROPEAN), "en-ubl").findings);

/** Longest number that Chorus Pro takes. */
const LONGEST_NUMBER = 20;

/** What Chorus Pro would turn down. */
function chorusFindings(document: IssuableDocument, siret: string): Finding[] {
  const { invoice, buyer } = document;
  const found = [
    !isSiret(siret) &&
      finding(
        "SIRET",
        "config.siret",
        `${siret} is not a SIRET.`,
        "Save the 14 digits of your establishment.",
      ),
    !isSiret(buyer.registrationNumber ?? "") &&
      finding(
        "BUYER-SIRET",
        "client.registrationNumber",
        "Chorus Pro knows public bodies by their SIRET, and the client has none.",
        "Enter the 14 digits of the body's SIRET as the client's registration number.",
      ),
    invoice.number.length > LONGEST_NUMBER &&
      finding(
        "NUMBER",
        "number",
        `Chorus Pro takes numbers of at most ${LONGEST_NUMBER} characters.`,
        "Issue it from a series with a shorter prefix.",
      ),
  ].filter((one) => one !== false);
  if (paymentOf(document).code !== "ZZZ") return found;
  const means = finding(
    "PAYMENT-MEANS",
    "paymentMethod",
    "Chorus Pro takes invoices that name a usual means of payment.",
    "Choose bank transfer and give a bank account.",
  );
  return [...found, { ...means, severity: "warning" }];
}

const finding = (rule: string, path: string, message: string, hint: string): Finding => ({
  severity: "fatal",
  ruleId: `STORNO-FR-${rule}`,
  message,
  hint,
  location: null,
  path,
  source: "NATIONAL",
});
