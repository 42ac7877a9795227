import { openrouter, rotate, type Journal } from "../../src/index.js";
import { createSandbox } from "../../src/sandbox/index.js";
import { atMost, type Benchmark } from "./benchmark.js";

const MOST = 8;

export const requests: Benchmark = {
  name: "requests",
  how:
    "the requests of one rotation in an OpenRouter account of so many keys, counted by the sandbox: under a lease, whose " +
    "figure may not grow with the account, and without one.",
  measure: async () => {
    const rows = [];
    for (const keys of [100, 1_000, 10_000]) {
      const size = keys.toLocaleString("en");
      rows.push(atMost(`one of ${size} keys, under a lease`, await sent(keys, lease), MOST, String));
      if (keys <= 1_000) rows.push({ what: `one of ${size} keys, without`, figure: String(await sent(keys)) });
    }
    return rows;
  },
};

const lease: Journal = {
  exclusive: true,
  open: () => Promise.resolve(undefined),
  note: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

async function sent(size: number, journal?: Journal): Promise<number> {
  const sandbox = createSandbox();
  const { id } = sandbox.issue("openrouter", { name: "key" });
  for (let other = 1; other < size; other++) sandbox.issue("openrouter", { name: `key ${other}` });
  const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
  const before = sandbox.requests.length;
  await rotate(keys, id, { store: (secret) => secret.reveal(), journal });
  return sandbox.requests.length - before;
}
