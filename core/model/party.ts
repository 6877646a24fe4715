/** A company or person on a document, as it stood when the document was issued. Names follow the API. */
export interface Party {
  name: string; // BT-27, BT-44
  type: "company" | "individual";
  /** CUI as bare digits for Romanian parties; the full foreign number otherwise. */
  cif: string | null;
  /** 13 digits; only for individuals. */
  cnp: string | null;
  /** VAT id with its country prefix (`RO9000000011`); null for who is not registered. */
  vatCode: string | null; // BT-31, BT-48
  isVatPayer: boolean;
  registrationNumber: string | null; // BT-30, BT-47
  address: string | null; // BT-35, BT-50
  city: string | null; // BT-37, BT-52
  /** Name or code of the county, as people write it (`Cluj`, `CJ`, `RO-CJ`, `București`). */
  county: string | null; // BT-39, BT-54
  country: string; // BT-40, BT-55, ISO 3166-1 alpha-2
  postalCode: string | null; // BT-38, BT-53
  email: string | null; // BT-43, BT-58
  phone: string | null; // BT-42, BT-57
  contactPerson: string | null; // BT-41, BT-56
  bankName: string | null;
  bankAccount: string | null;
}

/** The buyer frozen on an issued document. */
export interface Buyer extends Party {
  clientCode: string | null;
}

/** The company that issues, with what the law prints about it. */
export interface Seller extends Party {
  /** Bucharest sector, when the register names it apart from the city. */
  sector: string | null;
  /** Share capital as printed, BT-33. */
  capitalSocial: string | null;
  website: string | null;
  /** Registered for VAT on collection (TVA la încasare). */
  vatOnCollection: boolean;
}

/** An account the buyer may pay into, BG-17. */
export interface PaymentAccount {
  iban: string;
  bankName: string | null;
  currency: string;
}

/** A party with nothing known but its name: the start for building one field by field. */
export const partyNamed = (name: string): Party => ({
  name,
  type: "company",
  cif: null,
  cnp: null,
  vatCode: null,
  isVatPayer: false,
  registrationNumber: null,
  address: null,
  city: null,
  county: null,
  country: "RO",
  postalCode: null,
  email: null,
  phone: null,
  contactPerson: null,
  bankName: null,
  bankAccount: null,
});
