/** One cold start, in a process of its own: import a bundled handler, let it answer GET /api/v1/api-tokens/scopes, print what it took. */
const [, , bundle, token] = process.argv;
const spent = process.cpuUsage();
const started = performance.now();
const { handler } = await import(bundle);
const imported = performance.now();
const answer = await handler({
  version: "2.0",
  routeKey: "$default",
  rawPath: "/api/v1/api-tokens/scopes",
  rawQueryString: "",
  headers: { authorization: `Bearer ${token}`, host: "bench" },
  isBase64Encoded: false,
  requestContext: { http: { method: "GET", path: "/api/v1/api-tokens/scopes" }, domainName: "bench" },
});
const answered = performance.now();
const { user, system } = process.cpuUsage(spent);
if (answer.statusCode !== 200)
  throw new Error(`GET /api/v1/api-tokens/scopes answered ${answer.statusCode}: ${answer.body}`);
console.log(
  JSON.stringify({
    cpuMs: (user + system) / 1000,
    importMs: imported - started,
    totalMs: answered - started,
  }),
);
process.exit(0);
