import type { Call } from "./call.ts";
import type { Company } from "./fixtures.ts";

/** One item of `found` with every field the live service sends; an absent date is `""` (ANAF.md §11.1). */
export function registerEntry(call: Call, company: Company, day: string): object {
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

export function addressOf({ county, city, street, streetNumber }: Company): string {
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
