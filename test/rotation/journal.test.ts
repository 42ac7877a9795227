/** What a journal is told of a rotation, and when its entry is closed. */
import { describe, expect, it } from "vitest";
import type { RotateOptions } from "../../src/index.js";
import { failureOf } from "../helpers/providers.js";
import { memoryJournal, rival, scene } from "./scene.js";

const HOURS_MS = 2 * 3_600_000;

interface Row {
  given: string;
  /** What happens meanwhile; gives what the rotation is called with. */
  arrange: (begun: ReturnType<typeof scene>) => Partial<RotateOptions<"openrouter">>;
  /** Where the rotation stops, or what became of the old key. */
  want: { step: string } | { retired: string };
}

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
});

it("a lock that is refused over HTTP, which `fetch` does not throw, lets no rotation begin", async () => {
  const { sandbox, rotating } = scene();
  const { journal } = memoryJournal();
  // What compiles for whoever writes no types.
  const open = () => Promise.resolve(new Response("locked", { status: 423 }) as object);
  expect(await failureOf(rotating({ journal: { ...journal, open } }))).toMatchObject({
    name: "RotationPendingError",
    message: expect.stringContaining("(423)") as string,
  });
  expect(sandbox.requests).toEqual([]);
});

describe("a journal's entry is closed, as nobody has to look at anything, where", () => {
  it.each<Row>([
    {
      given: "the rotation succeeded",
      arrange: () => ({}),
      want: { retired: "revoked" },
    },
    {
      given: "the rotation succeeded and left the old key for later",
      arrange: () => ({ retire: { later: "24h" } }),
      want: { retired: "later" },
    },
    {
      given: "what an earlier rotation left was finished",
      arrange: ({ sandbox, old }) => {
        const left = rival(sandbox, old, HOURS_MS);
        return { held: (id) => id === left };
      },
      want: { retired: "revoked" },
    },
    {
      given: "it failed, and the new key was revoked",
      arrange: () => ({ prepare: () => Promise.reject(new Error("no such role")) }),
      want: { step: "prepare" },
    },
    {
      given: "no answer to the create came, and the new key was found and revoked",
      arrange: ({ sandbox }) => {
        sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "after" });
        return {};
      },
      want: { step: "create" },
    },
    {
      given: "the provider refused to create a key (403)",
      arrange: ({ sandbox }) => {
        sandbox.fail({ operation: "openrouter.createApiKey", kind: "status", status: 403 });
        return {};
      },
      want: { step: "create" },
    },
  ])("$given", async ({ arrange, want }) => {
    const begun = scene();
    const { open, journal } = memoryJournal();
    const ended = begun.rotating({ ...arrange(begun), journal });
    expect(await ended.catch((error: unknown) => error)).toMatchObject(want);
    expect([...open]).toEqual([]);
  });
});

describe("a journal's entry stays open, so that a person looks and no rotation begins, where", () => {
  it.each<Row>([
    {
      given: "a key may exist of which nobody knows",
      arrange: ({ sandbox }) => {
        sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "before" });
        return {};
      },
      want: { step: "create" },
    },
    {
      given: "the rotation failed, and the new key could not be revoked",
      arrange: ({ sandbox }) => {
        sandbox.fail({ operation: "openrouter.deleteApiKey", kind: "status", status: 500, times: Infinity });
        return { prepare: () => Promise.reject(new Error("no such role")) };
      },
      want: { step: "prepare" },
    },
    {
      given: "the store holds neither the key nor what an earlier rotation made of it",
      arrange: ({ sandbox, old }) => {
        rival(sandbox, old, HOURS_MS);
        return { held: () => false };
      },
      want: { step: "read" },
    },
    {
      given: "the store changes while an earlier rotation is finished",
      arrange: ({ sandbox, old }) => {
        const left = rival(sandbox, old, HOURS_MS);
        let asked = 0;
        return { held: (id) => id === left && asked++ === 0 };
      },
      want: { step: "confirm" },
    },
    {
      given: "the old key cannot be revoked as an earlier rotation is finished",
      arrange: ({ sandbox, old }) => {
        const left = rival(sandbox, old, HOURS_MS);
        sandbox.fail({ operation: "openrouter.deleteApiKey", kind: "status", status: 403 });
        return { held: (id) => id === left };
      },
      want: { step: "retire" },
    },
  ])("$given", async ({ arrange, want }) => {
    const begun = scene();
    const { open, journal } = memoryJournal();
    expect(await failureOf(begun.rotating({ ...arrange(begun), journal }))).toMatchObject(want);
    expect([...open]).toEqual([begun.old]);
    const again = await failureOf(begun.rotating({ journal }));
    expect(again).toMatchObject({
      name: "RotationPendingError",
      message: expect.stringContaining("still open") as string,
    });
  });
});

describe("a journal whose entry another rotation took over", () => {
  const losing = (at: string) => {
    const lost = Object.assign(new Error("taken"), { name: "EntryLostError" });
    return memoryJournal({ note: ({ step }) => (step === at ? Promise.reject(lost) : Promise.resolve()) }).journal;
  };

  it.each(["claim", "prepare", "verify", "store"])(
    "at %s: the new key is undone, and nothing is stored",
    async (step) => {
      const { old, rotating, store, ids } = scene();
      expect(await failureOf(rotating({ journal: losing(step) }))).toMatchObject({ step, valid: [old] });
      expect(store.current.id).toBe(old);
      expect((await ids()).filter((id) => id !== old)).toHaveLength(1); // the credential
    },
  );

  it.each(["confirm", "retire"])("at %s: nothing is retired, and both keys are named", async (step) => {
    const { old, rotating, store, ids } = scene();
    expect(await failureOf(rotating({ journal: losing(step) }))).toMatchObject({
      step,
      valid: [old, store.current.id],
    });
    expect(await ids()).toEqual(expect.arrayContaining([old, store.current.id]));
  });
});

describe("what an earlier rotation had noted", () => {
  it.each([{ stored: true }, { stored: false }])(
    "is finished or undone without a trace, too: $stored",
    async ({ stored }) => {
      const { sandbox, old, rotating, store, ids } = scene();
      const made = sandbox.issue("openrouter", { name: "ci" });
      if (stored) store.store({ reveal: () => made.secret } as never, made as never);
      const { journal } = memoryJournal({ open: () => Promise.resolve({ successor: made.id }) });
      const rotation = await rotating({ journal, trace: false, read: store.read });
      expect(rotation).toMatchObject({ healed: stored, retired: "revoked", new: { id: store.current.id } });
      expect((await ids()).includes(made.id)).toBe(stored);
      expect(await ids()).not.toContain(old);
    },
  );

  it("stays noted while it cannot be dealt with, and is forgotten once the key is gone", async () => {
    const { old, rotating, keys } = scene();
    const ends: string[] = [];
    const { journal } = memoryJournal({
      open: () => Promise.resolve({ successor: "gone" }),
      close: () => Promise.resolve(void ends.push("close")),
      leave: () => Promise.resolve(void ends.push("leave")),
    });
    const disabled = await keys.update(old, { disabled: true });
    await failureOf(rotating({ journal }));
    await keys.revoke(disabled);
    await failureOf(rotating({ journal }));
    expect(ends).toEqual(["leave", "close"]);
  });

  it("is forgotten once it was undone, be it by a rotation that fails itself", async () => {
    const { sandbox, old, rotating, store, ids } = scene();
    const left = rival(sandbox, old, HOURS_MS);
    const ends: string[] = [];
    const { journal } = memoryJournal({
      open: () => Promise.resolve({ successor: left }),
      close: () => Promise.resolve(void ends.push("close")),
      leave: () => Promise.resolve(void ends.push("leave")),
    });
    const prepare = () => Promise.reject(new Error("no such role"));
    expect(await failureOf(rotating({ journal, held: store.held, prepare }))).toMatchObject({ step: "prepare" });
    expect(await ids()).not.toContain(left);
    expect(ends).toEqual(["close"]);
  });

  it("stays noted while another rotation may be under way", async () => {
    const { sandbox, old, rotating, store } = scene();
    rival(sandbox, old, 60_000);
    const ends: unknown[] = [];
    const { journal } = memoryJournal({
      open: () => Promise.resolve({ successor: "of the one before" }),
      close: (entry) => Promise.resolve(void ends.push(["close", entry])),
      leave: (entry) => Promise.resolve(void ends.push(["leave", entry])),
    });
    expect(await failureOf(rotating({ journal, held: store.held }))).toMatchObject({ name: "RotationPendingError" });
    expect(ends).toEqual([["leave", { provider: "openrouter", id: old }]]);
  });

  it("and the nonce of a rotation is noted before its create", async () => {
    const { rotating, sandbox } = scene();
    const noted: unknown[] = [];
    const { journal } = memoryJournal({
      note: ({ step, nonce }) => {
        const sent = sandbox.requests.some(({ operation }) => operation === "createApiKey");
        if (step === "create") noted.push([nonce, sent]);
        return Promise.resolve();
      },
    });
    await rotating({ journal });
    expect(noted).toEqual([[expect.stringMatching(/^[0-9a-z]{8}$/), false]]);
  });
});
