const last = new Map<string, Promise<unknown>>();

/**
 * Runs the work of one process on the same thing one after the other: sixty issues on one series would otherwise fight
 * each other for its counter. Other processes are not kept away; the transaction decides between them. The work is told
 * whether it had to wait: what was read before is old then.
 */
export async function inTurn<T>(name: string, work: (waited: boolean) => Promise<T>): Promise<T> {
  const before = last.get(name);
  const next = () => work(before !== undefined);
  const turn = before ? before.then(next, next) : next();
  last.set(name, turn);
  try {
    return await turn;
  } finally {
    if (last.get(name) === turn) last.delete(name);
  }
}
