/** Every line of the guide's page on stores, run by the shell against commands that do what the real ones document. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { bundled } from "../../helpers/bundled.js";
import { shownIn } from "../../helpers/shown.js";
import { useCommand } from "../keysmith.js";
import { FILTERS, PAGE, recipes, scene, type Failure } from "./scene.js";
import type { Tool } from "./stand-in.js";

useCommand();

let standIns: Awaited<ReturnType<typeof bundled>>;
beforeAll(async () => {
  standIns = await bundled("test/cli/stores/stand-in.ts");
});
afterAll(() => standIns.remove());

const stores: { store: string; tool: Tool }[] = [
  { store: "Vault", tool: "vault" },
  { store: "AWS Secrets Manager", tool: "aws" },
  { store: "Kubernetes", tool: "kubectl" },
  { store: "1Password", tool: "op" },
  { store: "Doppler", tool: "doppler" },
  { store: "GitLab", tool: "glab" },
  { store: "GitHub Actions", tool: "gh" },
];
/** With the exit code of the run that meets it. */
const failures: { failure: Failure; code: number }[] = [
  { failure: "no first read", code: 1 },
  { failure: "no write", code: 4 },
  { failure: "an error once it has written", code: 4 },
  { failure: "killed once it has written", code: 4 },
  { failure: "no read once it has written", code: 4 },
];
const page = recipes();

function sceneOf(store: string, tool: Tool) {
  const recipe = page[store];
  if (!recipe) throw new Error(`${PAGE} has no ${store}`);
  return scene(recipe, tool, join(standIns.folder, "stand-in.mjs"));
}

/** Fails where a key, or what is a key any more, stands in one of these texts. */
function showNoKey(keys: readonly string[], ...texts: string[]): void {
  for (const text of texts) expect(shownIn(text, keys)).toEqual([]);
}

it("every store of the page is tried", () => {
  expect(Object.keys(page)).toEqual(stores.map(({ store }) => store));
});

describe.each(stores)("$store", ({ store, tool }) => {
  it("holds a new key once the old one is 30 days old, which is retired a day later", async () => {
    const { first, on, stored, ids, works, shownArguments } = await sceneOf(store, tool);
    const young = await on(29);
    expect(young).toMatchObject({ code: 0, stderr: expect.stringContaining("is 29 days old") as string });
    expect(await stored()).toBe(first.secret);

    const due = await on(30.1);
    expect(due).toMatchObject({ code: 0 });
    const second = await stored();
    expect(second).not.toBe(first.secret);
    await works();
    expect(await ids()).toHaveLength(2);

    const later = await on(31.2);
    expect(later).toMatchObject({ code: 0 });
    expect(await ids()).toHaveLength(1);
    expect(await stored()).toBe(second);
    await works();
    const said = [young, due, later].map(({ stdout, stderr }) => stdout + stderr);
    showNoKey([first.secret, second], await shownArguments(), ...said);
  });

  const { scripts, run } = page[store] ?? { scripts: {}, run: [""] };
  const line = [...Object.values(scripts), ...run].join("\n");
  const filters = FILTERS.filter((name) => new RegExp(`\\b${name}\\b`).test(line));
  it.runIf(filters.length > 0).each(filters)(
    "holds the old key where %s is killed before it has passed the new one on",
    async (name) => {
      const { first, on, kill, stored, ids } = await sceneOf(store, tool);
      await kill(name);
      expect((await on(30.1)).code).not.toBe(0);
      expect(await stored()).toBe(first.secret);
      expect(await ids()).toContain(first.id);
    },
  );

  // Of what nobody can read, no read fails.
  it.each(failures.filter(({ failure }) => tool !== "gh" || !failure.includes("read")))(
    "holds a key that works with $failure, and the next days mend the rest",
    async ({ failure, code }) => {
      const { first, on, fail, stored, ids, works, shownArguments } = await sceneOf(store, tool);
      await fail(failure);
      const days = [await on(30.1)];
      await works();
      for (const day of [31.2, 32.4]) {
        days.push(await on(day));
        await works();
      }
      expect(days.map((day) => day.code)).toEqual([code, 0, 0]);
      expect(await ids()).toHaveLength(1);
      expect(await ids()).not.toContain(first.id);
      const said = days.map(({ stdout, stderr }) => stdout + stderr);
      showNoKey([first.secret, await stored()], await shownArguments(), ...said);
    },
  );
});
