import { attributes, children, localName, parseXml, root } from "#core/lib/xml/index.ts";
import { folded } from "./wire.ts";

/** What came back from one call, before anybody judged it. */
export type Reply =
  | { readonly kind: "reply"; readonly status: number; readonly body: Uint8Array }
  /** No answer. `left` tells whether bytes of the request may have reached ANAF. */
  | { readonly kind: "failure"; readonly left: boolean; readonly cause: string };

/**
 * What an answer means. The first two are no answers at all; `garbage` is one that says nothing, and counts like
 * `interrupted`: for an upload it leaves open whether the document arrived.
 */
export type AnswerClass =
  | "not_sent"
  | "interrupted"
  | "auth"
  | "forbidden"
  | "rate_minute"
  | "rate_day"
  | "binary"
  | "ok"
  | "empty"
  | "use_pagination"
  | "past_end"
  | "expired"
  | "no_right"
  | "technical"
  | "business"
  | "waf"
  | "garbage";

export interface Answer {
  readonly class: AnswerClass;
  /** What ANAF says is wrong, word by word. */
  readonly texts: readonly string[];
  /** False when a text is one we have never seen: it is then counted and kept, see einvoicing/texts.ts. */
  readonly known: boolean;
  /** Attributes of an XML answer's root. */
  readonly header?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, unknown>>;
  /** A ZIP or a PDF. */
  readonly bytes?: Uint8Array;
  /** The beginning of the answer, for the attempt's record. */
  readonly raw: string;
}

/** Refusals by text, in the order they are tried; stems, because wordings change. From ANAF.md §18. */
const BY_TEXT: readonly (readonly [RegExp, AnswerClass])[] = [
  [/s-au (facut|incarcat) deja \d+ /, "rate_day"],
  [/nu exista (mesaje|informatii)/, "empty"],
  [/mai mare decat numarul de 500/, "use_pagination"],
  [/numarul toatal de pagini/, "past_end"],
  [/perioada de 60 de zile in care/, "expired"],
  [/nu aveti drept|niciun cif/, "no_right"],
  [/eroare tehnica/, "technical"],
];

/** Refusals that need no class of their own but are no surprise either. */
const KNOWN_BUSINESS: readonly RegExp[] = [
  /valorile acceptate pentru parametrul/,
  /(nu este un numar|nu are o valoare acceptata)/,
  /^marime fisier transmis mai mare/,
  /^fisierul transmis nu este valid/,
  /^daca parametrul .* trebuie completat/,
  /nu este inregistrat in registrul ro e-factura/,
  /(parametrii .* sunt obligatorii|parametrul .* este obligatoriu)/,
  /^trebuie sa aveti atasat/,
  /^nu exista factura cu id_incarcare/,
  /nu exista inregistrata nici o factura/,
  /^(starttime|endtime) = /,
  /^numarul de zile/,
  /a mai fost transmisa anterior/,
  /validate cu succes/,
];

const rawLength = 2000;

/**
 * The one judge of everything ANAF answers (ANAF.md §18): the body first, the status second, because refusals come
 * with 200 and results with odd content types. Texts are looked for only where ANAF puts refusals, so that a listed
 * message that quotes one is not mistaken for it.
 */
export function classify(reply: Reply): Answer {
  if (reply.kind === "failure")
    return { class: reply.left ? "interrupted" : "not_sent", texts: [], known: true, raw: reply.cause };
  const { status, body } = reply;
  if (startsWith(body, "PK\x03\x04") || startsWith(body, "%PDF"))
    return { class: "binary", texts: [], known: true, bytes: body, raw: `${body.length} bytes` };
  const text = Buffer.from(body).toString("utf8");
  const answer = { texts: [] as readonly string[], known: true, raw: text.slice(0, rawLength) };
  const gateway = byStatus(status, text);
  if (gateway) return { ...answer, class: gateway };
  return { ...answer, ...byContent(text, status) };
}

function byStatus(status: number, text: string): AnswerClass | undefined {
  if (status === 401) return "auth";
  if (status === 403) return isJson(text) && /token/i.test(text) ? "auth" : "forbidden";
  if (status === 429) return "rate_minute";
  return undefined;
}

function byContent(text: string, status: number): Pick<Answer, "class"> & Partial<Answer> {
  const read = readXml(text) ?? readJson(text);
  if (!read) {
    if (/<html/i.test(text)) return { class: /support id/i.test(text) ? "waf" : "garbage" };
    const byText = text.trim() === "" ? undefined : classOf([text]);
    return byText ? { class: byText, texts: [text.trim()] } : { class: "garbage" };
  }
  const { texts, isResult, ...found } = read;
  const byText = isResult ? undefined : classOf(texts);
  if (byText) return { class: byText, texts, ...found };
  // A gateway's own JSON error says nothing about the document, whatever its `message` is.
  if (status >= 500) return { class: "garbage", texts, ...found };
  if (isResult) return { class: "ok", ...found };
  if (texts.length > 0) return { class: "business", texts, known: texts.every(isKnown), ...found };
  return { class: status === 404 ? "forbidden" : "garbage", ...found };
}

interface Read {
  readonly texts: readonly string[];
  /** It carries what was asked for, not a refusal. */
  readonly isResult: boolean;
  readonly header?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, unknown>>;
}

/** `<header …/>` with everything in attributes, refusals as `Errors` children (`Error` in the file of a rejection). */
function readXml(text: string): Read | undefined {
  if (!/^\s*(\uFEFF)?</.test(text) || /^\s*<(!doctype )?html/i.test(text)) return undefined;
  try {
    const doc = parseXml(text);
    const header = attributes(doc, root(doc));
    const texts = children(doc, root(doc))
      .filter((node) => /^Errors?$/.test(localName(doc, node)))
      .flatMap((node) => attributes(doc, node).errorMessage ?? []);
    const isResult =
      header.stare !== undefined || (header.index_incarcare !== undefined && texts.length === 0);
    return { texts, isResult, header };
  } catch {
    return undefined;
  }
}

function readJson(text: string): Read | undefined {
  const json = jsonOf(text) ?? jsonOf(text.replace(/\}\s*\}\s*$/, "}"));
  if (!json) return undefined;
  const isTaken = json.index_incarcare !== undefined && Number(json.ExecutionStatus ?? 0) === 0;
  const isResult =
    isTaken ||
    Array.isArray(json.mesaje) ||
    typeof json.stare === "string" ||
    typeof json.access_token === "string";
  return { texts: isResult ? [] : textsOf(json), isResult, json };
}

/**
 * Where ANAF puts refusals in JSON: `eroare`, `message`, `Errors[].errorMessage`, `msg`. `error` is a
 * sentence of e-Transport's, unless beside a status (a gateway's title) or a code of OAuth's.
 */
function textsOf(json: Readonly<Record<string, unknown>>): string[] {
  const lists = [json.Errors, json.errors].flatMap((list) =>
    Array.isArray(list) ? (list as unknown[]) : [],
  );
  const inLists = lists.map((item) => (item as { errorMessage?: unknown } | null)?.errorMessage);
  const sentence =
    json.status === undefined && typeof json.error === "string" && json.error.includes(" ")
      ? json.error
      : undefined;
  return [json.eroare, json.message, json.msg, json.error_description, sentence, ...inLists].filter(
    (value): value is string => typeof value === "string" && value !== "",
  );
}

function classOf(texts: readonly string[]): AnswerClass | undefined {
  const all = texts.map(folded);
  return BY_TEXT.find(([stem]) => all.some((text) => stem.test(text)))?.[1];
}

const isKnown = (text: string): boolean => KNOWN_BUSINESS.some((stem) => stem.test(folded(text)));

const isJson = (text: string): boolean => jsonOf(text) !== undefined;

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/** Whole numbers too large for a double keep their digits as text: ids are int64. */
const exact: Reviver = (_key, value, context) =>
  typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? (context?.source ?? value)
    : value;

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text, exact) as unknown;
    // One call of e-Transport answers its rows bare.
    if (Array.isArray(value)) return { mesaje: value };
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const startsWith = (body: Uint8Array, start: string): boolean =>
  body.length >= start.length && Buffer.from(body.subarray(0, start.length)).toString("latin1") === start;

/** The index an earlier upload of the same document has, when a refusal or rejection names one. */
export function duplicateIndex(texts: readonly string[]): string | undefined {
  for (const text of texts) {
    const found = /a mai fost transmisa anterior cu index\s*=\s*(\d+)/.exec(folded(text));
    if (found) return found[1]!.replace(/^0+(?=\d)/, "");
  }
  return undefined;
}
