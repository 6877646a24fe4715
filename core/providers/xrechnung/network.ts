import { isLeitwegId, looksLikeLeitwegId, writeUbl, XRECHNUNG } from "#core/formats/ubl/index.ts";
import type { Finding } from "#core/model/finding.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import type { VatCategory } from "#core/model/words.ts";
import { judge, profileNamed, withJsonPaths } from "#core/rules/index.ts";
import type { ConfigValues, Network, Written } from "../provider.ts";

/**
 * Germany's XRechnung. It is a format and no network: authorities take it by Peppol, e-mail or upload, companies by
 * e-mail, and no program interface of the state exists, so the document is written, judged and kept, and that is all.
 */
export const xrechnung: Network = {
  name: "xrechnung",
  withoutTransport:
    "Germany has no program interface that takes invoices: send the file by e-mail or Peppol, or upload it on the buyer's portal.",
  write: async (document, { values }) => written(inGermany(document, values)),
  transport: () => undefined,
};

async function written(document: IssuableDocument): Promise<Written> {
  const bytes = writeUbl(document, XRECHNUNG);
  const { findings: judged } = judge(bytes, await profileNamed("xr-ubl"));
  const findings = [...referenceFindings(document), ...withJsonPaths(judged).map(named)];
  const fileName = `${document.invoice.number.replaceAll(/[^\w.-]+/g, "-")}.xml`;
  return { document: { fileName, contentType: "application/xml", bytes }, findings };
}

/** Why there is no VAT, in words a German reader has to find (UStG § 14 Abs. 4 Nr. 8, § 14a), where nobody said it. */
const REASONS: Partial<Record<VatCategory, string>> = {
  E: "Steuerfrei",
  AE: "Steuerschuldnerschaft des Leistungsempfängers",
  K: "Innergemeinschaftliche Lieferung",
  G: "Ausfuhrlieferung",
  O: "Nicht steuerbar",
};

/**
 * The document with what Germany wants besides: a contact of the seller with name, telephone and e-mail (BG-6), each
 * from the configuration if it says so, the name else from the invoice's issuer.
 */
function inGermany(document: IssuableDocument, values: ConfigValues): IssuableDocument {
  const { invoice, seller } = document;
  const contactPerson = values["contactName"] || seller.contactPerson || invoice.issuerName;
  const lines = invoice.lines.map((line) => ({
    ...line,
    exemptionReason: line.exemptionReason ?? REASONS[line.vatCategoryCode] ?? null,
  }));
  return {
    ...document,
    invoice: { ...invoice, lines },
    seller: {
      ...seller,
      contactPerson,
      phone: values["contactPhone"] || seller.phone,
      email: values["contactEmail"] || seller.email,
    },
  };
}

/** A Leitweg-ID with a wrong digit would reach nobody. */
function referenceFindings({ invoice: { buyerReference } }: IssuableDocument): Finding[] {
  if (!buyerReference || !looksLikeLeitwegId(buyerReference) || isLeitwegId(buyerReference)) return [];
  return [
    {
      severity: "fatal",
      ruleId: "STORNO-DE-LEITWEG-ID",
      message: `The check digits of the Leitweg-ID ${buyerReference} do not fit.`,
      hint: "Copy the Leitweg-ID from the buyer's order once more.",
      location: null,
      path: "buyerReference",
      source: "business",
    },
  ];
}

/** Where the fields are that this network takes from elsewhere than others. */
const FIELDS: Readonly<Record<string, string>> = {
  "BR-DE-2": "issuerName",
  "BR-DE-5": "issuerName",
  "PEPPOL-EN16931-R010": "client.email",
  "PEPPOL-EN16931-R020": "company.email",
};

const named = (finding: Finding): Finding => ({ ...finding, path: FIELDS[finding.ruleId] ?? finding.path });
