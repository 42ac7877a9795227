/** One machine of a fleet in a thread of its own, which ends at a given statement or request as if it were killed. */
import { parentPort, workerData } from "node:worker_threads";
import pg from "pg";
import { createFleet } from "../../src/fleet/index.js";
import { cockroach } from "../../src/index.js";
import type { Crash } from "./fleet-edges.live.js";

const { does, url, baseUrl, apiKey, name, customer, input, seal, edge, when } = workerData as Crash;

/** How many statements and requests there were; none while it opens. */
let passed: number | undefined;

async function passing<T>(act: () => Promise<T>): Promise<T> {
  if (passed === undefined) return act();
  const isHere = ++passed === edge;
  // Of a thread, this ends it at once: nothing more is sent, and its connections break.
  if (isHere && when === "before") process.exit();
  const answer = await act();
  if (isHere) process.exit();
  return answer;
}

const pool = new pg.Pool({ connectionString: url, max: 2 });
const fleet = createFleet({
  keys: cockroach({ apiKey, baseUrl, fetch: (to, init) => passing(() => fetch(to, init)) }),
  database: { query: (text, values) => passing(() => pool.query(text, values)) },
  store: { seal: (plaintext) => seal + plaintext, open: (sealed) => sealed.slice(seal.length) },
  rate: { requests: 1_000, seconds: 1 },
  name,
  leaseMs: 1_000,
  lateMs: 0,
});
await fleet.status();
passed = 0;
if (does === "ensure") await fleet.ensure(customer, input);
else if (does === "work") await fleet.work({ concurrency: 1 });
else await fleet.remove(customer);
parentPort?.postMessage(passed);
await pool.end();
