import { xmlIn } from "#core/formats/facturx/read.ts";
import { parseInvoice } from "#core/formats/received/parse.ts";
import { Decimal } from "#core/lib/decimal.ts";
import type { Parcel } from "../provider.ts";
import type { Line } from "./line.ts";
import { type Answered, type Invoice, searchInvoices } from "./services.ts";

/**
 * The invoice at Chorus Pro that is this document, though maybe of another deposit of it: it has our number, and day and
 * total are those of the XML. A value of undefined: there is none.
 */
export async function copyOf(line: Line, parcel: Parcel): Promise<Answered<Invoice | undefined>> {
  const found = await searchInvoices(line, { numeroFacture: parcel.number });
  if (found.kind !== "value") return found;
  const candidates = (found.value.listeFactures ?? []).filter(
    // The number of one that was rejected may be deposited again.
    ({ numeroFacture, statut }) => numeroFacture === parcel.number && statut !== "REJETEE",
  );
  if (candidates.length === 0) return { ...found, value: undefined };
  const facts = await factsOf(parcel);
  return { ...found, value: candidates.find((candidate) => agrees(candidate, facts)) };
}

interface Facts {
  readonly issueDate: string | null;
  readonly total: Decimal;
}

async function factsOf({ bytes }: Parcel): Promise<Facts> {
  const xml = await xmlIn(bytes);
  if (!xml) throw new Error("A Factur-X of ours has no XML in it.");
  const { issueDate, totals } = parseInvoice(xml);
  return { issueDate, total: Decimal.from(totals.total).abs() };
}

/** Credit notes have no sign there that could be relied upon. */
const agrees = ({ dateFacture, montantTTC }: Invoice, { issueDate, total }: Facts): boolean =>
  montantTTC != null &&
  Decimal.from(montantTTC).abs().equals(total) &&
  (dateFacture == null || dateFacture.slice(0, 10) === issueDate);
