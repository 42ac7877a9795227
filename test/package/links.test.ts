/** Links of the documentation lead somewhere from the package, too. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { describe, expect, it } from "vitest";

const { files } = JSON.parse(readFileSync("package.json", "utf8")) as { files: string[] };

/** npm packs this by itself. */
const ALWAYS = ["LICENSE", "README.md", "package.json"];

const packed = [...files, ...ALWAYS].flatMap((entry) =>
  entry.includes("/*.")
    ? readdirSync(dirname(entry))
        .filter((file) => extname(file) === extname(entry))
        .map((file) => join(dirname(entry), file))
    : [entry],
);

describe.each(packed.filter((file) => file.endsWith(".md")))("%s", (page) => {
  it("links to nothing of the project that is not packed", () => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = ""]) =>
      join(dirname(page), link),
    );
    expect(links.filter((file) => !existsSync(file) || !packed.includes(file))).toEqual([]);
    if (page === "README.md") expect(links.length).toBeGreaterThan(10);
  });
});
