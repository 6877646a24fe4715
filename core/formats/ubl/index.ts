export { isLeitwegId, looksLikeLeitwegId } from "./leitweg-id.ts";
export { XRECHNUNG } from "./profiles.ts";
export { writeUbl } from "./write.ts";
