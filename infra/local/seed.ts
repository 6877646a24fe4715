/**
 * What a first start shows: a demo organization that can issue and submit at once. Every step looks whether it was done,
 * so that a start that was cut off in the middle goes on where it ended.
 */
import { create as createProduct } from "#core/catalog/products.ts";
import { products } from "#core/catalog/product.ts";
import { visibleCompanies } from "#core/companies/access.ts";
import { findConnection } from "#core/companies/anaf-connections.ts";
import { toggleSync } from "#core/companies/change.ts";
import type { Company } from "#core/companies/company.ts";
import { create as createCompany, NewCompany } from "#core/companies/create.ts";
import { client as anafClient, storeConnection } from "#core/einvoicing/connections.ts";
import { login } from "#core/identity/login.ts";
import { register } from "#core/identity/register.ts";
import { resolve } from "#core/identity/resolve.ts";
import { findByEmail } from "#core/identity/users.ts";
import type { Actor, CompanyActor } from "#core/lib/actor.ts";
import { decimalTextOf } from "#core/lib/decimal.ts";
import { create as createClient } from "#core/parties/clients.ts";
import { authorizeUrl, exchangeCode } from "#core/providers/anaf/oauth.ts";

const person = { email: "demo@example.com", password: "demo-password-1" };

/** The seller and the buyer of the simulator's fixtures. */
const sellerCif = "9000000011";
const buyerCif = "9000000020";

/** Fills an empty system with the demo organization. Needs the ANAF simulator, and a plan that allows a company. */
export async function seed(): Promise<void> {
  const actor = await demoOwner();
  const company = await demoCompany(actor);
  const inside: CompanyActor = { ...actor, companyId: company.id };
  await connectToAnaf(actor, company);
  await createClient(inside, buyer);
  if ((await products.all(company.id)).length === 0)
    for (const product of goods) await createProduct(inside, product);
}

async function demoOwner(): Promise<Actor> {
  const known = await findByEmail(person.email);
  const names = { firstName: "Demo", lastName: "Storno", organizationName: "Demo Storno" };
  if (!known) await register({ ...person, ...names }, { superAdmin: true, confirmed: true });
  const { token } = await login(person);
  return resolve({ authorization: `Bearer ${token}`, organizationId: undefined });
}

async function demoCompany(actor: Actor): Promise<Company> {
  const known = (await visibleCompanies(actor)).find(({ cif }) => cif === sellerCif);
  return known ?? createCompany(actor, NewCompany.parse({ cif: sellerCif }));
}

/** Goes through the consent page as a browser would; the simulator answers it at once with its default holder. */
async function connectToAnaf(actor: Actor, company: Company): Promise<void> {
  if (!(await findConnection(actor.organizationId, company.cif))) {
    const consent = await fetch(authorizeUrl(anafClient(), "seed"), { redirect: "manual" });
    const callback = consent.headers.get("location");
    const code = callback && new URL(callback).searchParams.get("code");
    if (!code) throw new Error(`The simulated consent page answered ${consent.status} without a code.`);
    const outcome = await exchangeCode(anafClient(), code);
    if (outcome.result !== "pair") throw new Error(`The simulator gave no tokens: ${outcome.message}`);
    await storeConnection(actor, outcome.pair, { label: "Demo", cifs: [company.cif] });
  }
  if (!company.syncEnabled) await toggleSync(actor, company.id);
}

/** Whole, so that the register, which takes one request a second, is not asked a second time. */
const buyer = {
  name: "SIMULATOR CUMPĂRĂTOR SRL",
  cui: buyerCif,
  vatCode: `RO${buyerCif}`,
  isVatPayer: true,
  registrationNumber: "J2015000001001",
  address: "Str. Simulării, nr. 1",
  city: "Cluj-Napoca",
  county: "CJ",
  postalCode: "400001",
  email: "cumparator@example.com",
  phone: "0264 000 000",
};

const goods = (
  [
    ["Consultanță", "CONS", "ora", 250, true],
    ["Abonament lunar", "ABON", "luna", 99.9, true],
    ["Monitor 27 inch", "MON27", "buc", 1149.5, false],
    ["Hârtie A4", "A4", "pachet", 24.37, false],
  ] as const
).map(([name, code, unitOfMeasure, price, isService]) => ({
  name,
  code,
  unitOfMeasure,
  defaultPrice: decimalTextOf(price),
  vatRate: decimalTextOf(21),
  vatCategoryCode: "S" as const,
  isService,
  description: null,
  color: undefined,
  sgrAmount: undefined,
  ncCode: null,
  cpvCode: null,
}));
