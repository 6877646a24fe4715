import * as z from "zod";
import { amount } from "#core/lib/decimal.ts";
import { country, day, requiredText, text } from "./input.ts";
import { VAT_CATEGORIES } from "./words.ts";

/** Fields of EN 16931 that few documents need: they travel in `ublExtensions`, of a document or of a line. */
const period = z
  .object({ startDate: day().nullish(), endDate: day().nullish(), descriptionCode: text(10) })
  .refine((value) => value.startDate || value.endDate, "needs a startDate or an endDate")
  .refine(
    (value) => !value.startDate || !value.endDate || value.startDate <= value.endDate,
    "must not end before it starts",
  );

const deliveryAddress = z.object({
  streetName: text(150), // BT-75
  cityName: text(50), // BT-77
  countrySubentity: text(50), // BT-79
  postalZone: text(20), // BT-78
  countryCode: country(), // BT-80
});

const delivery = z
  .object({ actualDeliveryDate: day().nullish(), deliveryAddress: deliveryAddress.nullish() })
  .refine(
    (value) => value.actualDeliveryDate || value.deliveryAddress,
    "needs an actualDeliveryDate or a deliveryAddress",
  );

const lineAllowanceCharge = z.object({
  chargeIndicator: z.boolean({ error: "must be true for a charge, false for an allowance" }),
  amount: amount({ maxDecimals: 2, min: 0.01 }), // BT-136, BT-141
  reasonCode: text(10),
  reason: text(100), // BR-RO-L100
  baseAmount: amount({ maxDecimals: 2, min: 0 }).nullish(),
  multiplierFactorNumeric: amount({ maxDecimals: 4, min: 0, max: 10_000 }).nullish(),
});

const allowanceCharge = lineAllowanceCharge.extend({
  taxCategoryCode: z.enum(VAT_CATEGORIES, { error: `must be one of ${VAT_CATEGORIES.join(", ")}` }), // BT-95, BT-102
  taxRate: amount({ maxDecimals: 2, min: 0, max: 100 }), // BT-96, BT-103
});

const additionalReference = z.object({
  id: requiredText(200), // BT-122
  documentTypeCode: text(10),
  documentDescription: text(100), // BT-123
});

/** An extension object that says nothing is stored as null. */
const orNull = <Value extends object>(value: Value): Value | null =>
  Object.values(value).every(
    (part) => part === null || part === undefined || (Array.isArray(part) && part.length === 0),
  )
    ? null
    : value;

const documentExtensions = z.object({
  invoicePeriod: period.nullish(), // BG-14
  delivery: delivery.nullish(), // BG-13
  allowanceCharges: z.array(allowanceCharge).max(20, "must have at most 20 entries").nullish(), // BG-20, BG-21
  prepaidAmount: amount({ maxDecimals: 2, min: 0 }).nullish(), // BT-113
  additionalDocumentReferences: z
    .array(additionalReference)
    .max(10, "must have at most 10 entries")
    .nullish(), // BG-24
});

const property = z.object({ name: requiredText(50), value: requiredText(100) }); // BT-160, BT-161

const lineExtensions = z.object({
  invoicePeriod: period.nullish(), // BG-26
  allowanceCharges: z.array(lineAllowanceCharge).max(10, "must have at most 10 entries").nullish(), // BG-27, BG-28
  additionalItemProperties: z.array(property).max(20, "must have at most 20 entries").nullish(), // BG-32
  originCountry: country().nullish(), // BT-159
});

/** `ublExtensions` of a document. Unknown keys are dropped. */
export const DocumentExtensions = documentExtensions.transform(orNull);
/** `ublExtensions` of a line. */
export const LineExtensions = lineExtensions.transform(orNull);

export type DocumentExtensions = z.output<typeof documentExtensions>;
export type LineExtensions = z.output<typeof lineExtensions>;
export type AllowanceCharge = z.output<typeof allowanceCharge>;
export type LineAllowanceCharge = z.output<typeof lineAllowanceCharge>;
export type Period = z.output<typeof period>;
export type Delivery = z.output<typeof delivery>;
