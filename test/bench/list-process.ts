/** Given where a sandbox is served, lists its keys twice, keeping none, and prints how long it took and what stayed in memory. */
import { cockroach, openrouter } from "../../src/index.js";
import type { ServedKeys, Walk } from "./lists.js";

const { provider, count, baseUrl, apiKey } = JSON.parse(process.argv[2] ?? "") as ServedKeys;
const facades = { openrouter, cockroach };
const list = facades[provider]({ apiKey, baseUrl }).list();

const begun = performance.now();
if ((await walk(() => undefined)) !== count) throw new Error(`${provider} does not list its ${count} keys.`);
const ms = performance.now() - begun;

const before = bytesInUse();
let after = NaN;
await walk((keys) => {
  if (keys === count) after = bytesInUse();
});
console.log(JSON.stringify({ ms, bytes: after - before } satisfies Walk));

async function walk(each: (keys: number) => void): Promise<number> {
  let keys = 0;
  for await (const key of list) {
    if (key.id === "") throw new Error("A key has no id.");
    each(++keys);
  }
  return keys;
}

function bytesInUse(): number {
  if (!gc) throw new Error("Start this with --expose-gc.");
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
