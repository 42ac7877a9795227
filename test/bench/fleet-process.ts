/** A worker of a fleet that rotates all keys again and again, and prints how large its heap is after the first time and the last. */
import { createFleet } from "../../src/fleet/index.js";
import { openrouter } from "../../src/index.js";
import { MANY, plain, ROUNDS, type Heap } from "./fleet.js";

const [database = "", baseUrl = "", apiKey = ""] = process.argv.slice(2);
const fleet = createFleet({
  keys: openrouter({ apiKey, baseUrl }),
  database,
  store: plain,
  name: "memory",
  rate: { requests: 100_000, seconds: 1 },
});
const left = Array.from({ length: MANY }, (_, number) => `customer ${number}`);
const lane = async () => {
  for (let name = left.pop(); name !== undefined; name = left.pop()) await fleet.ensure(name, { name });
};
await Promise.all(Array.from({ length: 8 }, lane));

const heaps: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  await fleet.rotate({ olderThan: "1ms" });
  const { rotated } = await fleet.work({ concurrency: 8 });
  if (rotated !== MANY) throw new Error(`${rotated} of ${MANY} were rotated.`);
  if (!globalThis.gc) throw new Error("Run it with --expose-gc.");
  globalThis.gc();
  heaps.push(process.memoryUsage().heapUsed);
}
await fleet.end();
const heap: Heap = { first: heaps[0] ?? 0, last: heaps.at(-1) ?? 0 };
console.log(JSON.stringify(heap));
