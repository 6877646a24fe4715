import { createHash } from "node:crypto";
import { attribute, badRequest, xmlAnswer } from "./answers.ts";
import type { Answer, Break } from "./answers.ts";
import { compactMinute } from "./bucharest.ts";
import { faultNumber, faultText } from "./call.ts";
import type { Call } from "./call.ts";
import { findCompany } from "./companies.ts";
import { decodeXml, isRootOf, readFacts } from "./document.ts";
import type { Facts } from "./document.ts";
import { processingDelayMs } from "./processing.ts";
import { exceeds } from "./quotas.ts";
import { hasAnyRight, hasRight } from "./rights.ts";
import { upload as texts } from "./texts.ts";
import { register } from "./uploads.ts";
import { findSyntaxFault, rootOf } from "./xml.ts";

const standards = ["UBL", "CN", "CII", "RASP"];
const flagNames = ["extern", "autofactura", "executare"];
const maximumBytes = 10 * 1024 * 1024;

/**
 * `POST upload` and `POST uploadb2c`: only queues. Rules, seller and duplicates are looked at later
 * (ANAF.md §3, order of checks SIMULATOR.md §5.1).
 */
export function upload(call: Call): Answer | Break {
  const { query, body, now } = call;
  const standard = query.get("standard") ?? "";
  const cif = (call.faults.has("upload.ro_prefix") ? "RO" : "") + (query.get("cif") ?? "");
  if (!query.get("standard") || !query.get("cif")) return badRequest(now, texts.parametersMissing);
  if (body.length === 0) return badRequest(now, texts.bodyMissing);
  const refusal = refusalOf(call, standard, cif);
  if (refusal !== undefined) return refused(call, refusal);

  const text = decodeXml(body) ?? Buffer.from(body).toString("utf8");
  const syntax = syntaxRefusal(call, standard, text);
  if (syntax !== undefined) return refused(call, syntax);
  const code = faultNumber(call, "upload.tech_1814", "code", 1814);
  if (call.faults.has("upload.tech_1814")) return refused(call, texts.technical(code));
  return accept(call, standard, cif, readFacts(text));
}

function refusalOf(call: Call, standard: string, cif: string): string | undefined {
  const { query, world, faults } = call;
  if (!standards.includes(standard)) return texts.badStandard;
  if (!/^\d+$/.test(cif)) return texts.cifNotNumeric(cif);
  const badFlag = flagNames.find((flag) => query.has(flag) && query.get(flag) !== "DA");
  if (badFlag !== undefined) return texts.flagValue(badFlag);
  if (!hasAnyRight(call)) return texts.noCifAtAll;
  if (!hasRight(call, cif)) return texts.noRight(cif);
  if (query.get("executare") === "DA" && !findCompany(cif)?.enforcementBody)
    return texts.notEnforcementBody(cif);
  if (call.body.length > maximumBytes || faults.has("upload.oversize")) return texts.tooLarge;
  const limit = world.settings.quotas.raspPerDay;
  const breached = standard === "RASP" && exceeds(call, "rasp", cif, limit);
  return breached === false ? undefined : texts.raspQuota(breached, cif);
}

function syntaxRefusal(call: Call, standard: string, text: string): string | undefined {
  if (call.faults.has("upload.sax")) return texts.invalidFile(15, 155, texts.unknownRoot("Invoice1"));
  const syntax = findSyntaxFault(text);
  if (syntax) return texts.invalidFile(syntax.line, syntax.column, syntax.reason);
  if (isRootOf(standard, text, call.world.settings.cnForCreditNote)) return undefined;
  return texts.invalidFile(
    1,
    Math.max(1, text.indexOf(">") + 1),
    texts.unknownRoot(rootOf(text)?.name ?? ""),
  );
}

function accept(call: Call, standard: string, cif: string, facts: Facts): Answer | Break {
  const { world, env, faults } = call;
  if (isFirstTime(call, facts, "TECH1814")) return refused(call, texts.technical(1814));
  const flags = flagNames.filter((flag) => call.query.get(flag) === "DA").join(" ");
  const path = call.path.endsWith("b2c") ? ("uploadb2c" as const) : ("upload" as const);
  const marker = faults.has("resend.after_nok") ? "NOK" : facts.marker;
  const entry = { env, path, standard, flags, cif, body: call.body, facts, marker, received: call.now };
  const delay = processingDelayMs(world, `${env} ${world.ledger.meta(`upload ${env}`) ?? 0}`, marker);
  const save = (): number =>
    register(world, { ...entry, serial: call.serial ?? "", ready: call.now + delay });

  const isSilent = faults.has("upload.empty200");
  if (isSilent && faults.get("upload.empty200")?.["registered"] === false) return emptyAnswer;
  const first = save();
  if (isSilent) return emptyAnswer;
  const second = faults.has("upload.double") ? save() : undefined;
  const index = faultText(call, "upload.double", "answer", "second") === "second" ? (second ?? first) : first;
  if (faults.has("upload.tech_registered")) {
    return refused(call, texts.technical(faultNumber(call, "upload.tech_registered", "code", 1814)));
  }
  if (isFirstTime(call, facts, "LOST")) return { break: "close" };
  return xmlAnswer(
    `<header xmlns="mfp:anaf:dgti:spv:respUploadFisier:v1" dateResponse="${compactMinute(call.now)}" ExecutionStatus="0" index_incarcare="${index}"/>`,
  );
}

const emptyAnswer: Answer = { status: 200, headers: {}, body: "" };

/** These two markers strike once per document, so that a demo shows the recovery as well. */
function isFirstTime(call: Call, facts: Facts, marker: string): boolean {
  if (facts.marker !== marker) return false;
  const sha256 = createHash("sha256").update(call.body).digest("hex");
  return call.world.ledger.count(`marker ${marker}`, `${call.env} ${sha256}`, "") === 1;
}

/** A refusal is HTTP 200 with the same root and namespace (ANAF.md §3). */
function refused(call: Call, text: string): Answer {
  const date = compactMinute(call.now);
  return xmlAnswer(
    `<header xmlns="mfp:anaf:dgti:spv:respUploadFisier:v1" dateResponse="${date}" ExecutionStatus="1"><Errors errorMessage="${attribute(text)}"/></header>`,
  );
}
