import { now } from "#core/lib/clock.ts";
import type { NetworkStatus, Parcel, Receipt } from "../provider.ts";
import { copyOf } from "./copies.ts";
import type { Line } from "./line.ts";
import { type Answered, errorsOf, type Invoice, reportOn, searchInvoices } from "./services.ts";

/** States in which a flow has ended; all others are on the way (PDP interface, CR of a flow). */
type Ended = "IN_INTEGRE" | "IN_INTEGRE_PARTIEL" | "IN_REJETE" | "IN_INCIDENTE";
const isEnded = (state: string): state is Ended =>
  ["IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE", "IN_INCIDENTE"].includes(state);

const NOTES: Readonly<Record<string, string>> = {
  IN_RECU: "Chorus Pro received it.",
  IN_TRAITE_SE_CPP: "Chorus Pro received it.",
  IN_EN_ATTENTE_TRAITEMENT_CPP: "It waits for its turn at Chorus Pro.",
  IN_EN_COURS_TRAITEMENT_CPP: "Chorus Pro is processing it.",
  IN_EN_ATTENTE_RETRAITEMENT_CPP: "It is blocked at Chorus Pro, where somebody has to see to it.",
};

/** An integrated invoice shows in searches soon; a day after the flow has ended it is no longer waited for. */
const listingPatienceMs = 24 * 3_600_000;

/** A flow that has ended. */
interface Ending {
  readonly flow: string;
  readonly receipts: readonly Receipt[];
  /** What does not show in searches by now will not. */
  readonly isOld: boolean;
}

/** What Chorus Pro says of a deposited Factur-X. A flow holds one invoice, so a verdict on the flow is on the invoice. */
export async function statusOf(line: Line, flow: string, parcel: Parcel): Promise<NetworkStatus> {
  const report = await reportOn(line, flow);
  if (report.kind !== "value") return waiting(report);
  const { etatCourantFlux: state, libelle, fichierCR, dateHeureEtatCourantFlux } = report.value;
  const { raw } = report;
  if (!isEnded(state))
    return { result: "processing", note: NOTES[state] ?? [state, libelle].filter(Boolean).join(": "), raw };
  const receipts = fichierCR ? [receiptOf(flow, fichierCR)] : [];
  const isOld = Date.parse(dateHeureEtatCourantFlux ?? "") + listingPatienceMs < now();
  const ending: Ending = { flow, receipts, isOld };
  if (state === "IN_INCIDENTE") {
    const errors = ["IN_INCIDENTE: Chorus Pro could not process the file; it has to be sent anew."];
    return { result: "rejected", errors, receipts, raw };
  }
  if (state === "IN_REJETE") return rejection(line, parcel, ending);
  const complaint = state === "IN_INTEGRE_PARTIEL" ? await complaints(line, flow, parcel) : [];
  if (!Array.isArray(complaint)) return complaint;
  if (complaint.length > 0) return { result: "rejected", errors: complaint, receipts, raw };
  return integration(line, parcel, ending);
}

/** The flow is in: what it became, and under which number. */
async function integration(
  line: Line,
  { number }: Parcel,
  { flow, receipts, isOld }: Ending,
): Promise<NetworkStatus> {
  const found = await searchInvoices(line, { numeroFluxDepot: flow });
  if (found.kind !== "value") return waiting(found);
  const invoice = found.value.listeFactures?.find(({ numeroFacture }) => numeroFacture === number);
  if (invoice) return verdict(invoice, receipts, found.raw);
  if (isOld) return { result: "accepted", officialId: null, receipts, raw: found.raw };
  return {
    result: "processing",
    note: "Integrated; Chorus Pro does not show its number yet.",
    raw: found.raw,
  };
}

function verdict(invoice: Invoice, receipts: readonly Receipt[], raw: string): NetworkStatus {
  const { statut, commentaireEtatCourant, identifiantFactureCPP = null } = invoice;
  if (statut === "REJETEE") {
    const errors = [["REJETEE", commentaireEtatCourant].filter(Boolean).join(": ")];
    return { result: "rejected", errors, receipts, raw };
  }
  return { result: "accepted", officialId: identifiantFactureCPP, note: statut ?? "", receipts, raw };
}

/**
 * A flow that was turned down. The second copy of a document whose first answer was lost is turned down as a duplicate:
 * then the first one counts, and is waited for.
 */
async function rejection(
  line: Line,
  parcel: Parcel,
  { flow, receipts, isOld }: Ending,
): Promise<NetworkStatus> {
  const complaint = await complaints(line, flow, parcel);
  if (!Array.isArray(complaint)) return complaint;
  const copy = await copyOf(line, parcel);
  if (copy.kind !== "value") return waiting(copy);
  const { value, raw } = copy;
  if (value && value.numeroFluxDepot !== flow) return verdict(value, receipts, raw);
  if (parcel.memo["deposits"] === "several" && !isOld) {
    const note = `Turned down, maybe as a copy of the first deposit: ${complaint.join("; ")}`;
    return { result: "processing", note, raw };
  }
  const errors = complaint.length > 0 ? complaint : ["IN_REJETE: Chorus Pro names no error."];
  return { result: "rejected", errors, receipts, raw };
}

/** What Chorus Pro has against the flow or this invoice of it, in its words; or why it could not be asked. */
async function complaints(line: Line, flow: string, { number }: Parcel): Promise<string[] | NetworkStatus> {
  const report = await errorsOf(line, flow);
  if (report.kind !== "value") return waiting(report);
  const { listeErreurTechnique, listeErreurDP } = report.value;
  const technical = (listeErreurTechnique ?? []).map(({ codeErreur, natureErreur, libelleErreur }) =>
    [codeErreur, natureErreur, libelleErreur].filter(Boolean).join(" "),
  );
  const ours = (listeErreurDP ?? []).filter(({ numeroDP }) => numeroDP == null || numeroDP === number);
  return [...technical, ...ours.map(({ libelleErreurDP }) => libelleErreurDP ?? "rejected")];
}

const receiptOf = (flow: string, base64: string): Receipt => ({
  fileName: `CR-${flow}.pdf`,
  contentType: "application/pdf",
  bytes: Buffer.from(base64, "base64"),
});

/** A question that got no answer is asked again. */
function waiting(answered: Exclude<Answered<unknown>, { kind: "value" }>): NetworkStatus {
  if (answered.kind === "setback") {
    const { raw, reason, message, retryAfterSeconds } = answered;
    return {
      result: "wait",
      reason,
      message,
      raw,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
  const message = answered.kind === "refusal" ? answered.text : "Chorus Pro did not answer.";
  return { result: "wait", reason: "passing", message, raw: answered.raw };
}
