import { afterEach, describe, expect, it, vi } from "vitest";
import { cockroach, openrouter, rotateAll } from "../../src/index.js";
import { throttled } from "../../src/rotation/rotate-all.js";
import { createSandbox } from "../conformance/sandbox.js";
import { through } from "../helpers/providers.js";

afterEach(() => vi.useRealTimers());

describe("rotateAll", () => {
  it("does not wait for a clock that was set back", async () => {
    const fetch = () => Promise.resolve(new Response());
    const { fetch: limited } = throttled({ fetch }, { requests: 1, seconds: 0.01 });
    await limited?.("", {});
    const now = vi.spyOn(Date, "now").mockReturnValue(0);
    const second = await limited?.("", {}).finally(() => now.mockRestore());
    expect(second?.status).toBe(200);
  });

  it("gives a result for each key, in order, and one failure stops no other", async () => {
    const sandbox = createSandbox();
    const keys = openrouter(through(sandbox, "openrouter"));
    const ids = Array.from(
      { length: 6 },
      (_, index) => sandbox.issue("openrouter", { name: `key ${index}`, disabled: index === 2 }).id,
    );
    const seen: string[] = [];
    const results = await rotateAll(keys, [...ids, ids[0] ?? ""], {
      store: (secret, { name }) => {
        secret.reveal();
        if (name === "key 4") throw new Error("disk full");
      },
      concurrency: 3,
      onResult: ({ id }) => {
        seen.push(id);
        throw new Error("whoever looks on");
      },
    });
    expect(results.map(({ id }) => id)).toEqual(ids);
    expect(results.map(({ rotation, error }) => rotation?.new.name ?? (error as { step: string }).step)).toEqual([
      "key 0",
      "key 1",
      "read",
      "key 3",
      "store",
      "key 5",
    ]);
    expect(seen.sort()).toEqual([...ids].sort());
  });

  it("keeps no more keys in work at once than it may", async () => {
    const sandbox = createSandbox();
    const ids = Array.from({ length: 9 }, () => sandbox.issue("openrouter", { name: "a" }).id);
    let working = 0;
    let most = 0;
    await rotateAll(openrouter(through(sandbox, "openrouter")), ids, {
      concurrency: 4,
      store: async (secret) => {
        secret.reveal();
        most = Math.max(most, ++working);
        await new Promise((resolve) => setImmediate(resolve));
        working--;
      },
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it("rotates every key, whatever it is told of how many at once", async () => {
    for (const concurrency of [NaN, 0, -1, Infinity]) {
      const sandbox = createSandbox();
      const keys = openrouter(through(sandbox, "openrouter"));
      const { id } = sandbox.issue("openrouter", { name: "a" });
      const results = await rotateAll(keys, [id], { store: (secret) => void secret.reveal(), concurrency });
      expect(results).toMatchObject([{ rotation: { retired: "revoked" } }]);
    }
  });

  it("after an abort, what was not begun is not, and says why", async () => {
    const sandbox = createSandbox();
    const ids = Array.from({ length: 5 }, () => sandbox.issue("openrouter", { name: "a" }).id);
    const controller = new AbortController();
    const results = await rotateAll(openrouter(through(sandbox, "openrouter")), ids, {
      concurrency: 1,
      store: (secret) => {
        secret.reveal();
        controller.abort("enough");
      },
      signal: controller.signal,
    });
    expect(results.map(({ rotation, error }) => (rotation ? "rotated" : error))).toEqual([
      "rotated",
      "enough",
      "enough",
      "enough",
      "enough",
    ]);
  });

  it("sends CockroachDB Cloud no more than 10 requests in any second, and hardly fewer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    const sandbox = createSandbox();
    const times: number[] = [];
    const keys = cockroach({
      apiKey: sandbox.credentials.cockroach,
      fetch: (input, init) => {
        times.push(Date.now());
        return sandbox.fetch(input, init);
      },
    });
    const ids = Array.from({ length: 20 }, (_, index) => sandbox.issue("cockroach", { name: `${index}` }).id);
    const began = Date.now();
    const done: unknown[] = [];
    const onResult = (result: unknown) => done.push(result);
    const rotating = rotateAll(keys, ids, { store: (secret) => void secret.reveal(), concurrency: 8, onResult });
    while (done.length < ids.length) {
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(10);
    }
    const results = await rotating;
    expect(results.filter(({ error }) => error)).toEqual([]);
    const busiest = times.map((time) => times.filter((other) => other >= time && other < time + 1_000).length);
    expect(Math.max(...busiest)).toBeLessThanOrEqual(10);
    const seconds = ((times.at(-1) ?? 0) - began) / 1_000;
    expect(seconds).toBeLessThanOrEqual((times.length / 10) * 1.1);
  });
});
