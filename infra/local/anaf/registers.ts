import { jsonAnswer, textAnswer, tooManyRequests } from "./answers.ts";
import type { Answer, Break } from "./answers.ts";
import type { Call } from "./call.ts";
import { findCompany } from "./companies.ts";
import type { Company } from "./fixtures.ts";
import { addressOf, registerEntry } from "./register-entry.ts";

/** Public registers (ANAF.md §11): no token, one request per second, at most 100 companies each. */

interface Asked {
  cui: number;
  data: string;
}

/** `POST /api/PlatitorTvaRest/v9/tva` and the older v8 path. */
export function vatRegister(call: Call): Answer | Break {
  const throttled = throttle(call);
  if (throttled) return throttled;
  const asked = readAsked(call);
  if (asked === undefined) return badList(call);
  // No cod/message envelope: the live service leaves it out (ANAF.md §11.1).
  const result = lookUp(call, asked);
  const isEmpty = call.faults.has("reg.notfound404");
  const none = { found: [], notFound: asked.map(({ cui }) => cui) };
  return isEmpty ? jsonAnswer(none, 404) : jsonAnswer(result);
}

/** Queues the same question; the answer can be fetched after two seconds, once, for three days (ANAF.md §11.2). */
export function askLater(call: Call): Answer | Break {
  const throttled = throttle(call);
  if (throttled) return throttled;
  const asked = readAsked(call);
  if (asked === undefined) return badList(call);
  const { ledger, chance } = call.world;
  const correlationId = chance.uuid(`lookup ${ledger.next("lookup", 1)}`);
  const answer = JSON.stringify(lookUp(call, asked));
  const sql = "INSERT INTO lookups VALUES(?, ?, ?, ?, 0)";
  ledger.run(sql, correlationId, answer, call.now + 2_000, call.now + 3 * 86_400_000);
  return jsonAnswer({ cod: 200, message: "Successful", correlationId });
}

export function fetchLater(call: Call): Answer {
  const { ledger } = call.world;
  const id = call.query.get("id") ?? "";
  const row = ledger.get<{ answer: string; ready: number; expires: number; read: number }>(
    "SELECT * FROM lookups WHERE id = ?",
    id,
  );
  const isThere = row && row.ready <= call.now && row.expires > call.now && row.read === 0;
  if (!isThere || call.faults.has("reg.async_once")) return textAnswer("");
  ledger.run("UPDATE lookups SET read = 1 WHERE id = ?", id);
  return jsonAnswer({ cod: 200, message: "SUCCESS", ...(JSON.parse(row.answer) as object) });
}

/** `POST /api/registruroefactura/v1/interogare`: public bodies; 404 with a body when none is found (ANAF.md §11.3). */
export function invoiceRegister(call: Call): Answer | Break {
  const throttled = throttle(call);
  if (throttled) return throttled;
  const asked = readAsked(call);
  if (asked === undefined) return badList(call);
  const found = asked.filter(isListed).map(({ cui }) => {
    const { name, registeredOn } = findCompany(String(cui)) as Company;
    return {
      cui,
      denumire: name,
      adresa: addressOf(findCompany(String(cui)) as Company),
      registru: "RO e-Factura",
      categorie: "Institutie publica",
      dataInscriere: registeredOn,
      dataRenuntare: "",
      dataRadiere: "",
      dataOptiuneB2G: "",
      stare: "ACTIV",
    };
  });
  const notFound = asked.filter((item) => !isListed(item)).map(({ cui }) => cui);
  const none = { found: [], notFound: asked.map(({ cui }) => cui) };
  if (call.faults.has("reg.notfound404")) return jsonAnswer(none, 404);
  return jsonAnswer({ found, notFound }, found.length > 0 ? 200 : 404);
}

function isListed({ cui }: Asked): boolean {
  return findCompany(String(cui))?.publicBody === true;
}

/** `GET /bilant?an=YYYY&cui=N`: the public balance sheet, its first rows only (ANAF.md §11.3). */
export function balanceSheet(call: Call): Answer | Break {
  const throttled = throttle(call);
  if (throttled) return throttled;
  const year = call.query.get("an") ?? "";
  const cui = call.query.get("cui") ?? "";
  const company = findCompany(cui);
  if (!/^\d{4}$/.test(year) || !company) return jsonAnswer({}, 404);
  const turnover = 100_000 + (Number(cui) % 900_000);
  return jsonAnswer({
    an: Number(year),
    cui: Number(cui),
    deni: company.name,
    caen: Number(company.activityCode),
    den_caen: "",
    i: [
      { indicator: "I13", val_indicator: turnover, val_den_indicator: "Cifra de afaceri neta" },
      { indicator: "I18", val_indicator: Math.floor(turnover / 10), val_den_indicator: "Profit net" },
      { indicator: "I20", val_indicator: 3, val_den_indicator: "Numar mediu de salariati" },
    ],
  });
}

/** One request per second and caller; the caller of a public service is its address, here always the same. */
function throttle(call: Call): Answer | Break | undefined {
  const { ledger, settings } = call.world;
  const last = ledger.meta("register.last") ?? Number.NEGATIVE_INFINITY;
  ledger.setMeta("register.last", call.now);
  if (settings.registerThrottle === "off" || call.now - last >= 1000 || call.now < last) return undefined;
  if (settings.registerThrottle === "429") return tooManyRequests(call.now, call.path);
  call.delaySeconds = 30;
  return { break: "hang" };
}

function readAsked(call: Call): Asked[] | undefined {
  try {
    const list = JSON.parse(Buffer.from(call.body).toString("utf8")) as Asked[];
    const isGood = Array.isArray(list) && list.length > 0 && list.length <= 100;
    return isGood && list.every((item) => Number.isInteger(item?.cui)) ? list : undefined;
  } catch {
    return undefined;
  }
}

function badList(call: Call): Answer {
  return jsonAnswer({ timestamp: new Date(call.now).toISOString(), status: 400, error: "Bad Request" }, 400);
}

function lookUp(call: Call, asked: Asked[]): { found: object[]; notFound: number[] } {
  const companies = asked.map((item) => ({ ...item, company: findCompany(String(item.cui)) }));
  return {
    found: companies.flatMap(({ company, data }) => (company ? [registerEntry(call, company, data)] : [])),
    notFound: companies.filter(({ company }) => !company).map(({ cui }) => cui),
  };
}
