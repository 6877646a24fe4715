import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Shown } from "#core/notify/notifications.ts";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { type Connected, control, pass, startWithAnaf, userOf, withConnection } from "../with-anaf.ts";
import { addClient, type Invoicing, withInvoices } from "../with-invoices.ts";

/*
 * One week, told in order. Issued on Monday 1 March 2027, an invoice must reach ANAF by Monday the 8th, the fifth
 * working day after. Its people are warned on Friday the 5th and on Tuesday the 9th, at eight in Bucharest: six in UTC.
 */
const issueDate = "2027-03-01";
const deadline = "2027-03-08";

let local: Local;
let shop: Connected;
/** Lost its connection in the course of the week. */
let severed: Connected;
/** Never had one. */
let stranger: Invoicing;
/** Ids of invoices, by what becomes of them. */
const ids: Record<string, string> = {};

/** Sets time and lets everything happen that is due then. */
async function at(instant: string): Promise<void> {
  local.clock({ set: instant });
  await local.drain();
}

/** What a user is shown, newest first. */
async function toldTo({ token }: { token: string }): Promise<Shown[]> {
  const { list } = await import("#core/notify/notifications.ts");
  return list({ userId: userOf(token) } as Parameters<typeof list>[0]);
}

/** The warnings each invoice led to, oldest first: which, in what state, and whether they say that it is late. */
async function warnings(of: { token: string } = shop): Promise<Record<string, unknown[]>> {
  const told = (await toldTo(of)).filter(({ type }) => type.startsWith("invoice.anaf_")).toReversed();
  const nameOf = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  const byInvoice = Map.groupBy(told, ({ data }) => nameOf.get(data.id!)!);
  return Object.fromEntries(
    [...byInvoice].map(([name, about]) => [
      name,
      about.map(({ type, data }) => [type.replace("invoice.anaf_", ""), data.state, data.isPast]),
    ]),
  );
}

const warningMails = ({ email }: { email: string }): string[] =>
  local
    .mails()
    .filter(({ to, subject }) => to === email && /ANAF/.test(subject))
    .map(({ subject }) => subject);

const uploadsFail = async (id: string) =>
  control(local, "/faults", { id, when: { cif: shop.company.cif, verb: "upload" } });

beforeAll(async () => {
  local = await startWithAnaf();
  await at(`${issueDate}T07:00:00Z`);
  shop = await withConnection(local, { cif: freshCif() });
  severed = await withConnection(local, { cif: freshCif() });
  stranger = await withInvoices(local, freshCif());
  ids.strangers = (await stranger.issued()).id;
});
afterAll(() => local?.stop());

describe("on Monday", () => {
  it("an invoice issued when it was late already has an hour to be sent before its people are told", async () => {
    const { id } = await shop.issuedLater({ issueDate: "2027-02-01" });
    ids.late = id;
    await pass(local, "50m");
    expect(await warnings()).toEqual({});
    await pass(local, "11m");
    expect(await warnings()).toEqual({ late: [["deadline", "not_sent", true]] });
  });

  it("invoices are issued, and what becomes of them differs", async () => {
    const Invoices = await import("#core/documents/invoices/index.ts");
    ids.unsent = (await shop.issuedLater()).id;
    ids.validated = (await shop.submitted()).id;
    ids.rejected = (await shop.submitted({ notes: "SIM:NOK" })).id;
    ids.cancelled = (await shop.issuedLater()).id;
    await Invoices.cancel(shop.actor, ids.cancelled, null);
    ids.redated = (await shop.issuedLater()).id;
    await Invoices.update(shop.actor, ids.redated, { issueDate: "2027-03-03" });
    ids.antedated = (await shop.issuedLater()).id;
    await Invoices.update(shop.actor, ids.antedated, { issueDate: "2027-02-01" });
    const berlin = { country: "DE", vatCode: "DE123456789", cui: null, county: null, city: "Berlin" };
    const client = await addClient(shop.company.id, berlin);
    ids.foreign = (await shop.issuedLater({ clientId: client.id })).id;
    ids.severed = (await severed.issuedLater()).id;
    await pass(local, "10s", 3);
    expect((await shop.get(ids.validated)).status).toBe("validated");
    expect((await shop.get(ids.rejected)).status).toBe("rejected");
  });
});

describe("on Friday, the working day before the deadline", () => {
  it("nobody is told before eight", async () => {
    await at("2027-03-04T16:00:00Z");
    ids.stuck = (await shop.submitted({ issueDate, notes: "SIM:STUCK" })).id;
    await pass(local, "1m", 2);
    await at("2027-03-05T05:55:00Z");
    ids.lucky = (await shop.submitted({ issueDate, notes: "SIM:SLOW" })).id;
    await local.drain();
    await uploadsFail("gw.503");
    ids.unlucky = (await shop.submitted({ issueDate })).id;
    await at("2027-03-05T05:59:00Z");
    expect(Object.keys(await warnings())).toEqual(["late", "antedated"]);
  });

  it("whoever sees the company is told of each that ANAF has not validated, whatever the reason", async () => {
    await at("2027-03-05T06:02:00Z");
    expect(await warnings()).toEqual({
      late: [["deadline", "not_sent", true]],
      antedated: [["deadline", "not_sent", true]],
      unsent: [["deadline", "not_sent", false]],
      rejected: [["deadline", "rejected", false]],
      stuck: [["deadline", "processing", false]],
    });
    const { number } = await shop.get(ids.unsent!);
    const title = `Factura ${number} trebuie să ajungă la ANAF până la ${deadline}`;
    const unsent = (await toldTo(shop)).find(({ data }) => data.id === ids.unsent);
    const { name: company } = shop.company;
    expect(unsent).toMatchObject({
      title,
      link: `/invoices/${ids.unsent}`,
      data: { deadline, number, company },
    });
  });

  it("those of a morning are mailed together, once", async () => {
    await at("2027-03-05T06:45:00Z");
    const late = warningMails(shop);
    const isPast = expect.stringContaining("termenul de transmitere la ANAF a trecut");
    expect(late).toEqual([isPast, isPast]);
    await at("2027-03-05T06:48:00Z");
    expect(warningMails(shop)).toEqual(["3 facturi nu au fost validate de ANAF", ...late]);
    const { text } = local.mails().find(({ to }) => to === shop.email)!;
    for (const name of ["unsent", "rejected", "stuck"]) {
      expect(text.split(`/invoices/${ids[name]}`)).toHaveLength(2);
      expect(text).toContain((await shop.get(ids[name]!)).number);
    }
  });

  it("what was submitted a moment before has an hour to be judged", async () => {
    expect((await shop.get(ids.lucky!)).status).toBe("validated");
    await at("2027-03-05T06:58:00Z");
    await control(local, "/faults", undefined, "DELETE");
    const { lucky, unlucky } = await warnings();
    expect({ lucky, unlucky }).toEqual({ unlucky: [["deadline", "unconfirmed", false]] });
  });

  it("what ANAF has been processing for a day is told of once more", async () => {
    await at("2027-03-05T16:30:00Z");
    await pass(local, "1h", 2);
    const { stuck } = await warnings();
    expect(stuck).toEqual([
      ["deadline", "processing", false],
      ["deadline", "stuck", false],
    ]);
  });
});

describe("on Tuesday, when the deadline has passed", () => {
  it("a look that comes twice tells nothing twice", async () => {
    const { send } = await import("#core/store/queues.ts");
    const before = [await warnings(), warningMails(shop)];
    const { organizationId, company } = shop;
    const dueAt = "2027-03-05T06:00:00.000Z";
    const look = { organizationId, companyId: company.id, invoiceId: ids.unsent!, deadline, dueAt };
    for (let n = 0; n < 2; n++) await send("Events", look);
    await local.drain();
    expect([await warnings(), warningMails(shop)]).toEqual(before);
  });

  it("each that is still not validated is told of once more; one dated later is only near", async () => {
    const { anafConnections } = await import("#core/companies/anaf-connections.ts");
    const { commit } = await import("#core/store/commit.ts");
    const { organizationId, connection } = severed;
    const found = await anafConnections.get(organizationId, connection.id);
    const ended = { ...found, state: "reconnect_required" as const, nextLookAt: null };
    await commit([anafConnections.replace(organizationId, found, ended)]);
    await at("2027-03-09T05:59:00Z");
    const before = await warnings();
    await at("2027-03-09T06:02:00Z");
    const near = (state: string) => ["deadline", state, false];
    const past = (state: string) => ["deadline", state, true];
    expect(await warnings()).toEqual({
      ...before,
      unsent: [near("not_sent"), past("not_sent")],
      rejected: [near("rejected"), past("rejected")],
      redated: [near("not_sent")],
    });
    expect((await shop.get(ids.stuck!)).status).toBe("validated");
  });

  it("a company that lost its connection is told that there is none to send by, by mail too", async () => {
    const { severed: told } = await warnings(severed);
    expect(told).toEqual([
      ["deadline", "not_sent", false],
      ["missing_token", "not_sent", true],
    ]);
    await at("2027-03-09T06:48:00Z");
    const { number } = await severed.get(ids.severed!);
    expect(warningMails(severed)[0]).toBe(`Factura ${number} nu poate fi trimisă: lipsește conexiunea ANAF`);
  });

  it("nothing was ever said where nothing is owed: cancelled, sold abroad, a company that sends otherwise", async () => {
    const { cancelled, foreign, validated } = await warnings();
    expect([cancelled, foreign, validated]).toEqual([undefined, undefined, undefined]);
    expect(await warnings(stranger)).toEqual({});
  });
});
