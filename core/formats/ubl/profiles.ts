/** What differs between the countries that exchange UBL: everything else in this folder is common. */
export interface Profile {
  readonly name: string;
  readonly customizationId: string; // BT-24
  /** Default business process (BT-23); null where the country asks for none. */
  readonly profileId: string | null;
  /** Currency in which the VAT total must also be stated when the document is in another (BT-6). */
  readonly taxCurrency: string | null;
  readonly notes: { readonly most: number; readonly length: number };
}

/** Romanian CIUS 1.0.1, the only profile ANAF accepts. */
export const RO_CIUS: Profile = {
  name: "RO_CIUS",
  customizationId: "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1",
  profileId: null,
  taxCurrency: "RON",
  notes: { most: 20, length: 300 }, // BR-RO-A020, BR-RO-L302
};
