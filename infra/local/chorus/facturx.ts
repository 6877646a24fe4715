import { inflateSync } from "node:zlib";

/** What the platform reads out of a deposited file. */
export interface Facts {
  readonly number: string;
  /** `YYYY-MM-DD`. */
  readonly issueDate: string;
  readonly total: number;
  readonly seller: string;
  readonly buyer: string;
  readonly process: string;
}

/** The XML inside a Factur-X: the first stream of a PDF that is one. Undefined when there is none under its name. */
export function xmlIn(pdf: Buffer): string | undefined {
  const text = pdf.toString("latin1");
  if (!text.startsWith("%PDF-") || !/\/AFRelationship\s*\/(Alternative|Data)/.test(text)) return undefined;
  for (const { index } of text.matchAll(/\/EmbeddedFile\b/g)) {
    const from = text.indexOf("stream", index);
    const start = from + (text.startsWith("stream\r\n", from) ? 8 : 7);
    const end = text.indexOf("endstream", start);
    const xml = inflated(pdf.subarray(start, end));
    if (xml?.includes("CrossIndustryInvoice")) return xml;
  }
  return undefined;
}

function inflated(bytes: Buffer): string | undefined {
  try {
    return inflateSync(bytes).toString("utf8");
  } catch {
    return undefined;
  }
}

const within = (xml: string, name: string): string =>
  new RegExp(`<ram:${name}>([\\s\\S]*?)</ram:${name}>`).exec(xml)?.[1] ?? "";
const valueOf = (xml: string, name: string): string =>
  new RegExp(`<ram:${name}(?: [^>]*)?>([^<]*)<`).exec(xml)?.[1]?.trim() ?? "";

/** A SIRET under the scheme of SIRETs; empty when the party has none. */
const siretOf = (party: string): string => /schemeID="0009">(\d{14})</.exec(party)?.[1] ?? "";

export function factsOf(xml: string): Facts {
  const exchanged = /<rsm:ExchangedDocument>([\s\S]*?)<\/rsm:ExchangedDocument>/.exec(xml)?.[1] ?? "";
  const day = /format="102">(\d{4})(\d{2})(\d{2})</.exec(exchanged);
  return {
    number: valueOf(exchanged, "ID"),
    issueDate: day ? `${day[1]}-${day[2]}-${day[3]}` : "",
    total: Number(valueOf(xml, "GrandTotalAmount")),
    seller: siretOf(within(xml, "SellerTradeParty")),
    buyer: siretOf(within(xml, "BuyerTradeParty")),
    process: valueOf(within(xml, "BusinessProcessSpecifiedDocumentContextParameter"), "ID"),
  };
}
