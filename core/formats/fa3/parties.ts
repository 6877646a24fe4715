import { normalCif } from "#core/model/cif.ts";
import type { Buyer, Party, Seller } from "#core/model/party.ts";
import { EU_COUNTRIES, vatPrefix } from "#core/model/places.ts";
import { element, group } from "../markup.ts";
import { isNip, normalNip } from "./nip.ts";
import { text } from "./text.ts";

const NAME_LENGTH = 512;
const PHONE_LENGTH = 16;

/** The address in two lines: street, then post code, city and county. Nothing when only the country is known. */
function address({ address: street, postalCode, city, county, country }: Party): string {
  const place = [[postalCode, city].filter(Boolean).join(" "), county].filter(Boolean).join(", ");
  const [first, second] = [street, place].filter((line) => line?.trim());
  if (!first) return "";
  return group(
    "Adres",
    element("KodKraju", country) + text("AdresL1", first, NAME_LENGTH) + text("AdresL2", second, NAME_LENGTH),
  );
}

function contact({ email, phone }: Party): string {
  const digits = phone?.replace(/[^\d+]/g, "") ?? "";
  return group(
    "DaneKontaktowe",
    (email?.includes("@") ? text("Email", email, 255) : "") +
      (digits.length <= PHONE_LENGTH ? element("Telefon", digits) : ""),
  );
}

/** The Polish tax number of a party; undefined when it has none, or one that is none. */
export function nipOf(party: Party): string | undefined {
  if (party.country !== "PL") return undefined;
  return [party.vatCode, party.cif].flatMap((code) => (code && isNip(code) ? [normalNip(code)] : []))[0];
}

/** Seller. `nip` is the one the company has in Poland, where it may be at home or only registered. */
export const sellerParty = (seller: Seller, nip: string): string =>
  group(
    "Podmiot1",
    group("DaneIdentyfikacyjne", element("NIP", normalNip(nip)) + text("Nazwa", seller.name, NAME_LENGTH)) +
      address(seller) +
      contact(seller),
  );

/** A VAT number of a member state without its prefix, as VIES has it; undefined for everybody else. */
export function unionNumberOf({ country, vatCode }: Party): { prefix: string; number: string } | undefined {
  if (country === "PL" || !EU_COUNTRIES.has(country)) return undefined;
  const prefix = vatPrefix(country);
  const code = vatCode?.toUpperCase().replace(/[^A-Z0-9+*]/g, "") ?? "";
  const number = code.startsWith(prefix) ? code.slice(prefix.length) : code;
  return /^[A-Z0-9+*]{1,12}$/.test(number) ? { prefix, number } : undefined;
}

/** Who the buyer is: by NIP, by VAT number of a member state, by any other tax number, or by none. */
function identity(buyer: Buyer): string {
  const nip = nipOf(buyer);
  if (nip) return element("NIP", nip);
  const union = unionNumberOf(buyer);
  if (union) return element("KodUE", union.prefix) + element("NrVatUE", union.number);
  const other = buyer.cif ?? buyer.vatCode;
  if (!other || buyer.country === "PL") return element("BrakID", "1");
  return element("KodKraju", buyer.country) + text("NrID", normalCif(other), 50);
}

/** Buyer. It is neither a unit of local government nor a member of a VAT group as far as anybody told us (JST, GV: 2). */
export const buyerParty = (buyer: Buyer): string =>
  group(
    "Podmiot2",
    group("DaneIdentyfikacyjne", identity(buyer) + text("Nazwa", buyer.name, NAME_LENGTH)) +
      address(buyer) +
      contact(buyer) +
      text("NrKlienta", buyer.clientCode) +
      element("JST", "2") +
      element("GV", "2"),
  );
