import { describe, expect, it } from "vitest";
import { createFleet, type FleetOptions } from "../../src/fleet/index.js";
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
