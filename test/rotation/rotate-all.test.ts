import { afterEach, describe, expect, it, vi } from "vitest";
import { cockroach, openrouter, rotateAll, type Secret } from "../../src/index.js";
import { sharedLists } from "../../src/rotation/lists.js";
import { throttled } from "../../src/rotation/rotate-all.js";
import { createSandbox } from "../conformance/sandbox.js";
import { through } from "../helpers/providers.js";
import { simulated, waitedFor } from "./scene.js";

afterEach(() => vi.useRealTimers());

const SEEDS = [1, 2, 3];

describe("rotateAll", () => {
  it("does not wait for a clock that was set back", async () => {
    const { beforeAttempt } = throttled({}, { requests: 1, seconds: 0.01 });
    await beforeAttempt?.(undefined);
    const now = vi.spyOn(Date, "now").mockReturnValue(0);
    await beforeAttempt?.(undefined).finally(() => now.mockRestore());
  });

  it("keeps a rate limit, and hardly lets fewer through than it allows", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const { beforeAttempt } = throttled({}, { requests: 10, seconds: 1 });
    const times: number[] = [];
    const worker = async () => {
      for (let sent = 0; sent < 25; sent++) {
        await beforeAttempt?.(undefined);
        times.push(performance.now());
      }
    };
    const working = Promise.all(Array.from({ length: 8 }, worker));
    await vi.runAllTimersAsync();
    await working;
    expect(times).toHaveLength(200);
    expect(busiest(times)).toBe(10);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBe(19_000);
  });

  it("may keep requests waiting for longer than an attempt may take", async () => {
    simulated();
    const sandbox = createSandbox();
    const keys = cockroach({ ...through(sandbox, "cockroach"), timeoutMs: 5_000, maxRetries: 0 });
    const ids = Array.from({ length: 60 }, (_, index) => sandbox.issue("cockroach", { name: `${index}` }).id);
    const store = (secret: Secret) => void secret.reveal();
    const results = await waitedFor(rotateAll(keys, ids, { store, concurrency: 60 }), 20);
    expect(results.filter(({ error }) => error)).toEqual([]);
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

  it("sends CockroachDB Cloud no more than 10 requests in any second", async () => {
    simulated();
    const sandbox = createSandbox();
    const times: number[] = [];
    const keys = cockroach({
      apiKey: sandbox.credentials.cockroach,
      fetch: (input, init) => {
        times.push(performance.now());
        return sandbox.fetch(input, init);
      },
    });
    const ids = Array.from({ length: 20 }, (_, index) => sandbox.issue("cockroach", { name: `${index}` }).id);
    const store = (secret: Secret) => void secret.reveal();
    const results = await waitedFor(rotateAll(keys, ids, { store, concurrency: 8 }), 20);
    expect(results.filter(({ error }) => error)).toEqual([]);
    expect(busiest(times)).toBeLessThanOrEqual(10);
  });
});

describe("the lists that rotateAll looks at", () => {
  it("are at most a minute old, and one that failed is asked for again", async () => {
    simulated();
    let walks = 0;
    const lists = sharedLists<"openrouter">(() => {
      walks++;
      return walks === 1 ? Promise.reject(new Error("unavailable")) : Promise.resolve([]);
    });
    await expect(lists(undefined, { recent: true })).rejects.toThrow("unavailable");
    for (const { afterMs, recent, want } of [
      { afterMs: 0, recent: true, want: 2 },
      { afterMs: 59_999, recent: true, want: 2 },
      { afterMs: 1, recent: true, want: 3 },
      { afterMs: 0, recent: false, want: 4 },
    ]) {
      vi.advanceTimersByTime(afterMs);
      await lists(undefined, { recent });
      expect(walks).toBe(want);
    }
  });

  it("are shared by the keys that are in work", async () => {
    for (const { concurrency, walks } of [
      { concurrency: 1, walks: 1 + 2 * 16 },
      { concurrency: 8, walks: 1 + 2 * 2 },
    ]) {
      const { sandbox, ids, keys, options } = accountOf(16);
      const results = await rotateAll(keys, ids, { ...options, concurrency });
      expect(results.filter(({ error }) => error)).toEqual([]);
      const lists = sandbox.requests.filter(({ operation }) => operation === "listApiKeys");
      // A list of less than a page is asked for twice.
      expect(lists).toHaveLength(2 * walks);
    }
  });

  it.each(SEEDS)(
    "serve whoever asks, in whatever order answers come, while others create and revoke (%i)",
    async (seed) => {
      const random = randomFrom(seed);
      const { sandbox, ids, keys, options, stored } = accountOf(10, random);
      const plain = openrouter(through(sandbox, "openrouter"));
      const others: string[] = [];
      const results = await rotateAll(keys, ids, {
        ...options,
        concurrency: 8,
        onStep: async () => {
          if (random() < 0.5) others.push(sandbox.issue("openrouter", { name: "another" }).id);
          else if (others.length > 0) await plain.revoke(others.shift() ?? "");
        },
      });
      expect(results.filter(({ error }) => error)).toEqual([]);
      expect(await idsIn(sandbox, "key")).toEqual(results.map(({ rotation }) => rotation?.new.id).sort());
      expect([...stored.values()].sort()).toEqual(await idsIn(sandbox, "key"));
    },
  );

  it.each(SEEDS)(
    "let of two that rotate the same keys at once none take away what the other stored (%i)",
    async (seed) => {
      const random = randomFrom(seed);
      const { sandbox, ids, keys, options, stored } = accountOf(6, random);
      vi.resetModules();
      const another = await import("../../src/index.js");
      const [one, other] = await Promise.all([
        rotateAll(keys, ids, { ...options, concurrency: 4 }),
        another.rotateAll(keys, [...ids].reverse(), { ...options, concurrency: 4 }),
      ]);
      for (const id of ids) {
        const winners = [...one, ...other].filter((result) => result.id === id && result.rotation);
        expect(winners.length).toBeLessThanOrEqual(1);
      }
      expect(await idsIn(sandbox, "key")).toEqual(expect.arrayContaining([...stored.values()]));
    },
  );
});

/** Keys to rotate and where each is stored, by name; with `random`, each answer comes whenever it likes. */
function accountOf(size: number, random?: () => number) {
  const sandbox = createSandbox();
  const ids = Array.from({ length: size }, (_, index) => sandbox.issue("openrouter", { name: `key ${index}` }).id);
  const stored = new Map(ids.map((id, index) => [`key ${index}`, id]));
  const turns = async () => {
    for (let left = (random?.() ?? 0) * 20; left > 1; left--) await new Promise((resolve) => setImmediate(resolve));
  };
  const keys = openrouter({
    ...through(sandbox, "openrouter"),
    fetch: async (input, init) => {
      await turns();
      const response = await sandbox.fetch(input, init);
      await turns();
      return response;
    },
  });
  const store = (secret: Secret, { id, name }: { id: string; name: string }) => {
    secret.reveal();
    stored.set(name, id);
  };
  const held = (id: string) => [...stored.values()].includes(id);
  return { sandbox, ids, keys, stored, options: { store, held } };
}

/** The ids of the keys whose names begin so, in order. */
async function idsIn(sandbox: ReturnType<typeof createSandbox>, name: string): Promise<string[]> {
  const all = await openrouter(through(sandbox, "openrouter")).list().toArray();
  return all.flatMap((key) => (key.name.startsWith(name) ? key.id : [])).sort();
}

/** Numbers from 0 to 1 that are the same whenever the tests run. */
function randomFrom(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
}

/** How many fell into the fullest second. */
function busiest(times: number[]): number {
  return Math.max(...times.map((time) => times.filter((other) => other >= time && other < time + 1_000).length));
}
