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

  it.each([
    { given: "a\nb # the new one\n", want: "line 2 is no id alone" },
    { given: "# mine\na\n", want: "line 1 is no id alone" },
    { given: "a,prod\n", want: "line 1 is no id alone" },
    { given: "a\n\n'b'\n", want: "line 3 is no id alone" },
    { given: "KEY=a\n", want: "line 1 is no id alone" },
    { given: '["a", "b c"]', want: "an entry is no id alone" },
    { given: '["a", ""]', want: "no id alone" },
    { given: `a\nsk-or-v1-${"c".repeat(64)}\n`, want: "line 2 is the plaintext of a key" },
  ])("is refused where a line is more than an id: $given", async ({ given, want }) => {
    const path = join(await temporaryFolder(), "held");
    await writeFile(path, given);
    const refused = heldIn(path);
    await expect(refused).rejects.toThrow(want);
    await expect(refused).rejects.not.toThrow("ccc");
  });

  it.each(["utf8", "utf16le"] as const)("may begin with a byte order mark: %s", async (encoding) => {
    const path = join(await temporaryFolder(), "held");
    await writeFile(path, "\ufeffa\r\nb=\r\n", encoding);
    expect([...(await heldIn(path))]).toEqual(["a", "b="]);
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
