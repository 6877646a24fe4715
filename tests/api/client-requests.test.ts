import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { type Connected, pass, startWithAnaf, withConnection } from "../with-anaf.ts";

/** The requests of the published command line, as it was seen to send them: what it leaves out is left out here. */
const recorded = join(import.meta.dirname, "../../../shared/contract/client-requests.json");
const isHere = existsSync(recorded);
if (!isHere) console.log("skipped: the requests of published clients are not here to be compared with");

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly contentType?: string;
  readonly body?: Record<string, unknown>;
}
interface Tool {
  readonly tool: string;
  readonly path: string;
  readonly minimal: readonly Sent[];
  readonly full?: readonly Sent[];
}
const tools = isHere ? (JSON.parse(readFileSync(recorded, "utf8")) as { tools: Tool[] }).tools : [];

/** What each is answered, asked in this order; a second status for its full form when that one differs. */
const expected: Record<string, readonly number[]> = {
  anaf_status: [200],
  anaf_tokens: [200],
  anaf_create_token_link: [201],
  anaf_validate_cif: [200],
  anaf_sync_trigger: [202],
  anaf_sync_status: [200],
  anaf_sync_log: [200],
  efactura_messages_list: [200],
  efactura_messages_get: [200],
  einvoice_providers: [200],
  einvoice_submit: [200],
  einvoice_submissions: [200],
  einvoice_config_list: [200],
  // ANAF is connected and not configured, so its configuration is there to be switched, and cannot be tested.
  einvoice_config_save: [200],
  // The second form of the client deletes what the first one did.
  einvoice_config_delete: [204, 404],
  einvoice_config_test: [200],
  exchange_rates_list: [200],
  // The recorded currencies are made up.
  exchange_rates_convert: [422],
  anaf_delete_token: [204],
};

describe.runIf(isHere)("the published command line, as it sends its requests", () => {
  let local: Local;
  let shop: Connected;
  let ids: Record<string, string>;

  beforeAll(async () => {
    local = await startWithAnaf();
    shop = await withConnection(local, { cif: freshCif() });
    await shop.submitted();
    const { id } = await shop.issued();
    await pass(local, "10s");
    const { data } = (await shop.call("GET", "/api/v1/efactura-messages")).body;
    ids = { "efactura-messages": data[0].id, invoices: id, companies: shop.company.id };
  });
  afterAll(() => local?.stop());

  /** The recorded request, with ids of things that are there. */
  const send = ({ method, path, query = {}, contentType, body }: Sent) => {
    const real = path.replace(
      /\/(invoices|companies|efactura-messages)\/[0-9a-f-]{36}/,
      (_, kind: string) => `/${kind}/${ids[kind]}`,
    );
    return local.fetch(`${real}?${new URLSearchParams(query).toString()}`, {
      method,
      headers: {
        authorization: `Bearer ${shop.token}`,
        ...(contentType ? { "content-type": contentType } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  };

  it.each(Object.entries(expected))("%s is answered", async (name, statuses) => {
    const tool = tools.find((one) => one.tool === name)!;
    for (const [at, requests] of [tool.minimal, tool.full ?? []].entries())
      for (const request of requests) {
        const answer = await send(request);
        expect([name, request.path, answer.status, await answer.text()]).toEqual([
          name,
          request.path,
          statuses[at] ?? statuses[0],
          expect.any(String),
        ]);
      }
  });

  it("may leave out the company where all of several are meant", async () => {
    await shop.call("POST", "/api/v1/companies", { cif: freshCif() });
    const readers = tools
      .filter(({ path }) => /^\/api\/v1\/(anaf|sync|efactura-messages)\//.test(`${path}/`))
      .filter(({ minimal }) => minimal[0]!.method === "GET");
    expect(readers.length).toBeGreaterThan(4);
    for (const { tool, minimal } of readers)
      expect([tool, (await send(minimal[0]!)).status]).toEqual([tool, 200]);
  });
});
