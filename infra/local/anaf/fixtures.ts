/**
 * The simulator's fictional people and companies (SIMULATOR.md §11). Their CUIs have a valid check digit and lie
 * outside any range known to be issued. Every other valid CUI is a company too, see companies.ts.
 */
export interface Company {
  cui: string;
  name: string;
  county: string;
  city: string;
  street: string;
  streetNumber: string;
  /** As the register prints it: Bucharest's codes lose their leading zero (ANAF.md §11.1). */
  postalCode: string;
  vatPayer: boolean;
  vatOnCash: boolean;
  splitVat: boolean;
  inactive: boolean;
  deregistered: boolean;
  /** Listed in the e-Factura register of public bodies. */
  publicBody: boolean;
  enforcementBody: boolean;
  registeredOn: string;
  activityCode: string;
  tradeRegister: string;
}

export const app = {
  clientId: "sim-client",
  clientSecret: "sim-secret",
  callbackPath: "/auth/callback/anaf",
  services: ["EFACTURA", "ETRANSPORT"],
};

/** Holder of rights over every valid CIF, for demos and first steps. */
export const everyCif = "SER-ANY";

export const holders: Record<string, { name: string; cifs: string[] }> = {
  "SER-OWNER": { name: "Ion Proprietaru", cifs: ["9000000011"] },
  "SER-ACCOUNTANT": {
    name: "Maria Contabila",
    cifs: ["9000000100", "9000000119", "9000000127", "9000000038"],
  },
  "SER-NORIGHTS": { name: "Vasile Faradrepturi", cifs: [] },
  [everyCif]: { name: "Oana Oricare", cifs: [] },
};

/** The one valid CUI that no register knows. */
export const unknownCui = "9000000097";

const ordinary: Omit<Company, "cui" | "name" | "county" | "city"> = {
  street: "Str. Simulării",
  streetNumber: "1",
  postalCode: "400001",
  vatPayer: true,
  vatOnCash: false,
  splitVat: false,
  inactive: false,
  deregistered: false,
  publicBody: false,
  enforcementBody: false,
  registeredOn: "2015-03-02",
  activityCode: "6201",
  tradeRegister: "J2015000001001",
};

const place = {
  bucharest3: { county: "B", city: "Sector 3 Mun. Bucureşti", postalCode: "30167" },
  cluj: { county: "CJ", city: "Mun. Cluj-Napoca" },
  iasi: { county: "IS", city: "Mun. Iaşi", postalCode: "700001" },
  brasov: { county: "BV", city: "Mun. Braşov", postalCode: "500001" },
  constanta: { county: "CT", city: "Mun. Constanţa", postalCode: "900001" },
};

export const fixtureCompanies: Company[] = [
  { ...ordinary, ...place.bucharest3, cui: "9000000011", name: "SIMULATOR VÂNZĂTOR SRL" },
  { ...ordinary, ...place.cluj, cui: "9000000020", name: "SIMULATOR CUMPĂRĂTOR SRL" },
  { ...ordinary, ...place.iasi, cui: "9000000038", name: "SIMULATOR MICRO NEPLĂTITOR SRL", vatPayer: false },
  { ...ordinary, ...place.brasov, cui: "9000000046", name: "SIMULATOR TVA LA ÎNCASARE SRL", vatOnCash: true },
  {
    ...ordinary,
    ...place.cluj,
    cui: "9000000054",
    name: "SIMULATOR INACTIV SRL",
    vatPayer: false,
    inactive: true,
  },
  {
    ...ordinary,
    ...place.cluj,
    cui: "9000000062",
    name: "SIMULATOR RADIAT SRL",
    vatPayer: false,
    deregistered: true,
  },
  {
    ...ordinary,
    ...place.constanta,
    cui: "9000000070",
    name: "PRIMĂRIA SIMULATĂ",
    vatPayer: false,
    publicBody: true,
  },
  { ...ordinary, ...place.iasi, cui: "9000000089", name: "BIROU EXECUTOR SIMULAT", enforcementBody: true },
  { ...ordinary, ...place.cluj, cui: "9000000100", name: "CLIENT CONTABIL UNU SRL" },
  { ...ordinary, ...place.iasi, cui: "9000000119", name: "CLIENT CONTABIL DOI SRL" },
  { ...ordinary, ...place.brasov, cui: "9000000127", name: "CLIENT CONTABIL TREI SRL" },
];
