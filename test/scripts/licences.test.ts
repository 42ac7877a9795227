import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { writeLicences } from "../../scripts/build/licences.js";

/** A folder with these files in it, and what is written of the licences of the package `lamp`. */
async function licencesOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "keysmith-licences-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const manifest = JSON.stringify({ name: "lamp", version: "1.2.3", license: "MIT" });
  for (const [path, text] of Object.entries({ "node_modules/lamp/package.json": manifest, ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const written = join(folder, "LICENSES");
  await writeLicences([join(folder, "node_modules/lamp/index.js")], written, join(folder, "supplied"));
  return readFile(written, "utf8");
}

describe("the licences of what is bundled", () => {
  it.each([{ file: "node_modules/lamp/LICENCE.md" }, { file: "supplied/lamp.txt" }])("hold $file", async ({ file }) => {
    expect(await licencesOf({ [file]: "Do as you like.\n" })).toBe("lamp 1.2.3: MIT\n\nDo as you like.\n");
  });

  it.each([
    { files: {}, want: /lamp comes without the text of its licence \(MIT\): put it into .*lamp\.txt/ },
    { files: { "node_modules/lamp/LICENSE": "\n" }, want: /without the text/ },
    {
      files: { "node_modules/lamp/LICENSE": "A", "supplied/lamp.txt": "B" },
      want: /comes with its licence now: remove .*lamp\.txt/,
    },
  ])("are not written where that says $want", async ({ files, want }) => {
    await expect(licencesOf(files)).rejects.toThrow(want);
  });
});
