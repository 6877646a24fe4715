import { attribute, badRequest, xmlAnswer } from "./answers.ts";
import type { Answer } from "./answers.ts";
import { faultNumber } from "./call.ts";
import type { Call } from "./call.ts";
import { conclude } from "./processing.ts";
import { exceeds } from "./quotas.ts";
import { hasAnyRight, hasRight } from "./rights.ts";
import { status as texts } from "./texts.ts";
import { findUpload } from "./uploads.ts";
import type { Upload } from "./uploads.ts";

/** `GET stareMesaj` (ANAF.md §4): the state of one upload; always HTTP 200, also when the query fails. */
export function state(call: Call): Answer {
  const id = call.query.get("id_incarcare") ?? "";
  const { world, env, faults } = call;
  if (id === "") return badRequest(call.now, texts.parameterMissing);
  if (!/^\d+$/.test(id)) return failed(texts.notNumeric(id));
  const upload = findUpload(world, env, Number(id));
  if (!upload || faults.has("state.flap")) return failed(texts.unknown(id));
  if (!hasAnyRight(call)) return failed(texts.noCifAtAll);
  if (!hasRight(call, upload.cif) || faults.has("state.query_error")) return failed(texts.noRight(id));
  const limit = world.settings.quotas.stareMesajPerDay;
  const forced = faults.has("state.quota") || faults.has("clock.midnight");
  const breached = exceeds(call, "stare", id, limit) || (forced && limit);
  if (breached !== false) return failed(texts.quota(breached));

  const stuckMs = faultNumber(call, "state.stuck", "hours", 48) * 3_600_000;
  if (faults.has("state.stuck") && call.now < upload.received + stuckMs) return shown(texts.processing, null);
  if (faults.has("state.unreadable")) conclude(world, upload, "unreadable");
  if (upload.script !== null) return scripted(call, upload, JSON.parse(upload.script) as string[]);
  const current = findUpload(world, env, upload.idx) ?? upload;
  if (faults.has("state.case") && current.state === "in prelucrare") return shown("In prelucrare", null);
  return shown(current.state, current.download);
}

/** One state of the script per poll; the last one stays, and a verdict becomes the upload's own. */
function scripted(call: Call, upload: Upload, states: string[]): Answer {
  const { world, env } = call;
  const [next = texts.processing, ...rest] = states;
  const verdict =
    next === "ok" || next === "nok" ? next : next === texts.unreadable ? "unreadable" : undefined;
  if (verdict !== undefined) conclude(world, upload, verdict);
  const left = rest.length > 0 ? JSON.stringify(rest) : verdict === undefined ? JSON.stringify([next]) : null;
  world.ledger.run("UPDATE uploads SET script = ? WHERE env = ? AND idx = ?", left, env, upload.idx);
  const current = findUpload(world, env, upload.idx) ?? upload;
  return shown(next, verdict === "unreadable" ? null : current.download);
}

function shown(stare: string, download: number | null): Answer {
  const link = download === null ? "" : ` id_descarcare="${download}"`;
  return header(` stare="${attribute(stare)}"${link}/>`);
}

function failed(text: string): Answer {
  return header(`><Errors errorMessage="${attribute(text)}"/></header>`);
}

function header(rest: string): Answer {
  return xmlAnswer(`<header xmlns="mfp:anaf:dgti:efactura:stareMesajFactura:v1"${rest}`);
}
