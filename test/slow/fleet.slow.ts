/**
 * A fleet of two workers, each a process of its own, whose customers' keys are rotated for a minute over a sandbox of which one
 * answer in ten goes wrong. For a shorter one: LONG_RUN_SECONDS=10.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled } from "../helpers/bundled.js";
import { startPostgres } from "../live/postgres.js";
import { Child, THERE_BEFORE, type Usage } from "./child.js";
import type { Worker } from "./fleet-client.js";
import type { Server } from "./long-run-server.js";

const seconds = Number(process.env["LONG_RUN_SECONDS"] ?? 60);
const CUSTOMERS = 50;
const FAULT_RATE = 0.1;
/** More than a lost request may be late, and than a lease. */
const UNTIL_LATE_MS = 6_000;
/** What a worker's heap may grow by, in bytes: the runtime comes and goes by some 500,000. */
const MAX_GROWTH = 5_000_000;

interface Run {
  worked: Awaited<ReturnType<Worker["work"]>>[];
  usage: { before: Usage; after: Usage }[];
  open: Awaited<ReturnType<Worker["finish"]>>;
  held: Awaited<ReturnType<Worker["held"]>>;
  server: Awaited<ReturnType<Server["report"]>>;
}

let run: Run;
const endings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const { folder, remove } = await bundled("test/slow/long-run-server.ts", "test/slow/fleet-client.ts");
  endings.push(remove);
  const postgres = await startPostgres();
  endings.push(() => postgres.stop());
  const server = new Child<Server>(`${folder}/long-run-server.mjs`);
  endings.push(() => server.end());
  const place = JSON.stringify(await server.ask("place"));
  const workers = [0, 1].map(() => {
    const worker = new Child<Worker>(`${folder}/fleet-client.mjs`, [postgres.url, place, String(CUSTOMERS)]);
    endings.push(() => worker.end());
    return worker;
  });
  const all = <T>(does: (worker: Child<Worker>) => Promise<T>) => Promise.all(workers.map(does));
  const [first] = workers;
  if (!first) throw new Error("There is no worker.");

  await server.ask("fail", FAULT_RATE);
  await all((worker) => worker.ask("ensure"));
  await all((worker) => worker.ask("work", Math.min(15, seconds)));
  const before = await all((worker) => worker.ask("usage"));
  const worked = await all((worker) => worker.ask("work", seconds));
  const after = await all((worker) => worker.ask("usage"));
  await server.ask("fail", 0);
  let open: Run["open"] = [];
  // What was lost last is looked for by the work that comes when it is late.
  for (let round = 0; round < 2 || (open.length > 0 && round < 5); round++) {
    await new Promise((resolve) => setTimeout(resolve, UNTIL_LATE_MS));
    open = await first.ask("finish");
  }
  const usage = before.map((one, index) => ({ before: one, after: after[index] ?? one }));
  run = { worked, usage, open, held: await first.ask("held"), server: await server.ask("report") };
  const heaps = usage.map((one) => `${(one.before.heap / 1e6).toFixed(1)} → ${(one.after.heap / 1e6).toFixed(1)} MB`);
  console.log(JSON.stringify({ worked, heaps, faults: run.server.faults }, null, 1));
});
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

describe(`${seconds} s of a fleet with faults`, () => {
  it("rotated more than a key a second", () => {
    expect(run.worked.reduce((sum, { rotated }) => sum + rotated, 0)).toBeGreaterThan(seconds);
  });

  it("failed now and then", () => expect(run.worked.some(({ failed }) => failed > 0)).toBe(true));

  it("left nothing behind in the memory of a worker", () => {
    for (const { before, after } of run.usage) expect(after.heap - before.heap).toBeLessThan(MAX_GROWTH);
  });

  it("left no customer in doubt", () => expect(run.open).toEqual([]));

  it("left each customer one key, which the store holds, and none besides", () => {
    const there = run.server.keys.openrouter.filter(({ name }) => name !== THERE_BEFORE);
    expect(there.filter(({ id }) => !run.held.includes(id))).toEqual([]);
    expect(new Set(there.map(({ name }) => name.replace(/ ~ks1.*/, ""))).size).toBe(CUSTOMERS);
    expect(there).toHaveLength(CUSTOMERS);
  });
});
