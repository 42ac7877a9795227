/** What nobody can be sure of: lists, stores, journals and answers that are late, odd, or contradict each other. */
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  openrouter,
  rotate,
  RotationPendingError,
  type Journal,
  type OpenRouterKeys,
  type RotateOptions,
} from "../../src/index.js";
import { fingerprint, newTrace, traced } from "../../src/rotation/trace.js";
import type { Sandbox } from "../../src/sandbox/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, through } from "../promises/providers.js";
import { memoryStore } from "./rotators.js";

afterEach(() => vi.useRealTimers());

type Answer = (method: string, response: Response) => Response | Promise<Response>;

/** A key to rotate and a store that holds it; `answer` may change what the server says. */
function scene(answer: Answer = (_, response) => response) {
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
function rival(sandbox: Sandbox, old: string, ageMs: number): string {
  const then = Date.now() - ageMs;
  const name = traced("ci", newTrace(fingerprint("openrouter", old), then));
  return sandbox.issue("openrouter", { name, createdAt: new Date(then).toISOString() }).id;
}

function memoryJournal(failing: Partial<Journal> = {}) {
  const open = new Set<string>();
  const journal: Journal = {
    open: ({ id }) => (open.has(id) ? Promise.reject(new Error("still open")) : Promise.resolve(void open.add(id))),
    note: () => Promise.resolve(),
    close: ({ id }) => Promise.resolve(void open.delete(id)),
    ...failing,
  };
  return { open, journal };
}

const created = async (keys: OpenRouterKeys) =>
  (await keys.list().toArray()).filter(({ trace }) => trace !== undefined);

describe("nothing is widened by what is left out:", () => {
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

  async function waitedFor<T>(work: Promise<T>): Promise<T> {
    const state = { done: false };
    const end = () => (state.done = true);
    void work.then(end, end);
    while (!state.done) {
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(500);
    }
    return work;
  }

  it("that lags behind is waited for before the key is stored", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const { rotating } = scene(delayed(4));
    expect(await waitedFor(rotating())).toMatchObject({ retired: "revoked" });
  });

  it("that never shows the new key stops the rotation before it is stored", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
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

  it("counts as under way where the least age is no number", async () => {
    const { sandbox, old, rotating, store, ids } = scene();
    const left = rival(sandbox, old, HOURS_MS);
    const failure = await failureOf(rotating({ held: store.held, minAgeMs: NaN }));
    expect(failure).toBeInstanceOf(RotationPendingError);
    expect(await ids()).toContain(left);
  });
});

describe("a journal", () => {
  it("that cannot be written stops no rotation, and keeps nobody from looking on", async () => {
    const { rotating } = scene();
    const fail = () => Promise.reject(new Error("disk full"));
    const steps: string[] = [];
    const { journal } = memoryJournal({ note: fail, close: fail });
    expect(await rotating({ journal, onStep: (step) => steps.push(step) })).toMatchObject({ retired: "revoked" });
    expect(steps).toEqual(["read", "create", "claim", "prepare", "verify", "store", "confirm", "retire"]);
  });

  it("that cannot be closed hides no failure", async () => {
    const { rotating } = scene();
    const { journal } = memoryJournal({ close: () => Promise.reject(new Error("disk full")) });
    const prepare = () => Promise.reject(new Error("no such role"));
    expect(await failureOf(rotating({ journal, prepare }))).toMatchObject({ name: "RotationError", step: "prepare" });
  });

  it("that cannot be opened says why, and nothing is created", async () => {
    const { sandbox, rotating } = scene();
    const { journal } = memoryJournal({ open: () => Promise.reject(new Error("disk full")) });
    expect(await failureOf(rotating({ journal }))).toMatchObject({
      name: "RotationPendingError",
      message: expect.stringContaining("disk full") as string,
    });
    expect(sandbox.requests).toEqual([]);
  });

  it("stays open where a key may exist of which nobody knows", async () => {
    const { sandbox, old, rotating } = scene();
    sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "before" });
    const { open, journal } = memoryJournal();
    expect(await failureOf(rotating({ journal }))).toMatchObject({ step: "create" });
    expect([...open]).toEqual([old]);
  });
});
