/** Links of the README lead somewhere from the package, too. */
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, it } from "vitest";

const { files } = JSON.parse(readFileSync("package.json", "utf8")) as { files: string[] };

/** npm packs this by itself. */
const ALWAYS = ["LICENSE", "README.md", "package.json"];

function isPacked(file: string): boolean {
  return [...files, ...ALWAYS].some(
    (entry) => entry === file || (entry.endsWith("/*.md") && file.endsWith(".md") && dirname(file) === dirname(entry)),
  );
}

it("every relative link of the README leads to a file that is packed", () => {
  const links = [...readFileSync("README.md", "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
    ([, file]) => file ?? "",
  );
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((file) => !existsSync(file) || !isPacked(file))).toEqual([]);
});
