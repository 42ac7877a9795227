/** Many keys rotated at once, where nothing goes wrong: none may fail for what the others do to the list meanwhile. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openrouter, rotateAll, type Secret } from "../../src/index.js";
import { createSandbox } from "../../src/sandbox/index.js";
import { idsOf, issue, keysmith, served, temporaryFolder, useCommand } from "../cli/keysmith.js";
import { through } from "../helpers/providers.js";

useCommand();

describe("rotateAll", () => {
  const runs = Array.from({ length: 10 }, (_, index) => index + 1);

  it.concurrent.each(runs)("rotates 200 keys, 8 at once, whose answers overtake each other (run %i)", async () => {
    const sandbox = createSandbox();
    const fetch: typeof sandbox.fetch = async (input, init) => {
      // Half on the way there, half on the way back: effects overtake each other, too.
      await moment(Math.random() * 30);
      const response = await sandbox.fetch(input, init);
      await moment(Math.random() * 30);
      return response;
    };
    const old = Array.from({ length: 200 }, (_, index) => sandbox.issue("openrouter", { name: `key ${index}` }).id);
    const stored = new Map<string, string>();
    const store = (secret: Secret, { name }: { name: string }) => void stored.set(name, secret.reveal());
    const results = await rotateAll(openrouter({ ...through(sandbox, "openrouter"), fetch }), old, {
      store,
      concurrency: 8,
    });
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
    const successors = results.map(({ rotation }) => rotation?.new.id ?? "");
    expect((await idsOf(sandbox, "openrouter")).sort()).toEqual(successors.sort());
    expect(stored.size).toBe(200);
  });
});

describe("keysmith rotate", () => {
  it("rotates 60 keys over HTTP, each stored by a command", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const old = Array.from({ length: 60 }, (_, index) => issue(sandbox, "openrouter", `key ${index}`));
    const store = 'cat > "stored-$KEYSMITH_KEY_ID"';
    const args = ["rotate", "openrouter", ...old, "--exec", store, "--yes"];
    const { code, stderr } = await keysmith(args, { env, cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("keysmith: ") as string });
    const there = await idsOf(sandbox, "openrouter");
    expect(there).toHaveLength(60);
    expect(there.filter((id) => old.includes(id))).toEqual([]);
    for (const id of there) expect(await readFile(join(folder, `stored-${id}`), "utf8")).not.toBe("");
  });
});

function moment(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
