import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createFleet, DatabaseError, type FleetOptions } from "../../src/fleet/index.js";
import { openrouter } from "../../src/index.js";

/** Nothing listens there, and nothing is asked there. */
const options: FleetOptions<"openrouter"> = {
  keys: openrouter({ apiKey: "not-a-key" }),
  database: "postgres://nobody@127.0.0.1:1/nowhere",
  store: { seal: (plaintext) => plaintext, open: (sealed) => sealed },
};

describe("A fleet", () => {
  it.each([
    { rate: { requests: NaN, seconds: 1 } },
    { rate: { requests: 0, seconds: 1 } },
    { rate: { requests: 10, seconds: NaN } },
    { rate: { requests: 10, seconds: 0 } },
  ])("is not made with a rate that limits nothing: %j", (limits) => {
    expect(() => createFleet({ ...options, ...limits })).toThrow("Both have to be above 0.");
  });

  it.each([NaN, 0, -1, 1.5, 2 ** 31])("is not made with a lease of %d milliseconds", (leaseMs) => {
    expect(() => createFleet({ ...options, leaseMs })).toThrow(`leaseMs is ${leaseMs}: give whole milliseconds`);
  });

  it.each(["concurrency", "maxFailures", "maxAttempts"])("does no work with a %s of no number", async (name) => {
    await expect(createFleet(options).work({ [name]: NaN })).rejects.toThrow(`${name} is NaN.`);
  });
});

it("A database of this machine's own that cannot be had is an error of the database, in whole sentences", async () => {
  // As root, that is refused before.
  const folder = fileURLToPath(import.meta.url);
  const error: unknown = await createFleet({ ...options, database: { folder } })
    .status()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(String(error)).toMatch(/Name a folder, no file\.$|Run this as another user, or name a database\.$/);
});
