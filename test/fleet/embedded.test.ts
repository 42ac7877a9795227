import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { connectionsTo } from "../../src/fleet/database.js";
import { defaultFolder } from "../../src/fleet/embedded.js";

describe("the embedded database of a fleet", () => {
  it("is no place for root, and says who may run it", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(0);
    await expect(connectionsTo()).rejects.toThrow("Run this as another user, or name a database");
  });

  it("says so where its folder's path is too long for a socket", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    await expect(connectionsTo({ folder: `/tmp/${"long".repeat(30)}` })).rejects.toThrow(
      "too long a path for a socket",
    );
  });

  it.each([
    { state: "/var/state", want: "/var/state/keysmith/fleet" },
    { state: "not/absolute", want: "/home/somebody/.local/state/keysmith/fleet" },
    { state: "", want: "/home/somebody/.local/state/keysmith/fleet" },
  ])("is in $want where XDG_STATE_HOME is '$state'", ({ state, want }) => {
    vi.stubEnv("XDG_STATE_HOME", state);
    vi.stubEnv("HOME", "/home/somebody");
    expect(defaultFolder()).toBe(join(want));
  });

  it("is not meant by an empty string", async () => {
    await expect(connectionsTo("")).rejects.toThrow("Leave it out");
  });
});
