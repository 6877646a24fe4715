import { instantOfAnaf } from "#core/lib/dates.ts";
import type { Answer } from "./classify.ts";
import { folded, type WireMessage } from "./wire.ts";

/** What a message is about, in the words of our API. */
export type MessageType = "FACTURA_PRIMITA" | "FACTURA_TRIMISA" | "ERORI_FACTURA" | "MESAJ_CUMPARATOR";

/** A message as ANAF lists it, read. */
export interface ListedMessage {
  /** What it is downloaded by; the only key that is unique. */
  readonly downloadId: string;
  readonly uploadIndex: string | null;
  readonly type: MessageType;
  readonly createdAt: string;
  readonly cif: string | null;
  readonly sellerCif: string | null;
  readonly buyerCif: string | null;
  readonly details: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One page of a list, and how many messages the whole window has by ANAF's count (null when it does not say). */
export interface MessagePage {
  readonly messages: readonly ListedMessage[];
  readonly total: number | null;
  readonly pages: number | null;
}

/** Reads a page. Rows without an id are left out and counted by the total, so that the window stays unproven. */
export function readPage(answer: Answer, fallbackInstant: string): MessagePage {
  const json = answer.json ?? {};
  const rows = Array.isArray(json.mesaje) ? (json.mesaje as unknown[]) : [];
  return {
    messages: rows.flatMap((row) => readMessage(row, fallbackInstant) ?? []),
    total: count(json.numar_total_inregistrari),
    pages: count(json.numar_total_pagini),
  };
}

function readMessage(row: unknown, fallbackInstant: string): ListedMessage | undefined {
  if (row === null || typeof row !== "object") return undefined;
  const wire = textual(row as Record<string, unknown>) as unknown as WireMessage;
  if (!/^\d+$/.test(wire.id ?? "")) return undefined;
  const details = wire.detalii ?? "";
  return {
    downloadId: wire.id,
    uploadIndex: wire.id_solicitare ?? /id_incarcare\s*=\s*(\d+)/.exec(details)?.[1] ?? null,
    type: typeOf(wire.tip ?? "", details),
    createdAt: instantOfAnaf(wire.data_creare ?? "") ?? fallbackInstant,
    cif: wire.cif ?? null,
    sellerCif: wire.cif_emitent ?? cifIn(details, /cif_emitent\s*=\s*(\w+)|in numele cif\s*=\s*(\w+)/),
    buyerCif:
      wire.cif_beneficiar ?? cifIn(details, /cif_beneficiar\s*=\s*(\w+)|transmisa de cif\s*=\s*(\w+)/),
    details,
    raw: row as Record<string, unknown>,
  };
}

/** Either half of the buyer's message literal counts; whatever is unknown is kept as what it most looks like. */
function typeOf(tip: string, details: string): MessageType {
  const text = folded(tip);
  if (text.includes("mesaj cumparator")) return "MESAJ_CUMPARATOR";
  if (text.includes("erori")) return "ERORI_FACTURA";
  if (text.includes("trimisa")) return "FACTURA_TRIMISA";
  if (text.includes("primita")) return "FACTURA_PRIMITA";
  return folded(details).startsWith("erori") ? "ERORI_FACTURA" : "FACTURA_PRIMITA";
}

const cifIn = (details: string, pattern: RegExp): string | null => {
  const found = pattern.exec(details);
  return found?.[1] ?? found?.[2] ?? null;
};

const count = (value: unknown): number | null => {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? number : null;
};

/** ANAF sends strings and, now and then, numbers. */
const textual = (row: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([key, value]) =>
      typeof value === "string" || typeof value === "number" ? [[key, String(value)]] : [],
    ),
  );
