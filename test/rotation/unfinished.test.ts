/** What a rotation makes of those before it, which were broken off. */
import { describe, expect, it } from "vitest";
import { retireDue, type Retirement } from "../../src/index.js";
import { fingerprint, newTrace, traced, type Trace } from "../../src/rotation/trace.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, table } from "../helpers/providers.js";
import { memoryStore, rotators, type Rotator } from "./rotators.js";
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

/** A rotation stored its key two hours ago, and was killed before it retired the old one. */
function broken(rotator: Rotator, retire?: Trace["retire"]) {
  const { provider } = rotator;
  let ahead = 0;
  const sandbox = createSandbox({ now: () => Date.now() + ahead });
  const old = rotator.issue(sandbox);
  const mark = newTrace(fingerprint(provider, old.id), Date.now(), { retire });
  const store = memoryStore(table[provider].issue(sandbox, traced("ci", mark)));
  const pass = (ms: number) => (ahead += ms);
  pass(HOURS_MS);
  const finishing = (how: Retirement) => rotator.rotate(sandbox, old.id, { ...store, retire: how });
  const sweeping = () => retireDue(rotator.connect(sandbox), { held: store.held });
  const ids = async () => (await rotator.list(sandbox)).map(({ id }) => id);
  return { sandbox, old, store, finishing, sweeping, pass, ids };
}

const renaming: readonly string[] = ["openrouter", "cockroach", "cloudflare"];

describe.each(rotators.filter(({ provider }) => renaming.includes(provider)))(
  "where a rotation is finished by one that retires the old key later or never ($provider)",
  (rotator) => {
    it("a sweep leaves alone what is kept", async () => {
      const { old, finishing, sweeping, ids } = broken(rotator);
      expect(await finishing("keep")).toMatchObject({ healed: true, retired: "kept" });
      expect(await sweeping()).toEqual([]);
      expect(await ids()).toContain(old.id);
    });

    it("a sweep retires what is left for later, and not before", async () => {
      const { old, finishing, sweeping, pass } = broken(rotator, HOURS_MS);
      expect(await finishing({ later: "24h" })).toMatchObject({ healed: true, retired: "later", old: { id: old.id } });
      expect(await sweeping()).toEqual([]);
      pass(12 * HOURS_MS);
      expect(await sweeping()).toMatchObject([{ key: { id: old.id } }]);
    });

    it("and the mark cannot be changed, it is said, and the next run does it", async () => {
      const { sandbox, old, store, finishing, sweeping } = broken(rotator);
      sandbox.fail({ operation: `${rotator.provider as "openrouter"}.updateApiKey`, kind: "status", status: 400 });
      expect(await failureOf(finishing("keep"))).toMatchObject({ step: "retire", valid: [old.id, store.current.id] });
      expect(await finishing("keep")).toMatchObject({ healed: true, retired: "kept" });
      expect(await sweeping()).toEqual([]);
    });
  },
);

describe.each(rotators.filter(({ provider }) => !renaming.includes(provider)))(
  "where a rotation is finished by one that retires the old key later or never ($provider)",
  (rotator) => {
    it.each<Retirement>(["keep", { later: "24h" }])("it is refused, since the sweeps would: %j", async (how) => {
      const { old, store, finishing, ids } = broken(rotator, HOURS_MS);
      const before = await ids();
      expect(await failureOf(finishing(how))).toMatchObject({
        name: "RotationPendingError",
        message: expect.stringContaining("was to retire it sooner") as string,
        sibling: { id: store.current.id },
      });
      expect(await ids()).toEqual(before);
      expect(await finishing({ later: "2h" })).toMatchObject({ healed: true, retired: "later", old: { id: old.id } });
    });
  },
);

describe.each(rotators)("where a rotation that was to keep the old key is finished ($provider)", (rotator) => {
  it("by one that retires it, it is retired", async () => {
    const { old, finishing, ids } = broken(rotator, "keep");
    expect(await finishing("revoke")).toMatchObject({ healed: true, retired: "revoked" });
    expect(await ids()).not.toContain(old.id);
  });
});
