/**
 * A model of the table: what DynamoDB answers to the few forms of request that core/store makes, from memory, under
 * everything else of the store as it is. A form it does not know makes it throw; the scheduler campaign holds it
 * against the embedded table.
 */

type Row = Record<string, unknown> & { pk: string; sk: string };
type Key = Pick<Row, "pk" | "sk">;

interface Conditional {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}
interface Query extends Conditional {
  readonly KeyConditionExpression: string;
  readonly IndexName?: string;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
}
type Put = Conditional & { readonly Item: Row };
type Keyed = Conditional & { readonly Key: Key };
type Update = Keyed & { readonly UpdateExpression: string };
type Transaction = {
  readonly TransactItems: readonly { Put?: Put; Delete?: Keyed; ConditionCheck?: Keyed }[];
};

const refused = () =>
  Object.assign(new Error("The condition failed."), { name: "ConditionalCheckFailedException" });

/** Rows by partition and sort key, in the order of the sort keys. */
class Sorted<T> {
  readonly #rows = new Map<string, T>();
  #keys: string[] | undefined;
  get = (key: string): T | undefined => this.#rows.get(key);
  set(key: string, row: T): void {
    if (!this.#rows.has(key)) this.#keys = undefined;
    this.#rows.set(key, row);
  }
  delete(key: string): void {
    if (this.#rows.delete(key)) this.#keys = undefined;
  }
  entries(): [string, T][] {
    this.#keys ??= [...this.#rows.keys()].toSorted();
    return this.#keys.map((key) => [key, this.#rows.get(key)!]);
  }
}

/** A document client of the older form, which ElectroDB takes too, over a table in memory. `written` sees every new row. */
export function modelTable(written: (row: Row) => void) {
  const table = new Map<string, Sorted<Row>>();
  const indexes = [
    { name: "gsi1", pk: "pk", sk: "gsi1sk", rows: new Map<string, Sorted<Row>>() },
    { name: "gsi2", pk: "gsi2pk", sk: "gsi2sk", rows: new Map<string, Sorted<Row>>() },
  ] as const;
  const partition = (rows: Map<string, Sorted<Row>>, pk: string): Sorted<Row> => {
    if (!rows.has(pk)) rows.set(pk, new Sorted());
    return rows.get(pk)!;
  };
  const find = ({ pk, sk }: Key): Row | undefined => table.get(pk)?.get(sk);

  /** Where a row lies in an index; nowhere when it lacks one of its keys. */
  const placesOf = (row: Row) =>
    indexes.flatMap(({ pk, sk, rows }) =>
      typeof row[pk] === "string" && typeof row[sk] === "string"
        ? [{ rows: partition(rows, row[pk]), key: `${row[sk]}\n${row.pk}\n${row.sk}` }]
        : [],
    );

  function remove(key: Key): void {
    const row = find(key);
    if (row) for (const place of placesOf(row)) place.rows.delete(place.key);
    table.get(key.pk)?.delete(key.sk);
  }

  function write(given: Row): void {
    // Compressed bytes come as a small window onto a large buffer, which a row kept for long must not hold.
    const own = Object.entries(given).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Uint8Array.from(value) : value,
    ]);
    const row = Object.fromEntries(own) as Row;
    remove(row);
    partition(table, row.pk).set(row.sk, row);
    for (const place of placesOf(row)) place.rows.set(place.key, row);
    written(row);
  }

  function update({ Key, UpdateExpression, ...named }: Update): void {
    const row: Row = { ...(find(Key) ?? Key) };
    const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = named;
    for (const [, name, value] of UpdateExpression.matchAll(/(#\w+) = (:\w+)/g))
      row[names[name!]!] = values[value!];
    for (const [, name, value] of UpdateExpression.matchAll(/ADD (#\w+) (:\w+)/g))
      row[names[name!]!] = Number(row[names[name!]!] ?? 0) + Number(values[value!]);
    write(row);
  }

  function query({ IndexName, ScanIndexForward: forward, Limit, ...request }: Query) {
    const [isPartition, isInRange] = conditionsOf(request.KeyConditionExpression, request);
    const pk = String(isPartition!.value);
    const rows = IndexName ? indexes.find(({ name }) => name === IndexName)!.rows : table;
    const found = (rows.get(pk)?.entries() ?? [])
      .filter(([key]) => !isInRange || isInRange.holds(key.split("\n")[0]!))
      .map(([, row]) => row);
    return { Items: (forward === false ? found.toReversed() : found).slice(0, Limit) };
  }

  const check = (request: Conditional, key: Key): boolean => {
    const text = request.ConditionExpression;
    if (!text) return true;
    const row = find(key);
    return text
      .split(" OR ")
      .some((one) => conditionsOf(one, request).every(({ name, holds }) => holds(row?.[name])));
  };
  const guarded = (request: Conditional, key: Key, work: () => void) => {
    if (!check(request, key)) throw refused();
    work();
    return {};
  };

  const answer = <T>(work: () => T) => ({ promise: async (): Promise<T> => work() });
  const unknown = () => {
    throw new Error("The model of the table does not know this request.");
  };

  return {
    get: ({ Key }: Keyed) => answer(() => ({ Item: find(Key) })),
    put: (request: Put) => answer(() => guarded(request, request.Item, () => write(request.Item))),
    delete: (request: Keyed) => answer(() => guarded(request, request.Key, () => remove(request.Key))),
    update: (request: Update) => answer(() => guarded(request, request.Key, () => update(request))),
    query: (request: Query) => answer(() => query(request)),
    batchGet: ({ RequestItems }: { RequestItems: Record<string, { Keys: Key[] }> }) =>
      answer(() => ({
        Responses: Object.fromEntries(
          Object.entries(RequestItems).map(([name, { Keys }]) => [
            name,
            Keys.flatMap((key) => find(key) ?? []),
          ]),
        ),
        UnprocessedKeys: {},
      })),
    transactWrite: ({ TransactItems }: Transaction) => transaction(TransactItems),
    batchWrite: unknown,
    scan: unknown,
    createSet: unknown,
    transactGet: unknown,
  };

  /** All or nothing; a refusal is told the way the older client tells it, through the raw answer. */
  function transaction(items: Transaction["TransactItems"]) {
    let told = (_response: object) => {};
    return {
      on: (_event: string, listener: typeof told) => void (told = listener),
      promise: async () => {
        const parts = items.map(({ Put, Delete, ConditionCheck }) => (Put ?? Delete ?? ConditionCheck)!);
        const holds = parts.map((part) => check(part, "Item" in part ? part.Item : part.Key));
        if (holds.includes(false)) {
          const CancellationReasons = holds.map((ok) => ({ Code: ok ? "None" : "ConditionalCheckFailed" }));
          told({ httpResponse: { body: JSON.stringify({ CancellationReasons }) } });
          throw refused();
        }
        for (const { Put, Delete } of items) {
          if (Put) write(Put.Item);
          if (Delete) remove(Delete.Key);
        }
        return {};
      },
    };
  }
}

interface Condition {
  readonly name: string;
  readonly value: unknown;
  readonly holds: (found: unknown) => boolean;
}

const forms: readonly [RegExp, (found: never, value: never, other: never) => boolean][] = [
  [/^attribute_not_exists\((#\w+)\)$/, (found) => found === undefined],
  [/^begins_with\((#\w+), (:\w+)\)$/, (found: string, value: string) => found.startsWith(value)],
  [/^(#\w+) BETWEEN (:\w+) AND (:\w+)$/, (found, value, other) => found >= value && found <= other],
  [/^(#\w+) = (:\w+)$/, (found, value) => found === value],
  [/^(#\w+) <= (:\w+)$/, (found, value) => found !== undefined && found <= value],
  [/^(#\w+) >= (:\w+)$/, (found, value) => found !== undefined && found >= value],
  [/^(#\w+) < (:\w+)$/, (found, value) => found !== undefined && found < value],
];

/** The conditions of an expression whose parts are joined by `and`, as ElectroDB writes it between keys. */
function conditionsOf(text: string, request: Conditional): Condition[] {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = request;
  return text.split(" and ").map((part) => {
    for (const [form, test] of forms) {
      const [, name, value, other] = form.exec(part.trim()) ?? [];
      if (!name) continue;
      const [first, second] = [value, other].map((each) => (each ? values[each] : undefined));
      return {
        name: names[name]!,
        value: first,
        holds: (found) => test(found as never, first as never, second as never),
      };
    }
    throw new Error(`The model of the table does not know the condition ${part}.`);
  });
}
