import { setTimeout as pause } from "node:timers/promises";
import type { Stream } from "./dynamodb/stream.ts";
import type { Schedules } from "./schedules.ts";
import type { Consumer } from "./sqs/consumer.ts";
import type { Queues } from "./sqs/queues.ts";

/** How often an idle stream is looked at; work that went through us nudges it at once. */
const streamPollMs = 250;
/** Batches of one queue handled at a time. */
const concurrency = 4;
/** A system that has not come to rest after so many rounds is going in circles. */
const mostRounds = 5_000;

/** What makes the system move: consumers, stream readers and schedules, by themselves or on demand. */
export class Loops {
  readonly #queues: Queues;
  readonly #consumers: readonly Consumer[];
  readonly #streams: readonly Stream[];
  readonly #schedules: Schedules;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>[] = [];
  #nudged = new AbortController();

  constructor(
    queues: Queues,
    consumers: readonly Consumer[],
    streams: readonly Stream[],
    schedules: Schedules,
  ) {
    this.#queues = queues;
    this.#consumers = consumers;
    this.#streams = streams;
    this.#schedules = schedules;
  }

  /** Begins to work by itself; what fell due while nothing ran is done first. */
  run(): void {
    for (const consumer of this.#consumers)
      for (let n = 0; n < concurrency; n++)
        this.#repeat(async () => {
          await consumer.next(this.#ending.signal);
          this.nudge();
        });
    for (const stream of this.#streams)
      this.#repeat(async (nudged) => {
        if ((await stream.read()) === 0) await sleep(streamPollMs, nudged);
      });
    this.#repeat(async (nudged) => {
      const ran = await this.#schedules.runDue();
      if (ran > 0) this.nudge();
      else await sleep(Math.max(1, Math.min(this.#schedules.nextMs(), 60_000)), nudged);
    });
  }

  /** Does everything that is due, and what that makes due, until nothing is left; answers what was done. */
  async drain(): Promise<{ messages: number; schedules: number }> {
    const before = { messages: this.#delivered(), schedules: this.#schedules.ran };
    for (let round = 0; (await this.#round()) > 0; round++)
      if (round > mostRounds)
        throw new Error("The system does not come to rest: messages keep causing messages.");
    return {
      messages: this.#delivered() - before.messages,
      schedules: this.#schedules.ran - before.schedules,
    };
  }

  /** Something may have changed: stream readers and schedules look at once. */
  nudge(): void {
    this.#nudged.abort();
    this.#nudged = new AbortController();
  }

  clockMoved(): void {
    this.#queues.wakeAll();
    this.nudge();
  }

  /** Takes no new work and waits for what is being done. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.nudge();
    await Promise.all(this.#running);
  }

  /** One look at everything; answers how much there was, work begun elsewhere included. */
  async #round(): Promise<number> {
    const done = await Promise.all([
      this.#schedules.runDue(),
      ...this.#streams.map((stream) => stream.read()),
      ...this.#consumers.map((consumer) => consumer.deliverNow()),
    ]);
    const underway = [...this.#schedules.busy, ...this.#consumers.flatMap((consumer) => [...consumer.busy])];
    await Promise.all(underway);
    return done.reduce((sum, count) => sum + count, underway.length);
  }

  #delivered() {
    return this.#consumers.reduce((sum, consumer) => sum + consumer.delivered, 0);
  }

  /** Repeats a step until the end, telling it what to listen to while it sleeps; a failed one is tried again. */
  #repeat(step: (nudged: AbortSignal) => Promise<void>) {
    const { signal } = this.#ending;
    const loop = async () => {
      while (!signal.aborted) {
        try {
          await step(this.#nudged.signal);
        } catch (error) {
          if (signal.aborted) return;
          console.error("A local loop failed and is repeated:", error);
          await pause(1_000, undefined, { signal }).catch(() => {});
        }
      }
    };
    this.#running.push(loop());
  }
}

const sleep = (ms: number, nudged: AbortSignal) => pause(ms, undefined, { signal: nudged }).catch(() => {});
