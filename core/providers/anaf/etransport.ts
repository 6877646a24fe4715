import { settings } from "#core/lib/settings.ts";
import type { Answer } from "./classify.ts";
import { type AnafAccess, bearer, call, readTimeoutSeconds, uploadTimeoutSeconds } from "./client.ts";
import { bareCif } from "./wire.ts";

/** RO e-Transport, second version (ANAF.md §12): the same tokens and gateway as e-Factura, answers in JSON. */

const base = ({ environment }: AnafAccess): string =>
  `${settings.anafApiUrl}/${environment}/ETRANSPORT/ws/v1`;

const read = (access: AnafAccess, path: string): Promise<Answer> =>
  call(`${base(access)}/${path}`, readTimeoutSeconds, { headers: bearer(access) });

/**
 * Declares, deletes, confirms or changes a transport: the four are one call, told apart by what the XML holds. Like an
 * upload of e-Factura it may have arrived although its answer was lost.
 */
export const upload = (access: AnafAccess, cif: string, xml: Uint8Array): Promise<Answer> =>
  call(`${base(access)}/upload/ETRANSP/${bareCif(cif)}/2`, uploadTimeoutSeconds, {
    method: "POST",
    headers: { ...bearer(access), "content-type": "application/xml" },
    body: Uint8Array.from(xml),
  });

/** Asks what became of a declaration. The answer never carries the UIT. */
export const stareMesaj = (access: AnafAccess, index: string): Promise<Answer> =>
  read(access, `stareMesaj/${encodeURIComponent(index)}`);

/** The declarations of a company in the last 1 to 60 days. */
export const lista = (access: AnafAccess, cif: string, days: number): Promise<Answer> =>
  read(access, `lista/${days}/${bareCif(cif)}`);

/** Whose transports: of a carrier or declarant, narrowed by the others. */
export interface TransportQuery {
  readonly cui_op: string;
  readonly cui_decl?: string;
  readonly uit?: string;
  readonly ref_decl?: string;
}

/** Transports in which a company takes part, as carrier or declarant. */
export const info = (access: AnafAccess, query: TransportQuery): Promise<Answer> =>
  read(access, `info?${new URLSearchParams({ ...query }).toString()}`);

/** What ANAF gave a declaration. The UIT is told here and nowhere else, and counts once the state is `ok`. */
export interface Declared {
  readonly index: string;
  readonly uit: string;
  /** ANAF's remark (`atentie`), such as a date that is unusual. */
  readonly notice: string | null;
}

/** The UIT in the answer to an upload; undefined when ANAF gave none. */
export function declaredIn({ class: kind, json }: Answer): Declared | undefined {
  const { index_incarcare: index, UIT: uit, atentie: notice } = json ?? {};
  if (kind !== "ok" || typeof uit !== "string" || !(typeof index === "number" || typeof index === "string"))
    return undefined;
  return { index: String(index), uit, notice: typeof notice === "string" ? notice : null };
}

/** The rows of `lista` and `info`, as ANAF sends them; none is an answer too. */
export const rowsIn = ({ class: kind, json }: Answer): readonly unknown[] | undefined =>
  kind === "ok" && Array.isArray(json?.mesaje)
    ? (json.mesaje as unknown[])
    : kind === "empty"
      ? []
      : undefined;
