import type { Context } from "hono";
import * as z from "zod";
import type { AllFigures } from "#core/documents/party-figures.ts";
import type { PartyQuery } from "#core/parties/list.ts";
import { today } from "#core/lib/dates.ts";
import { query } from "./body.ts";
import { attachment } from "./download.ts";
import { pageQuery } from "./page.ts";

/** Filters of client and supplier lists. A word we do not know filters nothing: clients send words of their own. */
const filters = z.object({
  search: z.string().optional(),
  vatPayer: z.enum(["yes", "no"]).optional().catch(undefined),
  source: z.enum(["anaf_sync", "manual", "import"]).optional().catch(undefined),
  hasInvoices: z.enum(["active", "dormant"]).optional().catch(undefined),
  sort: z.enum(["recent", "name", "mostInvoiced", "mostInvoices", "recentActivity"]).catch("recent"),
});

/** Reads the query of a client or supplier list; some of its orders come from what documents say of a party. */
export function partyQuery(c: Context, figures: AllFigures): PartyQuery {
  const { search, vatPayer, source, hasInvoices, sort } = query(c, filters);
  const ranks: Partial<Record<typeof sort, (id: string) => number>> = {
    mostInvoiced: (id) => Number(figures.of(id).invoiceTotal),
    mostInvoices: (id) => figures.of(id).invoiceCount,
    recentActivity: (id) => Date.parse(figures.of(id).lastInvoiceDate ?? "1970-01-01"),
  };
  return {
    search,
    vatPayer,
    source,
    sort: sort === "name" ? "name" : "recent",
    among: hasInvoices && ((id) => figures.of(id).invoiceCount > 0 === (hasInvoices === "active")),
    rank: ranks[sort],
    ...pageQuery(c),
  };
}

/** The ids a bulk action is asked for: one to a hundred. */
export const bulkIds = z.object({
  ids: z
    .array(z.string(), "must be a list of ids")
    .min(1, "must name at least one id")
    .max(100, "must name at most 100 ids"),
});

/** A CSV file to be saved. */
export const csvFile = (c: Context, fileName: string, text: string): Response =>
  attachment(c, { bytes: Buffer.from(text), fileName, contentType: "text/csv; charset=UTF-8" });

/** An XML file for the SAGA bookkeeping program, to be saved. */
export const sagaFile = (c: Context, prefix: "CLI" | "FRN" | "ART", xml: string): Response =>
  attachment(c, {
    bytes: Buffer.from(xml),
    fileName: `${prefix}_${today()}.xml`,
    contentType: "application/xml; charset=UTF-8",
  });
