import { settings } from "#core/lib/settings.ts";
import { neverLeft } from "../connection.ts";
import { type Answer, classify, type Reply } from "./classify.ts";
import { type AnafEnvironment, bareCif, type UploadRoute } from "./wire.ts";

/** What a call needs to be made: whose token, and in which of ANAF's worlds. */
export interface AnafAccess {
  readonly accessToken: string;
  readonly environment: AnafEnvironment;
}

/** At peaks ANAF needs more than ten seconds and has the document all the same (odoo/odoo#198604). */
export const uploadTimeoutSeconds = 60;
export const readTimeoutSeconds = 30;

/** ANAF takes 10 MB; measured before anything leaves. */
export const LARGEST_UPLOAD_BYTES = 10_000_000;

const base = ({ environment }: AnafAccess): string => `${settings.anafApiUrl}/${environment}/FCTEL/rest`;

/** The header that carries a token. */
export const bearer = ({ accessToken }: AnafAccess) => ({ authorization: `Bearer ${accessToken}` });

/** Uploads a document for a company. `cif` is the one whose SPV right is used. */
export function upload(
  access: AnafAccess,
  cif: string,
  route: UploadRoute,
  xml: Uint8Array,
): Promise<Answer> {
  const { path, ...parameters } = route;
  const query = new URLSearchParams({ ...parameters, cif: bareCif(cif) });
  return call(`${base(access)}/${path}?${query.toString()}`, uploadTimeoutSeconds, {
    method: "POST",
    headers: { ...bearer(access), "content-type": "text/plain" },
    body: Buffer.from(xml),
  });
}

/** Asks what became of an upload. */
export const stareMesaj = (access: AnafAccess, index: string): Promise<Answer> =>
  call(`${base(access)}/stareMesaj?id_incarcare=${encodeURIComponent(index)}`, readTimeoutSeconds, {
    headers: bearer(access),
  });

/** Which messages: of a company, created between two instants (at most 60 days ago), one page of 500. */
export interface ListRequest {
  readonly cif: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly page: number;
}

/** One page of messages. The unpaginated list is never used: above 500 messages it answers none. */
export function list(access: AnafAccess, { cif, startMs, endMs, page }: ListRequest): Promise<Answer> {
  const query = new URLSearchParams({
    startTime: String(startMs),
    endTime: String(endMs),
    cif: bareCif(cif),
    pagina: String(page),
  });
  return call(`${base(access)}/listaMesajePaginatieFactura?${query.toString()}`, readTimeoutSeconds, {
    headers: bearer(access),
  });
}

/** Downloads a sealed ZIP. ANAF allows ten downloads a day of one message: keep what comes. */
export const descarcare = (access: AnafAccess, downloadId: string): Promise<Answer> =>
  call(`${base(access)}/descarcare?id=${encodeURIComponent(downloadId)}`, readTimeoutSeconds, {
    headers: bearer(access),
  });

/** One request to one of ANAF's hosts, judged. Never throws for what ANAF or the network does. */
export async function call(url: string, timeoutSeconds: number, request: RequestInit): Promise<Answer> {
  return classify(await reply(url, timeoutSeconds, request));
}

async function reply(url: string, timeoutSeconds: number, request: RequestInit): Promise<Reply> {
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const response = await fetch(url, { ...request, redirect: "manual", signal });
    return { kind: "reply", status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    const { code, message } = (error as { cause?: { code?: string; message?: string } }).cause ?? {};
    const cause = code ?? message ?? (error as Error).name;
    return { kind: "failure", left: !neverLeft(code), cause };
  }
}
