import { jsonAnswer } from "./answers.ts";
import type { Answer } from "./answers.ts";
import type { Call } from "./call.ts";
import { faultText } from "./call.ts";
import { findCompany } from "./companies.ts";

/** The European check of VAT numbers (ANAF.md §11.4): valid, invalid, or no answer from the member state. */

const memberStates = new Set(
  "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split(" "),
);

interface Registration {
  valid: boolean;
  name: string;
  address: string;
}

const hidden = "---";
const invalid: Registration = { valid: false, name: hidden, address: hidden };

/** Known numbers; Germany and Spain hide names. Everything else follows `otherwise`. */
const known: Record<string, Registration> = {
  DE123456788: { valid: true, name: hidden, address: hidden },
  ES12345678Z: { valid: true, name: hidden, address: hidden },
  FR12345678901: {
    valid: true,
    name: "SOCIETE SIMULEE SARL",
    address: "1 RUE DE LA SIMULATION\n75001 PARIS",
  },
  HU12345678: { valid: true, name: "SZIMULÁCIÓ KFT", address: "1011 BUDAPEST SZIMULÁCIÓ UTCA 1" },
  DE999999999: invalid,
  FR00000000000: invalid,
};

/** `POST /taxation_customs/vies/rest-api/check-vat-number`. */
export function checkVatNumber(call: Call): Answer {
  const body = readBody(call);
  const country = body["countryCode"] ?? "";
  const number = (body["vatNumber"] ?? "").replace(/[\s.-]/g, "");
  const error = errorFor(call, country, number);
  if (error !== undefined) return jsonAnswer({ actionSucceed: false, errorWrappers: [{ error }] });
  const { valid, name, address } = registrationOf(country, number);
  const isNamed = Boolean(body["requesterMemberStateCode"] && body["requesterNumber"]);
  return jsonAnswer({
    countryCode: country,
    vatNumber: number,
    requestDate: new Date(call.now).toISOString(),
    valid,
    requestIdentifier: isNamed
      ? `WAPI${call.world.chance.hex(`vies ${call.now} ${country}${number}`, 12)}`
      : "",
    name,
    address,
    traderName: hidden,
    traderStreet: hidden,
    traderPostalCode: hidden,
    traderCity: hidden,
    traderCompanyType: hidden,
  });
}

/** `GET …/ms/{country}/vat/{number}`: the same question, other field names. */
export function readVatNumber(call: Call): Answer {
  const country = call.route["country"] ?? "";
  const number = call.route["number"] ?? "";
  const error = errorFor(call, country, number);
  const { valid, name, address } = error === undefined ? registrationOf(country, number) : invalid;
  const userError = error ?? (valid ? "VALID" : "INVALID");
  const requestDate = new Date(call.now).toISOString();
  return jsonAnswer({ isValid: valid, requestDate, userError, name, address, vatNumber: number });
}

function errorFor(call: Call, country: string, number: string): string | undefined {
  if (!memberStates.has(country) || !/^[0-9A-Z+*]{2,12}$/.test(number)) return "INVALID_INPUT";
  const id = "vies.ms_unavailable";
  const only = faultText(call, id, "country", country);
  return call.faults.has(id) && only === country ? faultText(call, id, "error", "MS_UNAVAILABLE") : undefined;
}

function registrationOf(country: string, number: string): Registration {
  if (country === "RO") {
    const company = findCompany(number);
    if (!company?.vatPayer) return invalid;
    const address = `${company.street} ${company.streetNumber}\n${company.city}`;
    return { valid: true, name: company.name, address };
  }
  return known[country + number] ?? otherwise(country, number);
}

/** Numbers of a plausible length are valid; those that are all the same digit are not. */
function otherwise(country: string, number: string): Registration {
  if (number.length < 8 || /^(.)\1*$/.test(number)) return invalid;
  const isHidden = country === "DE" || country === "ES";
  const name = isHidden ? hidden : `TRADER ${country} ${number.slice(-4)}`;
  return { valid: true, name, address: isHidden ? hidden : `SIMULATION STREET 1, ${country}` };
}

function readBody(call: Call): Record<string, string> {
  try {
    const value: unknown = JSON.parse(Buffer.from(call.body).toString("utf8"));
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(entries.map(([key, item]) => [key, String(item)]));
  } catch {
    return {};
  }
}
