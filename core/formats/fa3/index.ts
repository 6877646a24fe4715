export { fa3Findings, LARGEST_INVOICE_BYTES } from "./findings.ts";
export { isNip, normalNip } from "./nip.ts";
export { writeFa3 } from "./write.ts";
