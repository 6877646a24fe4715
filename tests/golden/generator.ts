import * as fc from "fast-check";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { BUYER, CONSUMER, documentFrom, FOREIGN, NON_PAYER, SELLER, stornoOf } from "./documents.ts";

/** Documents nobody would think of, but which the API lets a company issue. */

const decimal = (min: number, max: number, decimals: number) =>
  fc.integer({ min, max }).map((units) => `${units}e-${decimals}`);

const CHARACTERS = Array.from("abc șțăîâ ȘȚ <>&\"'\n\t#]\u0000\u0007\u00a0😀-0123");

/** Texts with markup, diacritics, emoji, control characters and nothing at all between words. */
const words = (maxLength: number) =>
  fc
    .string({
      unit: fc.constantFrom(...CHARACTERS),
      minLength: 1,
      maxLength,
    })
    .map((text) => `x${text}`.slice(0, maxLength));

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const day = fc.integer({ min: 1, max: 28 }).map((date) => `2026-02-${String(date).padStart(2, "0")}`);

const lineEntry = fc.record({
  chargeIndicator: fc.boolean(),
  amount: decimal(1, 100_00, 2),
  reason: maybe(words(100)),
});

const line = (categories: readonly string[]) =>
  fc.record({
    description: words(500),
    quantity: fc.oneof(decimal(1, 9_999_999, 3), decimal(-5_000, -1, 0), decimal(1, 1_000_000, 6)),
    unitPrice: fc.oneof(decimal(1, 10_000_00, 2), decimal(1, 1_000_000_000, 6)),
    unitOfMeasure: fc.constantFrom("buc", "kg", "ora", "PK", "C62", "ceva"),
    vatCategoryCode: fc.constantFrom(...categories) as fc.Arbitrary<"S">,
    discountPercent: fc.constantFrom(0, 0, "12.5", 100),
    vatIncluded: fc.boolean(),
    lineNote: maybe(words(300)),
    productCode: maybe(words(50)),
    cpvCode: maybe(fc.constant("72000000-5")),
    buyerAccountingRef: maybe(words(255)),
    standardItemIdentification: maybe(fc.constant("5941234567890")),
    ublExtensions: maybe(
      fc.record({
        allowanceCharges: fc.array(lineEntry, { maxLength: 3 }),
        additionalItemProperties: fc.array(fc.record({ name: words(50), value: words(100) }), {
          maxLength: 2,
        }),
        originCountry: fc.constantFrom("RO", "de"),
      }),
    ),
  });

const entryOf = (category: string, rate: number) =>
  fc.record({
    chargeIndicator: fc.boolean(),
    amount: decimal(1, 1_000_00, 2),
    taxCategoryCode: fc.constant(category) as fc.Arbitrary<"S">,
    taxRate: fc.constant(rate),
    reason: maybe(words(100)),
  });

const texts = {
  notes: maybe(words(5000)),
  mentions: maybe(words(800)),
  paymentTerms: maybe(words(255)),
  orderNumber: maybe(words(255)),
  contractNumber: maybe(words(255)),
  projectReference: maybe(words(255)),
  buyerReference: maybe(words(255)),
  despatchAdviceReference: maybe(words(255)),
  receivingAdviceReference: maybe(words(255)),
  tenderOrLotReference: maybe(words(255)),
  invoicedObjectIdentifier: maybe(words(255)),
  buyerAccountingReference: maybe(words(255)),
  payeeName: maybe(words(255)),
};

interface Scene {
  around: Parameters<typeof documentFrom>[1];
  categories: readonly string[];
  entry: [string, number];
}

const scenes: readonly Scene[] = [
  { around: { seller: SELLER, buyer: BUYER }, categories: ["S", "Z", "E", "AE"], entry: ["S", 21] },
  { around: { seller: SELLER, buyer: CONSUMER }, categories: ["S", "E"], entry: ["S", 11] },
  { around: { seller: SELLER, buyer: FOREIGN }, categories: ["S", "AE", "G"], entry: ["AE", 0] },
  { around: { seller: NON_PAYER, buyer: BUYER }, categories: ["O"], entry: ["O", 0] },
];

const documentOf = ({ around, categories, entry }: Scene): fc.Arbitrary<IssuableDocument> =>
  fc
    .record({
      ...texts,
      currency: fc.constantFrom("RON", "EUR"),
      dueDate: maybe(day),
      documentType: fc.constantFrom("invoice" as const, "credit_note" as const),
      tvaLaIncasare: fc.boolean(),
      paymentMethod: maybe(fc.constantFrom("bank_transfer", "cash", "card", "cheque", "other")),
      ublExtensions: maybe(
        fc.record({
          allowanceCharges: fc.array(entryOf(...entry), { maxLength: 3 }),
          prepaidAmount: decimal(0, 500_00, 2),
          invoicePeriod: fc.record({ startDate: fc.constant("2026-01-01"), endDate: day }),
        }),
      ),
      lines: fc.array(line(categories), { minLength: 1, maxLength: 8 }),
    })
    .map((body) =>
      documentFrom({ ...body, exchangeRate: body.currency === "RON" ? undefined : "5.0911" }, around),
    );

/** Any document, and now and then the reversal of one. */
export const anyDocument: fc.Arbitrary<IssuableDocument> = fc
  .tuple(fc.oneof(...scenes.map(documentOf)), fc.boolean())
  .map(([document, isReversed]) => (isReversed ? stornoOf(document) : document));
