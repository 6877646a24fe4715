import { badRequest, jsonAnswer } from "./answers.ts";
import type { Answer } from "./answers.ts";
import { compactMinute, romanianDateTime } from "./bucharest.ts";
import { faultNumber } from "./call.ts";
import type { Call } from "./call.ts";
import { exceeds } from "./quotas.ts";
import { cifsOf, hasAnyRight, hasRight } from "./rights.ts";
import { list as texts, message as tips, upload as uploadTexts } from "./texts.ts";
import type { Message } from "./uploads.ts";

const dayMs = 86_400_000;
const pageSize = 500;
const tipByFilter: Record<string, string> = { E: tips.errors, T: tips.sent, P: tips.received, R: tips.buyer };

/** `GET listaMesajeFactura` (ANAF.md §5.1): at most 500 messages of the last `zile` days. */
export function lista(call: Call): Answer {
  const { query, now, world, faults } = call;
  const days = query.get("zile") ?? "";
  const cif = query.get("cif") ?? "";
  if (!days || !cif) return badRequest(now, texts.parametersMissing);
  if (!/^\d+$/.test(days)) return failed(call, texts.daysNotNumeric(days));
  if (Number(days) < 1 || Number(days) > 60) return failed(call, texts.daysRange);
  const refusal = refusalOf(call, cif, "lista", world.settings.quotas.listaPerDay);
  if (refusal !== undefined) return failed(call, refusal);
  const messages = visible(call, cif, now - Number(days) * dayMs, now);
  if (messages.length === 0 || faults.has("list.empty")) return failed(call, texts.emptyDays(days));
  if (messages.length > pageSize) return failed(call, texts.over500);
  return jsonAnswer({ mesaje: messages.map(shown(call)), ...owner(call, cif), titlu: texts.daysTitle(days) });
}

/** `GET listaMesajePaginatieFactura` (ANAF.md §5.2); order of checks SIMULATOR.md §5.5. */
export function listaPaginated(call: Call): Answer {
  const { query, now, world, faults } = call;
  const [start, end, cif, page] = ["startTime", "endTime", "cif", "pagina"].map(
    (name) => query.get(name) ?? "",
  ) as [string, string, string, string];
  if (!start || !end || !cif || !page) return badRequest(now, texts.intervalParametersMissing);
  const refusal =
    intervalRefusal(call, start, end, page) ??
    refusalOf(call, cif, "paginated", world.settings.quotas.listaPaginatedPerDay);
  if (refusal !== undefined) return failed(call, refusal, true);

  const messages = visible(call, cif, Number(start), Number(end));
  const pages = Math.ceil(messages.length / pageSize);
  if (faults.has("list.past_end")) return failed(call, texts.pastEnd(Number(page), Number(page) - 1), true);
  if (messages.length === 0 || faults.has("list.empty")) return failed(call, texts.emptyInterval, true);
  if (Number(page) > pages) return failed(call, texts.pastEnd(Number(page), pages), true);
  const rows = messages.slice((Number(page) - 1) * pageSize, Number(page) * pageSize);
  return jsonAnswer({
    mesaje: rows.map(shown(call)),
    numar_inregistrari_in_pagina: rows.length,
    numar_total_inregistrari_per_pagina: pageSize,
    numar_total_inregistrari: messages.length,
    numar_total_pagini: pages,
    index_pagina_curenta: Number(page),
    ...owner(call, cif),
    titlu: texts.intervalTitle(romanianDateTime(Number(start)), romanianDateTime(Number(end))),
  });
}

function intervalRefusal(call: Call, start: string, end: string, page: string): string | undefined {
  const { settings } = call.world;
  const behind =
    faultNumber(call, "list.future_end", "seconds", 90) * (call.faults.has("list.future_end") ? 1 : 0);
  const serverNow = call.now - (behind + settings.clientSkewSeconds) * 1000;
  if (!isInstant(start)) return texts.timeNotNumeric("startTime", start);
  if (!isInstant(end)) return texts.timeNotNumeric("endTime", end);
  if (Number(start) < serverNow - 60 * dayMs) return texts.startTooOld(start);
  if (Number(end) <= Number(start)) return texts.endBeforeStart(end, start);
  if (Number(end) > serverNow) return texts.endInFuture(end);
  return /^[1-9]\d{0,6}$/.test(page) ? undefined : texts.pageNotNumeric(page);
}

function isInstant(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}

function refusalOf(call: Call, cif: string, scope: string, limit: number): string | undefined {
  const filter = call.query.get("filtru");
  if (!/^\d+$/.test(cif)) return uploadTexts.cifNotNumeric(cif);
  if (filter !== null && tipByFilter[filter] === undefined) return texts.badFilter;
  if (!hasAnyRight(call)) return uploadTexts.noCifAtAll;
  if (!hasRight(call, cif)) return uploadTexts.noRight(cif);
  const forced = call.faults.has("list.quota") || call.faults.has("clock.midnight");
  const breached = exceeds(call, scope, cif, limit) || (forced && limit);
  return breached === false ? undefined : texts.quota(breached);
}

/** The caller's messages of an interval, newest first. */
function visible(call: Call, cif: string, from: number, until: number): Message[] {
  const tip = tipByFilter[call.query.get("filtru") ?? ""] ?? "%";
  const rows = call.world.ledger.all<Message>(
    `SELECT * FROM messages WHERE env = ? AND cif = ? AND created BETWEEN ? AND ? AND listed <= ? AND tip LIKE ?
     ORDER BY created DESC, id DESC`,
    call.env,
    cif,
    from,
    until,
    call.now,
    tip,
  );
  return rows.filter((row) => !isWithheld(call, row));
}

/** Faults list.lag and list.out_of_order: what is young is not there yet, or only every second one is. */
function isWithheld(call: Call, { env, id, created }: Message): boolean {
  const { faults, now, world } = call;
  const youngerThan = (minutes: number): boolean => created > now - minutes * 60_000;
  if (faults.has("list.lag") && youngerThan(faultNumber(call, "list.lag", "minutes", 15))) return true;
  if (!faults.has("list.out_of_order")) return false;
  const isYoung = youngerThan(faultNumber(call, "list.out_of_order", "minutes", 60));
  return isYoung && world.chance.draw(`withheld ${env} ${id}`) < 0.5;
}

function owner(call: Call, cif: string): { serial: string; cui: string } {
  const cifs = new Set([...cifsOf(call.world, call.serial ?? ""), cif]);
  return { serial: call.serial ?? "", cui: [...cifs].join(",") };
}

/** All values are strings on the wire (ANAF.md §5.1), unless the fault list.numeric_ids is on. */
function shown(call: Call): (message: Message) => Record<string, string | number> {
  const write = call.faults.has("list.numeric_ids") ? Number : String;
  return (message) => ({
    data_creare: compactMinute(message.created),
    cif: message.cif,
    id_solicitare: write(message.upload),
    detalii: message.detalii,
    tip: message.tip,
    id: write(message.id),
  });
}

/** Anything that is not a result is HTTP 200 with `eroare`; the document files some under 400 (ANAF.md §16.1). */
function failed(call: Call, eroare: string, paginated = false): Answer {
  const is400 = call.faults.has("list.http400") || call.world.settings.paginatedErrors === 400;
  return jsonAnswer({ eroare, titlu: texts.title }, paginated && is400 ? 400 : 200);
}
