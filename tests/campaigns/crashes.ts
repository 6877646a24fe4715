/**
 * Crash-point enumeration: one invoice is issued, submitted, polled, downloaded and told to a webhook receiver, and at
 * every request that changes something outside, the function that makes it dies before it, dies after it, loses its
 * answer, or has its message delivered twice. Whatever happens, the end is that of the run in which nothing did.
 */
import { receiver } from "../receiver.ts";
import { call } from "../signed-in.ts";
import { startWithAnaf, withConnection } from "../with-anaf.ts";
import { campaign } from "./campaign.ts";
import { cifOf } from "./cifs.ts";
import { seededBytes, stillTime } from "./determinism.ts";
import { type Mishap, type Outgoing, tapOutgoing } from "./outgoing.ts";
import { openLedger, tapAnaf } from "./wire.ts";

const mishaps: readonly Mishap[] = ["crash before", "crash after", "lost answer", "twice"];
const minuteMs = 60_000;
/** A message that was being handled when its function died is visible again after twelve minutes. */
const patienceMinutes = 13;
const steps = [
  0,
  0.5,
  0.5,
  1,
  ...Array.from({ length: 3 }, () => patienceMinutes),
  ...Array.from({ length: 16 }, () => 60),
];
/** Once the invoice is settled, whoever lost a message still gets it. */
const stepsAfter = [patienceMinutes, patienceMinutes];

await campaign("crashes", async (book) => {
  const advance = stillTime("2026-11-16T07:00:00Z");
  seededBytes(book.seed);
  const hook = await receiver();
  const local = await startWithAnaf({ sleep: async () => {} });
  const ledger = openLedger(local);
  tapAnaf(local, () => undefined);

  /** The mishap of the run under way, and where it strikes: the n-th request of a name. */
  let planned: { place: string; mishap: Mishap } | undefined;
  let isWatching = false;
  let counts = new Map<string, number>();
  let places = new Map<string, Outgoing>();
  const shop = await withConnection(local, { cif: cifOf(0) });
  const { dynamo } = await import("#core/store/table.ts");
  tapOutgoing(dynamo().config.requestHandler, (request) => {
    if (!isWatching) return undefined;
    const nth = (counts.get(request.name) ?? 0) + 1;
    counts.set(request.name, nth);
    const place = `${request.name} #${nth}`;
    places.set(place, request);
    if (planned?.place !== place) return undefined;
    const { mishap } = planned;
    planned = undefined;
    book.fault(mishap);
    return mishap;
  });

  const { invoices } = await import("#core/documents/invoices/collection.ts");
  const made = await shop.call("POST", "/api/v1/webhooks", { url: hook.url, events: ["*"] }, inCompany());
  if (made.status !== 201) throw new Error(`Adding a webhook answered ${made.status}.`);
  await local.drain();

  function inCompany(more: Record<string, string> = {}): Record<string, string> {
    return { "x-company": shop.company.id, ...more };
  }

  /** A client's request: repeated under its key until there is an answer that is no failure of ours. */
  async function insist(headers: Record<string, string>, path: string): Promise<number> {
    const key = `${path} ${Math.random()}`;
    for (let tries = 0; ; tries++) {
      const once = inCompany({ ...headers, "idempotency-key": key });
      const { status } = await call(local, "POST", path, undefined, once).catch(() => ({ status: 599 }));
      if (status < 500 || tries === 5) return status;
    }
  }

  /** One invoice's whole way, and what it came to. */
  async function live(): Promise<string> {
    const { email, password } = shop;
    const signedIn = await call(local, "POST", "/api/auth", { email, password });
    const headers = { authorization: `Bearer ${signedIn.body.token}` };
    const draft = {
      clientId: shop.client.id,
      lines: [{ description: "Ore", quantity: 1, unitPrice: 100, vatRate: 21 }],
    };
    const created = await call(local, "POST", "/api/v1/invoices", draft, inCompany(headers));
    const { id } = created.body.invoice as { id: string };
    await local.drain();
    hook.received.length = 0;
    isWatching = true;
    const answers = [
      await insist(headers, `/api/v1/invoices/${id}/issue`),
      await insist(headers, `/api/v1/invoices/${id}/submit`),
    ];
    const pass = async (minutes: number) => {
      advance(minutes * minuteMs);
      await local.drain();
    };
    for (const step of steps) {
      await pass(step);
      const { status } = await invoices.get(shop.company.id, id);
      if (status === "validated" || status === "rejected") break;
    }
    for (const step of stepsAfter) await pass(step);
    isWatching = false;
    return stateOf(id, answers);
  }

  async function stateOf(id: string, answers: number[]): Promise<string> {
    const invoice = await invoices.get(shop.company.id, id);
    const { messages } = await import("#core/einvoicing/messages.ts");
    const about = (await messages.all(shop.company.id)).filter(({ invoiceId }) => invoiceId === id);
    const sql = "SELECT state FROM uploads WHERE seller = ? AND number = ?";
    const uploads = ledger<{ state: string }>(sql, shop.company.cif, invoice.number);
    const told = hook.received.map(({ body }) => (JSON.parse(body) as { event: string }).event);
    const dead = local.queues
      .names()
      .filter((name) => name.endsWith("Dead") && local.queues.counts(local.queues.get(name)).visible > 0);
    return JSON.stringify({
      answers,
      status: [invoice.status, invoice.anafStatus, invoice.signatureValid, invoice.anafErrorMessage],
      timeline: invoice.events.map(({ newStatus }) => newStatus),
      uploads: uploads.map(({ state }) => state),
      messages: about.map(({ type, stage }) => [type, stage]),
      told: [...new Set(told)].toSorted(),
      dead,
    });
  }

  const wanted = await live();
  const found = [...places];
  const cases = found.flatMap(([place, { isEffect, isQueued }]) =>
    isEffect
      ? mishaps.filter((mishap) => mishap !== "twice" || isQueued).map((mishap) => ({ place, mishap }))
      : [],
  );
  const share = book.scaled(10, 24, cases.length, cases.length);
  const chosen = cases
    .toSorted((a, b) => book.draw(`${a.place} ${a.mishap}`) - book.draw(`${b.place} ${b.mishap}`))
    .slice(0, share);
  let missed = 0;
  for (const one of chosen) {
    planned = one;
    counts = new Map();
    places = new Map();
    const state = await live();
    book.op();
    // Which requests of a name come first may differ when several run side by side.
    if (planned !== undefined) missed++;
    planned = undefined;
    book.trace(`${one.mishap} at ${one.place}`, state);
    book.check(
      state === wanted,
      () => `${one.mishap} at ${one.place}:\n    ${state}\n    instead of\n    ${wanted}`,
    );
  }
  book.figure("sites", found.length);
  book.figure("effects", found.filter(([, { isEffect }]) => isEffect).length);
  book.figure("cases", `${chosen.length} of ${cases.length}`);
  book.figure("not reached", missed);
});
