import { ownCompany } from "#core/companies/access.ts";
import type { Company } from "#core/companies/company.ts";
import { isOutage } from "#core/companies/registry.ts";
import { vatRatesOf } from "#core/companies/vat-rates.ts";
import { ratesOn } from "#core/catalog/exchange-rates.ts";
import type { CompanyActor } from "#core/lib/actor.ts";
import { isId } from "#core/lib/ids.ts";
import { unitCode } from "#core/model/codes.ts";
import { countries } from "#core/model/countries.ts";
import { COUNTY_NAMES, EU_COUNTRIES } from "#core/model/places.ts";
import { destinationRates } from "#core/model/vat.ts";
import { PAYMENT_METHODS } from "#core/model/words.ts";
import { type Client, clients } from "#core/parties/client.ts";

const currencies = "RON EUR USD GBP CHF HUF CZK PLN BGN SEK NOK DKK".split(" ");

/** Units people choose from, with what they are called and their UN/ECE codes. */
const units = (
  [
    ["buc", "Bucată"],
    ["kg", "Kilogram"],
    ["l", "Litru"],
    ["m", "Metru"],
    ["ora", "Oră"],
    ["zi", "Zi"],
    ["luna", "Lună"],
    ["set", "Set"],
    ["pachet", "Pachet"],
  ] as const
).map(([value, label]) => ({ value, label, code: unitCode(value) }));

const usualTermDays = 30;

/** A VAT rate as a form offers it. */
interface OfferedRate {
  readonly rate: number;
  readonly label: string;
  readonly categoryCode: string;
  readonly default: boolean;
}

/**
 * Everything a form for a new invoice needs, for the client if one is chosen: an unknown one is the same as none. Rates
 * of the bank are left out while it cannot be reached.
 */
export async function invoiceDefaults(actor: CompanyActor, clientId?: string) {
  const [company, client, exchange] = await Promise.all([
    ownCompany(actor),
    clientId && isId(clientId) ? clients.find(actor.companyId, clientId) : undefined,
    newestRates(),
  ]);
  const rules = rulesFor(company, client?.deletedAt ? undefined : client);
  return {
    vatRates: offered(await companyRates(company), company, rules),
    currencies,
    defaultCurrency: client?.currency ?? company.defaultCurrency,
    defaultPaymentTermDays: client?.defaultPaymentTermDays ?? usualTermDays,
    defaultUnitOfMeasure: "buc",
    unitsOfMeasure: units,
    documentSeriesTypes: ["invoice", "proforma", "credit_note", "delivery_note"],
    paymentMethods: PAYMENT_METHODS,
    exchangeRates: exchange.rates,
    exchangeRateDate: exchange.date,
    isVatPayer: company.vatPayer,
    ...rules,
    countries: countries(),
    counties: [...COUNTY_NAMES].map(([code, label]) => ({ code, label })),
  };
}

async function newestRates(): Promise<{ date: string | null; rates: Record<string, number> }> {
  try {
    const { date, rates } = await ratesOn();
    return {
      date,
      rates: Object.fromEntries(Object.entries(rates).map(([code, rate]) => [code, Number(rate)])),
    };
  } catch (error) {
    if (isOutage(error)) return { date: null, rates: {} };
    throw error;
  }
}

/** Which special VAT treatment a client's country and VIES standing lead to. */
function rulesFor({ oss }: Company, client: Client | undefined) {
  const country = client?.country ?? "RO";
  const isInUnion = country !== "RO" && EU_COUNTRIES.has(country);
  const reverseCharge = isInUnion && client?.viesValid === true;
  const ossApplicable = isInUnion && client?.viesValid !== true && oss;
  const ossVatRates = ossApplicable ? destinationRates(country) : [];
  return {
    reverseCharge,
    exportApplicable: country !== "RO" && !isInUnion,
    ossApplicable,
    ossVatRate: ossVatRates[0] ?? null,
    ossVatRates,
  };
}

async function companyRates({ id }: Company): Promise<OfferedRate[]> {
  const active = (await vatRatesOf(id)).filter(({ isActive }) => isActive);
  return active.map(({ rate, label, categoryCode, isDefault }) => ({
    rate: Number(rate),
    label,
    categoryCode,
    default: isDefault,
  }));
}

function offered(
  rates: readonly OfferedRate[],
  { vatPayer }: Company,
  { reverseCharge, exportApplicable }: ReturnType<typeof rulesFor>,
): OfferedRate[] {
  if (reverseCharge)
    return withDefault(
      [{ rate: 0, label: "Taxare inversă", categoryCode: "AE", default: true }, ...rates],
      0,
    );
  const zero = rates.findIndex(({ rate }) => rate === 0);
  return (exportApplicable || !vatPayer) && zero >= 0 ? withDefault(rates, zero) : [...rates];
}

const withDefault = (rates: readonly OfferedRate[], place: number): OfferedRate[] =>
  rates.map((rate, at) => ({ ...rate, default: at === place }));
