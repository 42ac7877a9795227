/** pg-boss, in both lines that a fleet can have, as far as one needs it. */
import type * as Line10 from "pg-boss";
import type * as Line12 from "pg-boss-12";
import type { Database } from "./database.js";

/** A customer to rotate, with the key that it had when it was queued. */
export interface Queued {
  customer: string;
  keyId: string;
}

interface JobInsert {
  data: Queued;
  singletonKey: string;
  retryLimit: number;
  retryDelay: number;
  expireInSeconds: number;
}

/** What both lines do when they are asked in the same words. */
interface Common {
  on(event: "error", hears: () => void): unknown;
  start(): Promise<unknown>;
  stop(how: { graceful: boolean }): Promise<void>;
  createQueue(name: string, queue: { name: string; policy: "stately" }): Promise<void>;
  fetch(queue: string): Promise<{ id: string; data: Queued }[]>;
  complete(queue: string, id: string): Promise<unknown>;
  fail(queue: string, id: string, output: object): Promise<unknown>;
}

export interface Line {
  readonly boss: Common;
  /** Where its tables are: neither line can read those of the other. */
  readonly schema: string;
  insert(queue: string, jobs: JobInsert[]): Promise<unknown>;
  /** Gives the jobs of workers that have died to others. */
  upkeep(queue: string): Promise<unknown>;
}

/** How often it is looked for the jobs of workers that have died. */
export const UPKEEP_SECONDS = 5;

export function lineOf(module: typeof Line10 | typeof Line12, database: Database): Line {
  const db = { executeSql: async (text: string, values?: unknown[]) => ({ rows: await database.query(text, values) }) };
  // Neither does anything by itself that a fleet does not ask for.
  const options = { db, schedule: false, supervise: false };
  if ("PgBoss" in module) {
    const schema = "keysmith_jobs_12";
    const boss = new module.PgBoss({
      ...options,
      schema,
      registerInstance: false,
      monitorIntervalSeconds: UPKEEP_SECONDS,
      monitorVacuum: false,
    });
    return {
      boss,
      schema,
      insert: (queue, jobs) => boss.insert(queue, jobs),
      upkeep: (queue) => boss.supervise(queue),
    };
  }
  const schema = "keysmith_jobs";
  const boss = new module.default({ ...options, schema });
  return {
    boss,
    schema,
    insert: (queue, jobs) => boss.insert(jobs.map((job) => ({ ...job, name: queue }))),
    upkeep: () => boss.maintain(),
  };
}
