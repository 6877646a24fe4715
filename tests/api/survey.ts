import type { Local } from "#infra/local/engine.ts";
import type { Tenant } from "../tenant.ts";
import { requestOf } from "./bodies.ts";
import { isWriting, type MountedRoute, pathOf } from "./surface.ts";

export interface Answered {
  readonly status: number;
  readonly text: string;
  /** What a caller can tell apart: everything but the id of the request and how long it took. */
  readonly body: unknown;
}

export type Snapshot = Readonly<Record<string, { readonly status: number; readonly body: unknown }>>;

/** The id a tenant has of what a URL noun stands for. */
export const idIn =
  ({ ids }: Tenant) =>
  (noun: string): string => {
    const id = new Map(Object.entries(ids)).get(noun);
    if (!id) throw new Error(`Let tests/tenant.ts own one of ${noun}.`);
    return id;
  };

/** What a tenant's requests carry. */
export const headersOf = ({ headers, company }: Tenant, more: Record<string, string> = {}) => ({
  ...headers,
  "x-company": company.id,
  ...more,
});

/** All that must not reach others: what a tenant wrote, and every id of what it owns. */
const secretsOf = ({ mark, email, organizationId, company, sibling, ids }: Tenant): string[] => [
  mark,
  email,
  organizationId,
  company.cif,
  company.id,
  sibling.id,
  ...Object.values(ids),
];

/** Asks many things of the API and counts them. */
export class Surveyor {
  readonly #local: Local;
  asked = 0;
  /** What was told of others, in whose answers it stood. */
  readonly leaks: string[] = [];

  constructor(local: Local) {
    this.#local = local;
  }

  /** One request, its answer read. Throws on a 5xx. */
  async ask(path: string, init: RequestInit): Promise<Answered> {
    this.asked += 1;
    const response = await this.#local.fetch(path, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    const { requestId: _id, meta: _meta, ...body } = isJson ? JSON.parse(text) : { text };
    if (response.status >= 500)
      throw new Error(`${init.method} ${path} answered ${response.status}: ${text}`);
    return { status: response.status, text, body };
  }

  /** Asks, and notes what the answer tells of a tenant that the question did not name itself. */
  async spy(on: Tenant, path: string, init: RequestInit): Promise<Answered> {
    const answer = await this.ask(path, init);
    const named = path + (typeof init.body === "string" ? init.body : "");
    for (const secret of secretsOf(on))
      if (!named.includes(secret) && answer.text.includes(secret))
        this.leaks.push(`${init.method} ${path} told ${secret}`);
    return answer;
  }

  /** Asks routes for a tenant's own things, and answers those that did not say what was expected. */
  async others(
    expected: number,
    routes: readonly MountedRoute[],
    of: Tenant,
    headers: Record<string, string>,
  ) {
    const said: Record<string, number> = {};
    const waiting = [...routes];
    const next = async (): Promise<void> => {
      const route = waiting.shift();
      if (!route) return;
      const request = requestOf(route.name, of.named, headers);
      const { status } = await this.ask(pathOf(route, idIn(of)), request);
      if (status !== expected) said[route.name] = status;
      return next();
    };
    await Promise.all(Array.from({ length: 8 }, next));
    return said;
  }

  /** Everything the routes show a tenant of itself. */
  async snapshot(routes: readonly MountedRoute[], of: Tenant): Promise<Snapshot> {
    const request = { method: "GET", headers: headersOf(of) };
    const reading = routes.filter((route) => !isWriting(route));
    const shown = await Promise.all(
      reading.map(async (route) => {
        const { status, body } = await this.ask(pathOf(route, idIn(of)), request);
        return [route.name, { status, body }] as const;
      }),
    );
    return Object.fromEntries(shown);
  }
}
