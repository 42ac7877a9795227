/** The queue of customers to rotate: pg-boss, on the fleet's own connections. */
import { sleep } from "../http/timers.js";
import type { Database } from "./database.js";
import { loadedBoss } from "./peers.js";

export interface Job {
  readonly customer: string;
  /** The customer's key when it was queued: one that was rotated since is done. */
  readonly keyId: string;
  /** There is nothing to do any more. */
  done(): Promise<void>;
  /** It is given out again, a while later. */
  again(problem: string): Promise<void>;
}

export interface Queue {
  /** Those that wait already stay as they are. */
  add(due: readonly { customer: string; keyId: string }[]): Promise<void>;
  next(): Promise<Job | undefined>;
  /** Whether nothing waits and nothing is in work, on any machine. */
  isEmpty(): Promise<boolean>;
}

/** Without an end: it is the fleet that counts failures. */
const RETRIES = 1_000_000;
/** How often it is looked for the jobs of workers that have died. */
const UPKEEP_MS = 5_000;
const BATCH = 1_000;

export async function queueOf(database: Database, fleet: string, leaseMs: number): Promise<Queue> {
  const PgBoss = await loadedBoss();
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: await database.query(text, values) }) },
    schema: "keysmith_jobs",
    schedule: false,
    supervise: false,
  });
  await installed(() => boss.start());
  const queue = `rotate ${fleet}`;
  const seconds = Math.max(1, Math.ceil(leaseMs / 1_000));
  // Of a customer, one job waits and one is in work. The job of a dead worker is given out again once its lease has run out.
  await installed(() => boss.createQueue(queue, { name: queue, policy: "stately" }));
  const job = { name: queue, retryLimit: RETRIES, retryDelay: Math.ceil(seconds / 4), expireInSeconds: 2 * seconds };
  let kept = -Infinity;
  return {
    add: async (due) => {
      for (let from = 0; from < due.length; from += BATCH) {
        const batch = due.slice(from, from + BATCH);
        await boss.insert(batch.map((data) => ({ ...job, data, singletonKey: data.customer })));
      }
    },
    next: async () => {
      if (performance.now() - kept > UPKEEP_MS) {
        kept = performance.now();
        await boss.maintain();
      }
      const [found] = await boss.fetch<{ customer: string; keyId: string }>(queue);
      if (!found) return undefined;
      const { id, data } = found;
      return {
        ...data,
        done: () => boss.complete(queue, id),
        again: (problem) => boss.fail(queue, id, { problem }),
      };
    },
    isEmpty: async () => (await boss.getQueueSize(queue, { before: "completed" })) === 0,
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
