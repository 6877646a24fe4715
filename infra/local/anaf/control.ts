import type { App } from "./app.ts";
import type { World } from "./call.ts";
import { controlCalls } from "./control-calls.ts";
import type { Body } from "./control-calls.ts";
import type { SimulatorContext } from "./exchange.ts";
import { settle } from "./processing.ts";

/** The simulator's own API, `/__sim/*`, in the forms of SIMULATOR.md §9. Loopback only. */
export function mountControl(app: App, world: World): void {
  app.use("/__sim/*", async (context, next) => {
    if (!isLocal(context)) return context.json({ error: "The control API answers on loopback only." }, 403);
    return next();
  });
  for (const [method, path, work] of controlCalls) {
    app.on(method, `/__sim${path}`, async (context) => {
      const body = await readBody(context);
      if (body === undefined) return context.json({ error: "The body is not a JSON object." }, 400);
      const request = {
        body,
        route: context.req.param() as Record<string, string>,
        query: context.req.query(),
      };
      settle(world);
      const [status, answer] = world.ledger.transaction(() => work(world, request));
      return status === 204 ? context.body(null, 204) : context.json(answer ?? {}, status);
    });
  }
  app.all("/__sim/*", (context) => context.json({ error: "No such control call; see the README." }, 404));
}

/** A proxy in between would make every client look local, so its headers refuse as well. */
function isLocal(context: SimulatorContext): boolean {
  const address = context.env?.incoming?.socket.remoteAddress;
  const isLoopback = address === undefined || /^(::1|(::ffff:)?127\.)/.test(address);
  const host = new URL(context.req.url).hostname;
  const isOwnName = context.env?.incoming === undefined || /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);
  return isLoopback && isOwnName && context.req.header("x-forwarded-for") === undefined;
}

async function readBody(context: SimulatorContext): Promise<Body | undefined> {
  const text = await context.req.text();
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}
