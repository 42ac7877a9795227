/**
 * Rotates keys of a new sandbox whose answers take a while, and prints how long it took and when its requests were sent.
 * For CockroachDB Cloud, whose rate limit would take minutes, time is injected.
 */
import { mock } from "node:test";
import { cockroach, openrouter, rotateAll } from "../../src/index.js";
import { createSandbox } from "../../src/sandbox/index.js";
import { ANSWER_MS, KEYS, type Rotated } from "./rotations.js";

const [provider, concurrency = ""] = process.argv.slice(2);
const injected = provider === "cockroach";
if (injected) {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  mock.method(performance, "now", () => Date.now());
}
const clock = injected ? () => Date.now() : () => performance.now();

const sandbox = createSandbox();
const sent: number[] = [];
const fetch: typeof sandbox.fetch = async (input, init) => {
  sent.push(clock());
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  return sandbox.fetch(input, init);
};

const begun = clock();
const rotating = rotation();
if (injected) await withTime(rotating);
const results = await rotating;
const failed = results.find(({ error }) => error !== undefined);
if (failed) throw failed.error;
const rotated: Rotated = { ms: clock() - begun, sentAt: sent.map((at) => at - begun) };
console.log(JSON.stringify(rotated));

function rotation() {
  const name = (_: unknown, index: number) => ({ name: `key ${index}` });
  const options = {
    concurrency: Number(concurrency),
    store: (secret: { reveal: () => string }) => void secret.reveal(),
  };
  if (injected) {
    const ids = Array.from({ length: KEYS }, name).map((key) => sandbox.issue("cockroach", key).id);
    return rotateAll(cockroach({ apiKey: sandbox.credentials.cockroach, fetch }), ids, options);
  }
  const ids = Array.from({ length: KEYS }, name).map((key) => sandbox.issue("openrouter", key).id);
  return rotateAll(openrouter({ apiKey: sandbox.credentials.openrouter, fetch }), ids, options);
}

/** Lets the injected clock run, by a millisecond whenever everything waits for it. */
async function withTime(until: Promise<unknown>): Promise<void> {
  const state = { ended: false };
  const end = () => {
    state.ended = true;
  };
  until.then(end, end);
  while (!state.ended) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(1);
  }
}
