/** ANAF's own names and texts, typos included, and nothing else: they are matched on, never corrected. */

/** Which of ANAF's two worlds a connection talks to; one client id and one token serve both. */
export type AnafEnvironment = "prod" | "test";

/** The calls, named as in ANAF's documents. */
export type AnafVerb = "upload" | "stareMesaj" | "listaMesajePaginatieFactura" | "descarcare";

/** How a document is uploaded: the path, the standard and the flags, each `DA` or absent. */
export interface UploadRoute {
  readonly path: "upload" | "uploadb2c";
  readonly standard: "UBL" | "CN";
  readonly extern?: "DA";
  readonly autofactura?: "DA";
}

/** States of stareMesaj, folded. */
export const STATES = {
  processing: "in prelucrare",
  accepted: "ok",
  rejected: "nok",
  unreadable: "xml cu erori nepreluat de sistem",
} as const;

/** A row of a message list, as sent. `id` is the download id, `id_solicitare` the upload index. */
export interface WireMessage {
  readonly id: string;
  readonly id_solicitare?: string;
  readonly data_creare?: string;
  readonly cif?: string;
  readonly detalii?: string;
  readonly tip?: string;
  readonly cif_emitent?: string;
  readonly cif_beneficiar?: string;
}

/**
 * A text made comparable: accents removed, lower case, blanks collapsed. Romanian wordings change between releases,
 * and cedillas take the place of commas.
 */
export const folded = (text: string): string =>
  text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/\s+/g, " ").trim();

/** A fiscal code as ANAF takes it: digits, never `RO` before them. */
export const bareCif = (cif: string): string => cif.trim().replace(/^RO\s*/i, "");
