import { settings } from "#core/lib/settings.ts";
import type { Answer } from "./classify.ts";
import { call } from "./client.ts";
import { folded } from "./wire.ts";

/**
 * What ANAF offers to everybody, without a token and in production only (ANAF.md §7–§8). Nothing of it is needed to
 * send or to receive: a service that is down leaves a question open, and no more.
 */

/** Which of ANAF's two rule sets: of an Invoice, or of a CreditNote. */
export type PublicStandard = "FACT1" | "FCN";

/** The services take 5 MB, half of what an upload may have. */
export const LARGEST_PUBLIC_BYTES = 5_000_000;

/** Somebody waits for the answer. */
const timeoutSeconds = 15;

/** Has ANAF's own rules judge a document. A green answer says nothing of rights, registration or duplicates. */
export const validare = (standard: PublicStandard, xml: Uint8Array): Promise<Answer> =>
  post(`validare/${standard}`, xml);

/**
 * Has ANAF print a document. Without its rules (`DA`) the firewall refuses more often: such a document is sent once
 * more the way that judges it.
 */
export async function transformare(
  standard: PublicStandard,
  xml: Uint8Array,
  { isJudged = true } = {},
): Promise<Answer> {
  const judged = `transformare/${standard}`;
  if (isJudged) return post(judged, xml);
  const answer = await post(`${judged}/DA`, xml);
  return answer.class === "waf" ? post(judged, xml) : answer;
}

function post(path: string, xml: Uint8Array): Promise<Answer> {
  if (xml.length > LARGEST_PUBLIC_BYTES) return Promise.resolve(tooLarge(xml.length));
  return call(`${settings.anafPublicUrl}/prod/FCTEL/rest/${path}`, timeoutSeconds, {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: withoutSchemaLocation(xml),
  });
}

const tooLarge = (sizeBytes: number): Answer => ({
  class: "business",
  texts: [`The document has ${sizeBytes} bytes; ANAF takes at most ${LARGEST_PUBLIC_BYTES} here.`],
  known: true,
  raw: "",
});

/** The firewall takes a relative schemaLocation for an attack. Latin-1 leaves every byte as it is. */
const withoutSchemaLocation = (xml: Uint8Array): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    Buffer.from(
      Buffer.from(xml)
        .toString("latin1")
        .replace(/\s+[\w.-]+:schemaLocation\s*=\s*("[^"]*"|'[^']*')/, ""),
      "latin1",
    ),
  );

/** What ANAF thinks of a document; open when it did not say. */
export type Opinion =
  | { readonly result: "valid" }
  | { readonly result: "invalid"; readonly messages: readonly string[] }
  | { readonly result: "open"; readonly because: Answer["class"] };

/** Reads the answer of `validare`, and that of `transformare` when it is no PDF. */
export function opinionIn({ class: kind, json, texts }: Answer): Opinion {
  if (kind === "business") return { result: "invalid", messages: texts };
  if (kind !== "ok") return { result: "open", because: kind };
  const messages = Array.isArray(json?.Messages) ? (json.Messages as unknown[]) : [];
  if (json?.stare === "ok") return { result: "valid" };
  return { result: "invalid", messages: messages.flatMap(messageOf) };
}

function messageOf(item: unknown): string[] {
  const { message } = (item ?? {}) as { message?: unknown };
  return typeof message === "string" ? [message] : [];
}

/** Asks ANAF whether a seal is its own and fits the document. */
export function checkSignature(document: Uint8Array, signature: Uint8Array): Promise<Answer> {
  const form = new FormData();
  form.append("file", new Blob([Uint8Array.from(document)], { type: "text/xml" }), "document.xml");
  form.append("signature", new Blob([Uint8Array.from(signature)], { type: "text/xml" }), "semnatura.xml");
  return call(`${settings.anafPublicUrl}/api/validate/signature`, timeoutSeconds, {
    method: "POST",
    body: form,
  });
}

/** Both verdicts come with status 200 and contain the words of the good one: the bad one is looked for first. */
export function signatureVerdict({ class: kind, texts }: Answer): "valid" | "invalid" | undefined {
  const said = kind === "business" ? texts.map(folded) : [];
  if (said.some((text) => text.includes("nu au putut fi validate cu succes"))) return "invalid";
  return said.some((text) => text.includes("au fost validate cu succes")) ? "valid" : undefined;
}
