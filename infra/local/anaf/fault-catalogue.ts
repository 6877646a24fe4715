import type { Verb } from "./call.ts";

/** One switch of the fault board (SIMULATOR.md §10). */
export interface Fault {
  /** Calls it can hit. */
  verbs: readonly Verb[];
  /** What happens; `params` of the arming request are named with their defaults. */
  does: string;
  /** Hits only later pages, or only some requests of the verb. */
  only?: "later pages" | "refresh" | "code" | "async read" | "state" | "upload";
}

const bearer = ["upload", "stare", "lista", "listaPaginata", "descarcare", "etransport"] as const;
const outside = ["register", "vies", "bnr", "validare", "transformare"] as const;
const any = ["authorize", "token", ...bearer, ...outside, "other"] as const;
const lists = ["lista", "listaPaginata"] as const;
const quotaVerbs = ["stare", ...lists, "descarcare"] as const;

export const catalogue: Record<string, Fault> = {
  "upload.lost_response": {
    verbs: ["upload"],
    does: "registered, then the connection closes without a reply",
  },
  "upload.slow_accept": { verbs: ["upload"], does: "registered, answered late (seconds: 45–120 by seed)" },
  "upload.dropped": { verbs: ["upload"], does: "body read, not registered, connection closed" },
  "upload.refused_conn": {
    verbs: ["upload"],
    does: "connection refused; served: reset, or nobody listens for `seconds` from arming on",
  },
  "upload.tech_1814": { verbs: ["upload"], does: "technical error text, not registered (code: 1814)" },
  "upload.tech_registered": {
    verbs: ["upload"],
    does: "technical error text though registered (code: 1814)",
  },
  "upload.double": {
    verbs: ["upload"],
    does: "registered twice, as by a redelivered worker message; the reply names the second (answer: second)",
  },
  "upload.no_right": { verbs: ["upload"], does: "refused: no right for this CIF" },
  "upload.ro_prefix": { verbs: ["upload"], does: "the cif is read as if RO stood before it" },
  "upload.sax": { verbs: ["upload"], does: "refused with a SAXParseException" },
  "upload.oversize": { verbs: ["upload"], does: "refused as larger than 10 MB" },
  "upload.empty200": { verbs: ["upload"], does: "200 with zero bytes (registered: true)" },
  "state.stuck": { verbs: ["stare"], does: "stays in processing (hours: 48 after upload)" },
  "state.unreadable": { verbs: ["stare"], does: "the upload ends unreadable" },
  "state.case": { verbs: ["stare"], does: "`In prelucrare` with a capital, until ready" },
  "state.query_error": { verbs: ["stare"], does: "the query fails for want of rights" },
  "state.quota": { verbs: ["stare"], does: "day limit reached" },
  "state.flap": { verbs: ["stare"], does: "the upload is unknown for this one query" },
  "list.over500": { verbs: ["lista"], does: "the inbox is filled to more than 500 messages first" },
  "list.empty": { verbs: [...lists], does: "no messages" },
  "list.lag": { verbs: [...lists], does: "messages younger than `minutes` (15) are not listed yet" },
  "list.out_of_order": {
    verbs: [...lists],
    does: "every second message of the last `minutes` (60) is withheld; it shows up later with its old date",
  },
  "list.future_end": { verbs: ["listaPaginata"], does: "the server's clock is `seconds` (90) behind" },
  "list.page_shift": {
    verbs: ["listaPaginata"],
    only: "later pages",
    does: "a message arrives between pages",
  },
  "list.past_end": {
    verbs: ["listaPaginata"],
    only: "later pages",
    does: "the total shrank: page past the end",
  },
  "list.http400": { verbs: ["listaPaginata"], does: "errors come with status 400" },
  "list.quota": { verbs: [...lists], does: "day limit reached" },
  "list.ghost": {
    verbs: [...lists, "descarcare"],
    does: "a message is listed whose download has expired; on descarcare: this one has",
  },
  "list.same_solicitare": {
    verbs: [...lists],
    does: "an invoice to oneself arrives: two messages, one upload",
  },
  "list.numeric_ids": { verbs: [...lists], does: "ids as JSON numbers" },
  "dl.quota": { verbs: ["descarcare"], does: "day limit reached" },
  "dl.expired": { verbs: ["descarcare"], does: "the 60 days are over" },
  "dl.text_plain": { verbs: ["descarcare"], does: "a JSON error labelled text/plain" },
  "dl.truncated": { verbs: ["descarcare"], does: "the ZIP is cut at 60 %" },
  "dl.order": { verbs: ["descarcare"], does: "the seal is the first entry" },
  "dl.enveloped": { verbs: ["descarcare"], does: "the seal holds the whole document" },
  "dl.bytes_changed": { verbs: ["descarcare"], does: "one byte of the invoice differs from what was sealed" },
  "seal.rotated": { verbs: ["descarcare"], does: "sealed by a certificate nobody was told about" },
  "seal.reindented": { verbs: ["descarcare"], does: "white space added after signing" },
  "auth.expired": { verbs: [...bearer], does: "401" },
  "auth.refresh_race": {
    verbs: ["token"],
    only: "refresh",
    does: "the rotated pair is held back for `seconds` (2), so that a second refresh overlaps and loses",
  },
  "auth.rotation_lost": { verbs: ["token"], only: "refresh", does: "new pair issued, reply lost" },
  "auth.refresh_expired": { verbs: ["token"], only: "refresh", does: "refresh token expired" },
  "auth.denied": { verbs: ["authorize"], does: "redirect with error=access_denied" },
  "auth.html": { verbs: ["token"], does: "the firewall's HTML with status 200" },
  "auth.code_late": { verbs: ["token"], only: "code", does: "the code is treated as older than a minute" },
  "rights.revoked": { verbs: [...bearer], does: "the mandate over the asked CIF has ended" },
  "gw.403_path": { verbs: [...any], does: "403 as for a wrong base path" },
  "gw.429": { verbs: [...any], does: "429 without Retry-After" },
  "gw.502": { verbs: [...any], does: "502 HTML (registered: false; true handles the request first)" },
  "gw.503": { verbs: [...any], does: "503 HTML (registered: false)" },
  "gw.504": { verbs: [...any], does: "504 HTML (registered: false)" },
  "gw.maintenance": { verbs: [...any], does: "200 with a maintenance page" },
  "gw.hang": { verbs: [...any], does: "accepted, never answered (registered: false; seconds: 600)" },
  "gw.reset_midbody": { verbs: [...any], does: "handled, then reset inside the body" },
  "waf.reject": { verbs: ["transformare", "validare", "upload"], does: "the firewall's block page" },
  "valid.extra_brace": { verbs: ["validare"], does: "JSON with a stray brace at the end" },
  "reg.timeout": { verbs: ["register"], does: "no reply (seconds: 30)" },
  "reg.notfound404": { verbs: ["register"], does: "404 with a normal body that finds nothing" },
  "reg.async_once": { verbs: ["register"], only: "async read", does: "the result has been read already" },
  "reg.cedilla": { verbs: ["register"], does: "names and streets full of cedilla letters" },
  "reg.postal": { verbs: ["register"], does: "a postal code without its leading zero" },
  "vies.ms_unavailable": { verbs: ["vies"], does: "error envelope (error: MS_UNAVAILABLE; country: every)" },
  "bnr.moved": { verbs: ["bnr"], does: "redirect to HTML" },
  "bnr.namespace": { verbs: ["bnr"], does: "the other XML namespace" },
  "bnr.multiplier": { verbs: ["bnr"], does: "every currency per 100" },
  "clock.dst": { verbs: [...any], does: "the clock jumps to ten minutes before the next change of hour" },
  "clock.midnight": { verbs: [...quotaVerbs], does: "the clock jumps to 23:59 and the day limit is reached" },
  "inbox.duplicate_supplier": { verbs: [...lists], does: "one supplier bill arrives as two messages" },
  "inbox.hostile_xml": {
    verbs: ["descarcare"],
    does: "the sealed file is an attack (kind: dtd, entities, attachment, bomb)",
  },
  "resend.after_nok": { verbs: ["upload"], does: "this upload will be rejected; a corrected one is not" },
  "etr.no_uit_in_state": {
    verbs: ["etransport"],
    only: "state",
    does: "the state carries no UIT, as always",
  },
  "etr.err_after_ok_http": { verbs: ["etransport"], only: "upload", does: "ExecutionStatus 1 with HTTP 200" },
  "quota.block": { verbs: [...bearer], does: "the app is blocked: 403 for `minutes` (60)" },
};
