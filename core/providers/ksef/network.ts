import { fa3Findings, LARGEST_INVOICE_BYTES, normalNip, writeFa3 } from "#core/formats/fa3/index.ts";
import type { Finding } from "#core/model/finding.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import type { ConfigValues, Network, Transport, WriteContext, Written } from "../provider.ts";
import { ksefTransport } from "./transport.ts";

/** Poland's KSeF, API 2.0: structured invoices (FA(3)), sent encrypted and confirmed by a number and a UPO. */
export const ksef: Network = {
  name: "ksef",
  write: async (document, context) => written(document, context),
  transport,
  withoutTransport: "Save the company's nip and the authToken of a KSeF token to have it sent.",
};

function written(document: IssuableDocument, { values, correctedId }: WriteContext): Written {
  const nip = nipIn(values, document);
  const findings = fa3Findings(document, nip);
  if (!nip || findings.length > 0) return { findings };
  const bytes = writeFa3(document, { nip, parentKsefNumber: correctedId });
  if (bytes.length > LARGEST_INVOICE_BYTES) return { findings: [tooLarge(bytes.length)] };
  const fileName = `${document.invoice.number.replaceAll(/[^\w.-]+/g, "-")}.xml`;
  return { document: { fileName, contentType: "application/xml", bytes }, findings };
}

/** The NIP saved for KSeF, else the one that a Polish company has anyway. */
const nipIn = (values: ConfigValues, { seller }: IssuableDocument): string | null =>
  values["nip"] || (seller.country === "PL" ? (seller.vatCode ?? seller.cif) : null);

const tooLarge = (sizeBytes: number): Finding => ({
  severity: "fatal",
  ruleId: "STORNO-PL-SIZE",
  message: `The invoice has ${sizeBytes} bytes as FA(3), and KSeF takes ${LARGEST_INVOICE_BYTES}.`,
  hint: "Spread the lines over several invoices.",
  location: null,
  path: "lines",
  source: "NATIONAL",
});

function transport({ nip, authToken }: ConfigValues): Transport | undefined {
  return nip && authToken ? ksefTransport({ nip: normalNip(nip), authToken }) : undefined;
}
