/** Rotations whose journal is a lease: what they look at instead of the list, and what they leave to whoever comes next. */
import { describe, expect, it } from "vitest";
import {
  EntryLostError,
  NotStoredError,
  rotate,
  type Journal,
  type JournalLeft,
  type Retirement,
} from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf } from "../helpers/providers.js";
import { memoryStore, rotators } from "./rotators.js";
import { memoryJournal, rival, scene } from "./scene.js";

/** A journal that is a lease; `left`: what an earlier rotation had noted. */
function lease(left?: JournalLeft, failing: Partial<Journal> = {}) {
  const ends: string[] = [];
  const { journal } = memoryJournal({
    open: () => Promise.resolve(left),
    close: () => Promise.resolve(void ends.push("close")),
    leave: () => Promise.resolve(void ends.push("leave")),
    ...failing,
  });
  return { ends, journal: { ...journal, exclusive: true } };
}

describe("a rotation under a lease", () => {
  it.each(rotators)("of $provider sends at most 8 requests, however many keys there are", async (rotator) => {
    const sent = async (others: number) => {
      const sandbox = createSandbox();
      const old = rotator.issue(sandbox);
      const store = memoryStore(old);
      for (let other = 0; other < others; other++) rotator.issue(sandbox);
      const before = sandbox.requests.length;
      await rotator.rotate(sandbox, old.id, { store: store.store, held: store.held, ...lease() });
      expect(store.current.id).not.toBe(old.id);
      return sandbox.requests.slice(before).map(({ operation }) => operation);
    };
    const few = await sent(5);
    expect(few.length).toBeLessThanOrEqual(8);
    // Cloudflare lets a user have 50.
    expect(await sent(rotator.provider === "cloudflare" ? 40 : 200)).toEqual(few);
  });

  it("reads the keys that it knows, and walks no list", async () => {
    const { sandbox, store, rotating } = scene();
    await rotating({ held: store.held, ...lease() });
    expect(sandbox.requests.map(({ operation }) => operation)).toEqual([
      "getApiKey",
      "getCurrentApiKey",
      "createApiKey",
      "getCurrentApiKey",
      "getApiKey",
      "deleteApiKey",
      "updateApiKey",
    ]);
  });

  it("revokes what an earlier one has made and not stored only once the store holds the new key", async () => {
    const { sandbox, old, store, ids, rotating } = scene();
    const earlier = [rival(sandbox, old, 1000), rival(sandbox, old, 1000)];
    let there: string[] = [];
    const before = sandbox.requests.length;
    const { ends, journal } = lease({ successor: earlier[1] ?? "", earlier });
    const rotation = await rotating({
      journal,
      held: store.held,
      store: async (...given) => {
        there = await ids();
        store.store(...given);
      },
    });
    expect(rotation).toMatchObject({ healed: false, retired: "revoked" });
    expect(there).toEqual(expect.arrayContaining(earlier));
    expect((await ids()).filter((id) => [...earlier, old].includes(id))).toEqual([]);
    const revoked = sandbox.requests.slice(before).filter(({ operation }) => operation === "deleteApiKey");
    expect(revoked.map(({ path }) => path.split("/").at(-1))).toEqual([...earlier.reverse(), old]);
    expect(ends).toEqual(["close"]);
  });

  it("finishes what the store holds already", async () => {
    const { sandbox, old, ids, rotating } = scene();
    const made = rival(sandbox, old, 1000);
    const rotation = await rotating({ ...lease({ successor: made }), held: (id) => id === made });
    expect(rotation).toMatchObject({ healed: true, new: { id: made } });
    expect(await ids()).not.toContain(old);
  });

  it("whose store holds another key by now undoes its own, and leaves the earlier ones noted", async () => {
    const { sandbox, old, ids, rotating, store } = scene();
    const made = rival(sandbox, old, 1000);
    const { ends, journal } = lease({ successor: made });
    const refuse = () => Promise.reject(new NotStoredError("another key is there"));
    expect(await failureOf(rotating({ journal, held: store.held, store: refuse }))).toMatchObject({ step: "store" });
    expect(await ids()).toEqual(expect.arrayContaining([old, made]));
    expect(await ids()).toHaveLength(3); // with the credential
    expect(ends).toEqual(["leave"]);
  });

  it("that cannot ask the store does not judge what an earlier one has made", async () => {
    const { sandbox, old, rotating } = scene();
    const made = rival(sandbox, old, 1000);
    expect(await failureOf(rotating(lease({ successor: made })))).toMatchObject({ name: "RotationPendingError" });
  });

  it("notes the id of its new key at once, by which alone it is found where the rotation is broken off", async () => {
    const { store, rotating } = scene();
    const noted: unknown[] = [];
    const note: Journal["note"] = ({ step, successor }) => Promise.resolve(void noted.push([step, successor]));
    await rotating({ ...lease(undefined, { note }), held: store.held });
    const made = store.current.id;
    expect(noted.slice(0, 3)).toEqual([
      ["read", undefined],
      ["create", undefined],
      ["claim", made],
    ]);
    expect(noted.slice(3).every((each) => (each as unknown[])[1] === made)).toBe(true);
  });

  it.each(["read", "create", "claim", "prepare", "verify", "store"])(
    "ends at %s where its journal cannot be written, and nothing is left",
    async (at) => {
      const { old, store, ids, rotating } = scene();
      const note: Journal["note"] = ({ step }) =>
        step === at ? Promise.reject(new Error("no disk")) : Promise.resolve();
      const error = await failureOf(rotating({ ...lease(undefined, { note }), held: store.held }));
      expect(error).toMatchObject({ step: at, valid: [old], message: expect.stringContaining("no disk") as string });
      expect(store.current.id).toBe(old);
      expect(await ids()).toHaveLength(2); // with the credential
    },
  );

  it.each(["confirm", "retire"])("goes on at %s where its journal cannot be written", async (at) => {
    const { store, rotating } = scene();
    const note: Journal["note"] = ({ step }) =>
      step === at ? Promise.reject(new Error("no disk")) : Promise.resolve();
    expect(await rotating({ ...lease(undefined, { note }), held: store.held })).toMatchObject({ retired: "revoked" });
  });

  it("that lost its lease stores nothing", async () => {
    const { old, store, rotating } = scene();
    const note: Journal["note"] = ({ step }) =>
      step === "store" ? Promise.reject(new EntryLostError("taken")) : Promise.resolve();
    await failureOf(rotating(lease(undefined, { note })));
    expect(store.current.id).toBe(old);
  });

  it.each<{ retire: Retirement; want: string }>([
    { retire: "keep", want: "leave" },
    { retire: { later: "24h" }, want: "leave" },
    { retire: "disable", want: "close" },
    { retire: "revoke", want: "close" },
  ])("keeps its entry where the old key lives on, so that no other successor is made: %o", async ({ retire, want }) => {
    const ends: unknown[] = [];
    const { journal } = lease(undefined, {
      close: (entry) => Promise.resolve(void ends.push(["close", entry])),
      leave: (entry) => Promise.resolve(void ends.push(["leave", entry])),
    });
    const { old, rotating } = scene();
    await rotating({ journal, retire });
    expect(ends).toEqual([[want, { provider: "openrouter", id: old }]]);
  });

  it.each([
    { refused: "getApiKey", status: 500, step: "read" },
    { refused: "createApiKey", status: 404, step: "create" },
  ] as const)("keeps what was noted where $refused is answered with $status", async ({ refused, status, step }) => {
    const { sandbox, old, store, rotating } = scene();
    const { ends, journal } = lease({ successor: rival(sandbox, old, 1000) });
    sandbox.fail({ operation: `openrouter.${refused}`, kind: "status", status });
    expect(await failureOf(rotating({ journal, held: store.held }))).toMatchObject({ step });
    expect(ends).toEqual(["leave"]);
  });

  it("walks the list for the predecessor of a key that still carries a mark", async () => {
    const { sandbox, old, store, ids, keys } = scene();
    const made = rival(sandbox, old, 7_200_000);
    const current = { id: made };
    const options = { ...lease(), store: store.store, held: (id: string) => id === current.id };
    await rotate(keys, made, { ...options, store: (secret, key) => void (secret.reveal(), (current.id = key.id)) });
    expect((await ids()).filter((id) => id === old || id === made)).toEqual([]);
  });
});
