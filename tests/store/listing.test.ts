import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { newId } from "#core/lib/ids.ts";
import { collection } from "#core/store/collection.ts";
import { commit } from "#core/store/commit.ts";
import { listColumns, type ListQuery, listRows } from "#core/store/listing.ts";
import { fold } from "#core/store/listing/fold.ts";
import { type Local, start } from "#infra/local/engine.ts";

interface Thing {
  id: string;
  rev: number;
  name: string | null;
  status: string;
  total: string;
  paid: boolean;
  deleted: boolean;
}

const columns = listColumns({ name: "text", status: "text", total: "cents", paid: "flag" });
const things = collection<Thing>({
  kind: "thing",
  what: "Thing",
  cells: (thing) => (thing.deleted ? null : columns.cells(thing)),
});
type Query = ListQuery<typeof columns.spec>;

let local: Local;
beforeAll(async () => {
  local = await start();
});
afterAll(() => local.stop());

// Folding takes what settled a minute ago, by the machine's time: the tests move that alone.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());
const letSettle = () => vi.setSystemTime(Date.now() + 121_000);

/** A list kept in memory beside the stored one, moved by the same seeded changes. */
function model(seed: number) {
  const alive = new Map<string, Thing>();
  let state = seed;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  const names = ["Ștefan", "ștefania", "Ana", "Țăndărică", null, "Zoe", "ANASTASIA"];
  const anything = () => ({
    name: names[random(names.length)]!,
    status: ["draft", "issued", "paid"][random(3)]!,
    total: `${random(2000) - 500}.${String(random(100)).padStart(2, "0")}`,
    paid: random(2) === 1,
    deleted: false,
  });
  const change = async (scope: string) => {
    const ids = [...alive.keys()];
    const before = alive.get(ids[random(Math.max(1, ids.length))] ?? "");
    const kind = random(10);
    const write =
      !before || kind < 5
        ? things.insert(scope, { id: newId(), ...anything() })
        : things.replace(scope, before, { ...before, ...anything(), deleted: kind === 9 });
    await commit([write]);
    if (write.value.deleted) alive.delete(write.value.id);
    else alive.set(write.value.id, write.value);
  };
  return { alive, random, change };
}

const cents = (text: string) => Math.round(Number(text) * 100);
const plain = (text: string) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** What the list must answer, by brute force over everything alive. */
function expected(alive: Iterable<Thing>, query: Query) {
  const sortValue = (thing: Thing) =>
    query.sort === "id"
      ? thing.id
      : query.sort === "total"
        ? cents(thing.total)
        : query.sort === "paid"
          ? Number(thing.paid)
          : thing[query.sort];
  const sign = query.descending ? -1 : 1;
  const rows = [...alive]
    .filter((thing) => !query.search || plain(thing.name ?? "").includes(plain(query.search.text)))
    .filter((thing) => query.where?.({ ...thing, total: cents(thing.total) }) ?? true)
    .toSorted((a, b) => {
      const [x, y] = [sortValue(a), sortValue(b)];
      if (x === y) return a.id > b.id ? -1 : 1;
      if (x === null) return 1;
      if (y === null) return -1;
      return x < y ? -sign : sign;
    });
  const from = (query.page - 1) * query.limit;
  return { ids: rows.slice(from, from + query.limit).map(({ id }) => id), total: rows.length };
}

const queries: Query[] = [
  { sort: "id", descending: true, page: 1, limit: 20 },
  { sort: "id", descending: false, page: 3, limit: 7 },
  { sort: "total", descending: true, page: 2, limit: 10 },
  { sort: "name", descending: false, page: 1, limit: 50 },
  { sort: "name", descending: true, page: 4, limit: 9, search: { text: "ANA", in: ["name"] } },
  { sort: "paid", descending: true, page: 1, limit: 20, where: ({ status }) => status === "issued" },
  { sort: "total", descending: false, page: 1, limit: 20, search: { text: "ștefan", in: ["name"] } },
];

describe("listRows", () => {
  it("answers what a full scan would, whatever is folded and whatever changed since", async () => {
    const scope = newId();
    const { alive, change } = model(7);
    let folded = 0;
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 90; i++) await change(scope);
      letSettle();
      if (round % 2 === 1) folded += await fold(things.partition(scope));
      for (const query of queries) {
        const { ids, total } = await listRows(scope, things, columns, query);
        expect({ ids, total }).toEqual(expected(alive.values(), query));
      }
    }
    expect([alive.size > 200, folded > 300]).toEqual([true, true]);
  });

  it("walks the whole list by cursor without a gap or a repeat", async () => {
    const scope = newId();
    const { alive, change } = model(3);
    for (let i = 0; i < 250; i++) await change(scope);
    letSettle();
    expect(await fold(things.partition(scope))).toBeGreaterThan(0);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRows(scope, things, columns, {
        sort: "status",
        descending: false,
        page: 1,
        limit: 11,
        ...(cursor ? { cursor } : {}),
      });
      expect(page.total).toBe(alive.size);
      seen.push(...page.ids);
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(
      expected(alive.values(), { sort: "status", descending: false, page: 1, limit: 500 }).ids,
    );
  });

  it("shows every row to the visitor once, with whether it matches", async () => {
    const scope = newId();
    const { alive, change } = model(5);
    for (let i = 0; i < 60; i++) await change(scope);
    let sum = 0;
    let rows = 0;
    await listRows(scope, things, columns, {
      sort: "id",
      descending: true,
      page: 1,
      limit: 1,
      where: ({ paid }) => paid,
      visit: ({ total }, matches) => {
        rows++;
        if (matches) sum += total ?? 0;
      },
    });
    const paid = [...alive.values()].filter((thing) => thing.paid);
    expect([rows, sum]).toEqual([alive.size, paid.reduce((all, { total }) => all + cents(total), 0)]);
  });

  it("keeps one scope's rows out of another's list", async () => {
    const [mine, theirs] = [newId(), newId()];
    await commit([
      things.insert(theirs, { id: newId(), name: "x", status: "s", total: "1", paid: false, deleted: false }),
    ]);
    expect((await listRows(mine, things, columns, queries[0]!)).total).toBe(0);
  });

  it("400 for a cursor that is not ours", async () => {
    await expect(listRows("s", things, columns, { ...queries[0]!, cursor: "###" })).rejects.toMatchObject({
      kind: "malformed",
    });
  });

  it("leaves changes that may still be settling in the tail", async () => {
    const scope = newId();
    const { change } = model(9);
    for (let i = 0; i < 250; i++) await change(scope);
    expect(await fold(things.partition(scope))).toBe(0);
  });

  it("of two folds at once one wins and the list stays right", async () => {
    const scope = newId();
    const { alive, change } = model(11);
    for (let i = 0; i < 250; i++) await change(scope);
    letSettle();
    const list = things.partition(scope);
    const counts = await Promise.all([1, 2, 3].map(() => fold(list)));
    expect(counts.filter((count) => count > 0)).toHaveLength(1);
    expect((await listRows(scope, things, columns, queries[0]!)).total).toBe(alive.size);
  });
});
