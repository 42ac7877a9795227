import { expect, it } from "vitest";
import { heldBy } from "../../src/fleet/place.js";

it("A store that does not answer is waited for until the signal aborts", async () => {
  const abort = new AbortController();
  const store = { write: () => Promise.resolve(), read: () => new Promise<undefined>(() => undefined) };
  const held = heldBy({ store, signal: abort.signal }, { customer: "a", keyId: "one", attempts: [] });
  abort.abort(new Error("enough"));
  await expect(held).rejects.toThrow("enough");
});
