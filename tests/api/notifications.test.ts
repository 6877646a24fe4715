import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "#core/lib/actor.ts";
import type { Membership } from "#core/identity/organizations.ts";
import type { News } from "#core/notify/tell.ts";
import type { Local } from "#infra/local/engine.ts";
import { start } from "#infra/local/engine.ts";
import { type SignedIn, signIn } from "../signed-in.ts";

const url = "/api/v1/notifications";
const companyId = "0199aaaa-0000-7000-8000-000000000001";

let local: Local;
let we: SignedIn;
let us: { userId: string; organizationId: string };

beforeAll(async () => {
  local = await start();
});
afterAll(() => local?.stop());
beforeEach(async () => {
  we = await signIn(local);
  us = await we.ids();
});

/** Tells our organization something, as the worker that hears of it does. */
async function tell(given: Partial<News> = {}): Promise<string> {
  const [{ tell: tellNews }, { newId }] = await Promise.all([
    import("#core/notify/tell.ts"),
    import("#core/lib/ids.ts"),
  ]);
  const id = newId();
  const { organizationId } = us;
  const facts = { companyId, id: newId(), number: "FCT0001", count: 3 };
  await tellNews({ id, type: "invoice.validated", organizationId, facts, ...given });
  return given.id ?? id;
}

/** Somebody else in our organization. */
async function colleague(given: Partial<Membership> = {}): Promise<SignedIn> {
  const [{ memberships }, { commit }, { newId }, { instant }] = await Promise.all([
    import("#core/identity/organizations.ts"),
    import("#core/store/commit.ts"),
    import("#core/lib/ids.ts"),
    import("#core/lib/clock.ts"),
  ]);
  const joined = await signIn(local);
  const { userId } = await joined.ids();
  const membership = memberships.insert(userId, {
    id: us.organizationId,
    membershipId: newId(),
    userId,
    role: "accountant",
    isActive: true,
    permissions: null,
    allowedCompanies: [],
    joinedAt: instant(),
    ...given,
  });
  await commit([membership]);
  return joined;
}

/** The mails somebody got about something, once all that is due was sent. */
async function mailsTo({ email }: SignedIn, about: string) {
  await local.drain();
  return local.mails().filter(({ to, subject }) => to === email && subject === about);
}

const list = async (who: SignedIn, query = "") => (await who.call("GET", `${url}${query}`)).body;
const unread = async (who: SignedIn) => (await who.call("GET", `${url}/unread-count`)).body;
const read = async (id: string, who = we) => who.call("PATCH", `${url}/${id}/read`);

/** As the API would ask, past it: days pass, and sessions end with them. */
async function later() {
  const notifications = await import("#core/notify/notifications.ts");
  const actor = { userId: us.userId } as Actor;
  return {
    ids: async () => (await notifications.list(actor)).map(({ id }) => id),
    count: () => notifications.countUnread(actor),
    readAll: () => notifications.readAll(actor),
  };
}

describe("GET /notifications", () => {
  it("200 with one's own, newest first, a page at a time", async () => {
    const other = await signIn(local);
    const ids = [await tell(), await tell({ type: "efactura.new_documents" }), await tell()];
    const { data, ...page } = await list(we, "?limit=2");
    expect(page).toEqual({ total: 3, page: 1, limit: 2, pages: 2 });
    expect(data.map(({ id }: { id: string }) => id)).toEqual([ids[2], ids[1]]);
    expect((await list(we, "?limit=2&page=2")).data).toMatchObject([
      {
        id: ids[0],
        uuid: ids[0],
        type: "invoice.validated",
        channel: "in_app",
        title: "Factura FCT0001 a fost validată",
        link: expect.stringMatching(/^\/invoices\//),
        data: { companyId, number: "FCT0001" },
        isRead: false,
        readAt: null,
        push: { attempted: false, skippedReason: "no_devices" },
      },
    ]);
    expect(await list(other)).toMatchObject({ data: [], total: 0 });
  });

  it("200 in the language its reader has now", async () => {
    await tell({ type: "efactura.new_documents" });
    expect((await list(we)).data[0].message).toBe("În SPV au sosit 3 facturi noi.");
    await we.call("PATCH", "/api/v1/me", { locale: "fr" });
    expect((await list(we)).data[0].message).toBe("3 new invoices arrived in SPV.");
  });

  it("200 with the newest 500 at most, and the count says the same", async () => {
    const [{ notifications }, { commit }, { newId }, { instant }] = await Promise.all([
      import("#core/notify/notifications.ts"),
      import("#core/store/commit.ts"),
      import("#core/lib/ids.ts"),
      import("#core/lib/clock.ts"),
    ]);
    const row = { type: "invoice.validated", data: { companyId }, isShown: true, readAt: null } as const;
    const write = () => notifications.insert(us.userId, { ...row, id: newId(), createdAt: instant() });
    for (let n = 0; n < 6; n++) await commit(Array.from({ length: 90 }, write));
    const newest = await tell();
    const page = await list(we, "?limit=200");
    expect([page.total, page.data[0].id]).toEqual([500, newest]);
    expect(await unread(we)).toEqual({ count: 500 });
  });

  it("200 without what was read a month ago and what is older than three", async () => {
    const [first, second] = [await tell(), await tell()];
    await read(first);
    const { ids, count } = await later();
    local.clock({ advance: "29d" });
    expect(await ids()).toEqual([second, first]);
    local.clock({ advance: "2d" });
    expect(await ids()).toEqual([second]);
    local.clock({ advance: "58d" });
    expect([await ids(), await count()]).toEqual([[second], 1]);
    local.clock({ advance: "2d" });
    expect([await ids(), await count()]).toEqual([[], 0]);
  });
});

describe("reading", () => {
  it("204 for one's own, once: the count goes down and the first time stays", async () => {
    const [first] = [await tell(), await tell()];
    expect(await unread(we)).toEqual({ count: 2 });
    expect((await read(first)).status).toBe(204);
    const { readAt } = (await list(we)).data[1];
    local.clock({ advance: "1m" });
    expect((await read(first)).status).toBe(204);
    expect((await list(we)).data[1]).toMatchObject({ id: first, isRead: true, readAt });
    expect(await unread(we)).toEqual({ count: 1 });
  });

  it("404 for another's, in the words of one that nobody has", async () => {
    const other = await signIn(local);
    const [foreign, nobodys] = [await read(await tell(), other), await read("x", other)];
    const { requestId: _id, ...body } = nobodys.body;
    expect(foreign).toMatchObject({ status: 404, body });
    expect(await unread(we)).toEqual({ count: 1 });
  });

  it("204 for all at once, and what comes after is new, what was on its way too", async () => {
    const { newId } = await import("#core/lib/ids.ts");
    const onItsWay = newId();
    const before = [await tell(), await tell()];
    local.clock({ advance: "1m" });
    expect((await we.call("POST", `${url}/read-all`)).status).toBe(204);
    expect(await unread(we)).toEqual({ count: 0 });
    local.clock({ advance: "1m" });
    await tell({ id: onItsWay });
    const after = await tell();
    expect(await unread(we)).toEqual({ count: 2 });
    const { data } = await list(we);
    const isRead = Object.fromEntries(
      data.map((one: { id: string; isRead: boolean }) => [one.id, one.isRead]),
    );
    expect(isRead).toEqual({ [before[0]!]: true, [before[1]!]: true, [onItsWay]: false, [after]: false });
  });
});

describe("telling", () => {
  it("twice is telling once, in the product and by mail", async () => {
    const id = await tell({ type: "invoice.rejected" });
    await tell({ id, type: "invoice.rejected" });
    await read(id);
    await tell({ id, type: "invoice.rejected" });
    expect(await list(we)).toMatchObject({ total: 1, data: [{ isRead: true }] });
    const mails = await mailsTo(we, "Factura FCT0001 a fost respinsă");
    expect(mails).toHaveLength(1);
    expect(mails[0]!.text).toContain("/invoices/");
  });

  it("reaches every member who may see the company, and no other", async () => {
    const elsewhere = [companyId.replace("1", "2")];
    const [all, chosen, other, gone, narrow] = [
      await colleague(),
      await colleague({ role: "employee", allowedCompanies: [companyId] }),
      await colleague({ role: "employee", allowedCompanies: elsewhere }),
      await colleague({ isActive: false }),
      await colleague({ permissions: ["product.view"] }),
    ];
    await tell();
    const counts = await Promise.all(
      [we, all, chosen, other, gone, narrow].map(async (who) => (await unread(who)).count),
    );
    expect(counts).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it("of a connection reaches whoever made it, though they see none of its companies", async () => {
    const [maker, other] = [
      await colleague({ allowedCompanies: [companyId] }),
      await colleague({ allowedCompanies: [companyId] }),
    ];
    const { userId: createdBy } = await maker.ids();
    const facts = { companyId: null, cifs: ["9000000011"], createdBy, label: "A & B", endsOn: "2027-01-31" };
    await tell({ type: "token.expiring_soon", facts });
    const counts = await Promise.all([we, maker, other].map(async (who) => (await unread(who)).count));
    expect(counts).toEqual([1, 1, 0]);
    const [mail] = await mailsTo(maker, "Conexiunea ANAF expiră la 2027-01-31");
    expect(mail!.html).toContain("A &amp; B");
    expect(mail!.text).toContain(`${local.apiUrl}/api/connect/anaf`);
  });
});

describe("/notification-preferences", () => {
  const preferences = "/api/v1/notification-preferences";

  it("200 with the usual switches, in both forms", async () => {
    const { status, body } = await we.call("GET", preferences);
    expect(status).toBe(200);
    expect(body.data).toHaveLength(23);
    expect(body.data).toContainEqual({
      eventType: "invoice.validated",
      emailEnabled: false,
      inAppEnabled: true,
      pushEnabled: true,
      telegramEnabled: false,
      whatsappEnabled: false,
      smsEnabled: false,
    });
    expect(body.preferences).toMatchObject({
      invoiceValidated: { email: false, inApp: true, push: true },
      invoiceAnafDeadline: { email: true, inApp: true, push: true },
      tokenExpiring: { email: true, inApp: true, push: true },
      exportReady: { email: true, inApp: true, push: true },
    });
  });

  it("200 for a part in either form and any of a type's names; what is not named stays, what is unknown is left out", async () => {
    const asList = [
      { eventType: "invoice.validated", emailEnabled: true },
      { eventType: "sync_failed", inAppEnabled: false, smsEnabled: true },
      { eventType: "__proto__", emailEnabled: true },
    ];
    await we.call("PUT", preferences, { preferences: asList });
    const asObject = { invoiceValidated: { inApp: false }, tokenExpired: { push: false }, constructor: {} };
    const { status, body } = await we.call("PUT", preferences, { preferences: asObject });
    expect(status).toBe(200);
    expect(body).toEqual((await we.call("GET", preferences)).body);
    const of = (type: string) => body.data.find(({ eventType }: { eventType: string }) => eventType === type);
    expect(of("invoice.validated")).toMatchObject({ emailEnabled: true, inAppEnabled: false });
    expect(of("sync.error")).toMatchObject({ inAppEnabled: false, smsEnabled: true, emailEnabled: false });
    expect(of("token.refresh_failed")).toMatchObject({ pushEnabled: false, inAppEnabled: true });
  });

  it("count from the next thing told: by mail alone, or not at all", async () => {
    await we.call("PUT", preferences, {
      preferences: { invoiceValidated: { email: true, inApp: false }, invoiceReceived: { inApp: false } },
    });
    const mailed = await tell();
    await tell({ type: "efactura.new_documents" });
    expect(await list(we)).toMatchObject({ total: 0 });
    expect(await unread(we)).toEqual({ count: 0 });
    expect((await read(mailed)).status).toBe(404);
    expect(await mailsTo(we, "Factura FCT0001 a fost validată")).toHaveLength(1);
  });

  it.each([{}, { preferences: "all" }, { preferences: [{ emailEnabled: true }] }])(
    "400 for %j",
    async (body) => {
      expect(await we.call("PUT", preferences, body)).toMatchObject({
        status: 400,
        body: { errors: { preferences: expect.any(String) } },
      });
    },
  );
});
