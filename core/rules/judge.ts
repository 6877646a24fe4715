import { parseXml, XmlError, type XmlDocument } from "#core/lib/xml/index.ts";
import { Plan } from "./engine/plan.ts";
import type { Rule } from "./engine/rule.ts";
import { View } from "./engine/view.ts";
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

/** One rule may break on every line; this many places are enough to see the pattern. */
const MOST_FINDINGS_PER_RULE = 20;

const plans = new Map<Profile, Plan>();

/** The plan of a profile, made when first asked for and before the document is read: it numbers the names it knows. */
function planFor(profile: Profile): Plan {
  let plan = plans.get(profile);
  if (!plan) plans.set(profile, (plan = new Plan(profile)));
  return plan;
}

/**
 * Judges a document: is it XML, does it keep the UBL 2.1 schemas, and which rules of the profile does it break. Rules
 * are asked of every well-formed document, whatever its structure. Profiles that load late come from `profileNamed`. Never throws for anything a document contains.
 */
export function judge(bytes: Uint8Array | string, profile: LoadedProfile | Profile): Verdict {
  const plan = planFor(typeof profile === "string" ? profiles[profile] : profile);
  try {
    return judgeDocument(parseXml(bytes, names), plan);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return { xsd: "not-wellformed", rules: [], valid: false, findings: [xmlFinding(error)] };
  }
}

function judgeDocument(document: XmlDocument, plan: Plan): Verdict {
  const problems: StructureProblem[] = [];
  const broken: Finding[] = [];
  const fired = new Map<string, number>();
  const isNew = (id: string): boolean => {
    const before = fired.get(id) ?? 0;
    fired.set(id, before + 1);
    return before < MOST_FINDINGS_PER_RULE;
  };
  const report = (rule: Rule, node: number, isAttribute: boolean): void => {
    if (isNew(rule.id)) broken.push(ruleFinding(document, rule, node, isAttribute));
  };
  const view = new View(document);
  const findUnused = plan.unused.finder(view, (id, node) => {
    if (isNew(id)) broken.push(unusedFinding(document, id, plan.unused.paths.get(id)!, node));
  });
  // One walk for everything: in a large invoice, fetching an element from memory costs more than asking about it.
  for (let node = 0; node < document.size; node++) {
    checkElement(document, node, problems);
    plan.evaluate(view, node, report);
    findUnused(node);
  }
  const findings = [...problems.map((problem) => structureFinding(document, problem)), ...broken];
  return {
    xsd: problems.length === 0 ? "ok" : "error",
    rules: [...fired.keys()].toSorted(),
    valid: findings.every(({ severity }) => severity === "warning"),
    findings,
    document,
  };
}
