/**
 * Inbox completeness: suppliers' invoices arrive over a day and a half in many mailboxes while lists and downloads fail in
 * every way they can. What we hold in the end must be exactly what the authority listed, everything must have come to
 * an end that says why, and looking again twenty times must change nothing.
 */
import type { Company } from "#core/companies/company.ts";
import { signIn } from "../signed-in.ts";
import { fetchPair, startWithAnaf } from "../with-anaf.ts";
import { campaign } from "./campaign.ts";
import { cifOf } from "./cifs.ts";
import { seededBytes, stillTime } from "./determinism.ts";
import { intoMemory } from "./model/memory.ts";
import { type AnafCall, openLedger, tapAnaf } from "./wire.ts";

const roadFaults = [
  "auth.expired",
  "gw.429",
  "gw.502",
  "gw.503",
  "gw.hang",
  "gw.maintenance",
  "gw.reset_midbody",
];
const listFaults = [
  "list.empty",
  "list.lag",
  "list.out_of_order",
  "list.future_end",
  "list.page_shift",
  "list.past_end",
  "list.http400",
  "list.quota",
  "list.ghost",
  "list.same_solicitare",
  "list.numeric_ids",
  "inbox.duplicate_supplier",
];
const downloadFaults = [
  "dl.quota",
  "dl.expired",
  "dl.text_plain",
  "dl.truncated",
  "dl.order",
  "dl.enveloped",
  "dl.bytes_changed",
  "seal.rotated",
  "seal.reindented",
  "inbox.hostile_xml;kind=dtd",
  "inbox.hostile_xml;kind=entities",
];
/** Of many megabytes each: a handful among thousands, or nothing else would be done. */
const hugeFiles = ["inbox.hostile_xml;kind=attachment", "inbox.hostile_xml;kind=bomb"];
/** Faults strike for two days; a day and a half later every mailbox has had its daily deeper look. */
const [arrivalHours, faultyHours, allHours] = [36, 48, 84];
/** What the plan allows an organization. */
const companiesEach = 3;
const hourMs = 3_600_000;
const stepHours = 3;

await campaign("inbox", async (book) => {
  const companies = book.scaled(3, 60, 60, 60);
  const total = book.scaled(30, 1_000, 6_000, 100_000);
  const advance = stillTime("2026-11-16T07:00:00Z");
  seededBytes(book.seed);
  // Mailboxes that are looked into twice a day see every deeper look as soon as others, and the days pass faster.
  const env = { NEW_ORGANIZATION_PLAN: "starter" };
  const local = await startWithAnaf({ allowHeaders: true, sleep: async () => {} }, env);
  if (book.store === "memory") await intoMemory(local);
  const ledger = openLedger(local);
  let isFaulty = true;
  const asked = new Map<string, number>();
  const struck = new Map<string, string[]>();

  tapAnaf(local, (call) => {
    const fault = isFaulty ? faultFor(call) : undefined;
    if (fault) book.fault(fault);
    return fault;
  });

  /** Half of all lists and a third of all downloads meet something; which one follows from whom and the how-manieth it is. */
  function faultFor({ verb, query }: AnafCall): string | undefined {
    if (verb !== "lista" && verb !== "descarcare") return undefined;
    const subject = verb === "lista" ? `list ${query.get("cif")}` : `download ${query.get("id")}`;
    const nth = (asked.get(subject) ?? 0) + 1;
    asked.set(subject, nth);
    if (book.draw(`${subject} ${nth}`) >= (verb === "lista" ? 1 / 2 : 1 / 3)) return undefined;
    const isHuge = verb === "descarcare" && book.draw(`${subject} huge ${nth}`) < 0.004;
    const faults = isHuge ? hugeFiles : [...(verb === "lista" ? listFaults : downloadFaults), ...roadFaults];
    const fault = book.pick(`${subject} fault ${nth}`, faults);
    struck.set(subject, [...(struck.get(subject) ?? []), fault]);
    return fault;
  }

  const [{ storeConnection }, { companies: stored }, { messages }] = await Promise.all([
    import("#core/einvoicing/connections.ts"),
    import("#core/companies/company.ts"),
    import("#core/einvoicing/messages.ts"),
  ]);
  const cifs = Array.from({ length: companies }, (_, n) => cifOf(n));
  const mailboxes: Company[] = [];
  for (let n = 0; n < companies; n += companiesEach) {
    const owner = await signIn(local);
    const theirs = await owner.ids();
    const covered = cifs.slice(n, n + companiesEach);
    await storeConnection(theirs, await fetchPair(), { cifs: covered });
    for (const cif of covered) {
      const made = await owner.call("POST", "/api/v1/companies", { cif });
      const synced = await owner.call("POST", `/api/v1/companies/${made.body.id}/toggle-sync`);
      if (synced.body.syncEnabled !== true) throw new Error(`${cif} is not looked into.`);
    }
    mailboxes.push(...(await stored.all(theirs.organizationId)));
  }

  let delivered = 0;
  for (let hour = 0; hour < allHours; hour += stepHours) {
    isFaulty = hour < faultyHours;
    const until = Math.min(total, Math.ceil((total * (hour + stepHours)) / arrivalHours));
    for (; delivered < until; delivered++) {
      const cif = book.pick(`to ${delivered}`, cifs);
      local.simulator.admin.deliverBulk(cif, 1);
      book.op();
    }
    await local.drain();
    advance(stepHours * hourMs);
  }
  await local.drain();

  /** What we hold of a mailbox, by download id. */
  const held = async (companyId: string) =>
    new Map((await messages.all(companyId)).map((message) => [message.downloadId, message]));

  let listed = 0;
  for (const { id: companyId, cif } of mailboxes) {
    const ours = await held(companyId);
    const theirs = ledger<{ id: number }>("SELECT id FROM messages WHERE env = 'prod' AND cif = ?", cif);
    listed += theirs.length;
    const missing = theirs.filter(({ id }) => !ours.has(String(id)));
    book.check(missing.length === 0, () => `${cif} misses ${missing.map(({ id }) => id).join(", ")}.`);
    book.check(ours.size === theirs.length, () => `${cif}: ${ours.size} held, ${theirs.length} listed.`);
    for (const { downloadId, stage, errorMessage, type, invoiceId } of ours.values()) {
      const faults = (struck.get(`download ${downloadId}`) ?? []).join(", ");
      const where = `${cif} ${downloadId} is ${stage} (${errorMessage}) after ${faults || "nothing"}`;
      const isEnded = ["done", "unreadable", "expired"].includes(stage);
      book.check(isEnded, () => `${where}: not at an end.`);
      book.check(stage !== "unreadable" || faults.includes("hostile"), () => `${where}: readable.`);
      book.check(
        !(stage === "done" && type === "FACTURA_PRIMITA" && invoiceId === null),
        () => `${where}: no invoice.`,
      );
      book.trace(`${cif} ${downloadId}`, `${faults} → ${stage}`);
    }
  }

  // Looking again at all of it, twenty times, finds nothing and changes nothing.
  const { synchronize } = await import("#core/einvoicing/sync.ts");
  const before = await fingerprint();
  for (let round = 0; round < 20; round++) {
    advance(60_000);
    for (const { id: companyId, organizationId } of mailboxes) {
      await synchronize({ organizationId, companyId, cause: "manual", days: 60 });
      book.op();
    }
    await local.drain();
  }
  book.check((await fingerprint()) === before, () => "Looking again changed what is held.");
  book.figure("companies", companies);
  book.figure("messages", listed);

  /** Every row of what came from the mailboxes, with its revision. */
  async function fingerprint(): Promise<string> {
    const { invoices } = await import("#core/documents/invoices/collection.ts");
    const all = await Promise.all(
      mailboxes.map(async ({ id }) => [...(await messages.all(id)), ...(await invoices.all(id))]),
    );
    return JSON.stringify(all.flat().map(({ id, rev }) => [id, rev]));
  }
});
