import { instant } from "#core/lib/clock.ts";
import { idFrom } from "#core/lib/ids.ts";
import { type AnafVerb, folded } from "#core/providers/anaf/wire.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";

/** A text of ANAF that our list of texts does not have: to be read by a person, then added to it. */
export interface UnknownText extends Stored {
  readonly text: string;
  readonly verb: AnafVerb;
  readonly count: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

/** They belong to nobody: what ANAF says to one it says to all. */
const everybody = "anaf";

const unknownTexts = collection<UnknownText>({ kind: "text", what: "Text" });

export const listUnknownTexts = (): Promise<UnknownText[]> => unknownTexts.all(everybody);

/** Counts and keeps a text nobody knows. Texts that differ only in numbers are one. */
export async function keepUnknownText(verb: AnafVerb, text: string): Promise<void> {
  const id = idFrom(`${verb} ${folded(text).replaceAll(/\d+/g, "#")}`);
  console.warn(JSON.stringify({ metric: "anaf.unknown_text", verb, text: text.slice(0, 300) }));
  await untilCommitted(async () => {
    const known = await unknownTexts.find(everybody, id);
    const lastSeenAt = instant();
    const fresh = { id, verb, text: text.slice(0, 1000), count: 1, firstSeenAt: lastSeenAt, lastSeenAt };
    await commit([
      known
        ? unknownTexts.replace(everybody, known, { ...known, count: known.count + 1, lastSeenAt })
        : unknownTexts.insert(everybody, fresh),
    ]);
  });
}
