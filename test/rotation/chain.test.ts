/** What a rotation says becomes of the old key is what happens, and no key that it leaves is forgotten. */
import { describe, expect, it } from "vitest";
import {
  estuary,
  findOrphans,
  openrouter,
  retireDue,
  type Retirement,
  revokeOrphans,
  rotate,
  type OpenRouterKeys,
  type RotateOptions,
} from "../../src/index.js";
import { unretiredIn } from "../../src/rotation/chain.js";
import { fingerprint, newTrace, retiredName, traced, traceOf } from "../../src/rotation/trace.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, through } from "../helpers/providers.js";
import { memoryStore, rotators } from "./rotators.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A key in a store, and a server's time that passes only when told to. */
function scene() {
  let now = Date.now();
  const sandbox = createSandbox({ now: () => now });
  const first = sandbox.issue("openrouter", { name: "ci" });
  const store = memoryStore(first);
  const keys = openrouter(through(sandbox, "openrouter"));
  const lives = async (id: string, of: OpenRouterKeys = keys) =>
    (await of.list({ includeDisabled: true }).toArray()).some((key) => key.id === id);
  const rotating = (id: string, options: Partial<RotateOptions<"openrouter">> = {}) =>
    rotate(keys, id, { store: store.store, held: store.held, ...options });
  /** Rotates, and is killed once the new key is stored. */
  const killed = async (id: string, options: Partial<RotateOptions<"openrouter">> = {}) => {
    const held = () => Promise.reject(new Error("killed"));
    expect(await failureOf(rotating(id, { ...options, held }))).toMatchObject({ step: "confirm" });
  };
  const pass = (ms: number) => (now += ms);
  return { sandbox, first: first.id, store, keys, lives, rotating, killed, pass };
}

describe("a trace", () => {
  it.each([undefined, "keep", 1000, DAY_MS, 10_000 * DAY_MS] as const)(
    "says what becomes of the old key: %s",
    (retire) => {
      const trace = newTrace("abcdefghijkl", Date.now(), { retire });
      const [, text = ""] = traced("ci", trace).split("~");
      expect(traceOf({ trace: text })).toEqual(trace);
      expect(text.length).toBeLessThanOrEqual(44);
    },
  );

  it.each([undefined, 10_000 * DAY_MS])("says in which other workspace the old key is", (retire) => {
    const workspace = "FFFFFFFF-0000-4000-8000-00000000000F";
    const trace = newTrace("abcdefghijkl", Date.now(), { retire, workspace });
    const [, text = ""] = traced("ci", trace).split("~");
    expect(traceOf({ trace: text })).toEqual({ ...trace, workspace: workspace.toLowerCase() });
    expect(text.length).toBeLessThanOrEqual(72);
  });

  it.each(["the one", "z".repeat(25)])("says no workspace where that is no UUID: %s", (workspace) => {
    const trace = newTrace("abcdefghijkl", Date.now(), { workspace });
    expect(trace.workspace).toBeUndefined();
    const [, text = ""] = traced("ci", trace).split("~");
    expect(traceOf({ trace: `${text}.w${"z".repeat(25)}` })).toEqual(trace);
  });

  it.each([
    "0ks1.0mvx9a3.k3j9x0qz.1c9h2k7d0s4m",
    "ks1.0mvx9a3.k3j9x0qz.1c9h2k7d0s4m.m",
    "ks2.0mvx9a3.k3j9x0qz.1c9h2k7d0s4m",
  ])("that a newer version may have left is none, so that no sweep judges what it cannot read: %s", (trace) =>
    expect(traceOf({ trace })).toBeUndefined(),
  );

  it("names a key as other versions do, which rotate the same keys", () => {
    expect(fingerprint("openrouter", "the id of a key")).toBe("7ew1pqwfcva0");
  });

  it("of an older version is read as before", () => {
    const trace = "ks1.0mvx9a3.k3j9x0qz.1c9h2k7d0s4m";
    expect(traceOf({ trace })).toEqual({ time: 138_387_564_300, nonce: "k3j9x0qz", predecessor: "1c9h2k7d0s4m" });
  });
});

describe("retire", () => {
  it.each(["delete", "Revoke", null, [], {}, { later: 5 }, { later: "soon" }])(
    "%j is refused before anything is made, and not said to be done",
    async (given) => {
      const { first, keys, rotating } = scene();
      // As who writes JavaScript, or reads it from a file.
      const retire = given as Retirement;
      expect(await failureOf(rotating(first, { retire }))).toMatchObject({
        step: "read",
        message: expect.stringContaining("retire must be") as string,
      });
      expect((await keys.list().toArray()).map(({ id }) => id)).toContain(first);
      expect((await keys.list().toArray()).filter(({ trace }) => trace)).toEqual([]);
    },
  );

  it.each([1, 30 * DAY_MS])("keep: the old key is left alone by every sweep, also after %i ms", async (ms) => {
    const { first, store, keys, lives, rotating, pass } = scene();
    expect(await rotating(first, { retire: "keep" })).toMatchObject({ retired: "kept" });
    pass(ms);
    expect(await retireDue(keys, { held: store.held, after: "1ms" })).toEqual([]);
    expect(await revokeOrphans(keys, { held: store.held, minAgeMs: 0 })).toEqual([]);
    expect(await lives(first)).toBe(true);
  });

  it.each(rotators)(
    "keep: a key of $provider that rotations made is left alone, also once its successor is gone",
    async ({ issue, rotate: turn, connect, list }) => {
      let now = Date.now();
      const sandbox = createSandbox({ now: () => now });
      const first = issue(sandbox);
      const store = memoryStore(first);
      const { held, read } = store;
      const pass = async (retire: Retirement) => {
        await turn(sandbox, store.current.id, { store: store.store, held, retire });
        now += DAY_MS;
      };
      await pass("revoke");
      const kept = store.current.id;
      await pass("keep");
      await pass("revoke");
      const keys = connect(sandbox);
      for (const look of [{ held }, { read }]) {
        await revokeOrphans(keys, { ...look, minAgeMs: 1 }).catch(() => undefined);
        await retireDue(keys, { ...look, after: "1ms" }).catch(() => undefined);
      }
      expect((await list(sandbox)).map(({ id }) => id)).toContain(kept);
    },
  );

  it("keep, killed before its name was cleaned or where no name can be: no sweep touches it either", async () => {
    const { first, store, keys, lives, killed, pass } = scene();
    await killed(first, { retire: "keep" });
    pass(DAY_MS);
    expect(await findOrphans(keys, { held: store.held })).toMatchObject([{ verdict: "complete" }]);
    expect(await retireDue(keys, { held: store.held, after: "1ms" })).toEqual([]);
    expect(await lives(first)).toBe(true);
  });

  it("keep: a key that another store may hold is not revoked when the old one is rotated for this store", async () => {
    const { first, store, keys, lives, killed, rotating, pass } = scene();
    await killed(first, { retire: "keep" });
    const other = store.current.id;
    pass(DAY_MS);
    const failure = await failureOf(rotating(first, { held: (id) => id === first }));
    expect(failure).toMatchObject({ name: "RotationPendingError", sibling: { id: other } });
    expect(await lives(other, keys)).toBe(true);
  });

  it("disable: where the new key kept its mark, no sweep takes the old one for one that lives", async () => {
    const { first, store, keys, killed, pass } = scene();
    await killed(first, { retire: "disable" });
    await keys.update(first, { disabled: true, name: retiredName("ci") });
    pass(DAY_MS);
    expect(await findOrphans(keys, { held: store.held })).toMatchObject([{ verdict: "complete" }]);
    expect(await retireDue(keys, { held: store.held, after: "1h" })).toEqual([]);
    expect(await keys.get(first)).toMatchObject({ disabled: true });
  });

  it.each([
    { after: "1s", retiredAt: 24 },
    { after: "24h", retiredAt: 24 },
    { after: "30h", retiredAt: 30 },
  ])("later: 24 h, swept with $after, retires the old key after $retiredAt h", async ({ after, retiredAt }) => {
    const { first, store, keys, lives, rotating, pass } = scene();
    await rotating(first, { retire: { later: "24h" } });
    pass((retiredAt - 1) * HOUR_MS);
    expect(await retireDue(keys, { held: store.held, after })).toEqual([]);
    expect(await findOrphans(keys, { held: store.held })).toMatchObject([
      { verdict: "unretired", dueAt: expect.stringMatching(/^\d{4}-/) as string },
    ]);
    pass(HOUR_MS);
    expect(await retireDue(keys, { held: store.held, after })).toMatchObject([{ key: { id: first } }]);
    expect(await lives(first)).toBe(false);
  });

  it("later, for longer than any sweep asks: 10,000 days", async () => {
    const { first, store, keys, lives, rotating, pass } = scene();
    await rotating(first, { retire: { later: "10000d" } });
    pass(9_999 * DAY_MS);
    expect(await retireDue(keys, { held: store.held, after: "1s" })).toEqual([]);
    expect(await lives(first)).toBe(true);
  });
});

describe("a key that was made to replace another one, which lives still,", () => {
  it("is rotated once that one is retired, where the store holds it", async () => {
    const { first, store, lives, rotating, killed, pass } = scene();
    await killed(first);
    pass(30 * DAY_MS);
    const second = store.current.id;
    expect(await rotating(second)).toMatchObject({ retired: "revoked", old: { id: second } });
    expect([await lives(first), await lives(second)]).toEqual([false, false]);
  });

  it("is rotated once a whole chain is retired", async () => {
    const { sandbox, first, store, lives, rotating, killed, pass } = scene();
    await killed(first);
    const second = store.current.id;
    // As an older version, which did not look.
    const { id, secret } = sandbox.issue("openrouter", {
      name: traced("ci", newTrace(fingerprint("openrouter", second), 0)),
    });
    store.store({ reveal: () => secret } as never, { id } as never);
    pass(30 * DAY_MS);
    await rotating(id);
    expect([await lives(first), await lives(second), await lives(id)]).toEqual([false, false, false]);
  });

  it.each([
    { title: "nobody knows what the store holds", options: { held: undefined }, says: "Give `read` or `held`" },
    { title: "the store holds another one", options: { held: () => false }, says: "Rotate what it holds" },
    { title: "it is young", options: {}, afterMs: 60_000, says: "run again later" },
  ])(
    "is not rotated where $title: it is pending, and that one is named",
    async ({ options, afterMs = DAY_MS, says }) => {
      const { first, store, lives, rotating, killed, pass } = scene();
      await killed(first);
      pass(afterMs);
      const failure = await failureOf(rotating(store.current.id, options));
      const message = expect.stringMatching(new RegExp(`made to replace ${first}, .*${says}`)) as string;
      expect(failure).toMatchObject({ name: "RotationPendingError", message, sibling: { id: first } });
      expect(await lives(first)).toBe(true);
    },
  );

  it("is rotated once that one is disabled, where old keys are", async () => {
    const { first, store, keys, rotating, killed, pass } = scene();
    await killed(first, { retire: "disable" });
    pass(DAY_MS);
    await rotating(store.current.id, { retire: "disable" });
    expect(await keys.get(first)).toMatchObject({ disabled: true });
  });

  it.each(["revoke", "disable"] as const)(
    "is rotated where somebody revokes that one meanwhile: %s",
    async (retire) => {
      const { first, store, keys, lives, rotating, killed, pass } = scene();
      await killed(first, { retire });
      pass(DAY_MS);
      const held = async (id: string) => {
        if (await lives(first)) await keys.revoke(first);
        return store.held(id);
      };
      expect(await rotating(store.current.id, { retire, held })).toMatchObject({ healed: false });
    },
  );

  it("is not rotated where that one cannot be retired: both are named", async () => {
    const { sandbox, first, store, rotating, killed, pass } = scene();
    await killed(first);
    pass(DAY_MS);
    sandbox.fail({ operation: "openrouter.deleteApiKey", kind: "status", status: 403 });
    const second = store.current.id;
    const cause = { status: 403 };
    expect(await failureOf(rotating(second))).toMatchObject({ step: "read", valid: [first, second], cause });
    expect(store.current.id).toBe(second);
  });

  it("that was to be kept, is rotated, and that one is kept", async () => {
    const { first, store, lives, rotating, killed, pass } = scene();
    await killed(first, { retire: "keep" });
    pass(DAY_MS);
    expect(await rotating(store.current.id)).toMatchObject({ retired: "revoked" });
    expect(await lives(first)).toBe(true);
  });

  it("that is to live for a while, waits, or leaves a chain that is found whole", async () => {
    const { first, store, keys, lives, rotating, pass } = scene();
    const { held } = store;
    await rotating(first, { retire: { later: "24h" } });
    const second = store.current.id;
    pass(2 * HOUR_MS);
    const until = new Date(pass(0) + 22 * HOUR_MS).toISOString().slice(0, 16);
    const message = expect.stringContaining(`is to live until ${until}`) as string;
    for (const retire of [undefined, "keep"] as const) {
      expect(await failureOf(rotating(second, { retire }))).toMatchObject({ name: "RotationPendingError", message });
    }
    await rotating(second, { retire: { later: "24h" } });
    pass(2 * HOUR_MS);
    expect((await findOrphans(keys, { held })).map(({ verdict, predecessor }) => [verdict, predecessor?.id])).toEqual(
      expect.arrayContaining([
        ["unretired", first],
        ["unretired", second],
      ]),
    );
    expect(unretiredIn(await keys.list().toArray(), Date.now() + 4 * HOUR_MS).size).toBe(0);
    expect([...unretiredIn(await keys.list().toArray(), Date.now() + 2 * DAY_MS).keys()].map(({ id }) => id)).toEqual(
      expect.arrayContaining([first, second]),
    );
    expect(await revokeOrphans(keys, { held })).toEqual([]);
    pass(DAY_MS);
    const swept = await retireDue(keys, { held, after: "1h" });
    expect(swept.map(({ key }) => key.id)).toEqual([first, second]);
    expect([await lives(first), await lives(second), await lives(store.current.id)]).toEqual([false, false, true]);
  });

  it("lets nothing be retired before that one is", async () => {
    const { first, store, keys, rotating, pass, sandbox } = scene();
    await rotating(first, { retire: { later: "24h" } });
    const second = store.current.id;
    await rotating(second, { retire: { later: "24h" } });
    pass(2 * DAY_MS);
    sandbox.fail({ operation: "openrouter.deleteApiKey", kind: "status", status: 403 });
    expect(await retireDue(keys, { held: store.held, after: "1h" })).toMatchObject([
      { key: { id: first }, error: { status: 403 } },
    ]);
    expect((await keys.list().toArray()).map(({ id }) => id)).toEqual(expect.arrayContaining([first, second]));
  });

  describe.each([
    { title: "the default workspace", from: undefined, to: "11111111-1111-4111-8111-111111111111" },
    { title: "another workspace", from: "11111111-1111-4111-8111-111111111111", to: undefined },
    {
      title: "one of two others",
      from: "11111111-1111-4111-8111-111111111111",
      to: "22222222-2222-4222-8222-222222222222",
    },
  ])("and is in $title", ({ from, to }) => {
    const home = "00000000-0000-4000-8000-000000000001";

    /** A rotation into another workspace that was killed once the new key was stored. */
    async function moved() {
      const { sandbox, keys, store, killed, ...more } = scene();
      const first = sandbox.issue("openrouter", { name: "ci", workspaceId: from });
      store.store({ reveal: () => first.secret } as never, first as never);
      await killed(first.id, { overrides: { workspaceId: to ?? home } });
      more.pass(DAY_MS);
      const lives = () =>
        keys.get(first.id).then(
          () => true,
          () => false,
        );
      return { ...more, sandbox, keys, store, first: first.id, lives };
    }

    it("is found, and retired first", async () => {
      const { store, rotating, lives } = await moved();
      expect(await rotating(store.current.id)).toMatchObject({ retired: "revoked" });
      expect(await lives()).toBe(false);
    });

    it.each(["held", "read"] as const)("is found by a sweep that asks by `%s`", async (by) => {
      const { keys, store, first, lives } = await moved();
      const options = { workspaceId: to, [by]: store[by] } as never;
      expect(await findOrphans(keys, options)).toMatchObject([{ verdict: "unretired", predecessor: { id: first } }]);
      expect(await retireDue(keys, { ...(options as object), after: "1h" } as never)).toHaveLength(1);
      expect(await lives()).toBe(false);
    });

    it("is what the store holds: the new key is an orphan", async () => {
      const { sandbox, keys, store, first, lives } = await moved();
      const orphan = store.current.id;
      expect(await revokeOrphans(keys, { workspaceId: to, held: (id) => id === first })).toMatchObject([
        { key: { id: orphan } },
      ]);
      expect(await lives()).toBe(true);
      expect(sandbox.keys("openrouter").map(({ hash }) => hash)).not.toContain(orphan);
    });
  });
});

it("an orphan whose chain is gone is revoked where the store holds a key of its name", async () => {
  const { sandbox, first, store, keys, lives, rotating, pass } = scene();
  const late = sandbox.issue("openrouter", { name: traced("ci", newTrace(fingerprint("openrouter", first), 0)) }).id;
  pass(DAY_MS);
  await failureOf(rotating(first, { held: undefined }));
  await keys.revoke(first);
  const made = sandbox.issue("openrouter", { name: "ci" });
  store.store({ reveal: () => made.secret } as never, made as never);
  expect(await revokeOrphans(keys, { held: () => false })).toMatchObject([{ error: { name: "BadRequestError" } }]);
  expect(await revokeOrphans(keys, { held: store.held })).toMatchObject([{ key: { id: late } }]);
  expect(await lives(late)).toBe(false);
});

it("Estuary: without a trace only a journal keeps two rotators apart, and it is refused without one", async () => {
  const sandbox = createSandbox();
  const { id } = sandbox.issue("estuary", { label: "ci" });
  const keys = estuary(through(sandbox, "estuary"));
  const options = {
    trace: false,
    store: (secret: { reveal: () => string }) => void secret.reveal(),
    overrides: { permissions: "all" },
  } as const;
  const message = expect.stringContaining("would both succeed") as string;
  expect(await failureOf(rotate(keys, id, options))).toMatchObject({ step: "read", message });
  expect(sandbox.requests).toEqual([]);
  const journal = {
    open: () => Promise.resolve(undefined),
    note: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  expect(await rotate(keys, id, { ...options, journal })).toMatchObject({ retired: "revoked" });
});
