import { jsonAnswer } from "./answers.ts";
import type { Answer } from "./answers.ts";
import { addDays, bucharestDay, compactMinute } from "./bucharest.ts";
import type { Call } from "./call.ts";
import { decodeXml } from "./document.ts";
import { hasRight } from "./rights.ts";
import { status as statusTexts, transport as texts, upload as uploadTexts } from "./texts.ts";
import { declarationOf, findTransportErrors } from "./transport-declaration.ts";
import type { Declaration } from "./transport-declaration.ts";

/** e-Transport, second version (ANAF.md §12): declarations get their UIT at upload, their verdict later. */

interface TransportRow {
  idx: number;
  uit: string;
  cif: string;
  kind: Declaration["kind"];
  body: string;
  received: number;
  ready: number;
  errors: string;
}

/** `POST upload/ETRANSP/{cif}/2`. */
export function uploadTransport(call: Call): Answer {
  const { world, env, now } = call;
  const cif = call.route["cif"] ?? "";
  if (!/^\d+$/.test(cif)) return failed(call, [uploadTexts.cifNotNumeric(cif)]);
  if (!hasRight(call, cif)) return failed(call, [uploadTexts.noRight(cif)]);
  if (call.faults.has("etr.err_after_ok_http")) return failed(call, [uploadTexts.technical(100)]);
  const declaration = declarationOf(decodeXml(call.body) ?? "");
  if (typeof declaration === "string") return failed(call, [uploadTexts.invalidFile(1, 1, declaration)]);
  if (declaration.declarant !== cif) {
    return failed(call, [`codDeclarant=${declaration.declarant} este diferit de cif=${cif}`]);
  }
  const idx = world.ledger.next(`transport ${env}`, 100_001);
  const uit = declaration.kind === "NOT" ? newUit(call, idx) : declaration.uit;
  const errors = [...findTransportErrors(declaration, now), ...uitErrors(call, declaration, cif)];
  const ready = now + world.settings.processingSeconds * 1000;
  const sql = "INSERT INTO transports VALUES(?, ?, ?, ?, ?, ?, ?, ?, '', ?)";
  const body = JSON.stringify(declaration);
  world.ledger.run(sql, env, idx, uit, cif, declaration.kind, body, now, ready, JSON.stringify(errors));
  return jsonAnswer({
    dateResponse: compactMinute(now),
    ExecutionStatus: 0,
    index_incarcare: idx,
    UIT: uit,
    trace_id: traceOf(call),
    ref_declarant: declaration.reference,
    atentie: "Codul UIT este valabil numai dupa ce starea mesajului devine ok",
  });
}

/** `GET stareMesaj/{index}`: never carries the UIT. */
export function transportState(call: Call): Answer {
  const index = call.route["index"] ?? "";
  if (!/^\d+$/.test(index)) return failed(call, [statusTexts.notNumeric(index)]);
  const sql = "SELECT * FROM transports WHERE env = ? AND idx = ?";
  const row = call.world.ledger.get<TransportRow>(sql, call.env, Number(index));
  if (!row) return failed(call, [statusTexts.unknown(index)]);
  if (!hasRight(call, row.cif)) return failed(call, [statusTexts.noRight(index)]);
  const errors = row.ready <= call.now ? errorsOf(row) : [];
  return jsonAnswer({
    stare: row.ready > call.now ? statusTexts.processing : errors.length > 0 ? "nok" : "ok",
    dateResponse: compactMinute(call.now),
    ExecutionStatus: 0,
    trace_id: traceOf(call),
    ...(errors.length > 0 ? { Errors: errors.map((errorMessage) => ({ errorMessage })) } : {}),
  });
}

/** `GET lista/{1..60}/{cif}`. */
export function listTransports(call: Call): Answer {
  const { world, env, now } = call;
  const days = call.route["days"] ?? "";
  const cif = call.route["cif"] ?? "";
  const since = now - Number(days) * 86_400_000;
  if (!/^\d+$/.test(days) || Number(days) < 1 || Number(days) > 60) {
    return failed(call, ["Numarul de zile trebuie sa fie intre 1 si 60"]);
  }
  if (!hasRight(call, cif)) return failed(call, [uploadTexts.noRight(cif)]);
  const rows = world.ledger.all<TransportRow>(
    "SELECT * FROM transports WHERE env = ? AND cif = ? AND received >= ? AND ready <= ? ORDER BY idx DESC",
    env,
    cif,
    since,
    now,
  );
  if (rows.length === 0) return failed(call, [texts.empty(days)]);
  const titlu = `Lista Mesaje disponibile din ultimele ${days} zile`;
  return jsonAnswer({ mesaje: rows.map(shown), serial: call.serial, cui: cif, titlu });
}

/** `GET info?cui_op=[&cui_decl&uit&ref_decl]`: transports that name this carrier or declarant. */
export function transportInfo(call: Call): Answer {
  const { world, env, now, query } = call;
  const rows = world.ledger.all<TransportRow>(
    "SELECT * FROM transports WHERE env = ? AND kind = 'NOT' AND ready <= ? ORDER BY idx DESC",
    env,
    now,
  );
  const wanted = (name: string, value: string): boolean => !query.get(name) || query.get(name) === value;
  const found = rows.filter((row) => {
    const { declarant, reference, carrier } = bodyOf(row);
    const isParty = query.get("cui_op") === carrier || query.get("cui_op") === declarant;
    return (
      isParty && wanted("cui_decl", declarant) && wanted("uit", row.uit) && wanted("ref_decl", reference)
    );
  });
  if (found.length === 0) return jsonAnswer({ error: texts.noInformation });
  return jsonAnswer(found.map(shown));
}

/** A deletion, confirmation or change needs a living UIT of the same declarant. */
function uitErrors(call: Call, declaration: Declaration, cif: string): string[] {
  if (declaration.kind === "NOT") return [];
  const { world, env, now } = call;
  const sql = "SELECT * FROM transports WHERE env = ? AND uit = ? ORDER BY idx";
  const rows = world.ledger.all<TransportRow>(sql, env, declaration.uit);
  const original = rows.find(({ kind, errors }) => kind === "NOT" && errors === "[]");
  if (!original) return [`UIT=${declaration.uit} nu exista`];
  if (original.cif !== cif) return [`UIT=${declaration.uit} apartine altui declarant`];
  if (rows.some(({ kind, errors }) => kind === "DEL" && errors === "[]"))
    return [`UIT=${declaration.uit} este sters`];
  return bucharestDay(now) > lastDay(bodyOf(original)) ? [`UIT=${declaration.uit} este expirat`] : [];
}

/** Five calendar days from the transport, fifteen for movements out of the Union's single market (ANAF.md §12). */
function lastDay({ transportDate, operation }: Declaration): string {
  return addDays(transportDate, ["10", "12", "14"].includes(operation) ? 15 : 5);
}

/** Fourteen characters of a reduced alphabet and their sum modulo 100 (ANAF.md §12). */
function newUit(call: Call, idx: number): string {
  const alphabet = "0123456789ACDEFHJKLMNPQRTUVWXY";
  const digest = Buffer.from(call.world.chance.hex(`uit ${call.env} ${idx}`, 28), "hex");
  const head = [...digest].map((byte) => alphabet[byte % alphabet.length]).join("");
  return head + uitChecksum(head);
}

export function uitChecksum(head: string): string {
  const codes = Array.from(head).reduce((total, char) => total + char.charCodeAt(0), 0);
  return String(codes % 100).padStart(2, "0");
}

function shown(row: TransportRow): object {
  const declaration = bodyOf(row);
  const errors = errorsOf(row);
  return {
    tip: row.kind,
    stare: errors.length > 0 ? "ERR" : "OK",
    uit: row.uit,
    cod_decl: declaration.declarant,
    ref_decl: declaration.reference,
    post_avarie: declaration.afterOutage ? "D" : "N",
    sursa: "A",
    id_incarcare: row.idx,
    data_creare: compactMinute(row.received),
    data_modif: compactMinute(row.ready),
    tip_op: declaration.operation,
    data_transp: declaration.transportDate,
    pc_tara: declaration.partnerCountry,
    pc_cod: declaration.partnerCode,
    pc_den: declaration.partnerName,
    tr_tara: declaration.carrierCountry,
    tr_cod: declaration.carrier,
    tr_den: declaration.carrierName,
    nr_veh: declaration.vehicle,
    nr_rem1: declaration.trailer1,
    nr_rem2: declaration.trailer2,
    modif_veh: [],
    nr_linii: declaration.lines.length,
    gr_tot_neta: sum(declaration.lines.map(({ net }) => net)),
    gr_tot_bruta: sum(declaration.lines.map(({ gross }) => gross)),
    val_tot: sum(declaration.lines.map(({ value }) => value)),
    ...(row.kind === "CON" ? { confirmare: { tip: declaration.confirmation } } : {}),
    mesaje: errors.map((mesaj) => ({ tip: "ERR", mesaj })),
  };
}

function sum(values: number[]): number {
  return Math.round(values.reduce((total, value) => total + value, 0) * 100) / 100;
}

function bodyOf(row: TransportRow): Declaration {
  return JSON.parse(row.body) as Declaration;
}

function errorsOf(row: TransportRow): string[] {
  return JSON.parse(row.errors) as string[];
}

function traceOf(call: Call): string {
  return call.world.chance.uuid(`trace ${call.world.ledger.next("trace", 1)}`);
}

function failed(call: Call, errors: string[]): Answer {
  return jsonAnswer({
    dateResponse: compactMinute(call.now),
    ExecutionStatus: 1,
    Errors: errors.map((errorMessage) => ({ errorMessage })),
    trace_id: traceOf(call),
  });
}
