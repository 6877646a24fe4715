import type { Invoice } from "#core/model/invoice.ts";
import type { UploadRoute } from "./wire.ts";

type Routed = Pick<Invoice, "documentType" | "untdidTypeCode" | "buyerSnapshot">;

/**
 * How a document is uploaded (ANAF.md §3, DECISIONS 21): consumers through `uploadb2c` (required since 31 March 2025),
 * buyers without a Romanian code with `extern`, self-billing with `autofactura`, a CreditNote as `CN`.
 */
export function routeOf({ documentType, untdidTypeCode, buyerSnapshot: buyer }: Routed): UploadRoute {
  const isRomanian = buyer?.country === "RO" || /^RO\d/.test(buyer?.vatCode ?? "");
  const isConsumer = isRomanian && buyer?.type === "individual";
  return {
    path: isConsumer ? "uploadb2c" : "upload",
    standard: documentType === "credit_note" ? "CN" : "UBL",
    ...(isRomanian ? {} : { extern: "DA" as const }),
    ...(untdidTypeCode === "389" ? { autofactura: "DA" as const } : {}),
  };
}
