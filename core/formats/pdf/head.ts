import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import { Decimal } from "#core/lib/decimal.ts";
import type { Party, Seller } from "#core/model/party.ts";
import { COUNTY_NAMES, countyCode } from "#core/model/places.ts";
import type { Language } from "#core/model/words.ts";
import { colors, page, type Sheet } from "./sheet.ts";
import { printedDay, printedNumber } from "./numbers.ts";
import type { Words } from "./words.ts";

const middle = page.left + (page.right - page.left) / 2 + 10;

/** The top of the first page: what it is, its number and days, and who sells to whom. */
export function drawHead(sheet: Sheet, document: IssuableDocument, words: Words, language: Language): void {
  const { invoice, seller } = document;
  sheet.box(0, page.height - 8, page.width, 8, colors.accent);
  const title = titleOf(invoice, words);
  sheet.text(title, page.left, page.top - 18, { size: 24, weight: "semibold", color: colors.accent });
  sheet.text(invoice.number, page.left, page.top - 36, { size: 12, weight: "semibold" });
  drawStamp(sheet, invoice, words);
  drawFacts(sheet, document, words, language);
  sheet.y = Math.min(sheet.y, page.top - 62);
  sheet.rule(sheet.y);
  sheet.y -= 18;
  const top = sheet.y;
  const sellerEnd = drawParty(sheet, words.seller, seller, page.left, top, sellerFacts(seller, words));
  const buyerEnd = drawParty(
    sheet,
    words.buyer,
    document.buyer,
    middle,
    top,
    partyFacts(document.buyer, words),
  );
  sheet.y = Math.min(sellerEnd, buyerEnd) - 16;
}

function titleOf(invoice: Invoice, words: Words): string {
  if (invoice.documentType === "credit_note") return words.creditNote;
  return Decimal.from(invoice.total).sign < 0 ? words.storno : words.invoice;
}

/** A draft and a cancelled document must not pass for an issued one. */
function drawStamp(sheet: Sheet, { status, number }: Invoice, words: Words): void {
  const stamp = status === "cancelled" ? words.cancelled : status === "draft" ? words.draft : undefined;
  if (!stamp) return;
  const x = page.left + sheet.width(number, 12, "semibold") + 12;
  sheet.text(stamp, x, page.top - 36, { size: 12, weight: "semibold", color: colors.alarm });
}

function drawFacts(
  sheet: Sheet,
  { invoice, parent }: IssuableDocument,
  words: Words,
  language: Language,
): void {
  const facts: [string, string][] = [[words.issueDate, printedDay(invoice.issueDate, language)]];
  if (invoice.dueDate) facts.push([words.dueDate, printedDay(invoice.dueDate, language)]);
  if (invoice.taxPointDate) facts.push([words.taxPointDate, printedDay(invoice.taxPointDate, language)]);
  if (parent) facts.push([words.reverses, `${parent.number} / ${printedDay(parent.issueDate, language)}`]);
  facts.push([words.currency, invoice.currency]);
  if (invoice.currency !== "RON" && invoice.exchangeRate)
    facts.push([
      words.exchangeRate,
      `1 ${invoice.currency} = ${printedNumber(invoice.exchangeRate, language, 4)} RON`,
    ]);
  let y = page.top - 6;
  for (const [label, value] of facts) {
    sheet.text(value, page.right, y, { weight: "semibold", right: true });
    sheet.text(label, page.right - 118, y, { color: colors.muted, right: true });
    y -= 14;
  }
  sheet.y = y;
}

/** One party: its label, its name, then line by line what is known of it. Answers where it ended. */
function drawParty(
  sheet: Sheet,
  label: string,
  party: Party,
  x: number,
  top: number,
  facts: string[],
): number {
  const width = middle - page.left - 20;
  sheet.text(label.toUpperCase(), x, top, { size: 7.5, weight: "semibold", color: colors.accent });
  let y = top - 16;
  for (const line of sheet.wrap(party.name, width, 11, "semibold")) {
    sheet.text(line, x, y, { size: 11, weight: "semibold" });
    y -= 14;
  }
  for (const line of facts.flatMap((fact) => sheet.wrap(fact, width))) {
    sheet.text(line, x, y, { color: colors.ink });
    y -= 12.5;
  }
  return y;
}

function sellerFacts(seller: Seller, words: Words): string[] {
  const capital = seller.capitalSocial ? [`${words.capital}: ${seller.capitalSocial}`] : [];
  return [...partyFacts(seller, words), ...capital, ...(seller.website ? [seller.website] : [])];
}

function partyFacts(party: Party, words: Words): string[] {
  const id =
    party.cnp && party.type === "individual" ? `${words.personalId}: ${party.cnp}` : taxId(party, words);
  const town = [party.postalCode, party.city, countyName(party)].filter(Boolean).join(", ");
  const contact = [party.phone && `${words.phone} ${party.phone}`, party.email].filter(Boolean).join(" · ");
  return [
    [id, party.registrationNumber && `${words.register}: ${party.registrationNumber}`]
      .filter(Boolean)
      .join(" · "),
    party.address ?? "",
    [town, party.country === "RO" ? "" : party.country].filter(Boolean).join(", "),
    contact,
    party.contactPerson ?? "",
  ].filter((fact) => fact !== "");
}

const taxId = (party: Party, words: Words): string => {
  const id = party.vatCode ?? party.cif;
  return id ? `${words.taxId}: ${id}` : "";
};

const countyName = ({ county, country }: Party): string => {
  const code = country === "RO" ? countyCode(county) : undefined;
  return (code && COUNTY_NAMES.get(code)) ?? county ?? "";
};
