/** Keys that are linked to a user of the caller's own. */
import { describe, expect, it } from "vitest";
import { openrouter, rotate, type Secret } from "../../../src/index.js";
import { createSandbox } from "../../../src/sandbox/index.js";

const theirs = "a-customers-own-key-0000000000000000";

async function linked() {
  const sandbox = createSandbox();
  const bodies: unknown[] = [];
  const keys = openrouter({
    apiKey: sandbox.credentials.openrouter,
    fetch: (url, init) => {
      if (init.method === "POST" && typeof init.body === "string") bodies.push(JSON.parse(init.body));
      return sandbox.fetch(url, init);
    },
  });
  const made = await keys.create({ name: "customer", external: { user: "4711", apiKey: theirs } });
  return { keys, made, bodies };
}

describe("a key that is linked to a user by a key of that user's", () => {
  it("has a plaintext of its own all the same", async () => {
    const { made, bodies } = await linked();
    expect(bodies).toMatchObject([{ external: { user: "4711", api_key: theirs } }]);
    expect(made.secret.reveal()).toMatch(/^sk-or-v1-/);
    expect(made.raw.external_user).toBe("4711");
  });

  it("is rotated with the user alone, unless both are given anew", async () => {
    const { keys, made, bodies } = await linked();
    let stored = "";
    const store = (secret: Secret) => {
      stored = secret.reveal();
      return Promise.resolve();
    };
    const first = await rotate(keys, made.id, { store });
    await rotate(keys, first.new.id, { store, overrides: { external: { user: "4711", apiKey: theirs } } });
    expect(bodies.slice(1)).toMatchObject([
      { external: { user: "4711" } },
      { external: { user: "4711", api_key: theirs } },
    ]);
    expect(bodies[1]).not.toHaveProperty("external.api_key");
    expect(stored).toMatch(/^sk-or-v1-/);
  });
});
