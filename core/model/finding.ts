/**
 * One thing a validator has to say about a document (DECISIONS 27). `fatal` blocks issue and submission. `path` names
 * the API field when there is one, `location` the place in the XML.
 */
export interface Finding {
  severity: "fatal" | "warning";
  /** Id of the official rule (`BR-CO-10`), or of ours (`STORNO-…`) where none exists. */
  ruleId: string;
  message: string;
  /** The same in Romanian, where the rule engine has it. */
  messageRo?: string;
  /** What to do about it, when we know. */
  hint: string | null;
  location: string | null;
  path: string | null;
  /**
   * Who says so: our own rules, the official ones by the layer they belong to (NATIONAL are other countries'), or ANAF
   * itself where it was asked.
   */
  source: "business" | "XML" | "XSD" | "EN16931" | "RO_CIUS" | "NATIONAL" | "anaf";
}

/**
 * The answer of every `validate`. `schematronAvailable` is false when only business rules were asked for;
 * `anafAvailable` says whether ANAF answered, where it was asked too.
 */
export interface ValidationResult {
  valid: boolean;
  errors: Finding[];
  warnings: Finding[];
  schematronAvailable: boolean;
  anafAvailable?: boolean;
}

/** Splits findings the way the API answers them; a document is valid when nothing fatal was found. */
export function validationResult(
  findings: readonly Finding[],
  schematronAvailable: boolean,
): ValidationResult {
  const errors = findings.filter((finding) => finding.severity === "fatal");
  const warnings = findings.filter((finding) => finding.severity === "warning");
  return { valid: errors.length === 0, errors, warnings, schematronAvailable };
}
