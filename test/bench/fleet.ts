import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { createFleet, type Seal } from "../../src/fleet/index.js";
import { openrouter } from "../../src/index.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { startPostgres } from "../live/postgres.js";
import { atMost, times, type Benchmark, type Row } from "./benchmark.js";
import { inProcess } from "./processes.js";

const MOST = 8;
const LIMIT = { requests: 20, seconds: 1 };
const CUSTOMERS = 60;
const CONCURRENCY = 8;
/** Of the worker whose memory is measured: all of them in each round. */
export const MANY = 1_000;
export const ROUNDS = 10;

export const plain: Seal = { seal: (plaintext) => `sealed ${plaintext}`, open: (sealed) => sealed.slice(7) };

/** Of the heap, in bytes, after the first round and after the last. */
export interface Heap {
  first: number;
  last: number;
}

export const fleet: Benchmark = {
  name: "fleet",
  how:
    "the requests of one rotation by `work` in an OpenRouter account of so many keys, counted by the sandbox; the share of a limit of " +
    `${LIMIT.requests} requests a second that one worker uses with ${CONCURRENCY} customers at once; and the heap of a worker in a process of ` +
    `its own, after a garbage collection, once it has done ${MANY * ROUNDS} jobs, to that after ${MANY}. On a PostgreSQL that it starts.`,
  measure: async () => {
    const postgres = await startPostgres();
    try {
      const rows: Row[] = [];
      for (const keys of [100, 1_000, 10_000]) {
        const what = `requests of a rotation, one of ${keys.toLocaleString("en")} keys`;
        rows.push(atMost(what, await sent(postgres.url, keys), MOST, String));
      }
      return [...rows, ...(await ofLimit(postgres.url)), ...(await memory(postgres.url))];
    } finally {
      await postgres.stop();
    }
  },
};

function fleetIn(sandbox: Sandbox, database: string, name: string, rate: typeof LIMIT, fetch = sandbox.fetch) {
  const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch });
  return createFleet({ keys, database, store: plain, name, rate });
}

async function sent(database: string, size: number): Promise<number> {
  const sandbox = createSandbox();
  for (let other = 1; other < size; other++) sandbox.issue("openrouter", { name: `key ${other}` });
  const one = fleetIn(sandbox, database, `one of ${size}`, { requests: 1_000, seconds: 1 });
  try {
    await one.ensure("a", { name: "a" });
    await one.rotate({ olderThan: "1ms" });
    const before = sandbox.requests.length;
    const { rotated } = await one.work();
    if (rotated !== 1) throw new Error("The key was not rotated.");
    return sandbox.requests.length - before;
  } finally {
    await one.end();
  }
}

async function ofLimit(database: string): Promise<Row[]> {
  const sandbox = createSandbox();
  const unlimited = fleetIn(sandbox, database, "limited", { requests: 1_000, seconds: 1 });
  for (let number = 0; number < CUSTOMERS; number++) await unlimited.ensure(`${number}`, { name: `${number}` });
  await unlimited.rotate({ olderThan: "1ms" });
  await unlimited.end();
  const sentAt: number[] = [];
  const limited = fleetIn(sandbox, database, "limited", LIMIT, (input, init) => {
    sentAt.push(performance.now());
    return sandbox.fetch(input, init);
  });
  const { rotated } = await limited.work({ concurrency: CONCURRENCY });
  await limited.end();
  // Until the last ones, of which fewer are in work at once.
  const until = Math.floor(0.9 * sentAt.length);
  const seconds = ((sentAt[until] ?? 0) - (sentAt[0] ?? 0)) / 1_000;
  const share = until / seconds / LIMIT.requests;
  return [
    {
      what: "of the limit used",
      figure: `${(100 * share).toFixed(0)} %`,
      target: "≥ 90 %",
      met: share >= 0.9,
    },
    {
      what: `keys a minute, at ${LIMIT.requests} requests a second`,
      figure: ((60 * rotated * until) / sentAt.length / seconds).toFixed(0),
    },
  ];
}

async function memory(database: string): Promise<Row[]> {
  const sandbox = createSandbox();
  const server = await serveSandbox({ port: 0, sandbox });
  try {
    const args = [database, `${server.url}/openrouter/api/v1`, sandbox.credentials.openrouter];
    const { first, last } = (await inProcess("test/bench/fleet-process.ts", args, ["--expose-gc"])) as Heap;
    const [few, many] = [MANY, MANY * ROUNDS].map((jobs) => `heap after ${jobs.toLocaleString("en")} jobs`);
    return [
      { what: `${few}`, figure: megabytes(first) },
      { what: `${many}`, figure: megabytes(last) },
      atMost(`${many}, to that after ${MANY.toLocaleString("en")}`, last / first, 1.1, times),
    ];
  } finally {
    await server.close();
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
