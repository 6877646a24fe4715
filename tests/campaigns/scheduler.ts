/**
 * The scheduler over a week: the real fan-out, budget, sweeper, looks and lists of many companies on all plans, on a
 * virtual clock and a model of the store, because the real one would take a day. Nobody may wait longer than one and a
 * half of his intervals, and no limit of ANAF's may be broken. The same scheduler on the embedded store must make the
 * same calls in the same minutes: that holds the model to the truth.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Plan } from "#core/lib/plans.ts";
import { campaign } from "./campaign.ts";
import { modelAnaf, populate } from "./model/mailboxes.ts";
import { modelSystem } from "./model/system.ts";
import { seededBytes, stillTime } from "./determinism.ts";

const minuteMs = 60_000;
const intervalMinutes = { freemium: 1440, starter: 720, professional: 240, business: 60 };
const twin = { companies: 20, minutes: 150 };

/** Most companies are on the cheaper plans. */
const planOf = (drawn: number): Plan =>
  drawn < 0.6 ? "freemium" : drawn < 0.8 ? "starter" : drawn < 0.92 ? "professional" : "business";

await campaign("scheduler", async (book) => {
  const isTwin = book.size === "tiny";
  const companies = isTwin ? twin.companies : book.scaled(0, 100, 1_000, 10_000);
  const minutes = isTwin ? twin.minutes : 1440 * book.scaled(0, 2, 7, 7);
  const startsAt = "2026-11-16T07:00:00Z";
  const advance = stillTime(startsAt);
  const seen = modelAnaf(book);
  process.env.ANAF_API_URL = "http://anaf.model";
  const system = book.store === "real" ? await realSystem() : await model();
  // Ids decide who is looked at when: from here on both stores are asked for the same ones.
  seededBytes(book.seed);
  const made = await populate(companies, isTwin ? () => "business" : (n) => planOf(book.draw(`plan ${n}`)));
  for (let minute = 0; minute <= minutes; minute++) {
    await system.drain();
    advance(minuteMs);
  }

  let worst = 0;
  for (const { cif, plan } of made) {
    const looks = (seen.looks.get(cif) ?? []).map((at) => (at - Date.parse(startsAt)) / minuteMs);
    for (const at of looks) book.trace(cif, String(at));
    const until = [...looks, minutes];
    const waits = until.map((at, n) => at - (n === 0 ? intervalMinutes[plan] : looks[n - 1]!));
    const longest = Math.max(...waits) / intervalMinutes[plan];
    worst = Math.max(worst, longest);
    book.check(isTwin || longest <= 1.5, () => `${cif} (${plan}) waited ${longest.toFixed(2)} intervals.`);
    book.op(looks.length);
  }
  book.check(seen.breaches === 0, () => `${seen.breaches} calls beyond ANAF's limits.`);
  book.figure("companies", companies);
  book.figure("days", (minutes / 1440).toFixed(1));
  book.figure("calls", seen.calls);
  book.figure("calls per invoice", (seen.calls / Math.max(1, seen.received)).toFixed(2));
  book.figure("worst wait in intervals", worst.toFixed(2));
  book.figure("breaches", seen.breaches);

  if (!isTwin) {
    const [ours, theirs] = await Promise.all(["memory", "real"].map(twinTrace));
    book.check(
      ours === theirs,
      () => `The model makes other calls (${ours}) than the embedded store (${theirs}).`,
    );
    book.figure("model against the embedded store", `${ours} ${theirs}`);
  }
});

/** The trace of the same few companies on one of the two stores. */
async function twinTrace(store: string): Promise<string> {
  const program = [import.meta.filename, "--size", "tiny", "--store", store];
  const { stdout } = await promisify(execFile)(process.execPath, program, {
    env: { PATH: process.env.PATH },
  });
  return /trace (\w+)$/m.exec(stdout)![1]!;
}

async function realSystem() {
  const { start } = await import("#infra/local/engine.ts");
  return start({ env: { ANAF_API_URL: "http://anaf.model" } });
}

/** Looks run as they are; a download is one call and no more, because the scheduler does not care what is in it. */
async function model() {
  const { handler } = await import("#functions/workers/sync.ts");
  const system = await modelSystem({
    Sync: async (body) => {
      const answer = await handler({ Records: [{ messageId: "1", body }] } as never);
      if (answer.batchItemFailures.length > 0) throw new Error(`A message of the schedule failed: ${body}`);
    },
    Downloads: download,
  });
  return system;
}

async function download(body: string): Promise<void> {
  const { organizationId, companyId, messageId } = JSON.parse(body) as Record<string, string>;
  const [{ companies }, { messages }, { ask, mailboxOf }, { descarcare }, { commit }] = await Promise.all([
    import("#core/companies/company.ts"),
    import("#core/einvoicing/messages.ts"),
    import("#core/einvoicing/mailbox.ts"),
    import("#core/providers/anaf/client.ts"),
    import("#core/store/commit.ts"),
  ]);
  const mailbox = mailboxOf(await companies.get(organizationId!, companyId!));
  const message = await messages.get(companyId!, messageId!);
  await ask(mailbox, "descarcare", (access) => descarcare(access, message.downloadId));
  await commit([messages.replace(companyId!, message, { ...message, stage: "done" })]);
}
