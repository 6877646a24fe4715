import type { Actor } from "#core/lib/actor.ts";
import { malformed, notFound } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { findFile, putFile } from "#core/store/files.ts";
import { changeableCompany, visibleCompany } from "./access.ts";
import { changed } from "./change.ts";
import type { Company } from "./company.ts";

const largestBytes = 2_000_000;

/** A picture and what it is. */
export interface Logo {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Stores a company's logo. The kind is read from the bytes: clients call every part an octet-stream. */
export async function setLogo(actor: Actor, id: string, bytes: Uint8Array): Promise<Company> {
  if (bytes.length === 0) throw malformed({ logo: "is missing" });
  if (bytes.length > largestBytes) throw malformed({ logo: "must have at most 2 MB" });
  const contentType = kindOf(bytes);
  if (!contentType) throw malformed({ logo: "must be a PNG, JPEG or SVG picture" });
  await changeableCompany(actor, id, "company.edit");
  const key = `${id}/logo/${newId()}`;
  await putFile(key, bytes, contentType);
  return changed(actor, id, (company) => ({ ...company, logo: { key, contentType } }));
}

/** Takes the logo away; documents already rendered keep it. */
export const removeLogo = (actor: Actor, id: string): Promise<Company> =>
  changed(actor, id, (company) => ({ ...company, logo: null }));

/** The logo for whoever may see the company; throws `not_found` when there is none. */
export async function getLogo(actor: Actor, id: string): Promise<Logo> {
  const logo = await findLogo(await visibleCompany(actor, id));
  if (!logo) throw notFound("Logo");
  return logo;
}

/** The logo of a company, for printing. */
export async function findLogo({ logo }: Pick<Company, "logo">): Promise<Logo | undefined> {
  const bytes = logo && (await findFile(logo.key));
  return logo && bytes ? { bytes, contentType: logo.contentType } : undefined;
}

function kindOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1024));
  if (head.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex"))) return "image/png";
  if (head.subarray(0, 3).equals(Buffer.from("ffd8ff", "hex"))) return "image/jpeg";
  const start = head
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  return /^<(\?xml|!--|svg)/.test(start) && /<svg[\s>]/.test(start) ? "image/svg+xml" : undefined;
}
