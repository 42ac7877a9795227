/** The site as `npm run docs` builds it from a copy of the project to which a fourth provider was added. */
import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Skipped } from "../compat/cells.js";
import { chromiumVersion, withChromium, type Tab } from "../compat/chromium.js";
import { addLantern } from "../package/lantern.js";
import { filesIn, temporaryPackage } from "../package/temporary-package.js";
import { serveFolder } from "./serve-folder.js";
import { visitor, type Visit } from "./visit.js";

// A machine of one's own may have no browser; the one that decides must.
const browser = await chromiumVersion().catch((error: unknown) => {
  if (error instanceof Skipped && !process.env["CI"]) return undefined;
  throw error;
});

// There are hundreds of pages, each of which a slow machine takes a second for.
const VISITS_MS = 1_800_000;

let copy: Awaited<ReturnType<typeof temporaryPackage>>;
let site: string;
let pages: string[];

beforeAll(async () => {
  copy = await temporaryPackage();
  site = join(copy.root, "site");
  await addLantern(copy);
  await copy.script("generate");
  await copy.script("docs");
  pages = (await filesIn(site)).filter((file) => file.endsWith(".html"));
});
afterAll(() => copy.remove());

it("has the guide, the references, the library and the project's own pages, of a fourth provider, too", () => {
  expect(pages).toEqual(
    expect.arrayContaining([
      "index.html",
      ...["estuary", "openrouter", "cockroach", "cloudflare", "unleash", "lantern"].map((name) => `api/${name}.html`),
      ...["", "_estuary", "_lantern", "_sandbox", "_types"].map((name) => `modules/keysmith${name}.html`),
      ...["Guide", "Rotation", "Contradictions", "Compatibility", "Changelog"].map((name) => `documents/${name}.html`),
    ]),
  );
});

it("is left as it is by a build that fails, which says what is wrong", async () => {
  const page = join(copy.root, "docs/guide/limits.md");
  const before = await readFile(join(site, "documents/Limits.html"), "utf8");
  await appendFile(page, "\n[gone](gone.md) and [nowhere](rotation.md#nowhere)\n");
  await expect(copy.script("docs")).rejects.toThrow(/docs\/guide\/limits\.md:\d+: [^\n]*gone\.md/);
  expect(await readFile(join(site, "documents/Limits.html"), "utf8")).toBe(before);
  expect((await readdir(copy.root)).filter((name) => name.startsWith("site"))).toEqual(["site"]);
});

describe.skipIf(browser === undefined)("in a phone's browser", () => {
  const every = "shows every page from any path of a server, without an error, a request elsewhere, or a dead link";
  it(every, { timeout: VISITS_MS }, async () => {
    const { url, close } = await serveFolder(site, "/some/path/docs/");
    try {
      const visits = await visitAll(url, pages);
      expect(problemsOf(visits)).toEqual([]);
      expect(deadLinks(visits, url)).toEqual([]);
      const linksOf = (page: string) => visits.get(url + page)?.links;
      for (const page of ["api/lantern.html", "documents/Contradictions.html"]) {
        expect(linksOf("index.html")).toContain(url + page);
      }
      // Its operations were looked at, too.
      expect(linksOf("api/openrouter.html")).toContain(`${url}api/openrouter.html#/api-keys/createapikey`);
    } finally {
      await close();
    }
  });

  it("shows each kind of page from a disk", async () => {
    const kinds = ["index.html", "api/openrouter.html", ...firstOfEachFolder(pages)];
    const visits = await visitAll(pathToFileURL(`${site}/`).href, kinds);
    expect(problemsOf(visits)).toEqual([]);
  });
});

/** By the URL of each page. */
async function visitAll(base: string, pages: readonly string[]): Promise<Map<string, Visit>> {
  const visited = async (tab: Tab) => {
    const visit = await visitor(tab, base);
    const visits = new Map<string, Visit>();
    for (const page of pages) visits.set(base + page, await visit(base + page));
    return visits;
  };
  return withChromium(join(copy.root, "profile"), visited, VISITS_MS - 30_000);
}

function problemsOf(visits: ReadonlyMap<string, Visit>): string[] {
  return Array.from(visits).flatMap(([url, { problems }]) => problems.map((problem) => `${url}: ${problem}`));
}

function deadLinks(visits: ReadonlyMap<string, Visit>, base: string): string[] {
  return Array.from(visits).flatMap(([url, { links }]) =>
    links.flatMap((link) => {
      if (!link.startsWith(base)) return new URL(link).origin === new URL(base).origin ? [`${url}: ${link}`] : [];
      const [page = "", anchor = ""] = link.split("#");
      const there = visits.get(page);
      // Files that are no pages were looked for when the site was built.
      if (!there) return page.endsWith(".html") ? [`${url}: ${link}`] : [];
      const found = anchor === "" || anchor.startsWith("/") || there.ids.includes(decodeURIComponent(anchor));
      return found ? [] : [`${url}: ${link}`];
    }),
  );
}

function firstOfEachFolder(pages: readonly string[]): string[] {
  const folders = new Set(pages.map((page) => page.split("/")[0]));
  return [...folders].flatMap((folder) => pages.find((page) => page.startsWith(`${String(folder)}/`)) ?? []);
}
