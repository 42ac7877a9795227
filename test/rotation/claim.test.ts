/** Two rotators that create for one key at once: only the one whose key is certainly the older goes on. */
import { describe, expect, it } from "vitest";
import type { ApiKey } from "../../src/index.js";
import { fingerprint, newTrace, traced, traceOf } from "../../src/rotation/trace.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf } from "../helpers/providers.js";
import { memoryStore, rotators } from "./rotators.js";

describe.each([
  // OpenRouter tells when a key was made, in whole seconds.
  { name: "openrouter", afterMs: -1_000, goesOn: false },
  { name: "openrouter", afterMs: 0, goesOn: false },
  { name: "openrouter", afterMs: 1_000, goesOn: true },
  // Estuary does not, so the traces are compared, whose clocks may differ by 5 s.
  { name: "estuary", afterMs: -10_000, goesOn: false },
  { name: "estuary", afterMs: 0, goesOn: false },
  { name: "estuary", afterMs: 4_900, goesOn: false },
  { name: "estuary", afterMs: 5_100, goesOn: true },
] as const)("a rival's key, made $afterMs ms after the own one ($name)", ({ name, afterMs, goesOn }) => {
  it(goesOn ? "leaves the rotation to go on" : "has the own key revoked, and nothing stored", async () => {
    const sandbox = createSandbox({ now: Date.now });
    const rotator = rotators.find(({ provider }) => provider === name) ?? expect.unreachable();
    const old = rotator.issue(sandbox);
    const store = memoryStore(old);
    const made: string[] = [];
    const meets = (own: ApiKey | undefined) => {
      const then = (own?.createdAt ? Date.parse(own.createdAt) : (traceOf(own ?? {})?.time ?? NaN)) + afterMs;
      const label = traced("ci", newTrace(fingerprint(name, old.id), then));
      const rival =
        name === "estuary"
          ? sandbox.issue(name, { label })
          : sandbox.issue(name, { name: label, createdAt: new Date(then).toISOString() });
      made.push(rival.id, own?.id ?? "");
    };
    const rotating = rotator.rotate(sandbox, old.id, {
      store: store.store,
      onStep: async (step, { new: own }) => {
        if (step === "claim") meets(own);
        // The other one has yielded.
        if (step === "prepare") await rotator.revoke(sandbox, made[0] ?? "");
      },
    });
    await rotating.catch(() => undefined);
    const [rival = "", own = ""] = made;
    const left = new Set((await rotator.list(sandbox)).map(({ id }) => id));
    if (goesOn) {
      expect(await rotating).toMatchObject({ retired: "revoked", new: { id: own } });
      expect([left.has(old.id), left.has(own), store.current.id]).toEqual([false, true, own]);
    } else {
      expect(await failureOf(rotating)).toMatchObject({ name: "RotationPendingError", sibling: { id: rival } });
      expect([left.has(old.id), left.has(own), store.current.id]).toEqual([true, false, old.id]);
    }
  });
});
