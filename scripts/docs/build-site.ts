/** Builds `site/` anew, or leaves it as it is. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { providersOf } from "../project/project.js";
import { DECISIONS, readDecisions } from "../reconcile/read-decisions.js";
import { apiReferences, writeApiReference } from "./api-reference.js";
import { contradictionsPage } from "./contradictions.js";
import { DocsError } from "./docs-error.js";
import { problemsIn } from "./inspect.js";
import { pagesOf, type Page } from "./pages.js";
import { writePages } from "./typedoc.js";

export interface Site {
  folder: string;
  pages: number;
  bytes: number;
}

/** @throws DocsError where something would be missing or dead in it. */
export async function buildSite(root: string): Promise<Site> {
  const folder = join(root, "site");
  // Beside it, so that the last step is a rename: a build that breaks off leaves nothing that looks like a site.
  const draft = await mkdtemp(`${folder}.`);
  try {
    const providers = await providersOf(root);
    const references = await apiReferences(root, providers);
    const pages = await pagesOf(root);
    const contradictions = await readContradictions(root, new Map(references.map(({ name, title }) => [name, title])));
    await writePages(root, draft, { ...pages, contradictions, references });
    await mkdir(join(draft, "api"));
    for (const reference of references) await writeApiReference(root, draft, reference);

    const { files, bytes } = await filesOf(draft);
    const problems = problemsIn(files, root);
    if (problems.length > 0) throw new DocsError(problems);
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    return { folder, pages: [...files.keys()].filter((file) => file.endsWith(".html")).length, bytes };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function readContradictions(root: string, titles: ReadonlyMap<string, string>): Promise<Page> {
  const decisions = await readDecisions(root, [...titles.keys()]);
  return { title: "Contradictions", file: DECISIONS, markdown: contradictionsPage(decisions, titles) };
}

/** Every file by its path, with its text where it is one that a browser shows or runs. */
async function filesOf(folder: string): Promise<{ files: Map<string, string>; bytes: number }> {
  const files = new Map<string, string>();
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    bytes += (await stat(path)).size;
    const isText = /\.(html|css|js|svg)$/.test(basename(path));
    files.set(relative(folder, path), isText ? await readFile(path, "utf8") : "");
  }
  return { files, bytes };
}
