import { bucharestDay } from "./bucharest.ts";
import type { World } from "./call.ts";
import { findCompany, isValidCui } from "./companies.ts";
import { decodeXml, readFacts } from "./document.ts";
import { holderMayActFor } from "./rights.ts";
import { message as messageTexts, processing as texts } from "./texts.ts";
import { addMessage, bytesOf, findUpload, nextDownloadId } from "./uploads.ts";
import type { Upload } from "./uploads.ts";
import { findIssues } from "./validation.ts";

/** What happens between upload and verdict (SIMULATOR.md §5.2). Runs when the clock has passed `ready`. */

/** Judges every upload whose time has come, in the order in which the times came. */
export function settle(world: World): void {
  const now = world.clock.now();
  const due = `SELECT * FROM uploads WHERE state = 'in prelucrare' AND script IS NULL AND ready <= ?
    ORDER BY ready, idx LIMIT 100`;
  for (;;) {
    const batch = world.ledger.all<Upload>(due, now);
    world.ledger.transaction(() => batch.forEach((upload) => judge(world, upload)));
    if (batch.length < 100) return;
  }
}

/** Ends one upload in the wanted state, whatever its content says: scripts and faults use it. */
export function conclude(world: World, upload: Upload, state: "ok" | "nok" | "unreadable"): void {
  if (upload.state !== "in prelucrare") return;
  const at = world.clock.now();
  if (state === "ok") accept(world, { ...upload, ready: at });
  else if (state === "nok") reject(world, { ...upload, ready: at }, [simulated]);
  else finish(world, upload, "XML cu erori nepreluat de sistem", null, []);
}

const simulated = texts.rule(
  "SIM-NOK",
  "Respinsa la cerere de simulator #Rejected on request by the simulator",
);

/** Milliseconds from upload to verdict. */
export function processingDelayMs(world: World, label: string, marker: string): number {
  const { processingSeconds, latency } = world.settings;
  const hours: Record<string, number> = { SLOW: 1 / 6, STUCK: 48 };
  const extra = (hours[marker] ?? 0) * 3_600_000;
  if (latency === "fixed") return processingSeconds * 1000 + extra;
  // Log-normal with sigma 1 by Box–Muller; the real distribution is unknown (SIMULATOR.md §13).
  const radius = Math.sqrt(-2 * Math.log(1 - world.chance.draw(`latency r ${label}`)));
  const normal = radius * Math.cos(2 * Math.PI * world.chance.draw(`latency a ${label}`));
  return Math.round(processingSeconds * 1000 * Math.exp(normal)) + extra;
}

function judge(world: World, upload: Upload): void {
  const text = decodeXml(bytesOf(upload));
  if (text === undefined || upload.marker === "UNREADABLE") {
    return finish(world, upload, "XML cu erori nepreluat de sistem", null, []);
  }
  if (upload.standard === "RASP") return forward(world, upload, readFacts(text).about);
  const errors = errorsOf(world, upload, text);
  if (errors.length > 0) reject(world, upload, errors);
  else accept(world, upload);
}

/** Everything wrong with the document, each as the text of one `Error`. */
function errorsOf(world: World, upload: Upload, text: string): string[] {
  const errors: string[] = [];
  if (upload.marker === "NOK") errors.push(simulated);
  if (!isValidCui(upload.seller)) errors.push(texts.sellerChecksum(upload.seller));
  else if (!findCompany(upload.seller)) errors.push(texts.sellerUnknown(upload.seller));
  const responsible = upload.flags.includes("autofactura") ? upload.buyer : upload.seller;
  if (!holderMayActFor(world, upload.serial, responsible)) errors.push(texts.notEntitled(responsible));
  const isConsumer = /^\d{13}$/.test(upload.buyer);
  if (isConsumer && upload.path === "upload" && world.settings.b2cPath === "strict")
    errors.push(texts.consumerPath);
  const issues = (world.settings.validator ?? findIssues)(text);
  errors.push(...issues.map(({ code, message }) => texts.rule(code, message)));
  const earlier = findTwin(world, upload);
  if (earlier) errors.push(texts.duplicate(earlier.idx, bucharestDay(earlier.received)));
  return errors;
}

/** ANAF's real duplicate key is unknown (SIMULATOR.md §13); ours is the seller with the configured fields. */
function findTwin(world: World, upload: Upload): Upload | undefined {
  const key = world.settings.duplicateKey;
  const same = world.ledger.all<Upload>(
    "SELECT * FROM uploads WHERE seller = ? AND number = ? AND env = ? AND state = 'ok' ORDER BY idx",
    upload.seller,
    upload.number,
    upload.env,
  );
  return same.find(
    (other) =>
      other.standard !== "RASP" &&
      (!key.includes("date") || other.issued === upload.issued) &&
      (!key.includes("type") || other.type === upload.type),
  );
}

function accept(world: World, upload: Upload): void {
  const { env, idx, seller, buyer } = upload;
  const selfBilled = upload.flags.includes("autofactura");
  const detalii = selfBilled
    ? messageTexts.selfBilled(idx, buyer, seller)
    : messageTexts.invoice(idx, seller, buyer);
  const sent = nextDownloadId(world, env);
  const listed = listedAt(world, upload);
  const common = { env, upload: idx, detalii, created: listed, listed };
  addMessage(world, { ...common, id: sent, tip: messageTexts.sent, cif: seller }, upload.ready);
  if (findCompany(buyer)) {
    const id = nextDownloadId(world, env);
    addMessage(world, { ...common, id, tip: messageTexts.received, cif: buyer }, upload.ready);
  }
  finish(world, upload, "ok", sent, []);
}

function reject(world: World, upload: Upload, errors: string[]): void {
  const { env, idx, cif } = upload;
  const id = nextDownloadId(world, env);
  const listed = listedAt(world, upload);
  const detalii = upload.flags.includes("autofactura")
    ? messageTexts.rejectedSelfBilled(idx)
    : messageTexts.rejected(idx);
  const entry = { env, id, upload: idx, tip: messageTexts.errors, cif, detalii, created: listed, listed };
  addMessage(world, entry, upload.ready);
  finish(world, upload, "nok", id, errors);
}

/** A buyer's message shows up on both sides and cancels nothing (ANAF.md §3). */
function forward(world: World, upload: Upload, about: string): void {
  const { env, idx, cif } = upload;
  const original = findUpload(world, env, Number(about));
  const listed = listedAt(world, upload);
  const detalii = messageTexts.comment(idx, about);
  const common = { env, upload: idx, tip: messageTexts.buyer, detalii, created: listed, listed };
  const id = nextDownloadId(world, env);
  addMessage(world, { ...common, id, cif }, upload.ready);
  if (original && original.seller !== cif) {
    addMessage(world, { ...common, id: nextDownloadId(world, env), cif: original.seller }, upload.ready);
  }
  finish(world, upload, "ok", id, []);
}

function finish(
  world: World,
  upload: Upload,
  state: Upload["state"],
  download: number | null,
  errors: string[],
): void {
  world.ledger.run(
    "UPDATE uploads SET state = ?, download = ?, errors = ?, ready = ? WHERE env = ? AND idx = ?",
    state,
    download,
    errors.length > 0 ? JSON.stringify(errors) : null,
    upload.ready,
    upload.env,
    upload.idx,
  );
}

/** The lists follow the verdict after a lag; live it is seconds to a quarter of an hour (ANAF.md §5.3). */
function listedAt(world: World, upload: Upload): number {
  const { latency, listLagSeconds } = world.settings;
  if (latency === "fixed") return upload.ready + listLagSeconds * 1000;
  return upload.ready + Math.round(900_000 * world.chance.draw(`lag ${upload.env} ${upload.idx}`) ** 2);
}
