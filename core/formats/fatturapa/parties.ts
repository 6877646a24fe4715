import { normalCif } from "#core/model/cif.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import type { Buyer, Party, Seller } from "#core/model/party.ts";
import { vatPrefix } from "#core/model/places.ts";
import { element, group } from "../markup.ts";
import { ascii, codeUpTo, latin, latinUpTo } from "./letters.ts";
import { isCodiceFiscale, isPartitaIva, isPersonalCode } from "./identifiers.ts";

/** A tax number with the country that gave it. */
export interface FiscalId {
  readonly country: string;
  readonly code: string;
}

/** What a seller has in Italy beside its own company: kept with the credentials, since no document carries it. */
export interface ItalianStanding {
  /** Italian VAT number of the seller; null for who has none there. */
  readonly partitaIva: string | null;
  /** RF01 to RF20; null for the usual one. */
  readonly regimeFiscale: string | null;
  /** Who hands files to the exchange, `IT01234567890`, when it is not the seller. */
  readonly idTrasmittente: string | null;
}

/**
 * The tax number of a party in a country, split: `it 0123-4567890` is IT and 01234567890. Who is registered in Italy
 * from abroad has an Italian number.
 */
export function fiscalIdFrom(written: string, country: string): FiscalId {
  const text = written.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const prefix = /^IT\d{11}$/.test(text) ? "IT" : vatPrefix(country);
  return { country: prefix, code: text.startsWith(prefix) ? text.slice(prefix.length) : text };
}

const isItalian = (country: string): boolean => country === "IT";

/** Whether a buyer is one to the exchange: at home in Italy, or registered there from abroad. */
export const isItalianBuyer = (buyer: Buyer): boolean =>
  isItalian(buyer.country) || buyerIds(buyer).vat?.country === "IT";

/** The number under which the seller invoices: its Italian one when it has one, else that of its own country. */
export function sellerId(seller: Seller, standing: ItalianStanding): FiscalId | undefined {
  if (standing.partitaIva) return fiscalIdFrom(standing.partitaIva, "IT");
  if (seller.country === "RO" && seller.cif) return { country: "RO", code: normalCif(seller.cif) };
  const written = seller.vatCode ?? seller.cif;
  return written ? fiscalIdFrom(written, seller.country) : undefined;
}

/** Who transmits, by whose number file names begin. */
export function transmitterOf(seller: Seller, standing: ItalianStanding): FiscalId | undefined {
  const written = standing.idTrasmittente?.toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (!written) return sellerId(seller, standing);
  return /^[A-Z]{2}/.test(written) && !isCodiceFiscale(written)
    ? { country: written.slice(0, 2), code: written.slice(2) }
    : { country: "IT", code: written };
}

/** How a buyer is known to the tax office: VAT number, codice fiscale, or both. */
export interface BuyerIds {
  readonly vat: FiscalId | undefined;
  readonly codiceFiscale: string | undefined;
}

/** Stands for a consumer abroad, who has no number: the exchange checks no code of another country. */
const CONSUMER_ABROAD = "0000000";

/** The buyer's numbers as written, right or not: findings look at them. */
export function buyerIds(buyer: Buyer): BuyerIds {
  if (isItalian(buyer.country)) return italianIds(buyer);
  const written = buyer.vatCode ?? (buyer.country === "RO" ? buyer.cif && normalCif(buyer.cif) : buyer.cif);
  const known = written ?? (buyer.type === "individual" ? CONSUMER_ABROAD : undefined);
  return { vat: known ? fiscalIdFrom(known, buyer.country) : undefined, codiceFiscale: undefined };
}

function italianIds(buyer: Buyer): BuyerIds {
  const bare = (text: string | null) => (text ? fiscalIdFrom(text, "IT").code : "");
  const [first, second] = [bare(buyer.vatCode), bare(buyer.cif)];
  // Without a VAT code eleven digits may be the codice fiscale of an association, but a payer's are its VAT number.
  const otherwise = buyer.isVatPayer && isPartitaIva(second) ? second : "";
  // Surnames begin like countries: a codice fiscale may have been taken for a VAT code.
  const vat = isPersonalCode(first) ? otherwise : first || otherwise;
  const codiceFiscale = [second, first].find((code) => code !== "" && code !== vat);
  return { vat: vat ? { country: "IT", code: vat } : undefined, codiceFiscale };
}

/** Where the exchange delivers: an office of the state (6 characters), a channel (7), a certified mailbox, or nowhere. */
export interface Recipient {
  readonly format: "FPA12" | "FPR12";
  readonly code: string;
  readonly certifiedMail: string | undefined;
}

/**
 * The recipient that the buyer reference (BT-10) names. Without one the exchange looks the buyer up by its VAT number
 * (`0000000`); a buyer abroad is `XXXXXXX`, which carries the invoice to the tax office and not to the buyer.
 */
export function recipientOf({ invoice, buyer }: IssuableDocument): Recipient {
  if (!isItalianBuyer(buyer)) return { format: "FPR12", code: "XXXXXXX", certifiedMail: undefined };
  const reference = ascii(invoice.buyerReference);
  if (isOfficeCode(reference))
    return { format: "FPA12", code: reference.toUpperCase(), certifiedMail: undefined };
  if (isChannelCode(reference))
    return { format: "FPR12", code: reference.toUpperCase(), certifiedMail: undefined };
  const certifiedMail = isMail(reference) ? reference : undefined;
  return { format: "FPR12", code: "0000000", certifiedMail };
}

const isOfficeCode = (text: string): boolean => /^[A-Z0-9]{6}$/i.test(text);
const isChannelCode = (text: string): boolean => /^[A-Z0-9]{7}$/i.test(text);
const isMail = (text: string): boolean =>
  text.length >= 7 &&
  text.length <= 256 &&
  /^[\w!#$%&'*+/=?^-]+(\.[\w!#$%&'*+/=?^-]+)*@([\w-]+\.)+\w+$/.test(text);

/** A buyer reference that names no recipient: what the buyer's administration wants to read (1.2.6). */
export function administrationReference(document: IssuableDocument): string {
  const reference = ascii(document.invoice.buyerReference);
  const isAddress = isOfficeCode(reference) || isChannelCode(reference) || isMail(reference);
  return isAddress && isItalianBuyer(document.buyer) ? "" : codeUpTo(reference, 20);
}

export const fiscalId = (name: string, id: FiscalId | undefined): string =>
  id ? group(name, element("IdPaese", id.country) + element("IdCodice", id.code)) : "";

/** Address. Abroad there is no CAP of five digits: it is 00000, and the foreign code goes with the street. */
function seat(party: Party): string {
  const isHome = isItalian(party.country);
  const postalCode = ascii(party.postalCode);
  const street = latin(party.address);
  const province = ascii(party.county).toUpperCase();
  return group(
    "Sede",
    element("Indirizzo", latinUpTo(isHome || !postalCode ? street : `${street}, ${postalCode}`, 60)) +
      element("CAP", isHome ? postalCode : "00000") +
      element("Comune", latinUpTo(party.city, 60)) +
      element("Provincia", isHome && /^[A-Z]{2}$/.test(province) ? province : null) +
      element("Nazione", party.country),
  );
}

/** Telephone (5 to 12 characters) and mail, where they are what the schema takes; nobody needs them. */
function contacts(party: Party): string {
  const phone = ascii(party.phone).replace(/[^+\d]/g, "");
  const mail = ascii(party.email);
  return group(
    "Contatti",
    element("Telefono", phone.length >= 5 && phone.length <= 12 ? phone : null) +
      element("Email", isMail(mail) ? mail : null),
  );
}

const name = (party: Party): string =>
  group("Anagrafica", element("Denominazione", latinUpTo(party.name, 80)));

/** Who sells, 1.2. A foreign seller is under no Italian regime: RF18. */
export function sellerParty(document: IssuableDocument, standing: ItalianStanding): string {
  const { seller } = document;
  const id = sellerId(seller, standing);
  const usual = id?.country === "IT" ? (seller.vatOnCollection ? "RF17" : "RF01") : "RF18";
  return group(
    "CedentePrestatore",
    group(
      "DatiAnagrafici",
      fiscalId("IdFiscaleIVA", id) + name(seller) + element("RegimeFiscale", standing.regimeFiscale ?? usual),
    ) +
      seat(seller) +
      contacts(seller) +
      element("RiferimentoAmministrazione", administrationReference(document)),
  );
}

/** Who buys, 1.4. */
export function buyerParty(buyer: Buyer): string {
  const ids = buyerIds(buyer);
  return group(
    "CessionarioCommittente",
    group(
      "DatiAnagrafici",
      fiscalId("IdFiscaleIVA", ids.vat) + element("CodiceFiscale", ids.codiceFiscale) + name(buyer),
    ) + seat(buyer),
  );
}
