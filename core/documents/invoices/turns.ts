const last = new Map<string, Promise<unknown>>();

/**
 * Runs the work of one process on the same thing one after the other: sixty issues on one series would otherwise fight
 * each other for its counter. Other processes are not kept away; the transaction decides between them.
 */
export async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  const turn = (last.get(name) ?? Promise.resolve()).then(work, work);
  last.set(name, turn);
  try {
    return await turn;
  } finally {
    if (last.get(name) === turn) last.delete(name);
  }
}
