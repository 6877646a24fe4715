/**
 * Ambiguous uploads: invoices of ten companies, 40 % of them hit by one or two faults that leave open whether ANAF has
 * the document. ANAF must end up with each invoice once, none may be stuck for longer than a day and a half, and a
 * client that resends when it gets no answer must produce doubles under the same faults.
 */
import { startWithAnaf, withConnection } from "../with-anaf.ts";
import { campaign, type Campaign } from "./campaign.ts";
import { cifOf } from "./cifs.ts";
import { seededBytes, stillTime } from "./determinism.ts";
import { intoMemory } from "./model/memory.ts";
import { type AnafCall, openLedger, tapAnaf } from "./wire.ts";

/** Faults that can only strike an upload, and faults that can strike any call (SIMULATOR.md §10). */
const uploadFaults = [
  "upload.lost_response",
  "upload.slow_accept",
  "upload.dropped",
  "upload.refused_conn",
  "upload.tech_1814",
  "upload.tech_registered",
  "upload.double",
  "upload.empty200",
] as const;
const roadFaults = [
  "auth.expired",
  "gw.502",
  "gw.502;registered=true",
  "gw.503",
  "gw.504;registered=true",
  "gw.hang",
  "gw.hang;registered=true",
  "gw.reset_midbody",
] as const;

const companies = 10;
const minuteMs = 60_000;
const longestHours = 36;

/** The steps in which time passes: close at first, when verdicts are expected, then wider. */
const stepOf = (passedMs: number): number =>
  passedMs < 10 * minuteMs ? minuteMs / 2 : passedMs < 60 * minuteMs ? 10 * minuteMs : 30 * minuteMs;

/** What strikes the calls about one document, in order; most have nothing to fear. */
function plannedFaults({ draw, pick }: Campaign, subject: string): string[] {
  if (draw(`hit ${subject}`) >= 0.4) return [];
  const count = draw(`twice ${subject}`) < 0.5 ? 1 : 2;
  return Array.from({ length: count }, (_, n) => pick(`${subject} ${n}`, [...uploadFaults, ...roadFaults]));
}

await campaign("uploads", async (book) => {
  const total = book.scaled(20, 1_000, 1_000, 20_000);
  const advance = stillTime("2026-11-16T07:00:00Z");
  seededBytes(book.seed);
  const local = await startWithAnaf({ allowHeaders: true, sleep: async () => {} });
  if (book.store === "memory") await intoMemory(local);
  const ledger = openLedger(local);

  const plans = new Map<string, string[]>();
  const calls = { upload: 0, stare: 0, descarcare: 0, lista: 0, token: 0, other: 0 };
  const struck = new Map<string, string[]>();

  /** Which document a call is about: seller and number. */
  function subjectOf({ verb, query, body }: AnafCall): string | undefined {
    if (verb === "upload") return `${query.get("cif")} ${/<cbc:ID>([^<]+)/.exec(body)?.[1]}`;
    const sql = "SELECT seller, number FROM uploads WHERE idx = ";
    const [found] =
      verb === "stare"
        ? ledger<{ seller: string; number: string }>(`${sql} ?`, query.get("id_incarcare")!)
        : verb === "descarcare"
          ? ledger<{ seller: string; number: string }>(
              `${sql} (SELECT upload FROM messages WHERE id = ?)`,
              query.get("id")!,
            )
          : [];
    return found && `${found.seller} ${found.number}`;
  }

  const lists = new Map<string, number>();

  function faultFor(call: AnafCall): string | undefined {
    calls[call.verb]++;
    if (call.verb === "lista") {
      const list = `list ${call.query.get("cif")}`;
      const nth = (lists.get(list) ?? 0) + 1;
      lists.set(list, nth);
      return book.draw(`${list} ${nth}`) < 0.05 ? book.pick(`${list} fault ${nth}`, roadFaults) : undefined;
    }
    const subject = subjectOf(call);
    if (subject === undefined) return undefined;
    const plan = plans.get(subject) ?? plannedFaults(book, subject);
    plans.set(subject, plan);
    const isFitting = call.verb === "upload" || plan[0]?.startsWith("upload.") === false;
    const fault = isFitting ? plan.shift() : undefined;
    book.trace(subject, `${call.verb} ${fault ?? "served"}`);
    if (fault) struck.set(subject, [...(struck.get(subject) ?? []), fault]);
    return fault;
  }

  const strike = (call: AnafCall): string | undefined => {
    const fault = faultFor(call);
    if (fault) book.fault(fault);
    return fault;
  };
  tapAnaf(local, (call) => strike(call));

  // The careful client: ours.
  const shops = [];
  for (let n = 0; n < companies; n++) shops.push(await withConnection(local, { cif: cifOf(n) }));
  const open = new Map<string, { shop: (typeof shops)[number]; number: string; sha256: string | null }>();
  for (let n = 0; n < total; n++) {
    const shop = shops[n % companies]!;
    const { id, number, xmlSha256 } = await shop.submitted();
    open.set(id, { shop, number, sha256: xmlSha256 });
    book.op();
  }
  const sent = new Map(open);
  let passedMs = 0;
  let slowestMs = 0;
  for (;;) {
    await local.drain();
    const { invoices } = await import("#core/documents/invoices/collection.ts");
    for (const shop of shops) {
      const ids = [...open].filter(([, one]) => one.shop === shop).map(([id]) => id);
      for (const { id, status } of await invoices.getMany(shop.company.id, ids))
        if (status === "validated" || status === "rejected") {
          book.trace(`${shop.company.cif} ${open.get(id)!.number}`, status);
          open.delete(id);
          slowestMs = passedMs;
        }
    }
    if (open.size === 0 || passedMs > longestHours * 60 * minuteMs) break;
    const step = stepOf(passedMs);
    advance(step);
    passedMs += step;
  }
  for (const { number, shop } of open.values())
    book.check(false, () => `${shop.company.cif} ${number} is stuck after ${longestHours} hours.`);
  const ours = { ...calls };

  const { invoices } = await import("#core/documents/invoices/collection.ts");
  for (const [id, { shop, number, sha256 }] of sent) {
    const subject = `${shop.company.cif} ${number}`;
    const rows = ledger<{ idx: number; state: string; sha256: string }>(
      "SELECT idx, state, sha256 FROM uploads WHERE seller = ? AND number = ?",
      shop.company.cif,
      number,
    );
    const faults = (struck.get(subject) ?? []).join(", ");
    const accepted = rows.filter(({ state }) => state === "ok");
    const invoice = await invoices.get(shop.company.id, id);
    const twice = faults.includes("upload.double") ? 2 : 1;
    book.check(accepted.length === 1, () => `${subject}: ${accepted.length} accepted after ${faults}.`);
    book.check(rows.length === twice, () => `${subject}: ANAF received ${rows.length} after ${faults}.`);
    book.check(accepted[0]?.sha256 === sha256, () => `${subject}: other bytes than those frozen.`);
    book.check(invoice.status === "validated", () => `${subject}: ${invoice.status} after ${faults}.`);
    book.check(
      invoice.anafUploadId === String(accepted[0]?.idx),
      () => `${subject}: adopted ${invoice.anafUploadId}, accepted is ${accepted[0]?.idx}, after ${faults}.`,
    );
  }
  const perInvoice = (ours.upload + ours.stare + ours.descarcare) / total;
  book.check(perInvoice <= 2.8, () => `${perInvoice.toFixed(2)} calls per invoice.`);
  book.figure("hit", struck.size);
  book.figure("calls per invoice", perInvoice.toFixed(2));
  book.figure("list calls", ours.lista);
  book.figure("slowest hours", (slowestMs / 3_600_000).toFixed(1));

  // The naive client under the same kind of faults: whatever brings no index is sent again.
  const doubles = await resendBlindly(total);
  book.check(doubles > 0, () => "The naive client made no double: these faults do not bite.");
  book.figure("doubles of a naive client", doubles);

  async function resendBlindly(count: number): Promise<number> {
    const [{ upload }, { sampleInvoice }, { fetchPair }] = await Promise.all([
      import("#core/providers/anaf/client.ts"),
      import("#infra/local/anaf/documents.ts"),
      import("../with-anaf.ts"),
    ]);
    const { accessToken } = await fetchPair();
    const access = { accessToken, environment: "prod" } as const;
    const [seller, buyer] = [cifOf(companies), cifOf(companies + 1)];
    for (let n = 0; n < count; n++) {
      const xml = Buffer.from(sampleInvoice({ number: `N-${n}`, issueDate: "2026-11-16", seller, buyer }));
      for (let tries = 0; tries < 5; tries++) {
        const { header } = await upload(access, seller, { path: "upload", standard: "UBL" }, xml);
        if (header?.index_incarcare) break;
      }
    }
    const sql = "SELECT number FROM uploads WHERE seller = ? GROUP BY number HAVING count(*) > 1";
    return ledger<{ number: string }>(sql, seller).filter(
      ({ number }) => !struck.get(`${seller} ${number}`)?.includes("upload.double"),
    ).length;
  }
});
