import { invoices } from "#core/documents/invoices/collection.ts";
import { newId } from "#core/lib/ids.ts";
import { commit } from "#core/store/commit.ts";
import { type Local, start } from "#infra/local/engine.ts";
import { type Connected, withConnection } from "../../tests/with-anaf.ts";
import { print } from "./print.ts";

/**
 * What operations cost at the table, by its own account: requests, read units and write units, each for one call as a
 * client makes it, authentication included. Lists are measured at 100 and at 10 000 invoices.
 */
export async function units(): Promise<void> {
  const local = await start({ observe: true, simulator: { processingSeconds: 1, listLagSeconds: 1 } });
  try {
    const user = await withConnection(local);
    const client = { type: "company", name: "Client SRL", cui: "9000000020" };
    const { body } = await user.call("POST", "/api/v1/clients", client);
    await local.drain();
    await lifeOfAnInvoice(local, user, (body.client?.id ?? body.id) as string);
    await lists(local, user, user.company.id);
  } finally {
    await local.stop();
  }
}

const draft = (clientId: string, lines = 3) => ({
  clientId,
  dueDate: "2027-01-31",
  lines: Array.from({ length: lines }, (_, i) => ({
    description: `Servicii de consultanță, etapa ${i + 1}`,
    quantity: i + 1,
    unitPrice: 150,
    unitOfMeasure: "ora",
  })),
});

async function lifeOfAnInvoice(local: Local, user: Connected, clientId: string) {
  const { dynamo } = local;
  const measure = async (what: string, act: () => Promise<unknown>) => {
    dynamo.reset();
    const result = await act();
    const { requests, readUnits, writeUnits, actions } = dynamo.usage();
    print(`table units: ${what}`, { requests, readUnits, writeUnits, actions });
    return result as { status: number; body: { id: string; status: string } };
  };
  const { body: invoice } = await measure("create, 3 lines", () =>
    user.call("POST", "/api/v1/invoices", draft(clientId)),
  );
  const path = `/api/v1/invoices/${invoice.id}`;
  await measure("get", () => user.call("GET", path));
  await measure("issue", () => user.call("POST", `${path}/issue`));
  await measure("what follows issue: events, files, drained", () => local.drain());
  await measure("submit", () => user.call("POST", `${path}/submit`));
  await measure("submit to validated, archived and announced", async () => {
    for (let i = 0; i < 40; i++) {
      await local.drain();
      if ((await user.call("GET", path)).body.status === "validated") return;
      local.clock({ advance: "5s" });
    }
    throw new Error("The invoice was not validated.");
  });
}

async function lists(local: Local, user: Connected, companyId: string) {
  const { body } = await user.call("POST", "/api/v1/invoices", {
    receiverName: "X SRL",
    receiverCif: "9000000020",
    lines: draft("").lines,
  });
  const template = await invoices.get(companyId, body.id as string);
  const queries = {
    "page 1": "",
    "page 1 of issued, this year": "?status=issued&from=2026-01-01&to=2026-12-31",
    "page 1 of a search": "?search=srl",
    "page 3 by total": "?page=3&sort=total&order=asc",
  };
  for (const count of [100, 10_000]) {
    await fill(companyId, template, count);
    await user.call("GET", "/api/v1/invoices");
    await local.drain();
    for (const [what, query] of Object.entries(queries)) {
      local.dynamo.reset();
      const started = performance.now();
      const answer = await user.call("GET", `/api/v1/invoices${query}`);
      const ms = performance.now() - started;
      const { requests, readUnits } = local.dynamo.usage();
      print(`table units: list of ${count}, ${what}`, { requests, readUnits, ms, total: answer.body.total });
    }
  }
}

/** Writes invoices until the company has so many, then lets the machine's clock run on, so that they have settled. */
async function fill(companyId: string, template: Awaited<ReturnType<typeof invoices.get>>, count: number) {
  let left = count - (await invoices.all(companyId)).length;
  const writer = async () => {
    while (left-- > 0)
      await commit([
        invoices.insert(companyId, { ...template, id: newId(), status: left % 2 ? "issued" : "draft" }),
      ]);
  };
  await Promise.all(Array.from({ length: 16 }, writer));
  const real = Date.now;
  const ahead = real() + 121_000 - real();
  Date.now = () => real() + ahead;
}
