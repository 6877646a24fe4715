/** What differs between those who exchange Cross Industry Invoices: everything else in this folder is common. */
export interface Profile {
  readonly guidelineId: string; // BT-24
  /** Default business process (BT-23); null where none is asked for. */
  readonly processId: string | null;
  /** Currency in which the VAT total must also be stated when the document is in another (BT-6). */
  readonly taxCurrency: string | null;
  /** The number of the seller's establishment in the French register, where he is known by that (BT-30). */
  readonly sellerSiret: string | null;
}

/** EN 16931 without national additions, which Factur-X calls its profile EN 16931. VAT is owed in lei, whatever the buyer pays in. */
export const EN16931: Profile = {
  guidelineId: "urn:cen.eu:en16931:2017",
  processId: null,
  taxCurrency: "RON",
  sellerSiret: null,
};
