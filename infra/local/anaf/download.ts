import { zipSync } from "fflate";
import { attribute, badRequest, jsonAnswer, withHeaders, xmlDeclaration } from "./answers.ts";
import type { Answer } from "./answers.ts";
import { faultText } from "./call.ts";
import type { Call } from "./call.ts";
import { foreignSigner, productionSigner, testSigner } from "./certificates.ts";
import { hostileFile } from "./hostile.ts";
import { exceeds } from "./quotas.ts";
import { hasRight } from "./rights.ts";
import { detachedSeal, envelopedSeal, reindent } from "./seal.ts";
import { download as texts } from "./texts.ts";
import { bytesOf, findMessage, findUpload } from "./uploads.ts";
import type { Message, Upload } from "./uploads.ts";

/** `GET descarcare` (ANAF.md §6): the sealed ZIP, or HTTP 200 with `eroare`. */
export function download(call: Call): Answer {
  const id = call.query.get("id") ?? "";
  const { world, env, faults, now } = call;
  if (id === "") return badRequest(now, texts.parameterMissing);
  if (!/^\d+$/.test(id)) return failed(call, texts.notNumeric(id));
  const message = findMessage(world, env, Number(id));
  const isExpired =
    faults.has("dl.expired") || faults.has("list.ghost") || (message && message.expires <= now);
  if (isExpired) return failed(call, texts.expired);
  if (faults.has("dl.text_plain")) return failed(call, texts.unknown(id));
  const upload = message && findUpload(world, env, message.upload);
  if (!message || !upload) return failed(call, texts.unknown(id));
  if (!hasRight(call, message.cif)) return failed(call, texts.noRight);
  const limit = world.settings.quotas.descarcarePerDay;
  const forced = faults.has("dl.quota") || faults.has("clock.midnight");
  const breached = exceeds(call, "descarcare", id, limit) || (forced && limit);
  if (breached !== false) return failed(call, texts.quota(breached));

  const zip = sealedZip(call, message, upload);
  const body = faults.has("dl.truncated") ? zip.subarray(0, Math.floor(zip.length * 0.6)) : zip;
  // Both labels are seen live (ANAF.md §6).
  const type = upload.idx % 2 === 0 ? "application/zip" : "application/octet-stream";
  const disposition = `attachment; filename=${upload.idx}.zip`;
  return { status: 200, headers: { "content-type": type, "content-disposition": disposition }, body };
}

/**
 * `{index}.xml` and `semnatura_{index}.xml`, named by the upload (ANAF.md §6). Built when asked for and never
 * kept; the fixed time stamp makes it the same bytes each time.
 */
export function sealedZip(call: Call, message: Message, upload: Upload): Uint8Array {
  const { faults, world } = call;
  const file = faults.has("inbox.hostile_xml")
    ? hostileFile(faultText(call, "inbox.hostile_xml", "kind", "dtd"))
    : fileOf(message, upload);
  const invoice = `${upload.idx}.xml`;
  const seal = Buffer.from(sealOf(call, file, invoice, upload));
  const bytes = faults.has("dl.bytes_changed") ? withOneByteChanged(file) : file;
  const first = faults.has("dl.order") || world.chance.draw(`zip order ${call.env} ${upload.idx}`) < 0.5;
  const entries: [string, Uint8Array][] = [
    [invoice, bytes],
    [`semnatura_${invoice}`, seal],
  ];
  const stored = world.chance.draw(`zip level ${call.env} ${upload.idx}`) < 0.5;
  const ordered = Object.fromEntries(first ? entries.toReversed() : entries);
  return zipSync(ordered, { level: stored ? 0 : 6, mtime: new Date(1980, 0, 1) });
}

/** The invoice exactly as uploaded; the list of errors when it was rejected. */
function fileOf(message: Message, upload: Upload): Uint8Array {
  if (upload.state !== "nok" || message.id !== upload.download) return bytesOf(upload);
  const errors = (JSON.parse(upload.errors ?? "[]") as string[])
    .map((text) => `<Error errorMessage="${attribute(text)}"/>`)
    .join("");
  return Buffer.from(
    `${xmlDeclaration}<header xmlns="mfp:anaf:dgti:efactura:mesajEroriFactuta:v1" Index_incarcare="${upload.idx}" Cif_emitent="${upload.cif}">${errors}</header>`,
  );
}

function sealOf(call: Call, file: Uint8Array, name: string, upload: Upload): string {
  const { faults, world, env } = call;
  const rotations = world.ledger.meta("seal.rotations") ?? 0;
  const production = faults.has("seal.rotated") ? foreignSigner() : productionSigner(upload.ready, rotations);
  const isEnveloped = env === "test" || faults.has("dl.enveloped");
  const signer = env === "test" && !faults.has("seal.rotated") ? testSigner() : production;
  const seal = isEnveloped
    ? envelopedSeal(Buffer.from(file).toString("utf8"), signer)
    : detachedSeal(file, name, signer);
  const isReindented = faults.has("seal.reindented") || (env === "test" && world.settings.reindentTestSeal);
  return isReindented ? reindent(seal) : seal;
}

function withOneByteChanged(file: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(file);
  // A digit near the middle: the XML stays well-formed and only the content lies.
  const at = changed.findIndex((byte, n) => n > changed.length / 2 && byte >= 0x30 && byte <= 0x39);
  const position = at < 0 ? Math.floor(changed.length / 2) : at;
  changed[position] = (changed[position] ?? 0) ^ 1;
  return changed;
}

function failed(call: Call, eroare: string): Answer {
  const answer = jsonAnswer({ eroare, titlu: texts.title });
  return call.faults.has("dl.text_plain") ? withHeaders(answer, { "content-type": "text/plain" }) : answer;
}
