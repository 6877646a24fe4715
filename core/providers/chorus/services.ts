import * as z from "zod";
import { call, type Line, type Reply } from "./line.ts";

/** The services of Chorus Pro that are used, each with the shape of its answer (interface V1). */

/** Factur-X as a PDF with its XML inside. */
const SYNTAX = "IN_DP_E2_CII_FACTURX";

/** Every answer says so how it went; 0 is well. */
const Outcome = z.object({ codeRetour: z.coerce.number(), libelle: z.string().nullish() });

const text = z.union([z.string(), z.number()]).transform(String).nullish();

const Deposit = Outcome.extend({ numeroFluxDepot: z.string().min(1) });
const Report = Outcome.extend({
  etatCourantFlux: z.string().min(1),
  dateHeureEtatCourantFlux: text,
  fichierCR: z.string().nullish(),
});
const DetailedReport = Outcome.extend({
  listeErreurTechnique: z
    .array(z.object({ codeErreur: text, libelleErreur: text, natureErreur: text }))
    .nullish(),
  listeErreurDP: z.array(z.object({ numeroDP: text, libelleErreurDP: text })).nullish(),
});
const Invoice = z.object({
  numeroFacture: text,
  numeroFluxDepot: text,
  identifiantFactureCPP: text,
  statut: text,
  dateFacture: text,
  montantTTC: z.number().nullish(),
  commentaireEtatCourant: text,
});
const Invoices = Outcome.extend({ listeFactures: z.array(Invoice).nullish() });

export type Invoice = z.output<typeof Invoice>;

/** What Chorus Pro answered in the wanted shape; a refusal in its own words; or what became of the call instead. */
export type Answered<Value> =
  | { readonly kind: "value"; readonly value: Value; readonly raw: string }
  | { readonly kind: "refusal"; readonly text: string; readonly raw: string }
  | Exclude<Reply, { kind: "answer" }>;

async function ask<Shape extends z.ZodType>(
  line: Line,
  path: string,
  body: unknown,
  shape: Shape,
): Promise<Answered<z.output<Shape>>> {
  const reply = await call(line, path, body);
  if (reply.kind !== "answer") return reply;
  const { json, raw, status } = reply;
  const outcome = Outcome.safeParse(json).data;
  if (outcome && outcome.codeRetour !== 0)
    return { kind: "refusal", text: [outcome.codeRetour, outcome.libelle].filter(Boolean).join(" "), raw };
  const value = shape.safeParse(json);
  if (status === 200 && value.success) return { kind: "value", value: value.data, raw };
  if (status >= 400) return { kind: "refusal", text: `HTTP status ${status}`, raw };
  return { kind: "lost", raw };
}

/** Hands a Factur-X over; answers under which number its way is asked for. */
export const depositFlow = (line: Line, fileName: string, bytes: Uint8Array) =>
  ask(
    line,
    "/factures/v1/deposer/flux",
    {
      fichierFlux: Buffer.from(bytes).toString("base64"),
      nomFichier: fileName,
      syntaxeFlux: SYNTAX,
      avecSignature: false,
    },
    Deposit,
  );

/** Where a deposited flow is. */
export const reportOn = (line: Line, flow: string) =>
  ask(line, "/transverses/v1/consulterCR", { numeroFluxDepot: flow, syntaxeFlux: SYNTAX }, Report);

/** What was wrong with a flow, or with single invoices of it. */
export const errorsOf = (line: Line, flow: string) =>
  ask(
    line,
    "/transverses/v1/consulterCRDetaille",
    { numeroFluxDepot: flow, syntaxeFlux: SYNTAX },
    DetailedReport,
  );

/** Invoices of the company that Chorus Pro took in, of one flow or under one number. */
export const searchInvoices = (
  line: Line,
  criteria: { numeroFluxDepot: string } | { numeroFacture: string },
) => ask(line, "/factures/v1/rechercher/fournisseur", criteria, Invoices);
