import { describe, expect, it } from "vitest";
import { loaded } from "../../src/fleet/peers.js";

describe("a package that a fleet needs", () => {
  it("is named with what to install where it is missing", async () => {
    const missing = () => import(["keysmith", "needs", "what", "nobody", "has"].join("-")) as Promise<unknown>;
    await expect(loaded("pg-boss", missing)).rejects.toThrow("npm install pg@8 pg-boss@10");
  });

  it("fails as it does where it is there", async () => {
    const broken = () => Promise.reject(new TypeError("its own failure"));
    await expect(loaded("pg", broken)).rejects.toThrow("its own failure");
  });
});
