import { jsonAnswer } from "./answers.ts";
import type { Answer } from "./answers.ts";
import type { Call } from "./call.ts";
import { isValidCui } from "./companies.ts";
import { decodeXml, isRootOf, readFacts } from "./document.ts";
import { onePagePdf } from "./pdf.ts";
import { verifySeal } from "./seal.ts";
import { processing as ruleTexts, upload as uploadTexts, validation as texts } from "./texts.ts";
import { findIssues } from "./validation.ts";
import { findSyntaxFault } from "./xml.ts";

/** Public validation, rendering and seal check (ANAF.md §7–§8). A green answer says nothing about rights. */

const maximumBytes = 5 * 1024 * 1024;
const rootStandard: Record<string, string> = { FACT1: "UBL", FCN: "CN" };

/** `POST /prod/FCTEL/rest/validare/{FACT1|FCN}`. */
export function validate(call: Call): Answer {
  const found = findings(call);
  const answer = verdict(call, found);
  return call.faults.has("valid.extra_brace") ? { ...answer, body: `${answer.body.toString()}}` } : answer;
}

/** `POST /prod/FCTEL/rest/transformare/{FACT1|FCN}[/DA]`: a PDF, or the verdict above; `/DA` does not validate. */
export function render(call: Call): Answer {
  const skipsRules = call.path.endsWith("/DA");
  const found = skipsRules ? structuralFindings(call) : findings(call);
  if (found.length > 0) return verdict(call, found);
  const facts = readFacts(decodeXml(call.body) ?? "");
  const lines = [`Factura ${facts.number}`, `Data ${facts.issueDate}`, `Total ${facts.total}`];
  return { status: 200, headers: { "content-type": "application/pdf" }, body: onePagePdf(lines) };
}

/** `POST /api/validate/signature`: HTTP 200 whatever the outcome; 400 only when a part is missing. */
export function checkSeal(call: Call): Answer {
  const file = call.parts.get("file");
  const signature = call.parts.get("signature");
  if (!file || !signature) return jsonAnswer({ msg: texts.sealPartMissing }, 400);
  const isValid = verifySeal(file, Buffer.from(signature).toString("utf8")) === "valid";
  return jsonAnswer({ msg: isValid ? texts.sealValid : texts.sealInvalid });
}

function verdict(call: Call, found: string[]): Answer {
  const { chance, ledger } = call.world;
  const trace = chance.uuid(`trace ${ledger.next("trace", 1)}`);
  if (found.length === 0) return jsonAnswer({ stare: "ok", trace_id: trace });
  return jsonAnswer({ stare: "nok", Messages: found.map((message) => ({ message })), trace_id: trace });
}

function structuralFindings(call: Call): string[] {
  const standard = rootStandard[call.route["standard"] ?? ""];
  if (standard === undefined) return [texts.badStandard];
  if (call.body.length > maximumBytes) return [texts.tooLarge];
  const text = decodeXml(call.body) ?? "";
  const syntax = findSyntaxFault(text);
  if (syntax) return [uploadTexts.invalidFile(syntax.line, syntax.column, syntax.reason)];
  return isRootOf(standard, text, "strict")
    ? []
    : [uploadTexts.invalidFile(1, 1, uploadTexts.unknownRoot("?"))];
}

function findings(call: Call): string[] {
  const structural = structuralFindings(call);
  if (structural.length > 0) return structural;
  const text = decodeXml(call.body) ?? "";
  const { sellerCif } = readFacts(text);
  const issues = (call.world.settings.validator ?? findIssues)(text);
  return [
    ...(isValidCui(sellerCif) ? [] : [ruleTexts.sellerChecksum(sellerCif)]),
    ...issues.map(({ code, message }) => ruleTexts.rule(code, message)),
  ];
}
