import { array, assert, asyncProperty, constantFrom, integer, sample, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleInvoice } from "./documents.ts";
import { submitCarefully, submitNaively } from "./reference-client.ts";
import type { Outcome, Submission } from "./reference-client.ts";
import { createSimulator } from "./simulator.ts";
import { connect, control } from "./visitor.ts";

/** Acceptance test 4 (SIMULATOR.md §12): faults 1–7 and 12 on one document, two clients. */

const uploadFaults = [
  "upload.lost_response",
  "upload.slow_accept",
  "upload.dropped",
  "upload.refused_conn",
  "upload.tech_1814",
  "upload.tech_registered",
  "upload.double",
  "upload.empty200",
];

/** Which fault hits which upload of the document. */
const script = array(tuple(constantFrom(...uploadFaults), integer({ min: 1, max: 4 })), {
  maxLength: 4,
});

interface Ledger extends Outcome {
  received: number;
  accepted: number;
  indexes: string[];
}

async function play(
  faults: [string, number][],
  submit: (submission: Submission) => Promise<Outcome>,
): Promise<Ledger> {
  const simulator = createSimulator();
  const visitor = await connect(simulator, "SER-OWNER");
  for (const [id, nth] of faults) simulator.admin.arm(id, { nth });
  const cif = "9000000011";
  const xml = sampleInvoice({ number: "A-1", issueDate: "2026-11-20", seller: cif, buyer: "9000000020" });
  const outcome = await submit({ visitor, cif, xml, wait: (ms) => simulator.clock.advance(ms) });
  simulator.clock.advance(3_600_000);
  const counted = (await control(simulator, "GET", `/assert/uploads?cif=${cif}&number=A-1`)) as Ledger;
  simulator.close();
  return { ...outcome, ...counted };
}

describe("one document through a storm", () => {
  it("a correct client: exactly one accepted, known to the client, whatever happens", async () => {
    await assert(
      asyncProperty(script, async (faults) => {
        const { accepted, index, indexes } = await play(faults, submitCarefully);
        expect(accepted).toBe(1);
        expect(index).toBe(indexes[0]);
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  it("a client that resends on silence leaves duplicates: the simulator bites", async () => {
    const ledgers = await Promise.all(
      sample(script, { numRuns: 40, seed: 4 }).map((faults) => play(faults, submitNaively)),
    );
    expect(ledgers.filter(({ received }) => received > 1).length).toBeGreaterThan(5);
    // And it believes in an index that was rejected.
    expect(ledgers.some(({ index, indexes }) => index !== indexes[0])).toBe(true);
  });
});
