import { vatIdOf } from "#core/formats/written/party.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import type { Party } from "#core/model/party.ts";
import { isLeitwegId } from "./leitweg-id.ts";
import type { ElectronicAddress } from "./profiles.ts";

/** Schemes by which VAT ids of a country are electronic addresses (CEF EAS), under the id's prefix. */
const VAT_SCHEMES: Readonly<Record<string, string>> = {
  AT: "9914",
  BE: "9925",
  BG: "9926",
  CY: "9928",
  CZ: "9929",
  DE: "9930",
  EE: "9931",
  EL: "9933",
  ES: "9920",
  FR: "9957",
  HR: "9934",
  HU: "9910",
  IE: "9935",
  IT: "0211",
  LT: "9937",
  LU: "9938",
  LV: "9939",
  MT: "9943",
  NL: "9944",
  PL: "9945",
  PT: "9946",
  RO: "9947",
  SI: "9949",
  SK: "9950",
};

/** An e-mail address, else the VAT id: one of them is known of nearly everybody. */
function addressOf(party: Party): ElectronicAddress | undefined {
  if (party.email) return { scheme: "EM", id: party.email };
  const id = vatIdOf(party);
  const scheme = id && VAT_SCHEMES[id.slice(0, 2)];
  return scheme ? { scheme, id } : undefined;
}

/** Where seller and buyer get documents; an authority by the Leitweg-ID it gave as its reference. */
export function electronicAddresses({ invoice, seller, buyer }: IssuableDocument) {
  const reference = invoice.buyerReference?.trim();
  const authority =
    reference && isLeitwegId(reference) ? { scheme: "0204", id: reference.toUpperCase() } : undefined;
  return { seller: addressOf(seller), buyer: authority ?? addressOf(buyer) };
}
