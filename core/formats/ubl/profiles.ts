import type { IssuableDocument } from "#core/model/invoice.ts";
import { electronicAddresses } from "./electronic-addresses.ts";

/** Where documents for a party arrive: an id in a scheme of the EAS list (BT-34, BT-49). */
export interface ElectronicAddress {
  readonly scheme: string;
  readonly id: string;
}

/** What differs between the countries that exchange UBL: everything else in this folder is common. */
export interface Profile {
  readonly name: string;
  readonly customizationId: string; // BT-24
  /** Default business process (BT-23); null where the country asks for none. */
  readonly profileId: string | null;
  /** Currency in which the VAT total must also be stated when the document is in another (BT-6). */
  readonly taxCurrency: string | null;
  readonly notes: { readonly most: number; readonly length: number };
  /**
   * Payment terms are lines, some of them for machines (BT-20), with words of their own for what is due at once; null
   * where they are one text.
   */
  readonly termLines: { readonly dueAtOnce: string } | null;
  /** A consumer of whom nothing is known is written as thirteen zeros. */
  readonly numbersConsumers: boolean;
  /** What is out of scope of VAT has a rate in the breakdown all the same, of 0 (BR-DE-14). */
  readonly ratesAll: boolean;
  /** The parties' electronic addresses; absent where the network knows them by their tax ids. */
  readonly addresses?: (document: IssuableDocument) => {
    readonly seller: ElectronicAddress | undefined;
    readonly buyer: ElectronicAddress | undefined;
  };
}

/** Romanian CIUS 1.0.1, the only profile ANAF accepts. */
export const RO_CIUS: Profile = {
  name: "RO_CIUS",
  customizationId: "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1",
  profileId: null,
  taxCurrency: "RON",
  notes: { most: 20, length: 300 }, // BR-RO-A020, BR-RO-L302
  termLines: null,
  numbersConsumers: true,
  ratesAll: false,
};

/** XRechnung 3.0, what German authorities and companies take. VAT is owed in lei all the same. */
export const XRECHNUNG: Profile = {
  name: "XRechnung",
  customizationId: "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
  profileId: "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
  taxCurrency: "RON",
  notes: { most: 50, length: 5000 },
  termLines: { dueAtOnce: "Sofort zahlbar" },
  numbersConsumers: false,
  ratesAll: true,
  addresses: electronicAddresses,
};
