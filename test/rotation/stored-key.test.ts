/** Which key a store holds, told from its plaintext. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { cockroach, openrouter, Secret, storedKey } from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, names, table, through } from "../helpers/providers.js";

const HOUR_MS = 3_600_000;

describe("the key in a store", () => {
  it.each(names)("is found at %s from its plaintext", async (provider) => {
    const clock = { hours: 0 };
    const start = Date.parse("2026-01-01T00:00:00Z");
    const sandbox = createSandbox({ now: () => start + clock.hours * HOUR_MS });
    table[provider].issue(sandbox, "another");
    const { id, secret } = table[provider].issue(sandbox, "ci");
    clock.hours = 5;
    const keys = table[provider].factory(through(sandbox, provider));
    for (const read of [() => secret, () => Promise.resolve(new Secret(` ${secret}\n`))]) {
      const found = await storedKey(keys, { read });
      expect(found).toMatchObject({ key: { id } });
      // Estuary does not tell when a key was made.
      expect(found?.ageMs && Math.floor(found.ageMs / HOUR_MS)).toBe(provider === "estuary" ? undefined : 5);
    }
  });

  it("is none where the store is empty", async () => {
    const keys = cockroach(through(createSandbox(), "cockroach"));
    expect(await storedKey(keys, { read: () => undefined })).toBeUndefined();
    expect(await storedKey(keys, { read: () => "" })).toBeUndefined();
  });

  it("is looked for in the workspace that is named, and read by its id where lists do not show it", async () => {
    const sandbox = createSandbox();
    const workspace = "00000000-0000-4000-8000-0000000000bb";
    const { id, secret } = sandbox.issue("openrouter", { name: "ci", workspaceId: workspace });
    const keys = openrouter(through(sandbox, "openrouter"));
    expect(await storedKey(keys, { read: () => secret, workspaceId: workspace })).toMatchObject({ key: { id } });
    expect(await failureOf(storedKey(keys, { read: () => secret }))).toMatchObject({
      kind: "bad-request",
      message: expect.stringContaining("cannot be told from its plaintext. Name it by its id") as string,
    });
  });

  it.each([
    {
      given: "of another provider",
      plaintext: `sk-or-v1-${"5".repeat(64)}`,
      want: /cannot be told: read gave a key of openrouter/,
    },
    { given: "of nothing known", plaintext: "changeit-0123456789", want: /cannot be told/ },
    {
      given: "that was revoked",
      plaintext: `CCDB1_${"a".repeat(22)}_${"b".repeat(40)}`,
      want: /there is no such key|404|not listed/,
    },
  ])("cannot be a plaintext $given, which is in no error", async ({ plaintext, want }) => {
    const sandbox = createSandbox();
    const error = await failureOf(storedKey(cockroach(through(sandbox, "cockroach")), { read: () => plaintext }));
    expect(error).toMatchObject({ message: expect.stringMatching(want) as string });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(plaintext);
  });

  it("is not told where the store fails, whose words are cleaned of what it gave before", async () => {
    const keys = cockroach(through(createSandbox(), "cockroach"));
    const read = () => Promise.reject(new Error("vault is sealed"));
    expect(await failureOf(storedKey(keys, { read }))).toMatchObject({
      kind: "bad-request",
      message: "cockroach storedKey: which key the store holds cannot be told: vault is sealed.",
    });
  });

  it.each(["store", "list", "key"])("is not waited for once the signal says so: the %s", async (hangs) => {
    const stop = new AbortController();
    const hang = () => {
      setImmediate(() => stop.abort(new Error("enough")));
      return new Promise<never>(() => undefined);
    };
    const sandbox = createSandbox();
    const { secret } = sandbox.issue("openrouter", { name: "ci" });
    const keys = openrouter({
      ...through(sandbox, "openrouter"),
      fetch: (input, init) => {
        const asks = new Headers(init.headers).get("authorization") === `Bearer ${secret}` ? "key" : "list";
        return asks === hangs ? hang() : sandbox.fetch(input, init);
      },
    });
    const read = () => (hangs === "store" ? hang() : secret);
    await expect(storedKey(keys, { read, signal: stop.signal })).rejects.toThrow("enough");
  });
});
