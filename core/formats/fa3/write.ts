import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import { normalIban } from "#core/model/cif.ts";
import { documentSums } from "#core/model/totals.ts";
import { element, group } from "../markup.ts";
import { annotations } from "./annotations.ts";
import { buyerParty, sellerParty } from "./parties.ts";
import { rowNumbers, rows } from "./rows.ts";
import { settlement, sums } from "./sums.ts";
import { text } from "./text.ts";

const NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/";

/** What the document itself does not know. */
interface PolishFacts {
  /** The company's Polish tax number. */
  readonly nip: string;
  /** KSeF number of the invoice that this one corrects; null when that one never was in KSeF. */
  readonly parentKsefNumber: string | null;
}

/**
 * A document as FA(3), the structured invoice of KSeF (schema 1-0E, variant 3), UTF-8. The same document always gives
 * the same bytes. What reverses or credits is a correction (KOR) and shows the difference, with its signs. It writes
 * what it is given: whether Poland would take it is for `fa3Findings` to say.
 */
export function writeFa3(document: IssuableDocument, facts: PolishFacts): Uint8Array {
  const { invoice, seller, buyer } = document;
  const parts = [
    `<?xml version="1.0" encoding="UTF-8"?>\n<Faktura xmlns="${NAMESPACE}">\n`,
    header(invoice) + sellerParty(seller, facts.nip) + buyerParty(buyer),
    group("Fa", body(document, facts)),
    footer(invoice) + "</Faktura>\n",
  ];
  return Buffer.from(parts.join(""), "utf8");
}

/** The moment the invoice came to be: when it was issued, which no later change moves. */
const writtenAt = (invoice: Invoice): string =>
  invoice.events.find((event) => event.metadata.action === "issued")?.createdAt ?? invoice.createdAt;

const header = (invoice: Invoice): string =>
  group(
    "Naglowek",
    element("KodFormularza", "FA", ' kodSystemowy="FA (3)" wersjaSchemy="1-0E"') +
      element("WariantFormularza", "3") +
      element("DataWytworzeniaFa", writtenAt(invoice)) +
      element("SystemInfo", "Storno"),
  );

function body(document: IssuableDocument, facts: PolishFacts): string {
  const { invoice, buyer } = document;
  const totals = documentSums(invoice.lines, invoice.ublExtensions);
  return (
    element("KodWaluty", invoice.currency) +
    element("P_1", invoice.issueDate) +
    text("P_2", invoice.number) +
    supplyDate(invoice) +
    sums(totals, buyer.country) +
    annotations(document) +
    kind(document, facts) +
    remarks(invoice) +
    rows(invoice, buyer.country) +
    settlement(totals) +
    payment(document) +
    terms(invoice)
  );
}

/** When goods were delivered or the service done: a day that is not the day of issue, or a period. */
function supplyDate({ issueDate, taxPointDate, ublExtensions }: Invoice): string {
  const { startDate, endDate } = ublExtensions?.invoicePeriod ?? {};
  if (startDate && endDate)
    return group("OkresFa", element("P_6_Od", startDate) + element("P_6_Do", endDate));
  const day = ublExtensions?.delivery?.actualDeliveryDate ?? taxPointDate;
  return day === issueDate ? "" : element("P_6", day);
}

/** Ordinary, or a correction with the document it corrects. */
function kind({ parent }: IssuableDocument, { parentKsefNumber }: PolishFacts): string {
  if (!parent) return element("RodzajFaktury", "VAT");
  return (
    element("RodzajFaktury", "KOR") +
    group(
      "DaneFaKorygowanej",
      element("DataWystFaKorygowanej", parent.issueDate) +
        text("NrFaKorygowanej", parent.number) +
        (parentKsefNumber
          ? element("NrKSeF", "1") + element("NrKSeFFaKorygowanej", parentKsefNumber)
          : element("NrKSeFN", "1")),
    )
  );
}

/** What has no place of its own, as keys and values: terms and references of the invoice, notes of its lines. */
function remarks(invoice: Invoice): string {
  const numbers = rowNumbers(invoice.lines);
  const entries = [
    { key: "Warunki płatności", value: invoice.paymentTerms },
    { key: "Referencja nabywcy", value: invoice.buyerReference },
    { key: "Projekt", value: invoice.projectReference },
    ...invoice.lines.map((line, at) => ({ key: "Uwagi", value: line.lineNote, row: numbers[at] })),
  ];
  return entries
    .filter(({ value }) => value?.trim())
    .map((entry) =>
      group(
        "DodatkowyOpis",
        ("row" in entry ? element("NrWiersza", String(entry.row)) : "") +
          text("Klucz", entry.key) +
          text("Wartosc", entry.value),
      ),
    )
    .join("");
}

const PAYMENT_FORMS: Readonly<Record<string, string>> = {
  cash: "1",
  card: "2",
  cheque: "4",
  check: "4",
  bank_transfer: "6",
};

const ACCOUNT_LENGTH = { least: 10, most: 34 };

/** Due date, form and accounts, those in the invoice's currency when there are any. */
function payment({ invoice, bankAccounts }: IssuableDocument): string {
  const own = invoice.payeeBankAccount
    ? [{ iban: invoice.payeeBankAccount, bankName: invoice.payeeBankName, currency: invoice.currency }]
    : bankAccounts;
  const inCurrency = own.filter((account) => account.currency === invoice.currency);
  const accounts = (inCurrency.length > 0 ? inCurrency : own)
    .map(({ iban, bankName }) => ({ number: normalIban(iban), bankName }))
    .filter(({ number: { length } }) => length >= ACCOUNT_LENGTH.least && length <= ACCOUNT_LENGTH.most);
  return group(
    "Platnosc",
    group("TerminPlatnosci", element("Termin", invoice.dueDate)) +
      paymentForm(invoice.paymentMethod) +
      accounts
        .map(({ number, bankName }) =>
          group("RachunekBankowy", element("NrRB", number) + text("NazwaBanku", bankName)),
        )
        .join(""),
  );
}

function paymentForm(method: string | null): string {
  if (!method) return "";
  const form = PAYMENT_FORMS[method];
  return form
    ? element("FormaPlatnosci", form)
    : element("PlatnoscInna", "1") + text("OpisPlatnosci", method);
}

const terms = ({ contractNumber, orderNumber }: Invoice): string =>
  group(
    "WarunkiTransakcji",
    group("Umowy", text("NrUmowy", contractNumber)) + group("Zamowienia", text("NrZamowienia", orderNumber)),
  );

const FOOTER_LENGTH = 3500;

const footer = ({ notes, mentions }: Invoice): string =>
  group(
    "Stopka",
    [notes, mentions].map((note) => group("Informacje", text("StopkaFaktury", note, FOOTER_LENGTH))).join(""),
  );
