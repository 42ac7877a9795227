/** What nobody can be sure of: lists, stores and answers that are late, odd, or contradict each other. */
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  findOrphans,
  retireDue,
  revokeOrphans,
  rotate,
  RotationPendingError,
  type OpenRouterKeys,
} from "../../src/index.js";
import { failureOf } from "../helpers/providers.js";
import { memoryJournal, rival, scene, simulated, waitedFor, type Answer } from "./scene.js";

afterEach(() => vi.useRealTimers());

const created = async (keys: OpenRouterKeys) =>
  (await keys.list().toArray()).filter(({ trace }) => trace !== undefined);

it("an answer to the create that names a key which was there before revokes none of those", async () => {
  const { sandbox, old, ids, rotating } = scene(async (method, response) => {
    if (method !== "POST") return response;
    const body = (await response.json()) as { data: object };
    return Response.json({ ...body, data: { ...body.data, hash: old } }, { status: 201 });
  });
  const before = await ids();
  expect(await failureOf(rotating())).toMatchObject({
    step: "create",
    message: expect.stringMatching(/The new key was revoked; the old one is valid/) as string,
    valid: [old],
  });
  expect(await ids()).toEqual(before);
  expect(sandbox.requests.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

it.each([NaN, -1])("a time of %d for a write to land proves nothing: both keys stay", async (settleMs) => {
  const { old, ids, rotating } = scene();
  const before = await ids();
  const read = () => "what it held before";
  const store = () => Promise.reject(new Error("time out"));
  expect(await failureOf(rotating({ read, store, settleMs }))).toMatchObject({ step: "store" });
  expect(await ids()).toHaveLength(before.length + 1);
  expect(await ids()).toContain(old);
});

it("a lost create without a trace is looked for by none: nothing is revoked, and both keys stay", async () => {
  const { sandbox, old, ids, rotating } = scene();
  const before = await ids();
  sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "after" });
  expect(await failureOf(rotating({ trace: false }))).toMatchObject({
    step: "create",
    message: expect.stringContaining("Without a trace the key cannot be told from others.") as string,
  });
  expect(sandbox.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
  expect(await ids()).toEqual(expect.arrayContaining([...before, old]));
  expect(await ids()).toHaveLength(before.length + 1);
});

it("a create that was refused is known to have made nothing, and is not looked for", async () => {
  const { sandbox, old, rotating } = scene();
  sandbox.fail({ operation: "openrouter.createApiKey", kind: "status", status: 403 });
  expect(await failureOf(rotating())).toMatchObject({
    step: "create",
    message: expect.stringContaining("No key was created; the old one is valid.") as string,
    cause: { kind: "permission" },
    valid: [old],
  });
  expect(sandbox.requests.at(-1)).toMatchObject({ method: "POST" });
});

it.each([
  { what: "wrote before it failed", reads: ["old", "new"], want: 1 },
  { what: "writes after it failed", reads: ["old", "old", "new"], want: 1 },
  { what: "cannot be read once it failed", reads: ["old", undefined], want: 1 },
  { what: "never writes", reads: ["old", "old", "old"], want: 0 },
])("a store that $what leaves $want new keys, and the old one", async ({ reads, want }) => {
  const { old, ids, rotating } = scene();
  const before = await ids();
  const looks = [...reads];
  const read = () => {
    const found = looks.shift();
    if (found === undefined) throw new Error("the store does not answer");
    return found;
  };
  const store = () => Promise.reject(new Error("time out"));
  expect(await failureOf(rotating({ read, store, settleMs: 0 }))).toMatchObject({ step: "store" });
  expect(await ids()).toHaveLength(before.length + want);
  expect(await ids()).toContain(old);
  expect(looks).toEqual([]);
});

it.each<object>([
  { settleMs: "1000" },
  { minAgeMs: null },
  { minAgeMs: "3600000" },
  { deadlineMs: "600000" },
  { storeTimeoutMs: null },
])("a time that is none is refused before anything is sent: %o", async (times) => {
  const { sandbox, keys, old, rotating } = scene();
  const refusal = { kind: "bad-request", message: expect.stringContaining(Object.keys(times).join()) as string };
  expect(await failureOf(rotating(times))).toMatchObject(refusal);
  if ("minAgeMs" in times) {
    const sweep = { ...(times as object), held: (id: string) => id === old };
    expect(await failureOf(findOrphans(keys, sweep))).toMatchObject(refusal);
    expect(await failureOf(revokeOrphans(keys, sweep))).toMatchObject(refusal);
    expect(await failureOf(retireDue(keys, sweep))).toMatchObject(refusal);
  }
  expect(sandbox.requests).toEqual([]);
});

it("a machine that was asleep for longer than the deadline stores nothing, although its timers stood still", async () => {
  const { old, ids, store, rotating } = scene();
  const now = Date.now.bind(Date);
  let asleepMs = 0;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now() + asleepMs);
  const verify = () => void (asleepMs = 7_200_000);
  const failure = await failureOf(rotating({ verify })).finally(() => clock.mockRestore());
  expect(failure).toMatchObject({ step: "store", valid: [old] });
  expect(store.held(old)).toBe(true);
  expect(await ids()).toContain(old);
});

it("a process that has run for long has all the time that a rotation may take", async () => {
  simulated();
  vi.advanceTimersByTime(24 * 3_600_000);
  const { rotating } = scene();
  expect(await waitedFor(rotating())).toMatchObject({ retired: "revoked" });
});

it("a new key that cannot be revoked as its rotation is undone is named as valid, beside the old one", async () => {
  const { sandbox, old, ids, rotating } = scene();
  const before = await ids();
  sandbox.fail({ operation: "openrouter.deleteApiKey", kind: "status", status: 403 });
  const failure = await failureOf(rotating({ verify: () => Promise.reject(new Error("refused")) }));
  const [made = ""] = (await ids()).filter((id) => !before.includes(id));
  expect(failure).toMatchObject({ step: "verify", successor: { id: made }, valid: [old, made] });
});

it.each<object>([
  { store: undefined },
  { store: null },
  { read: "cat key" },
  { held: true },
  { verify: {} },
  { onStep: null },
])("what cannot be called is refused before anything is sent: %o", async (functions) => {
  const { sandbox, keys, rotating } = scene();
  const [name = ""] = Object.keys(functions);
  const message = expect.stringContaining(`${name} must be a function. Nothing was sent.`) as string;
  const refusal = { kind: "bad-request", message };
  expect(await failureOf(rotating(functions))).toMatchObject(refusal);
  if (name === "read" || name === "held") {
    for (const sweep of [findOrphans, revokeOrphans, retireDue]) {
      expect(await failureOf(sweep(keys, functions as never))).toMatchObject(refusal);
    }
  }
  expect(sandbox.requests).toEqual([]);
});

describe("nothing is widened by what is left out:", () => {
  const told = (field: string, value: unknown): Answer => {
    return async (method, response) => {
      const { data, ...rest } = (await response.json()) as { data: object };
      const shown = (row: object) => (method === "GET" ? { ...row, [field]: value } : row);
      const { status, headers } = response;
      return Response.json({ ...rest, data: Array.isArray(data) ? data.map(shown) : shown(data) }, { status, headers });
    };
  };
  it.each([
    { field: "limit_remaining", value: null, override: { limit: 5 } },
    { field: "limit_remaining", value: undefined, override: { limit: 5 } },
    { field: "limit_remaining", value: "3.50", override: { limit: 5 } },
    { field: "expires_at", value: 1_893_456_000, override: { expiresAt: "2099-01-01T00:00:00Z" } },
    { field: "expires_at", value: "next year", override: { expiresAt: "2099-01-01T00:00:00Z" } },
  ])("a key whose $field is $value is copied only where that is overridden", async ({ field, value, override }) => {
    const { sandbox, old, rotating } = scene(told(field, value));
    expect(await failureOf(rotating())).toMatchObject({ step: "read", valid: [old] });
    expect(sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    const failure: unknown = await rotating({ overrides: override }).catch((error: unknown) => error);
    expect(failure).not.toMatchObject({ step: "read" });
    expect(sandbox.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(old).not.toBe("");
  });

  it("an override that is undefined is none", async () => {
    const { rotating } = scene();
    const overrides = { limit: undefined, expiresAt: undefined };
    expect((await rotating({ overrides })).new).toMatchObject({ name: "ci", raw: { limit: 20 } });
  });

  it.each(["external_user", "creator_user_id"])("a server that drops %s stops the rotation", async (field) => {
    const { sandbox, keys, store } = scene();
    const user = "user_00000000000000000000000000009";
    const made = await keys.create({ name: "c", creatorUserId: user, external: { user } });
    const dropping = keys.with((options) => ({
      ...options,
      fetch: async (input, init) => {
        const response = await sandbox.fetch(input, init);
        if (init.method !== "POST") return response;
        const { data, ...rest } = (await response.json()) as { data: object };
        return Response.json({ ...rest, data: { ...data, [field]: null } }, { status: 201 });
      },
    }));
    expect(await failureOf(rotate(dropping, made.id, store))).toMatchObject({
      step: "create",
      message: expect.stringContaining(`not as it was asked for (${field})`) as string,
      valid: [made.id],
    });
  });
});

describe("a list", () => {
  const delayed = (hidden: number): Answer => {
    let made = "";
    let lists = 0;
    return async (method, response) => {
      const body = (await response.clone().json()) as { data?: { hash: string }[] | { hash: string } };
      if (method === "POST" && body.data && "hash" in body.data) made = body.data.hash;
      // Each list takes two requests: its page, and the one behind it, from which the key is hidden as well.
      if (!made || !Array.isArray(body.data) || body.data.length === 0 || ++lists > hidden) return response;
      return Response.json({ data: body.data.filter(({ hash }) => hash !== made) });
    };
  };

  it("that lags behind is waited for before the key is stored", async () => {
    simulated();
    const { rotating } = scene(delayed(4));
    expect(await waitedFor(rotating())).toMatchObject({ retired: "revoked" });
  });

  it("that never shows the new key stops the rotation before it is stored", async () => {
    simulated();
    const { old, rotating, store, ids } = scene(delayed(Infinity));
    expect(await waitedFor(failureOf(rotating()))).toMatchObject({
      step: "claim",
      message: expect.stringContaining("the new key is not listed") as string,
      valid: [old],
    });
    expect(store.current.id).toBe(old);
    expect(await ids()).toContain(old);
  });

  it("of another workspace is looked at, too, where the new key is to be there", async () => {
    const { old, rotating, store, ids, keys } = scene();
    const workspaceId = "11111111-1111-4111-8111-111111111111";
    expect(await rotating({ overrides: { workspaceId }, held: store.held })).toMatchObject({ retired: "revoked" });
    expect(await ids()).not.toContain(old);
    expect((await keys.list({ workspaceId }).toArray()).map(({ id }) => id)).toEqual([store.current.id]);
  });
});

describe("a new key, as it is tried before it is stored,", () => {
  it.each([
    { given: "is unknown for a moment (401)", status: 401, times: 3, want: { retired: "revoked" } },
    { given: "stays unknown (401)", status: 401, times: Infinity, want: { step: "verify" } },
    { given: "may do nothing there (403)", status: 403, times: Infinity, want: { retired: "revoked" } },
    { given: "meets a failure of the server (500)", status: 500, times: 1, want: { step: "verify" } },
  ])("$given: $want", async ({ status, times, want }) => {
    simulated();
    const { sandbox, old, store, ids, rotating } = scene();
    const onStep = (step: string) => {
      if (step !== "verify") return;
      sandbox.fail({ operation: "openrouter.getCurrentApiKey", kind: "status", status, times });
    };
    const ended = await waitedFor(rotating({ onStep }).catch((error: unknown) => error));
    expect(ended).toMatchObject(want);
    expect(store.held(old)).toBe("step" in want);
    expect((await ids()).includes(old)).toBe("step" in want);
  });
});

describe("an answer to the create that lacks the key's id", () => {
  it("is as good as none: the key is found by its mark and revoked, and nothing is stored", async () => {
    const { old, rotating, store, keys } = scene(async (method, response) => {
      if (method !== "POST") return response;
      const { key } = (await response.json()) as { key: string };
      return Response.json({ key }, { status: 201 });
    });
    expect(await failureOf(rotating())).toMatchObject({
      step: "create",
      message: expect.stringContaining("The new key was revoked; the old one is valid") as string,
      valid: [old],
    });
    expect(store.current.id).toBe(old);
    expect(await created(keys)).toEqual([]);
  });
});

describe("a create whose answer was lost", () => {
  it("leaves alone what another rotation has made of the same key meanwhile", async () => {
    const { sandbox, old, rotating, ids } = scene();
    sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "before" });
    let other = "";
    const failure = await failureOf(
      rotating({
        onStep: (step) => {
          if (step === "create") other = rival(sandbox, old, 0);
        },
      }),
    );
    expect(failure).toMatchObject({
      step: "create",
      message: expect.stringContaining("may still appear") as string,
      valid: [old],
    });
    expect(await ids()).toEqual(expect.arrayContaining([old, other]));
  });
});

describe("a store", () => {
  it("that failed, and of which nobody knows whether it is asked at all, may hold the new key: both are kept", async () => {
    const { old, rotating, ids } = scene();
    const store = () => Promise.reject(new Error("no answer"));
    const failure = await failureOf(rotating({ store, held: () => false }));
    expect(failure).toMatchObject({ step: "store", valid: [old, expect.any(String) as string] });
    expect(await ids()).toEqual(expect.arrayContaining((failure as { valid: string[] }).valid));
  });

  it.each([
    { title: "cannot be asked", held: () => Promise.reject(new Error("vault sealed")), says: "vault sealed" },
    { title: "says nothing", held: () => undefined as unknown as boolean, says: "no longer holds" },
  ])("that $title when its key is confirmed keeps the old key", async ({ held, says }) => {
    const { old, rotating, store, ids } = scene();
    expect(await failureOf(rotating({ held }))).toMatchObject({
      step: "confirm",
      message: expect.stringContaining(says) as string,
      valid: [old, store.current.id],
    });
    expect(await ids()).toEqual(expect.arrayContaining([old, store.current.id]));
  });

  it.each(["store", "verify"] as const)(
    "may quote the new key in what %s throws; the rotation does not",
    async (step) => {
      const { rotating } = scene();
      let plaintext = "";
      const failure = await failureOf(
        rotating({
          [step]: (secret: { reveal: () => string }) => {
            plaintext = secret.reveal();
            throw new Error(`Command failed: vault write key=${plaintext}`);
          },
        }),
      );
      const { message } = failure as Error;
      expect(message).toContain("vault write key=[secret]");
      expect(message).not.toContain(plaintext);
    },
  );

  it("is not begun where the signal aborts as the step begins", async () => {
    const { old, rotating, store } = scene();
    const controller = new AbortController();
    const failure = await failureOf(
      rotating({
        signal: controller.signal,
        onStep: (step) => {
          if (step === "store") controller.abort(new Error("enough"));
        },
      }),
    );
    expect(failure).toMatchObject({
      step: "store",
      valid: [old],
      message: expect.stringContaining("enough") as string,
    });
    expect(store.current.id).toBe(old);
  });
});

describe("a rotation that was left unfinished", () => {
  const HOURS_MS = 2 * 3_600_000;

  it("is let be, and reported as any failure, while the store cannot be asked", async () => {
    const { sandbox, old, rotating, ids } = scene();
    const left = rival(sandbox, old, HOURS_MS);
    const { open, journal } = memoryJournal();
    const held = () => Promise.reject(new Error("vault sealed"));
    expect(await failureOf(rotating({ held, journal }))).toMatchObject({
      name: "RotationError",
      step: "read",
      message: expect.stringContaining("vault sealed") as string,
      valid: [old, left],
    });
    expect(await ids()).toEqual(expect.arrayContaining([old, left]));
    // Nothing was done that anybody would have to look at.
    expect([...open]).toEqual([]);
  });

  it("is let be where `held` answers with a word, be it for no", async () => {
    const { sandbox, old, rotating, ids } = scene();
    const left = rival(sandbox, old, HOURS_MS);
    const held = () => "no" as unknown as boolean;
    expect(await failureOf(rotating({ held }))).toMatchObject({ step: "read", valid: [old, left] });
    expect(await ids()).toEqual(expect.arrayContaining([old, left]));
  });

  it("counts as under way where the least age is no number", async () => {
    const { sandbox, old, rotating, store, ids } = scene();
    const left = rival(sandbox, old, HOURS_MS);
    const failure = await failureOf(rotating({ held: store.held, minAgeMs: NaN }));
    expect(failure).toBeInstanceOf(RotationPendingError);
    expect(await ids()).toContain(left);
  });
});
