import { createHash } from "node:crypto";
import { factsOf, xmlIn } from "./facturx.ts";
import type { Flow } from "./ledger.ts";
import type { World } from "./world.ts";

/** A deposit that was refused at the door, under HTTP 200. */
export interface Refusal {
  readonly codeRetour: number;
  readonly libelle: string;
}

/** Takes a file in, or says why not. What is in it is looked at later, when the flow is processed. */
export function deposit(world: World, body: Record<string, unknown>): Flow["id"] | Refusal {
  const { fichierFlux, nomFichier, syntaxeFlux } = body;
  if (typeof fichierFlux !== "string" || typeof nomFichier !== "string")
    return { codeRetour: 20000, libelle: "Les paramètres fichierFlux et nomFichier sont obligatoires." };
  if (syntaxeFlux !== "IN_DP_E2_CII_FACTURX")
    return { codeRetour: 20001, libelle: `La syntaxe ${String(syntaxeFlux)} n'est pas acceptée.` };
  const bytes = Buffer.from(fichierFlux, "base64");
  const xml = xmlIn(bytes);
  if (xml === undefined)
    return { codeRetour: 20003, libelle: "Le fichier ne contient pas de facture factur-x.xml." };
  const facts = factsOf(xml);
  const { ledger, manners, faults } = world;
  const depositedMs = world.now();
  const endsMs = depositedMs + (manners.processingSeconds + (faults.take("stuck")?.seconds ?? 0)) * 1000;
  const listedMs = endsMs + (faults.take("unlisted")?.seconds ?? 0) * 1000;
  const complaint = complaintAbout(world, facts);
  const isPartial = faults.take("partial") !== undefined;
  const isIncident = faults.take("incident") !== undefined;
  const ending = isIncident
    ? "IN_INCIDENTE"
    : isPartial
      ? "IN_INTEGRE_PARTIEL"
      : complaint
        ? "IN_REJETE"
        : "IN_INTEGRE";
  return ledger.add({
    ...facts,
    fileName: nomFichier,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    depositedMs,
    endsMs,
    listedMs,
    ending,
    complaint: isPartial ? "Le service exécutant est obligatoire pour ce destinataire." : complaint,
    status: "MISE_A_DISPOSITION",
  });
}

/** What processing will find, in the order in which it looks; empty when nothing. */
function complaintAbout({ ledger, manners }: World, facts: ReturnType<typeof factsOf>): string {
  const { number, seller, buyer, process } = facts;
  if (!seller) return "L'identifiant du fournisseur est absent ou son schéma est incorrect.";
  if (!/^A\d+$/.test(process)) return "Le cadre de facturation est obligatoire.";
  if (number.length > 20) return "Le numéro de facture dépasse 20 caractères.";
  if (!buyer || manners.unknownRecipients.has(buyer)) return `Le destinataire ${buyer} est inconnu.`;
  const twins = ledger
    .byNumber(number)
    .filter((flow) => flow.seller === seller && flow.ending === "IN_INTEGRE" && flow.status !== "REJETEE");
  return twins.length > 0 ? `La facture ${number} existe déjà pour ce fournisseur.` : "";
}
