/**
 * Prints how much resident memory judging a 5 000-line invoice takes over the idle process that already judged a small
 * one. A process of its own, because memory once taken is seldom given back.
 */
import { judge } from "#core/rules/index.ts";
import { sampleInvoice } from "../../tests/conformance/sample.ts";

const mb = (kilobytes: number): number => kilobytes / 1024;

const large = Buffer.from(sampleInvoice(5000));
judge(Buffer.from(sampleInvoice(3)), "ro");
globalThis.gc?.();
const idleMb = mb(process.memoryUsage.rss() / 1024);
judge(large, "ro");
const peakMb = mb(process.resourceUsage().maxRSS);
console.log(JSON.stringify({ idleMb, peakMb, overIdleMb: Math.max(0, peakMb - idleMb) }));
