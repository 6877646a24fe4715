import type { DatabaseSync } from "node:sqlite";
import { now } from "#core/lib/clock.ts";
import { invoke } from "./lambda.ts";
import type { declared } from "./sst.ts";
import { queueOf, type Queues } from "./sqs/queues.ts";

type Schedule = (typeof declared.schedules)[number];

/**
 * Ticks the schedules on the product's clock. The last tick of each is kept, so what fell due while nothing ran runs
 * at the next start; several missed ticks run as one, because every schedule looks at all there is to do.
 */
export class Schedules {
  readonly #database: DatabaseSync;
  readonly #queues: Queues;
  readonly #schedules: readonly Schedule[];
  /** Schedules run so far. */
  ran = 0;
  /** Runs going on now. */
  readonly busy = new Set<Promise<void>>();

  constructor(database: DatabaseSync, queues: Queues, schedules: readonly Schedule[]) {
    this.#database = database;
    this.#queues = queues;
    this.#schedules = schedules;
    database.exec("CREATE TABLE IF NOT EXISTS tick (schedule TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;");
    // A rate starts counting when the schedule is made, as in EventBridge.
    for (const { name } of schedules)
      database.prepare("INSERT OR IGNORE INTO tick VALUES (?, ?)").run(name, now());
  }

  /** Runs what is due now; answers how many schedules ran. */
  async runDue(): Promise<number> {
    // A clock that was set back must not keep a schedule waiting for longer than its rate.
    this.#database.prepare("UPDATE tick SET at = ?1 WHERE at > ?1").run(now());
    const due = this.#schedules.filter((schedule) => this.#dueMs(schedule) <= now());
    await Promise.all(due.map((schedule) => this.#track(this.#run(schedule))));
    return due.length;
  }

  /** Milliseconds until the next schedule is due. */
  nextMs(): number {
    return Math.min(...this.#schedules.map((schedule) => this.#dueMs(schedule))) - now();
  }

  #track(run: Promise<void>): Promise<void> {
    this.busy.add(run);
    this.ran++;
    return run.finally(() => this.busy.delete(run));
  }

  async #run(schedule: Schedule) {
    const lastMs = this.#lastMs(schedule);
    const ticks = Math.max(1, Math.floor((now() - lastMs) / schedule.everyMs));
    this.#database
      .prepare("UPDATE tick SET at = ? WHERE schedule = ?")
      .run(lastMs + ticks * schedule.everyMs, schedule.name);
    for (let attempt = 0; attempt <= schedule.retries; attempt++) {
      try {
        await invoke(schedule.run, schedule.event);
        return;
      } catch (error) {
        console.error(`Schedule ${schedule.name} failed:`, error);
      }
    }
    if (schedule.dead)
      this.#queues.send(this.#queues.get(queueOf(schedule.dead)), JSON.stringify(schedule.event));
  }

  #dueMs(schedule: Schedule): number {
    return this.#lastMs(schedule) + schedule.everyMs;
  }

  #lastMs({ name }: Schedule): number {
    return Number(this.#database.prepare("SELECT at FROM tick WHERE schedule = ?").get(name)!.at);
  }
}
