import { createHash } from "node:crypto";
import { attributeIn, unzip } from "./visitor.ts";
import type { Visitor } from "./visitor.ts";

/**
 * Two clients that send one document through whatever the wire does, to see whether the simulator tells them
 * apart (SIMULATOR.md §12 test 4). The reference client is correct by ANAF.md §18–§19; the naive one is what
 * the field does: it sends again whenever no index came back.
 */
export interface Submission {
  visitor: Visitor;
  cif: string;
  xml: string;
  /** Lets the simulator's time pass. */
  wait: (milliseconds: number) => void;
}

export interface Outcome {
  /** Index of the accepted document. */
  index: string | undefined;
  uploads: number;
}

const hour = 3_600_000;

/** Reconciles before it ever sends again, and follows a duplicate to the first index. */
export async function submitCarefully(submission: Submission): Promise<Outcome> {
  const { visitor, cif, xml, wait } = submission;
  let uploads = 0;
  for (let round = 0; round < 20; round++) {
    uploads++;
    const sent = await trySend(visitor, cif, xml);
    if (sent.kind === "index") {
      const verdict = await follow(submission, sent.index);
      if (verdict.stare === "ok") return { index: sent.index, uploads };
      const first = /anterior cu index=(\d+)/.exec(verdict.errors)?.[1];
      if (first !== undefined) return { index: first, uploads };
      return { index: undefined, uploads };
    }
    if (sent.kind === "not_sent") continue;
    // Registered or not, nobody knows: the lists are searched for six hours, then the same bytes go again.
    for (let n = 0; n < 6; n++) {
      wait(hour);
      const found = await findInLists(submission);
      if (found !== undefined) return { index: found, uploads };
    }
  }
  return { index: undefined, uploads };
}

/** Sends until an index comes back, and believes the first verdict. */
export async function submitNaively({ visitor, cif, xml, wait }: Submission): Promise<Outcome> {
  for (let uploads = 1; uploads <= 20; uploads++) {
    const sent = await trySend(visitor, cif, xml);
    if (sent.kind === "index") return { index: sent.index, uploads };
    wait(60_000);
  }
  return { index: undefined, uploads: 20 };
}

type Sent = { kind: "index"; index: string } | { kind: "not_sent" } | { kind: "unknown" };

async function trySend(visitor: Visitor, cif: string, xml: string): Promise<Sent> {
  try {
    const index = attributeIn(await visitor.upload(xml, `standard=UBL&cif=${cif}`), "index_incarcare");
    return index === undefined ? { kind: "unknown" } : { kind: "index", index };
  } catch (error) {
    // Only a connection that never opened is provably not sent (ANAF.md §10).
    const cause = (error as Error).cause as { code?: string } | undefined;
    return { kind: cause?.code === "ECONNREFUSED" ? "not_sent" : "unknown" };
  }
}

async function follow(
  { visitor, wait }: Submission,
  index: string,
): Promise<{ stare: string; errors: string }> {
  for (let n = 0; n < 100; n++) {
    wait(60_000);
    const answer = await visitor.stareMesaj(index);
    const stare = attributeIn(answer, "stare") ?? "";
    if (stare === "ok") return { stare, errors: "" };
    if (stare === "nok") {
      const entries = await unzip(await visitor.descarcare(attributeIn(answer, "id_descarcare") ?? ""));
      return { stare, errors: entries.map(([, text]) => text).join() };
    }
  }
  return { stare: "", errors: "" };
}

/** Looks for the same bytes under any message that was listed for this company. */
async function findInLists({ visitor, cif, xml }: Submission): Promise<string | undefined> {
  const answer = JSON.parse(await visitor.lista(`zile=2&cif=${cif}&filtru=T`)) as {
    mesaje?: { id: string; id_solicitare: string }[];
  };
  const wanted = createHash("sha256").update(xml).digest("hex");
  // The oldest first: of two identical uploads the first one is the accepted one.
  for (const { id, id_solicitare: index } of (answer.mesaje ?? []).toReversed()) {
    const entries = Object.fromEntries(await unzip(await visitor.descarcare(id)));
    const found = createHash("sha256")
      .update(entries[`${index}.xml`] ?? "")
      .digest("hex");
    if (found === wanted) return index;
  }
  return undefined;
}
