import {
  fatturapaFindings,
  fileNameOf,
  type ItalianStanding,
  progressivoOf,
  transmitterOf,
  writeFatturapa,
} from "#core/formats/fatturapa/index.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import type { ConfigValues, Network, Notice, Written } from "#core/providers/provider.ts";
import { throughIntermediary } from "./intermediary.ts";
import { meaningOf } from "./meaning.ts";
import { readNotification } from "./notification.ts";
import { intermediaryOf } from "./rest.ts";

const textOf = (value: string | undefined): string | null => value?.trim().toUpperCase() || null;

/** What of the configuration belongs into documents; the rest are secrets. */
const standingIn = (values: ConfigValues): ItalianStanding => ({
  partitaIva: textOf(values["partitaIva"]),
  regimeFiscale: textOf(values["regimeFiscale"]),
  idTrasmittente: textOf(values["idTrasmittente"]),
});

/**
 * Italy's Sistema di Interscambio. It takes files only over channels it has accredited; ours is an intermediary's REST
 * interface. The direct web service is none: it answers by calling its sender over mutual TLS, with certificates and an
 * address that each sender agrees with the exchange, and `certPath` names a file on a machine that a function does not
 * have.
 */
export const sdi: Network = {
  name: "sdi",
  withoutTransport:
    "The Sistema di Interscambio takes files from accredited channels only: configure the apiEndpoint and apiKey of an " +
    "intermediary. Its direct web service, with certPath and certPassword, is not available here.",

  write: async (document, { values, sequence }) => written(document, standingIn(values), sequence),

  transport(values) {
    const intermediary = intermediaryOf(values);
    return intermediary && throughIntermediary(intermediary);
  },

  readNotice(body): Notice | undefined {
    const notification = readNotification(body);
    if (!notification) return undefined;
    const fileName = notification.fileName.replace(/\.p7m$/i, "");
    const raw = Buffer.from(body).toString("utf8").slice(0, 2000);
    const status = meaningOf(notification, notification.isToOffice, raw);
    const receipt = {
      fileName: nameOfNotice(fileName, notification.kind),
      contentType: "application/xml",
      bytes: body,
    };
    // The number in it is the exchange's; the intermediary, which is who we ask, has another.
    return {
      fileName,
      externalId: null,
      status: status.result === "wait" ? status : { ...status, receipts: [receipt] },
    };
  },
};

/** As the exchange names its messages: the file's name, the kind, a counter. */
const nameOfNotice = (fileName: string, kind: string): string =>
  fileName.replace(/\.xml$/i, `_${kind}_001.xml`);

function written(document: IssuableDocument, standing: ItalianStanding, sequence: number): Written {
  const findings = fatturapaFindings(document, standing);
  const transmitter = transmitterOf(document.seller, standing);
  const progressivo = progressivoOf(document.invoice.companyId, sequence);
  if (findings.some(({ severity }) => severity === "fatal") || !transmitter) return { findings };
  if (progressivo === undefined) throw new Error("The company has used all file names of five characters.");
  const bytes = writeFatturapa(document, standing, progressivo);
  const fileName = fileNameOf(transmitter, progressivo);
  return { document: { fileName, contentType: "application/xml", bytes }, findings };
}
