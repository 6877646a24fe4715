export { lastHandover, listHandovers } from "./history.ts";
export { handOver } from "./hand-over.ts";
export type { Handover, HandoverState } from "./handover.ts";
export { documentKey } from "./handover.ts";
export { takeNotice } from "./notices.ts";
