import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { heldIn } from "../../src/cli/held.js";
import { run } from "../helpers/processes.js";
import { temporaryFolder } from "./keysmith.js";

describe("a file of the ids that a store holds", () => {
  it.each([
    { given: "a\nb\n", want: ["a", "b"] },
    { given: " a \r\n\r\nb", want: ["a", "b"] },
    { given: ' ["a",\n "b"]', want: ["a", "b"] },
    { given: "", want: [] },
    { given: "[]", want: [] },
  ])("$given", async ({ given, want }) => {
    const path = join(await temporaryFolder(), "held");
    await writeFile(path, given);
    expect([...(await heldIn(path))]).toEqual(want);
  });

  it("is refused where it can be read but once", async () => {
    const path = join(await temporaryFolder(), "pipe");
    await run("mkfifo", [path]);
    await expect(heldIn(path)).rejects.toThrow("it is a pipe, and is read more than once");
  });

  it.each(['["a", 1]', '{"a": 1}', "[a", '"a"'])(
    "is refused where it is neither lines nor a list: %s",
    async (given) => {
      const path = join(await temporaryFolder(), "held");
      await writeFile(path, given);
      await expect(heldIn(path)).rejects.toThrow("neither one id a line nor a JSON array");
    },
  );
});
