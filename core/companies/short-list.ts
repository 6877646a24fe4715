import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import type { Write } from "#core/store/write.ts";

interface Row<T> extends Stored {
  readonly items: readonly T[];
}

/** A list after a change, and what the caller is told about it. */
export interface ListChange<T, Answer> {
  readonly items: readonly T[];
  readonly answer: Answer;
}

/**
 * A few things of a company that hold together by rules (one default, no account twice), kept in one row: a rule over
 * the whole list is then a rule over one object, and two changes at once cannot break it between them.
 */
export function shortList<T>(kind: string, what: string) {
  const rows = collection<Row<T>>({ kind, what });
  const id = "list";
  return {
    /** The list as it is now; empty for who never had one. */
    async read(scope: string): Promise<readonly T[]> {
      return (await rows.find(scope, id))?.items ?? [];
    },

    /** The write that starts the list of a new owner. */
    start: (scope: string, items: readonly T[]): Write => rows.insert(scope, { id, items }),

    /** Decides on the list as it is and writes it with `beside`, again until nobody wrote in between. */
    change<Answer>(
      scope: string,
      decide: (items: readonly T[]) => ListChange<T, Answer>,
      beside: readonly Write[] = [],
    ): Promise<Answer> {
      return untilCommitted(async () => {
        const row = await rows.find(scope, id);
        const { items, answer } = decide(row?.items ?? []);
        const write = row ? rows.replace(scope, row, { id, items }) : rows.insert(scope, { id, items });
        await commit([write, ...beside]);
        return answer;
      });
    },
  };
}
