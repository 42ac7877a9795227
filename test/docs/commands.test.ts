import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { commandPages } from "../../scripts/docs/commands.js";

const FOLDER = "docs/commands";

it("the reference has a page for each command, of what that says of itself; vitest -u writes them anew", async () => {
  const pages = commandPages();
  for (const [file, text] of pages) await expect(text).toMatchFileSnapshot(resolve(join(FOLDER, file)));
  expect((await readdir(FOLDER)).sort()).toEqual([...pages.keys()].sort());
});
