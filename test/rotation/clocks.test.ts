/** Times are judged by the server's clock, which its answers tell: the own one may be wrong, or be set meanwhile. */
import { describe, expect, it, vi } from "vitest";
import { estuary, findOrphans, openrouter, retireDue, revokeOrphans, rotate } from "../../src/index.js";
import { traceOf } from "../../src/rotation/trace.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, through } from "../helpers/providers.js";
import { rival, scene } from "./scene.js";

const HOUR_MS = 3_600_000;
const serverNow = Date.now;

/** What is done on a machine whose clock is off by so much. */
async function offBy<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const now = vi.spyOn(Date, "now").mockImplementation(() => serverNow() + ms);
  return work().finally(() => now.mockRestore());
}

describe.each([2 * HOUR_MS, -2 * HOUR_MS, 100 * 24 * HOUR_MS])("on a machine whose clock is off by %i ms", (off) => {
  it("a sweep takes nothing from a rotation that is under way", async () => {
    const { old, rotating, store, keys } = scene();
    await rotating({
      ...store,
      store: async (secret, key) => {
        expect(await offBy(off, () => revokeOrphans(keys, { held: (id) => id === old }))).toEqual([]);
        store.store(secret, key);
      },
    });
    expect(await keys.get(store.current.id)).toMatchObject({ disabled: false });
  });

  it("nothing that is not due is retired", async () => {
    const { old, rotating, store, keys, ids } = scene();
    await rotating({ ...store, retire: { later: "24h" } });
    expect(await offBy(off, () => retireDue(keys, { held: store.held, after: "1h" }))).toEqual([]);
    expect(await ids()).toContain(old);
  });

  it("what is two hours old is judged", async () => {
    const { sandbox, old, keys } = scene();
    const left = rival(sandbox, old, 2 * HOUR_MS);
    const held = (id: string) => id === old;
    expect(await offBy(off, () => findOrphans(keys, { held }))).toMatchObject([{ verdict: "orphan" }]);
    expect(await offBy(off, () => revokeOrphans(keys, { held }))).toMatchObject([{ key: { id: left } }]);
  });

  it("a rotation that another began a minute ago is left alone", async () => {
    const { sandbox, old, rotating, store, ids } = scene();
    const left = rival(sandbox, old, 60_000);
    expect(await offBy(off, () => failureOf(rotating(store)))).toMatchObject({ name: "RotationPendingError" });
    expect(await ids()).toContain(left);
  });

  it("a mark says the server's time, and so does the expiry that is carried over", async () => {
    const sandbox = createSandbox({ now: serverNow });
    const { id } = sandbox.issue("estuary", { label: "ci", expiry: new Date(serverNow() + 24 * HOUR_MS) });
    const keys = estuary(through(sandbox, "estuary"));
    const store = (secret: { reveal: () => string }) => void secret.reveal();
    const { new: made } = await offBy(off, () => rotate(keys, id, { store, overrides: { permissions: "all" } }));
    expect(Math.abs((traceOf(made)?.time ?? 0) - serverNow())).toBeLessThan(60_000);
    expect(Math.abs(Date.parse(made.expiresAt ?? "") - serverNow() - 24 * HOUR_MS)).toBeLessThan(60_000);
  });
});

describe("a server whose answers have no Date header", () => {
  function timeless() {
    const { sandbox, old } = scene();
    const keys = openrouter({
      ...through(sandbox, "openrouter"),
      fetch: async (input, init) => {
        const response = await sandbox.fetch(input, init);
        response.headers.delete("date");
        return response;
      },
    });
    return { keys, old, left: rival(sandbox, old, 2 * HOUR_MS), held: (id: string) => id === old };
  }

  it("leaves every key unknown, and its sweeps say why they do nothing", async () => {
    const { keys, left, held } = timeless();
    expect(await findOrphans(keys, { held })).toMatchObject([{ key: { id: left }, verdict: "unknown" }]);
    for (const sweeping of [revokeOrphans(keys, { held }), retireDue(keys, { held, after: "1h" })]) {
      const message = expect.stringContaining("no Date header") as string;
      expect(await failureOf(sweeping)).toMatchObject({ name: "InvalidResponseError", message });
    }
    expect(await keys.get(left)).toMatchObject({ disabled: false });
  });

  it("leaves an unfinished rotation pending", async () => {
    const { keys, old, held } = timeless();
    const failure = await failureOf(rotate(keys, old, { store: () => undefined, held }));
    const message = expect.stringContaining("no Date header") as string;
    expect(failure).toMatchObject({ name: "RotationPendingError", message });
  });
});
