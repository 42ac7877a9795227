/** One OpenRouter key to rotate, and what its rotations meet: a store, a journal, another rotator. */
import { vi } from "vitest";
import { openrouter, rotate, type Journal, type RotateOptions } from "../../src/index.js";
import { fingerprint, newTrace, traced } from "../../src/rotation/trace.js";
import type { Sandbox } from "../../src/sandbox/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { through } from "../helpers/providers.js";
import { memoryStore } from "./rotators.js";

export type Answer = (method: string, response: Response) => Response | Promise<Response>;

/** A key to rotate and a store that holds it; `answer` may change what the server says. */
export function scene(answer: Answer = (_, response) => response) {
  const sandbox = createSandbox({ now: Date.now });
  const issued = sandbox.issue("openrouter", { name: "ci", limit: 20 });
  const store = memoryStore(issued);
  const keys = openrouter({
    ...through(sandbox, "openrouter"),
    maxRetries: 0,
    fetch: async (input, init) => answer(init.method ?? "GET", await sandbox.fetch(input, init)),
  });
  const plain = openrouter(through(sandbox, "openrouter"));
  const ids = async () => (await plain.list().toArray()).map(({ id }) => id);
  const rotating = (options: Partial<RotateOptions<"openrouter">> = {}) =>
    rotate(keys, issued.id, { store: store.store, ...options });
  return { sandbox, old: issued.id, store, keys: plain, ids, rotating };
}

/** A key as another rotator would have made it. */
export function rival(sandbox: Sandbox, old: string, ageMs: number): string {
  const then = Date.now() - ageMs;
  const name = traced("ci", newTrace(fingerprint("openrouter", old), then));
  return sandbox.issue("openrouter", { name, createdAt: new Date(then).toISOString() }).id;
}

/** From here on time passes only where somebody waits for it. */
export function simulated(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
}

/** Lets simulated time pass until the work is done, so many milliseconds with each turn of the event loop. */
export async function waitedFor<T>(work: Promise<T>, stepMs = 500): Promise<T> {
  const state = { done: false };
  const end = () => (state.done = true);
  void work.then(end, end);
  while (!state.done) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(stepMs);
  }
  return work;
}

/** A journal as a caller would have: `open` holds the ids whose entries are open. */
export function memoryJournal(failing: Partial<Journal> = {}) {
  const open = new Set<string>();
  const journal: Journal = {
    open: ({ id }) => {
      if (open.has(id)) return Promise.reject(new Error("still open"));
      open.add(id);
      return Promise.resolve(undefined);
    },
    note: () => Promise.resolve(),
    close: ({ id }) => Promise.resolve(void open.delete(id)),
    ...failing,
  };
  return { open, journal };
}
