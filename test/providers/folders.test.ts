import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { names } from "../helpers/providers.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("what is true of one provider stands in its folder: nothing else of src/ and scripts/ names one, but what exports it", async () => {
  const naming: string[] = [];
  for (const folder of ["src", "scripts"]) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name).slice(root.length);
      if (!entry.isFile() || file.startsWith(join("src", "providers"))) continue;
      const text = (file + (await readFile(join(root, file), "utf8"))).toLowerCase();
      if (names.some((name) => text.includes(name))) naming.push(file);
    }
  }
  expect(naming).toEqual([join("src", "index.ts")]);
});
