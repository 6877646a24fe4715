import { jsonAnswer, textAnswer, tooManyRequests } from "./answers.ts";
import type { Answer, Break } from "./answers.ts";
import type { Call } from "./call.ts";
import { findCompany } from "./companies.ts";
import type { Company } from "./fixtures.ts";

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
  const isListed = ({ cui }: Asked): boolean => findCompany(String(cui))?.publicBody === true;
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
    found: companies.flatMap(({ company, data }) => (company ? [entry(call, company, data)] : [])),
    notFound: companies.filter(({ company }) => !company).map(({ cui }) => cui),
  };
}

/** One item of `found` with every field the live service sends; an absent date is `""` (ANAF.md §11.1). */
function entry(call: Call, company: Company, day: string): object {
  const cedilla = call.faults.has("reg.cedilla");
  const name = cedilla ? `${company.name} ŞI ŢESĂTORII` : company.name;
  const street = cedilla ? "Str. Ţesătorilor şi Şelarilor" : company.street;
  const postalCode = call.faults.has("reg.postal") ? "77190" : company.postalCode;
  const shown = { ...company, name, street, postalCode };
  const { inactive, deregistered, vatOnCash, splitVat, vatPayer } = company;
  return {
    date_generale: general(shown, day),
    inregistrare_scop_Tva: { scpTVA: vatPayer, perioade_TVA: vatPeriods(company) },
    inregistrare_RTVAI: {
      dataInceputTvaInc: vatOnCash ? company.registeredOn : "",
      dataSfarsitTvaInc: "",
      dataActualizareTvaInc: vatOnCash ? company.registeredOn : "",
      dataPublicareTvaInc: vatOnCash ? company.registeredOn : "",
      tipActTvaInc: vatOnCash ? "Inregistrare" : "",
      statusTvaIncasare: vatOnCash,
    },
    stare_inactiv: {
      dataInactivare: inactive ? "2024-06-01" : "",
      dataReactivare: "",
      dataPublicare: inactive ? "2024-06-05" : "",
      dataRadiere: deregistered ? "2023-02-10" : "",
      statusInactivi: inactive,
    },
    inregistrare_SplitTVA: { dataInceputSplitTVA: "", dataAnulareSplitTVA: "", statusSplitTVA: splitVat },
    adresa_sediu_social: address(shown, "s"),
    adresa_domiciliu_fiscal: address(shown, "d"),
  };
}

function vatPeriods({ vatPayer, inactive, deregistered, registeredOn }: Company): object[] {
  const ended = inactive ? "2024-06-01" : deregistered ? "2023-02-10" : "";
  if (!vatPayer && ended === "") return [];
  return [
    {
      data_inceput_ScpTVA: registeredOn,
      data_sfarsit_ScpTVA: ended,
      data_anul_imp_ScpTVA: ended,
      mesaj_ScpTVA: ended === "" ? "" : "SCOASA DIN EVIDENTA",
    },
  ];
}

function general(company: Company, day: string): object {
  return {
    cui: Number(company.cui),
    data: day,
    denumire: company.name,
    adresa: addressOf(company),
    nrRegCom: company.tradeRegister,
    telefon: "",
    fax: "",
    codPostal: company.postalCode,
    act: "",
    // A company that was struck off says so only in this text (ANAF.md §11.1).
    stare_inregistrare: company.deregistered
      ? "RADIERE din data 10.02.2023"
      : `INREGISTRAT din data ${company.registeredOn.split("-").toReversed().join(".")}`,
    data_inregistrare: company.registeredOn,
    cod_CAEN: company.activityCode,
    iban: "",
    statusRO_e_Factura: company.publicBody,
    data_inreg_Reg_RO_e_Factura: company.publicBody ? company.registeredOn : "",
    organFiscalCompetent: "Administraţia Finanţelor Publice Simulate",
    forma_de_proprietate: "PROPR.PRIVATA-CAPITAL PRIVAT AUTOHTON",
    forma_organizare: "PERSOANA JURIDICA",
    forma_juridica: "SOCIETATE COMERCIALĂ CU RĂSPUNDERE LIMITATĂ",
  };
}

function addressOf({ county, city, street, streetNumber }: Company): string {
  const region =
    county === "B" ? "MUNICIPIUL BUCUREŞTI" : `JUD. ${countyNames[county]?.toUpperCase() ?? county}`;
  return `${region}, ${city.toUpperCase()}, ${street.toUpperCase()}, NR.${streetNumber}`;
}

function address(company: Company, prefix: "s" | "d"): object {
  const { county, city, street, streetNumber, postalCode } = company;
  const name = county === "B" ? "MUNICIPIUL BUCUREŞTI" : (countyNames[county]?.toUpperCase() ?? county);
  return Object.fromEntries(
    Object.entries({
      denumire_Strada: street,
      numar_Strada: streetNumber,
      denumire_Localitate: city,
      cod_Localitate: "1",
      denumire_Judet: name,
      cod_Judet: String(Object.keys(countyNames).indexOf(county) + 1),
      cod_JudetAuto: county,
      tara: "",
      detalii_Adresa: "",
      cod_Postal: postalCode,
    }).map(([key, value]) => [prefix + key, value]),
  );
}

/** County names as the register spells them, with cedillas (ANAF.md §21). */
const countyNames: Record<string, string> = {
  AB: "Alba",
  AR: "Arad",
  AG: "Argeş",
  BC: "Bacău",
  BH: "Bihor",
  BV: "Braşov",
  CJ: "Cluj",
  CT: "Constanţa",
  DJ: "Dolj",
  GL: "Galaţi",
  IS: "Iaşi",
  MS: "Mureş",
  PH: "Prahova",
  SB: "Sibiu",
  SV: "Suceava",
  TM: "Timiş",
};
