/** The queue of customers to rotate: pg-boss, on the fleet's own connections. */
import { sleep } from "../http/timers.js";
import { lineOf, UPKEEP_SECONDS, type Queued } from "./boss.js";
import type { Database } from "./database.js";
import { loadedBoss } from "./peers.js";

/** The customer's key when it was queued: one that was rotated since is done. */
export interface Job extends Readonly<Queued> {
  /** There is nothing to do any more. */
  done(): Promise<void>;
  /** It is given out again, a while later. */
  again(problem: string): Promise<void>;
}

export interface Queue {
  /** Those that wait already stay as they are. */
  add(due: readonly Queued[]): Promise<void>;
  next(): Promise<Job | undefined>;
  /** Whether nothing waits and nothing is in work, on any machine. */
  isEmpty(): Promise<boolean>;
  end(): Promise<void>;
}

/** Without an end: it is the fleet that counts failures. */
const RETRIES = 1_000_000;
const BATCH = 1_000;

export async function queueOf(database: Database, fleet: string, leaseMs: number): Promise<Queue> {
  const line = lineOf(await loadedBoss(), database);
  const { boss } = line;
  // What it could not do by itself it does the next time; what it was asked for fails where it was asked.
  boss.on("error", () => undefined);
  await installed(() => boss.start());
  // Letters, digits and few other characters are all that a queue's name may have.
  const escaped = fleet.replaceAll(/[^\w-]/gu, (character) => `.${character.codePointAt(0)?.toString(16)}.`);
  const queue = `rotate/${escaped}`;
  const seconds = Math.max(1, Math.ceil(leaseMs / 1_000));
  // Of a customer, one job waits and one is in work. The job of a dead worker is given out again once its lease has run out.
  await installed(() => boss.createQueue(queue, { name: queue, policy: "stately" }));
  const job = { retryLimit: RETRIES, retryDelay: Math.ceil(seconds / 4), expireInSeconds: 2 * seconds };
  let kept = -Infinity;
  return {
    add: async (due) => {
      for (let from = 0; from < due.length; from += BATCH) {
        const batch = due.slice(from, from + BATCH);
        await line.insert(
          queue,
          batch.map((data) => ({ ...job, data, singletonKey: data.customer })),
        );
      }
    },
    next: async () => {
      if (performance.now() - kept > 1_000 * UPKEEP_SECONDS) {
        kept = performance.now();
        await line.upkeep(queue);
      }
      const [found] = await boss.fetch(queue);
      if (!found) return undefined;
      const { id, data } = found;
      return {
        ...data,
        done: async () => void (await boss.complete(queue, id)),
        again: async (problem) => void (await boss.fail(queue, id, { problem })),
      };
    },
    isEmpty: async () => {
      // Its table of jobs is documented; 12 tells how many there are only as of a minute ago.
      const open = `select from ${line.schema}.job where name = $1 and state in ('created', 'retry', 'active') limit 1`;
      return (await database.query(open, [queue])).length === 0;
    },
    end: () => boss.stop({ graceful: false }),
  };
}

/** Several machines that start at once make the same tables, and some of them fail at it. */
async function installed(start: () => Promise<unknown>): Promise<void> {
  for (let left = 10; ; left--) {
    try {
      await start();
      return;
    } catch (error) {
      // Unique violation, duplicate schema, table, object, function; a deadlock between two of them.
      const { code = "" } = error as { code?: unknown };
      if (left === 0 || !["23505", "42P06", "42P07", "42710", "42723", "40P01"].includes(String(code))) throw error;
    }
    await sleep(100 + Math.random() * 200, undefined);
  }
}
