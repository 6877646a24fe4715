import { parseXml, XmlError, type XmlDocument } from "#core/lib/xml/index.ts";
import { Plan } from "./engine/plan.ts";
import { Spots } from "./engine/spots.ts";
import { View } from "./engine/view.ts";
import { Walk } from "./engine/walk.ts";
import { ruleFinding, structureFinding, unusedFinding, xmlFinding, type Finding } from "./finding.ts";
import { names } from "./names.ts";
import { type LoadedProfile, type Profile, profiles } from "./profiles.ts";
import { checkElement, type StructureProblem } from "./structure/check.ts";

/** What the authority will say about a document. */
export interface Verdict {
  xsd: "ok" | "error" | "not-wellformed";
  /** Ids of all rules that fired, warnings included, sorted. */
  rules: string[];
  /** Structure in order and no fatal finding. */
  valid: boolean;
  findings: Finding[];
  /** The parsed document, for readers that need more than the verdict; absent when it is not well-formed. */
  document?: XmlDocument;
}

/** What is kept of a profile from one document to the next. */
interface Judge {
  readonly plan: Plan;
  readonly spots: Spots;
}

const judges = new Map<Profile, Judge>();

/** The judge of a profile, made when first asked for and before the document is read: it numbers the names it knows. */
function judgeFor(profile: Profile): Judge {
  let judgeOfProfile = judges.get(profile);
  if (!judgeOfProfile) {
    const plan = new Plan(profile);
    judges.set(profile, (judgeOfProfile = { plan, spots: new Spots(plan) }));
  }
  return judgeOfProfile;
}

/**
 * Judges a document: is it XML, does it keep the UBL 2.1 schemas, and which rules of the profile does it break. Rules
 * are asked of every well-formed document, whatever its structure. Profiles that load late come from `profileNamed`. Never throws for anything a document contains.
 */
export function judge(bytes: Uint8Array | string, profile: LoadedProfile | Profile): Verdict {
  const judgeOfProfile = judgeFor(typeof profile === "string" ? profiles[profile] : profile);
  try {
    return judgeDocument(parseXml(bytes, names), judgeOfProfile);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return { xsd: "not-wellformed", rules: [], valid: false, findings: [xmlFinding(error)] };
  }
}

function judgeDocument(document: XmlDocument, { plan, spots }: Judge): Verdict {
  const problems: StructureProblem[] = [];
  const broken: Finding[] = [];
  const view = new View(document);
  const spotOf = spots.walk(view);
  const walk = new Walk(plan, view, ({ rule }, node, isAttribute) =>
    broken.push(ruleFinding(document, rule, node, isAttribute)),
  );
  // One walk for everything: in a large invoice, fetching an element from memory costs more than asking about it.
  for (let node = 0; node < document.size; node++) {
    const spot = spotOf(node);
    checkElement(document, node, spot.declaration, problems);
    walk.ask(node, spot);
    for (const id of spot.unused) {
      if (walk.countUnused(id)) broken.push(unusedFinding(document, id, plan.unused.paths.get(id)!, node));
    }
  }
  const findings = [...problems.map((problem) => structureFinding(document, problem)), ...broken];
  return {
    xsd: problems.length === 0 ? "ok" : "error",
    rules: broken.length === 0 ? [] : plan.ids.filter((_, id) => walk.places[id]! > 0).toSorted(),
    valid: findings.every(({ severity }) => severity === "warning"),
    findings,
    document,
  };
}
