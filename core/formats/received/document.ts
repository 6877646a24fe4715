import type { Day } from "#core/lib/dates.ts";
import type { InvoiceLine, InvoiceTotals } from "#core/model/invoice.ts";
import type { HeaderFields } from "#core/model/invoice-input.ts";
import type { Party, PaymentAccount } from "#core/model/party.ts";
import type { DocumentType } from "#core/model/words.ts";

/** A file inside a received document. Its bytes are decoded only when asked for. */
export interface ParsedAttachment {
  filename: string;
  mimeType: string;
  description: string | null;
  sizeBytes: number;
  content: () => Uint8Array;
}

/** A received document in the words of the model, as far as it could be read. */
export interface ParsedDocument {
  documentType: DocumentType;
  /** BT-3 as written, which on received documents may be any UNTDID 1001 code. */
  typeCode: string | null;
  customizationId: string | null;
  number: string | null;
  /** BT-2; the header's issueDate is empty text when it could not be read. */
  issueDate: Day | null;
  header: HeaderFields;
  supplier: Party;
  buyer: Party;
  lines: InvoiceLine[];
  /** As the sender stated them, with the sign of our model: negative for what is credited. */
  totals: InvoiceTotals;
  bankAccounts: PaymentAccount[];
  parent: { number: string; issueDate: Day | null } | null;
  attachments: ParsedAttachment[];
}

/** An attachment out of the base64 text it travels as, blanks and line breaks included. */
export function parsedAttachment(
  written: string,
  { filename, mimeType, description }: { [Fact in "filename" | "mimeType" | "description"]: string | null },
): ParsedAttachment {
  const base64 = written.replace(/\s+/g, "");
  return {
    filename: filename ?? "attachment",
    mimeType: mimeType ?? "application/octet-stream",
    description,
    sizeBytes: Math.floor((base64.replace(/=+$/, "").length * 3) / 4),
    content: () => Buffer.from(base64, "base64"),
  };
}
