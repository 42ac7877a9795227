/**
 * A limit of requests that all machines share. Each request has a slot: a number, and the moment at which it is sent. Slots
 * are spaced evenly, a little further than the limit asks for, and one statement on one row gives several of them; whoever
 * waits for its slot holds no lock, and those of a process that died are lost.
 *
 * At the server a window is fuller than slots tell where a request arrived late. How late at most is known from its answer,
 * and the slots behind it are then moved, so that the one that is a whole limit further on arrives more than a window later.
 * While requests stay without an answer, no more are sent.
 *
 * Limiters that count by fixed windows let twice as many through where two windows meet: rate-limiter-flexible does.
 */
import type { RateLimit } from "../api.js";
import { sleep } from "../http/timers.js";
import type { ClientOptions } from "../options.js";
import type { Database } from "./database.js";

/** How much later than its slot a request may arrive before those behind it are moved, in shares of a window. */
const ALLOWANCE = 0.03;
/** What clocks and answers leave unknown of an arrival, in shares of a window. */
const UNCERTAINTY = 0.01;
/** How far ahead slots are given, in shares of a window: those that are given cannot be moved any more. */
const AHEAD = 0.25;
/** How many answers are remembered, to know how fast the fastest is, and how many it takes to know. */
const REMEMBERED = 30;
const FEW = 5;
/** How long a clock that was set back may keep everybody waiting, in milliseconds. */
const LONGEST_AHEAD_MS = 60_000;

interface Slot {
  number: number;
  /** When it is, by this process's clock that nobody sets. */
  at: number;
}

interface Sent extends Slot {
  method: string;
  since: number;
}

interface Taken {
  /** Of the first slot. */
  number: string;
  /** When that is, and what time it was, by the database's clock, in milliseconds. */
  at: number;
  now: number;
  count: number;
}

export async function limited(
  database: Database,
  fleet: string,
  rate: RateLimit,
): Promise<(options: ClientOptions) => ClientOptions> {
  await database.query("insert into keysmith_fleet.slot (fleet) values ($1) on conflict do nothing", [fleet]);
  const limiter = new Limiter(database, fleet, rate);
  return (options) => {
    // Which request uses which slot makes no difference.
    const slots: Slot[] = [];
    const send = options.fetch ?? ((input, init) => fetch(input, init));
    return {
      ...options,
      // Not within the attempt: where many wait, its time would be up before it is sent.
      beforeAttempt: async (signal) => {
        await options.beforeAttempt?.(signal);
        slots.push(await limiter.slot(signal));
      },
      fetch: async (input, init) => {
        let slot = slots.shift();
        // A credential may have been waited for meanwhile.
        while (!slot || limiter.isOver(slot)) slot = await limiter.slot(init.signal ?? undefined);
        return limiter.watched(slot, init.method ?? "GET", () => send(input, init));
      },
    };
  };
}

class Limiter {
  readonly #database: Database;
  readonly #fleet: string;
  readonly #requests: number;
  readonly #windowMs: number;
  readonly #spacingMs: number;
  /** Those who wait for a slot, the first first. */
  readonly #waiting: { resolve: (slot: Slot) => void; reject: (error: unknown) => void }[] = [];
  readonly #unanswered = new Set<Sent>();
  /** How long the latest answers took, by the requests' methods. */
  readonly #durations = new Map<string, number[]>();
  /** What this process's clock shows beyond the database's, as the latest answers tell it. */
  readonly #offsets: number[] = [];
  /** The latest arrival, measured by its slot. */
  #late: { number: number; at: number } | undefined;
  /** How long the database took to answer, the last time: a slot that is nearer is over when it is known. */
  #answerMs = 0;
  #isTaking = false;
  #isReporting = false;

  constructor(database: Database, fleet: string, { requests, seconds }: RateLimit) {
    this.#database = database;
    this.#fleet = fleet;
    this.#requests = requests;
    this.#windowMs = seconds * 1_000;
    this.#spacingMs = ((1 + ALLOWANCE + UNCERTAINTY) * this.#windowMs) / requests;
  }

  get #allowanceMs(): number {
    return ALLOWANCE * this.#windowMs;
  }

  /** Waits for a slot, and for its moment. */
  async slot(signal: AbortSignal | undefined): Promise<Slot> {
    for (;;) {
      signal?.throwIfAborted();
      const slot = await new Promise<Slot>((resolve, reject) => {
        this.#waiting.push({ resolve, reject });
        void this.#take();
      });
      await this.#reached(slot.at, signal);
      while (this.#isStuck() && !this.isOver(slot)) await sleep(this.#spacingMs, signal);
      if (!this.isOver(slot)) return slot;
    }
  }

  /** Whether it is too late for a slot: what is sent now would meet those of the slots behind it. */
  isOver({ at }: Slot): boolean {
    return performance.now() > at + this.#allowanceMs;
  }

  /** Sends, and sees by the answer when the request can have arrived at the latest. */
  async watched<T>(slot: Slot, method: string, send: () => Promise<T>): Promise<T> {
    const sent = { ...slot, method, since: performance.now() };
    this.#unanswered.add(sent);
    try {
      return await send();
    } finally {
      this.#unanswered.delete(sent);
      const now = performance.now();
      const arrived = now - this.#fastest(method);
      const durations = this.#durations.get(method) ?? [];
      this.#durations.set(method, [...durations, now - sent.since].slice(-REMEMBERED));
      if (arrived > slot.at + this.#allowanceMs) {
        // It fails where the fleet was ended meanwhile, and nothing is sent any more.
        this.#report({ number: slot.number, at: arrived }).catch(() => undefined);
      }
    }
  }

  /** How long an answer takes that nothing delays: nothing, until that is known. */
  #fastest(method: string): number {
    const durations = this.#durations.get(method) ?? [];
    return durations.length < FEW ? 0 : Math.min(...durations);
  }

  /** Whether requests have no answer for so long that they and those behind them may all arrive at once. */
  #isStuck(): boolean {
    const now = performance.now();
    const overdue = [...this.#unanswered].filter(
      ({ method, since }) => now - since > this.#fastest(method) + this.#windowMs / 2,
    );
    // A few whose answer is lost do not hold up the others until they are given up.
    return overdue.length > this.#requests / 10 || overdue.some(({ since }) => now - since < 4 * this.#windowMs);
  }

  async #reached(at: number, signal: AbortSignal | undefined): Promise<void> {
    // A timer may be a little early.
    for (let left = at - performance.now(); left > 0; left = at - performance.now()) {
      await sleep(Math.ceil(left), signal);
    }
  }

  /** Takes slots for those who wait, until nobody does. */
  async #take(): Promise<void> {
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      // Of a process that just began, one answer tells little of the database's clock.
      while (this.#offsets.length < FEW) await this.#taken(0);
      while (this.#waiting.length > 0) {
        // What could not be reported before.
        if (this.#late) await this.#report(this.#late);
        const { number, at, count } = await this.#taken(this.#waiting.length);
        for (let index = 0; index < count; index++) {
          this.#waiting.shift()?.resolve({ number: number + index, at: at + index * this.#spacingMs });
        }
        if (count === 0) await this.#reached(at - AHEAD * this.#windowMs + this.#spacingMs * Math.random(), undefined);
      }
    } catch (error) {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    } finally {
      this.#isTaking = false;
    }
  }

  /** As many slots as are to be had now, which may be none; `at` is when the first of them, or the next one, is. */
  async #taken(most: number): Promise<Slot & { count: number }> {
    const since = performance.now();
    const [taken] = await this.#database.query<Taken>(
      `with clock as materialized (select extract(epoch from clock_timestamp()) * 1000 as now),
       next as (
         select number, greatest(least(at, now + $3::float8), now + $6::float8)::float8 as at, now::float8 as now
         from keysmith_fleet.slot, clock where fleet = $1 for update of slot
       ),
       given as (
         select number, at, now,
           greatest(0, least($2::int, floor((now + $6::float8 + $4::float8 - at) / $5::float8) + 1))::int as count from next
       )
       update keysmith_fleet.slot set number = given.number + count, at = given.at + count * $5::float8
       from given where slot.fleet = $1 returning given.number, given.at, given.now, count`,
      [
        this.#fleet,
        most,
        Math.max(LONGEST_AHEAD_MS, 2 * this.#windowMs),
        AHEAD * this.#windowMs,
        this.#spacingMs,
        this.#answerMs,
      ],
    );
    this.#answerMs = Math.min(performance.now() - since, this.#windowMs);
    if (!taken) throw new Error("the fleet's tables were removed while it was at work.");
    // The answer that was fastest tells best.
    this.#offsets.push(performance.now() - taken.now);
    if (this.#offsets.length > REMEMBERED) this.#offsets.shift();
    const at = taken.at + Math.min(...this.#offsets);
    return { number: Number(taken.number), at, count: taken.count };
  }

  /** Moves the slots that nobody has yet, so that the one a whole limit behind this one is a window later than it arrived. */
  async #report(late: Slot): Promise<void> {
    const by = ({ number, at }: Slot) => at - number * this.#spacingMs;
    if (!this.#late || by(late) > by(this.#late)) this.#late = late;
    if (this.#isReporting) return;
    this.#isReporting = true;
    try {
      for (let next: Slot | undefined = this.#late; next; next = this.#late) {
        await this.#database.query(
          `update keysmith_fleet.slot set at = greatest(at, $2::float8 - ($3::bigint + $4::int - number) * $5::float8)
           where fleet = $1 and number <= $3::bigint + $4::int`,
          [
            this.#fleet,
            next.at - Math.min(...this.#offsets) + (1 + UNCERTAINTY) * this.#windowMs,
            next.number,
            this.#requests,
            this.#spacingMs,
          ],
        );
        // It stays where that failed, and another one may have come meanwhile.
        if (this.#late === next) this.#late = undefined;
      }
    } finally {
      this.#isReporting = false;
    }
  }
}
