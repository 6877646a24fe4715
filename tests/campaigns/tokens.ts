/**
 * Tokens over four hundred days: connections are looked after twice a day and called through now and then, while
 * replies to refreshes are lost, refreshes are refused and rights are revoked. However many ask at once there is one
 * refresh; no call carries a token that has ended; each warning is given once; what cannot be renewed asks for a new
 * connection instead of going in circles.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { SQSEvent } from "aws-lambda";
import type { AnafConnection } from "#core/companies/anaf-connections.ts";
import { createSimulator } from "#infra/local/anaf/simulator.ts";
import { campaign } from "./campaign.ts";
import { cifOf } from "./cifs.ts";
import { seededBytes, stillTime } from "./determinism.ts";
import { modelSystem } from "./model/system.ts";

const halfDayMs = 43_200_000;
const days = 400;
const racers = 32;
/** What may befall a refresh: nothing, a lost reply, a refusal, a gateway that is out of order. */
const refreshFaults = ["auth.rotation_lost", "auth.refresh_expired", "auth.html", "gw.503", "gw.hang"];

await campaign("tokens", async (book) => {
  const count = book.scaled(10, 30, 100, 1_000);
  const advance = stillTime("2026-11-16T07:00:00Z");
  seededBytes(book.seed);
  const anaf = createSimulator({
    seed: book.seed,
    now: Date.now,
    onClock: () => {},
    sleep: async () => {},
    allowHeaders: true,
    defaultHolder: "SER-ANY",
  });
  const simulator = "http://anaf.model";
  Object.assign(process.env, {
    BASE_URL: "http://storno.model",
    ANAF_LOGIN_URL: `${simulator}/logincert`,
    ANAF_API_URL: `${simulator}/api-anaf`,
  });
  const mails: string[] = [];
  /** Who is to be told hears of it twice, as queues may do, and should be mailed once. */
  async function tellTwice(body: string): Promise<void> {
    const { handler } = await import("#functions/workers/events.ts");
    const event = { Records: [{ messageId: "1", body }] } as SQSEvent;
    for (let n = 0; n < 2; n++)
      if ((await handler(event)).batchItemFailures.length > 0) throw new Error(`Not told: ${body}`);
  }
  const system = await modelSystem({ Mails: async (body) => void mails.push(body), Events: tellTwice }, []);
  process.env.SST_RESOURCE_AnafClientId = JSON.stringify({ value: "sim-client" });
  process.env.SST_RESOURCE_AnafClientSecret = JSON.stringify({ value: "sim-secret" });

  let fault: string | undefined;
  let callFault: string | undefined;
  let refreshes = 0;
  const refused = { ended: 0 };
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const isToken = new URL(request.url).pathname.endsWith("/token");
    if (isToken) refreshes++;
    const struck = isToken ? fault : callFault;
    if (struck) {
      request.headers.set("x-sim-fault", struck);
      book.fault(struck);
    }
    // Long enough for everybody in a race to see that somebody is at it.
    if (isToken) await pause(20);
    const response = await anaf.app.fetch(request);
    if (!isToken && response.status === 401) refused.ended++;
    return response;
  };

  const [
    { storeConnection, renew },
    { careForConnections },
    { anafConnections },
    { ask },
    { users },
    { memberships },
    Oauth,
    Store,
  ] = await Promise.all([
    import("#core/einvoicing/connections.ts"),
    import("#core/einvoicing/connection-care.ts"),
    import("#core/companies/anaf-connections.ts"),
    import("#core/einvoicing/mailbox.ts"),
    import("#core/identity/users.ts"),
    import("#core/identity/organizations.ts"),
    import("#core/providers/anaf/oauth.ts"),
    import("#core/store/commit.ts"),
  ]);
  const { list } = await import("#core/providers/anaf/client.ts");

  /** One organization with one connection, as connecting leaves it. */
  async function connect(n: number) {
    const organizationId = `org-${n}`;
    const userId = `user-${n}`;
    await Store.commit([
      users.insert(userId, { id: userId, email: `${n}@example.com`, locale: "en", active: true } as never),
      memberships.insert(userId, { id: organizationId, userId, role: "owner", isActive: true } as never),
    ]);
    const consent = await fetch(Oauth.authorizeUrl({ id: "sim-client", secret: "sim-secret" }, "x"), {
      redirect: "manual",
    });
    const code = new URL(consent.headers.get("location")!).searchParams.get("code")!;
    const outcome = await Oauth.exchangeCode({ id: "sim-client", secret: "sim-secret" }, code);
    if (outcome.result !== "pair") throw new Error(outcome.message);
    const { id } = await storeConnection({ organizationId, userId }, outcome.pair, { cifs: [cifOf(n)] });
    return { n, organizationId, id, warned: [] as number[], lost: false };
  }
  const all = [];
  for (let n = 0; n < count; n++) all.push(await connect(n));
  type One = (typeof all)[number];
  const rowOf = async ({ organizationId, id }: One): Promise<AnafConnection> =>
    (await anafConnections.find(organizationId, id))!;

  /** Thirty-two functions find at once that the tokens must be renewed: one asks, all get what it got. */
  async function race(one: One, label: string): Promise<void> {
    const before = await rowOf(one);
    if (before.state !== "active") return;
    fault = book.draw(`${label} fault`) < 0.25 ? book.pick(`${label} which`, refreshFaults) : undefined;
    const asked = refreshes;
    const outcomes = await Promise.allSettled(
      Array.from({ length: racers }, () => renew(one.organizationId, before, "due")),
    );
    const used = refreshes - asked;
    const hadFault = fault;
    fault = undefined;
    book.op(racers);
    const seals = new Set(
      outcomes.flatMap((each) => (each.status === "fulfilled" && each.value ? [each.value.sealed] : [])),
    );
    book.check(used <= 1 && seals.size <= 1, () => `${label}: ${used} refreshes, ${seals.size} pairs.`);
    if (hadFault === "auth.rotation_lost" || hadFault === "auth.refresh_expired") one.lost = true;
    book.trace(String(one.n), `${label} ${hadFault ?? "served"} ${used}`);
  }

  /** A call through the connection, which may find the right over the company revoked, and finds it back the next time. */
  async function look(one: One, label: string): Promise<void> {
    const { organizationId, n } = one;
    const cif = cifOf(n);
    const mailbox = { organizationId, companyId: `co-${n}`, cif, refusal: null };
    const window = { cif, startMs: Date.now() - halfDayMs, endMs: Date.now() - 60_000, page: 1 };
    const isRevoked = book.draw(`${label} right`) < 0.3;
    callFault = isRevoked ? "rights.revoked" : undefined;
    const { answer } = await ask(mailbox, "listaMesajePaginatieFactura", (access) => list(access, window));
    callFault = undefined;
    const isOver = (await rowOf(one)).state !== "active";
    const wanted = isRevoked ? "no_right" : "empty";
    book.check(
      answer.class === wanted || (isOver && one.lost),
      () => `${label}: a call was ${answer.class}.`,
    );
    book.trace(String(n), `${label} ${answer.class}`);
    book.op();
  }

  /** The warnings since the last renewal, each once: they are days apart, so a look a day sees them all. */
  async function noteWarning(one: One): Promise<void> {
    const { warnedAtDays } = await rowOf(one);
    if (warnedAtDays === null) one.warned = [];
    else if (one.warned.at(-1) !== warnedAtDays) one.warned.push(warnedAtDays);
  }

  for (let half = 0; half < days * 2; half++) {
    advance(halfDayMs);
    // What fell due is taken 200 at a time.
    while ((await careForConnections()) === 200);
    await system.drain();
    for (const one of all) {
      const label = `${one.n} ${half}`;
      if (half % 2 === 0) await noteWarning(one);
      const chance = book.draw(label);
      if (chance < 0.004) await race(one, label);
      else if (chance < 0.01) await look(one, label);
    }
  }

  for (const one of all) {
    const row = await rowOf(one);
    const { state, refreshExpiresAt } = row;
    book.trace(String(one.n), state);
    book.check(state === "active" || one.lost, () => `${one.n} ended although every refresh was answered.`);
    book.check(
      state === "active" || Date.parse(refreshExpiresAt) <= Date.now() || one.lost,
      () => `${one.n} is closed before its time.`,
    );
    const rising = one.warned.every((warning, at) => at === 0 || warning < one.warned[at - 1]!);
    book.check(rising, () => `${one.n} was warned at ${one.warned.join(", ")} days.`);
    if (one.lost && state !== "active")
      book.check(
        one.warned.at(-1) === 1 || one.warned.length === 0,
        () => `${one.n} had warnings at ${one.warned.join()}.`,
      );
  }
  book.check(refused.ended === 0, () => `${refused.ended} calls carried a token that had ended.`);
  book.check(new Set(mails).size === mails.length, () => "A warning was mailed twice.");
  book.check(mails.length > 0, () => "Nobody was warned by mail.");
  book.figure("tokens", count);
  book.figure("days", days);
  book.figure("refreshes", refreshes);
  book.figure("mails", mails.length);
  book.figure("ended", (await Promise.all(all.map(rowOf))).filter(({ state }) => state !== "active").length);
});
