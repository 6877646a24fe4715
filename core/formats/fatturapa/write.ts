import { Decimal } from "#core/lib/decimal.ts";
import { normalIban } from "#core/model/cif.ts";
import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import { documentSums, type DocumentSums } from "#core/model/totals.ts";
import { element, group, pieces } from "../markup.ts";
import { ascii, codeUpTo, latin, latinUpTo } from "./letters.ts";
import { adjustment, detail, number, signed, type Writing } from "./lines.ts";
import { untaxed } from "./natura.ts";
import {
  buyerParty,
  fiscalId,
  isItalianBuyer,
  type ItalianStanding,
  recipientOf,
  sellerId,
  sellerParty,
  transmitterOf,
} from "./parties.ts";
import { breakdown, stamp, summaries } from "./sums.ts";

const NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2";

/** How a document is to be written: which way its amounts go and why some carry no VAT. */
export function writingOf(document: IssuableDocument, standing: ItalianStanding): Writing {
  const { invoice, seller, buyer } = document;
  const trade = {
    isSellerItalian: sellerId(seller, standing)?.country === "IT",
    isBuyerItalian: isItalianBuyer(buyer),
  };
  return {
    isTurned: invoice.documentType === "credit_note" || Decimal.from(invoice.total).sign < 0,
    natura: (category, reason) => untaxed(category, reason, trade),
  };
}

/**
 * A document as FatturaPA 1.2 (schema 1.2.3), UTF-8. Credit notes, and invoices that give money back, are TD04 with
 * positive amounts. The same document, standing and `progressivo` always give the same bytes. It writes what it is
 * given: ask `fatturapaFindings` first whether Italy would take it.
 */
export function writeFatturapa(
  document: IssuableDocument,
  standing: ItalianStanding,
  progressivo: string,
): Uint8Array {
  const recipient = recipientOf(document);
  const writing = writingOf(document, standing);
  const header =
    group(
      "DatiTrasmissione",
      fiscalId("IdTrasmittente", transmitterOf(document.seller, standing)) +
        element("ProgressivoInvio", progressivo) +
        element("FormatoTrasmissione", recipient.format) +
        element("CodiceDestinatario", recipient.code) +
        element("PECDestinatario", recipient.certifiedMail),
    ) +
    sellerParty(document, standing) +
    buyerParty(document.buyer);
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<p:FatturaElettronica xmlns:p="${NAMESPACE}" versione="${recipient.format}">\n` +
    group("FatturaElettronicaHeader", header) +
    group("FatturaElettronicaBody", bodyOf(document, standing, writing)) +
    "</p:FatturaElettronica>\n";
  return Buffer.from(body, "utf8");
}

function bodyOf(document: IssuableDocument, standing: ItalianStanding, writing: Writing): string {
  const { invoice, seller } = document;
  const sums = documentSums(invoice.lines, invoice.ublExtensions);
  const rows = summaries(invoice, sums, writing);
  const isSellerItalian = sellerId(seller, standing)?.country === "IT";
  const lines = invoice.lines.map((line, at) => detail(line, at + 1, writing));
  const entries = invoice.ublExtensions?.allowanceCharges ?? [];
  const adjustments = entries.map((entry, at) => adjustment(entry, lines.length + at + 1, writing));
  const general = generalData(invoice, sums, writing, stamp(rows, invoice, isSellerItalian));
  return (
    group("DatiGenerali", general + references(document)) +
    group("DatiBeniServizi", [...lines, ...adjustments].join("") + breakdown(rows, invoice.tvaLaIncasare)) +
    payment(document, signed(sums.payable, writing))
  );
}

function generalData(invoice: Invoice, sums: DocumentSums, writing: Writing, stampDuty: string): string {
  const notes = [invoice.notes, invoice.mentions].flatMap((note) => pieces(latin(note), 200));
  return group(
    "DatiGeneraliDocumento",
    element("TipoDocumento", writing.isTurned ? "TD04" : "TD01") +
      element("Divisa", invoice.currency) +
      element("Data", invoice.issueDate) +
      element("Numero", codeUpTo(invoice.number, 20)) +
      stampDuty +
      number("ImportoTotaleDocumento", signed(sums.taxInclusive.plus(sums.rounding), writing)) +
      (sums.rounding.isZero ? "" : number("Arrotondamento", signed(sums.rounding, writing))) +
      notes.map((note) => element("Causale", note)).join(""),
  );
}

/** CUP, the code of a public project: fifteen characters. Any other project is the order's job number. */
const isCup = (project: string): boolean => /^[A-Z0-9]{15}$/.test(project);

/** Order, contract, receipt and the corrected invoice, 2.1.2 to 2.1.6. Project and tender belong to the first two. */
function references({ invoice, parent }: IssuableDocument): string {
  const project = ascii(invoice.projectReference);
  const purchase =
    element("CodiceCommessaConvenzione", isCup(project) ? null : latinUpTo(project, 100)) +
    element("CodiceCUP", isCup(project) ? project : null) +
    element("CodiceCIG", codeUpTo(invoice.tenderOrLotReference, 15));
  const related = (name: string, id: string | null | undefined, more: string): string => {
    const code = element("IdDocumento", codeUpTo(id, 20));
    return code ? group(name, code + more) : "";
  };
  return (
    related("DatiOrdineAcquisto", invoice.orderNumber, purchase) +
    related("DatiContratto", invoice.contractNumber, invoice.orderNumber ? "" : purchase) +
    related("DatiRicezione", invoice.receivingAdviceReference, "") +
    related("DatiFattureCollegate", parent?.number, element("Data", parent?.issueDate))
  );
}

/** ModalitaPagamento of each way to pay; what Italy has no word for goes unsaid. */
const METHODS: Readonly<Record<string, string>> = {
  cash: "MP01",
  cheque: "MP02",
  check: "MP02",
  bank_transfer: "MP05",
  card: "MP08",
  stripe: "MP08",
};

/** Payment, 2.4, in one sum. Accounts are not repeated: a second one would read as a second instalment. */
function payment(document: IssuableDocument, toPay: Decimal): string {
  const { invoice } = document;
  const method = METHODS[invoice.paymentMethod ?? "bank_transfer"];
  if (method === undefined || toPay.sign <= 0) return "";
  const account = method === "MP05" ? accountOf(document) : undefined;
  return group(
    "DatiPagamento",
    element("CondizioniPagamento", "TP02") +
      group(
        "DettaglioPagamento",
        element("Beneficiario", latinUpTo(invoice.payeeName, 200)) +
          element("ModalitaPagamento", method) +
          element("DataScadenzaPagamento", invoice.dueDate) +
          number("ImportoPagamento", toPay) +
          element("IstitutoFinanziario", latinUpTo(account?.bankName, 80)) +
          element("IBAN", account?.iban),
      ),
  );
}

/** The account to pay into: the payee's, else the first in the document's currency. One that is no IBAN has no place. */
function accountOf({ invoice, bankAccounts }: IssuableDocument) {
  const own = bankAccounts.find(({ currency }) => currency === invoice.currency) ?? bankAccounts[0];
  const account = invoice.payeeBankAccount
    ? { iban: invoice.payeeBankAccount, bankName: invoice.payeeBankName }
    : own;
  const iban = normalIban(account?.iban ?? "");
  return account && /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban) ? { ...account, iban } : undefined;
}
