import { now } from "#core/lib/clock.ts";
import type { Answer } from "#core/providers/anaf/classify.ts";
import { list } from "#core/providers/anaf/client.ts";
import { type ListedMessage, readPage } from "#core/providers/anaf/messages.ts";
import { type AnafEnvironment, folded } from "#core/providers/anaf/wire.ts";
import type { Announced } from "#core/store/out.ts";
import { ask, type Mailbox } from "./mailbox.ts";
import { keepListed } from "./messages.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** ANAF lists sixty days; a minute's difference between two clocks must not make a window too old. */
export const OLDEST_MS = 60 * dayMs - 30 * minuteMs;

/** A window may be as long as ANAF lists: one call for most mailboxes. */
const windowMs = 60 * dayMs;

/** A window with more pages than this is cut in two, so that what was proven of a large mailbox is kept. */
const mostPages = 20;

/**
 * How far before now a window ends: ANAF refuses an end in its future. Wide for a while after such a refusal, as two
 * clocks that differ will do so for longer than one walk.
 */
const marginMs = (): number => (now() < wideUntilMs ? wideMarginMs : 1000);
const wideMarginMs = 3 * minuteMs;
const wideForMs = 10 * minuteMs;
let wideUntilMs = 0;

/** What a walk over a stretch of time came to. */
export interface Walk {
  /** All of the stretch up to here was read, page by page; equal to its start when nothing was. */
  readonly provenToMs: number;
  readonly isComplete: boolean;
  readonly fresh: readonly ListedMessage[];
  /** Messages that were in the ledger already. */
  readonly known: number;
  readonly calls: number;
  /** What stopped the walk before its end. */
  readonly stoppedBy: Answer | undefined;
}

/** A walk gives up its turn after this long; what is left is the next message's. */
const turnMs = 60_000;

/**
 * Reads a mailbox from an instant to now, window by window, oldest first, and writes down every message. A window
 * counts as proven only when all of its pages were read and they held as many messages as ANAF said there were.
 */
export async function walk(mailbox: Mailbox, fromMs: number): Promise<Walk> {
  const began = Date.now();
  const fresh: ListedMessage[] = [];
  const sums = { known: 0, calls: 0 };
  let at = fromMs;
  const stand = (isComplete: boolean, stoppedBy?: Answer): Walk => ({
    provenToMs: at,
    isComplete,
    fresh,
    ...sums,
    stoppedBy,
  });
  while (Date.now() - began < turnMs) {
    const endMs = Math.min(at + windowMs, now() - marginMs());
    if (endMs <= at) return stand(true);
    const window = await readWindow(mailbox, at, endMs);
    sums.calls += window.calls;
    sums.known += window.listed - window.fresh.length;
    fresh.push(...window.fresh);
    if (window.stoppedBy) return stand(false, window.stoppedBy);
    at = window.provenToMs;
    if (at >= now() - marginMs() - 1000) return stand(true);
  }
  return stand(false);
}

/** What a look that brought documents of suppliers announces: one notification with their number. */
export function arrivals({ organizationId }: Mailbox, { fresh }: Walk): Announced[] {
  const count = fresh.filter(({ type }) => type === "FACTURA_PRIMITA").length;
  return count > 0 ? [{ name: "efactura.new_documents", organizationId, data: { count } }] : [];
}

interface Window {
  readonly provenToMs: number;
  readonly fresh: readonly ListedMessage[];
  /** Messages that ANAF listed, each once. */
  readonly listed: number;
  readonly calls: number;
  readonly stoppedBy?: Answer;
}

/** One window; twice, when the first reading came out with fewer messages than there are. */
async function readWindow(mailbox: Mailbox, startMs: number, endMs: number): Promise<Window> {
  const fresh: ListedMessage[] = [];
  const listed = new Set<string>();
  let calls = 0;
  let reading: Reading | undefined;
  for (let tries = 0; tries < 3; tries++) {
    reading = await readPages(mailbox, startMs, endMs);
    calls += reading.calls;
    for (const id of reading.found.keys()) listed.add(id);
    if (reading.environment)
      fresh.push(...(await keepListed(mailbox, reading.environment, [...reading.found.values()])));
    const sums = { fresh, listed: listed.size, calls };
    if (reading.isProven) return { provenToMs: endMs, ...sums };
    if (reading.tooManyPages) {
      const half = await readWindow(mailbox, startMs, startMs + Math.floor((endMs - startMs) / 2));
      return { ...half, fresh: [...fresh, ...half.fresh], calls: calls + half.calls };
    }
    if (reading.endIsFuture && marginMs() < wideMarginMs) {
      wideUntilMs = now() + wideForMs;
      const end = Math.min(endMs, now() - marginMs());
      if (end <= startMs) return { provenToMs: startMs, ...sums };
      endMs = end;
    } else if (reading.stoppedBy) break;
  }
  const stoppedBy = reading?.stoppedBy ?? unproven;
  return { provenToMs: startMs, fresh, listed: listed.size, calls, stoppedBy };
}

const unproven: Answer = {
  class: "garbage",
  texts: ["ANAF's list held fewer messages than it counted."],
  known: true,
  raw: "",
};

interface Reading {
  readonly found: ReadonlyMap<string, ListedMessage>;
  readonly environment: AnafEnvironment | null;
  readonly calls: number;
  readonly isProven: boolean;
  readonly tooManyPages: boolean;
  readonly endIsFuture: boolean;
  readonly stoppedBy?: Answer;
}

/** All pages of a window. They are counted here: what ANAF says the current page is has been seen to be wrong. */
async function readPages(mailbox: Mailbox, startMs: number, endMs: number): Promise<Reading> {
  const found = new Map<string, ListedMessage>();
  const reading = { found, environment: null as AnafEnvironment | null, isProven: false };
  const end = { tooManyPages: false, endIsFuture: false };
  let expected = Infinity;
  for (let page = 1; ; page++) {
    const request = { cif: mailbox.cif, startMs, endMs, page };
    const { answer, environment } = await ask(mailbox, "listaMesajePaginatieFactura", (access) =>
      list(access, request),
    );
    reading.environment ??= environment;
    if (answer.class === "empty" || answer.class === "past_end")
      return { ...reading, ...end, calls: page, isProven: page === 1 || found.size >= expected };
    if (answer.class !== "ok")
      return { ...reading, ...end, calls: page, endIsFuture: isAboutFuture(answer), stoppedBy: answer };
    const { messages, total, pages } = readPage(answer, new Date(endMs).toISOString());
    for (const message of messages) found.set(message.downloadId, message);
    // A message that arrives while we page is for the next walk; one that expires is gone.
    expected = Math.min(expected, total ?? Infinity);
    if ((pages ?? 1) > mostPages && page === 1 && endMs - startMs > 2 * minuteMs)
      return { ...reading, ...end, calls: page, tooManyPages: true };
    const isLast = pages === null ? messages.length < 500 : page >= pages;
    if (isLast)
      return { ...reading, ...end, calls: page, isProven: total === null || found.size >= expected };
  }
}

const isAboutFuture = ({ texts }: Answer): boolean =>
  texts.some((text) => /endtime = .* in viitor/.test(folded(text)));
