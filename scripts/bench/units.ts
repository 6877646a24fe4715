import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { invoices } from "#core/documents/invoices/collection.ts";
import { newId } from "#core/lib/ids.ts";
import { commit } from "#core/store/commit.ts";
import { dynamo as table } from "#core/store/table.ts";
import { linked } from "#core/store/linked.ts";
import type { Usage } from "#infra/local/dynamodb/observer.ts";
import type { Local } from "#infra/local/engine.ts";
import { receiver } from "../../tests/receiver.ts";
import { type Answer, signIn } from "../../tests/signed-in.ts";
import { type Connected, startWithAnaf, withConnection } from "../../tests/with-anaf.ts";
import { addClient } from "../../tests/with-invoices.ts";
import { print } from "./print.ts";

/**
 * What operations cost at the table, by its own account: requests, read units and write units, each for one call as a
 * client makes it, authentication included. Lists are measured at 100 and at 10 000 invoices.
 */
export async function units(): Promise<void> {
  const local = await startWithAnaf({}, {}, { observe: true });
  try {
    await measure(local, "register", () => signIn(local));
    const user = await withConnection(local);
    // The first use of a connection on a day is noted on it, and a look into the mailbox serves for some seconds.
    await validated(local, user, (await user.submitted()).id);
    local.clock({ advance: "1m" });
    await local.drain();
    await lifeOfAnInvoice(local, user);
    await abroad(local, user);
    await lists(local, user, user.company.id);
  } finally {
    await local.stop();
  }
}

/** Prints what an act used, and answers what the act answers. */
async function measure<T>(local: Local, what: string, act: () => Promise<T>): Promise<T> {
  local.dynamo.reset();
  const result = await act();
  report(what, [local.dynamo.usage()]);
  return result;
}

/** Reading the table's stream is Lambda's business and costs nothing. */
function report(what: string, usages: readonly Usage[]): void {
  const sum = (of: (usage: Usage) => number) => usages.reduce((total, usage) => total + of(usage), 0);
  print(`table units: ${what}`, {
    requests: sum(({ requests, actions }) => requests - (actions.GetRecords ?? 0)),
    readUnits: sum(({ readUnits }) => readUnits),
    writeUnits: sum(({ writeUnits }) => writeUnits),
  });
}

/** Lets everything happen until an invoice is validated and settled; answers what that used. */
async function validated(local: Local, user: Connected, id: string): Promise<Usage[]> {
  const usages: Usage[] = [];
  for (let i = 0; i < 40; i++) {
    local.dynamo.reset();
    await local.drain();
    usages.push(local.dynamo.usage());
    if ((await user.get(id)).signatureValid) return usages;
    local.clock({ advance: "5s" });
  }
  throw new Error("The invoice was not validated.");
}

const draft = (clientId: string) => ({
  clientId,
  dueDate: "2027-01-31",
  lines: [
    ["Servicii de consultanță, etapa 1", 12, 180, "ora"],
    ["Chirie sală de ședințe, octombrie", 2.5, 349.99, "buc"],
    ["Transport materiale Cluj–Oradea", 1, 1250.4, "buc"],
  ].map(([description, quantity, unitPrice, unitOfMeasure]) => ({
    description,
    quantity,
    unitPrice,
    unitOfMeasure,
  })),
});

async function lifeOfAnInvoice(local: Local, user: Connected) {
  const asked = async (what: string, path: string, body?: unknown, method = "POST") => {
    const answer = await measure(local, what, () => user.call(method, path, body));
    return accepted(answer).body as { id: string; total: number };
  };
  const { id, total } = await asked("create, 3 lines", "/api/v1/invoices", draft(user.client.id));
  const path = `/api/v1/invoices/${id}`;
  await rowBytes(user, id, "draft");
  await measure(local, "what follows create: event, products", () => local.drain());
  await asked("get", path, undefined, "GET");
  await asked("issue", `${path}/issue`);
  await rowBytes(user, id, "issued");
  await measure(local, "what follows issue: event, files", () => local.drain());
  await asked("submit", `${path}/submit`);
  report("submit to validated, archived, seal checked, announced", await validated(local, user, id));
  await rowBytes(user, id, "validated");
  await asked("payment", `${path}/payments`, { amount: total, paymentMethod: "bank_transfer" });
  await local.drain();
  await asked("storno, issued at once", `/v1/invoices/${id}/storno`);
  await local.drain();
  await webhook(local, user);
  const notifications = "/api/v1/notifications";
  await asked("unread notifications, of 3", `${notifications}/unread-count`, undefined, "GET");
  await asked("notifications, page 1 of 3", notifications, undefined, "GET");
  await asked("read all notifications", `${notifications}/read-all`);
  await asked("unread notifications, none since", `${notifications}/unread-count`, undefined, "GET");
}

/** An invoice to another country's network: Italy's, through a simulated intermediary. */
async function abroad(local: Local, user: Connected) {
  const config = {
    apiEndpoint: `${local.simulator.url}/sdi`,
    apiKey: "sdi-key-1",
    partitaIva: "01234567897",
  };
  accepted(
    await user.call("POST", `/api/v1/companies/${user.company.id}/einvoice-config`, {
      provider: "sdi",
      config,
    }),
  );
  const italian = { cui: null, vatCode: "IT09876543217", country: "IT", county: "RM" };
  const buyer = {
    name: "Beta S.p.A.",
    ...italian,
    address: "Via Torino 38",
    city: "Roma",
    postalCode: "00145",
  };
  const { id: clientId } = await addClient(user.company.id, buyer);
  const lines = draft("").lines.map((line) => ({ ...line, vatRate: 22 }));
  const invoice = await user.issuedLater({ clientId, currency: "EUR", exchangeRate: "5.09", lines });
  await local.drain();
  const path = `/api/v1/invoices/${invoice.id}`;
  const asked = () => user.call("POST", `${path}/submit-einvoice`, { provider: "sdi" });
  accepted(await measure(local, "submit to another country's network", asked));
  const usages: Usage[] = [];
  for (let step = 0; step < 4; step++) {
    local.dynamo.reset();
    await local.drain();
    usages.push(local.dynamo.usage());
    local.clock({ advance: "10s" });
  }
  const { body } = await user.call("GET", `${path}/einvoice-submissions`);
  if (body[0]?.status !== "accepted") throw new Error(`Italy answered ${JSON.stringify(body[0])}`);
  report("submit to another country's network until it has accepted", usages);
}

async function webhook(local: Local, user: Connected) {
  const { url, close } = await receiver();
  const endpoint = { url, events: ["payment.created"] };
  accepted(await user.call("POST", "/api/v1/webhooks", endpoint));
  const issued = await user.submitted();
  await validated(local, user, issued.id);
  const amount = { amount: Number(issued.total), paymentMethod: "card" };
  accepted(await user.call("POST", `/api/v1/invoices/${issued.id}/payments`, amount));
  await measure(local, "two events of a payment to one endpoint: one delivery", () => local.drain());
  await close();
}

function accepted(answer: Answer): Answer {
  if (answer.status < 300) return answer;
  throw new Error(`The API answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Prints the size of an invoice's row as DynamoDB counts it: names and values, a number as about three bytes. */
async function rowBytes(user: Connected, id: string, state: string) {
  const Key = { pk: { S: invoices.partition(user.company.id) }, sk: { S: id } };
  const { Item = {} } = await table().send(new GetItemCommand({ TableName: linked.Table.name, Key }));
  const bytes = Object.entries(Item).reduce(
    (sum, [name, { S, B }]) =>
      sum + name.length + (B?.length ?? (S === undefined ? 3 : Buffer.byteLength(S))),
    0,
  );
  print(`row of an invoice of 3 lines, ${state}`, { bytes });
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
