/** What a rotation makes of those before it, which were broken off. */
import { describe, expect, it } from "vitest";
import { failureOf } from "../helpers/providers.js";
import { memoryJournal, rival, scene } from "./scene.js";

const HOURS_MS = 2 * 3_600_000;

describe("where the store holds what an earlier rotation has made", () => {
  it.each([0, 1, 2])("it is finished, and the others are revoked, be it the one at %i", async (place) => {
    const { sandbox, old, rotating, ids } = scene();
    const made = [1, 2, 3].map((turn) => rival(sandbox, old, HOURS_MS * turn));
    const rotation = await rotating({ held: (id) => id === made[place] });
    expect(rotation).toMatchObject({ healed: true, new: { id: made[place] } });
    expect((await ids()).filter((id) => [old, ...made].includes(id))).toEqual([made[place]]);
  });

  it.each(["disabled", "revoked"])("and that is %s by now, the store is given another one", async (fate) => {
    const { sandbox, old, rotating, keys, store, ids } = scene();
    const dead = rival(sandbox, old, HOURS_MS);
    if (fate === "revoked") await keys.revoke(dead);
    else await keys.update(dead, { disabled: true });
    const { journal } = memoryJournal({ open: () => Promise.resolve({ successor: dead }) });
    const holds = { now: dead };
    const rotation = await rotating({
      journal: { ...journal, exclusive: true },
      held: (id) => id === holds.now,
      store: (secret, key) => {
        store.store(secret, key);
        holds.now = key.id;
      },
    });
    expect(rotation).toMatchObject({ healed: false, new: { id: store.current.id } });
    expect(await ids()).toEqual(expect.arrayContaining([store.current.id]));
    expect(await ids()).not.toContain(old);
  });

  it("and that cannot be read just now, no other one is stored in its place", async () => {
    const { sandbox, old, rotating, ids } = scene();
    const made = sandbox.issue("openrouter", { name: "ci" }).id;
    const { journal } = memoryJournal({ open: () => Promise.resolve({ successor: made }) });
    const before = await ids();
    const failure = await failureOf(
      rotating({
        journal: { ...journal, exclusive: true },
        held: (id) => id === made,
        onStep: () => sandbox.fail({ operation: "openrouter.getApiKey", kind: "status", status: 500 }),
      }),
    );
    expect(failure).toMatchObject({ step: "read", valid: [old, made], cause: { status: 500 } });
    expect(await ids()).toEqual(before);
  });

  it("under a lease, and its mark is gone, it is known by its plaintext and finished", async () => {
    const { sandbox, old, rotating, store } = scene();
    const made = sandbox.issue("openrouter", { name: "ci" });
    store.store({ reveal: () => made.secret } as never, made as never);
    const { journal } = memoryJournal({ open: () => Promise.resolve({ successor: made.id, earlier: [made.id] }) });
    const rotation = await rotating({ journal: { ...journal, exclusive: true }, read: store.read });
    expect(rotation).toMatchObject({ healed: true, old: { id: old }, new: { id: made.id } });
  });
});
