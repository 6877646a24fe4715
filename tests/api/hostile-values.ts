type Path = readonly (string | number)[];

/** What a field may be sent as, written as JSON: some of it JSON.stringify would never write. */
export const rawValues: readonly string[] = [
  "null",
  "true",
  "7",
  "-0",
  "-1",
  "0.1234567",
  "1e308",
  "1e999",
  '""',
  '"text"',
  '"NaN"',
  '"1e400"',
  '"0000-00-00"',
  '"9999-12-31"',
  String.raw`"a\u0000b"`,
  String.raw`"a\ud800b"`,
  String.raw`"a\u0001\uffff"`,
  '"💩\u202e"',
  JSON.stringify("x".repeat(60_000)),
  "{}",
  "[]",
  "[null]",
  '{"__proto__":{"polluted":true},"constructor":1}',
  "[".repeat(1000) + "]".repeat(1000),
];

/** Queries that no client means, for lists, lookups and exports alike. */
export const queries: readonly string[] = [
  "page=-1&limit=-5",
  "page=1e9&limit=1e9",
  "page=NaN&limit=abc",
  "page=9007199254740993",
  "offset=1e308&limit=0",
  "cursor=x",
  "cursor=%00",
  "cursor=e30",
  "cursor=eyJhIjoxfQ",
  `cursor=${"A".repeat(5000)}`,
  "search=%00",
  "search=%ED%A0%80",
  "search=%",
  "search=[(*",
  `search=${"x".repeat(6000)}`,
  "sort=__proto__&order=%00",
  "sort=name&sort=__proto__",
  "from=2026-99-99&to=abc",
  "from=0000-00-00&to=9999-99-99",
  "dateFrom=2026-01-01&dateTo=x",
  "date=1800-01-01",
  "date=9999-01-01",
  "date=2026-02-30",
  "amount=1e400&from=RON&to=EUR",
  "amount=1e308&from=EUR&to=RON",
  "amount=-1&from=EUR&to=RON",
  "amount=1&from=__proto__&to=RON",
  "currency=__proto__",
  "status=constructor",
  "status=__proto__&type=toString",
  "messageType=constructor",
  "direction=x&isPaid=maybe",
  "totalMin=1e999&totalMax=-0",
  "totalMin=1e308",
  "clientId=%00&categoryId=__proto__",
  "country=%00",
  "company=__proto__",
  "cui=__proto__",
  "cui=1&q=%00",
  "vatCode=%00",
  `vatCode=DE${"1".repeat(500)}`,
  `q=${"9".repeat(100)}`,
  "eventType=__proto__&status=x",
  "redirect=1",
  "a[b][c]=1&__proto__[x]=1",
  "&&&===",
  `${"x".repeat(8000)}=1`,
];

/** Every field of a body, those within objects and lists included. */
export function fieldsOf(value: unknown, at: Path = []): Path[] {
  const here = at.length === 0 ? [] : [at];
  if (typeof value !== "object" || value === null) return here;
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((one, index) => [index, one])
    : Object.entries(value);
  return [...here, ...entries.flatMap(([key, one]) => fieldsOf(one, [...at, key]))];
}

/** `["lines", 0, "quantity"]` → `lines[0].quantity`, as the API names it. */
export const nameOf = (path: Path): string =>
  path.map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`)).join("");

const placeholder = "\u0001here\u0001";

/** The body as JSON text, with something else in one of its places. */
export const withValue = (body: unknown, path: Path, raw: string): string =>
  JSON.stringify(put(body, path)).replace(JSON.stringify(placeholder), () => raw);

function put(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return placeholder;
  if (Array.isArray(value)) return value.with(Number(key), put(value[Number(key)], rest));
  const object = value as Record<string, unknown>;
  return { ...object, [key]: put(object[key], rest) };
}
