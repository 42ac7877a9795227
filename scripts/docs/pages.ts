/** The Markdown of the repository that becomes pages, in the order in which it is read. */
import { readdir } from "node:fs/promises";
import { posix } from "node:path";
import { join } from "node:path";
import { readText } from "../documents/read.js";
import { DocsError } from "./docs-error.js";

export interface Page {
  title: string;
  /** Where it comes from, relative to the project's root, with slashes. Links in it start there, and links to it end there. */
  file: string;
  markdown: string;
}

export interface Pages {
  start: Page;
  guide: Page[];
  /** The reference of the command, its index first. */
  commands: Page[];
  project: Page[];
}

/** @throws DocsError for a page without a heading. */
export async function pagesOf(root: string): Promise<Pages> {
  const indexes = ["README.md", "docs/guide/README.md", "docs/commands/README.md"];
  const [start, guideIndex, commandIndex] = await Promise.all(indexes.map((file) => read(root, file)));
  if (!start || !guideIndex || !commandIndex) throw new Error("three files give three pages");
  const guide = await readAll(root, "docs/guide");
  const project = await readAll(root, "docs");
  const about = await Promise.all(["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"].map((file) => read(root, file)));
  const commands = inReadingOrder(commandIndex, await readAll(root, "docs/commands"));
  return { start, guide: inReadingOrder(guideIndex, guide), commands, project: [...project, ...about] };
}

/** The index first, then the pages as it links them, then what it has forgotten, by title. */
export function inReadingOrder(index: Page, pages: readonly Page[]): Page[] {
  const linked = Array.from(index.markdown.matchAll(/\]\(([\w./-]+\.md)/g), ([, link = ""]) =>
    posix.join(posix.dirname(index.file), link),
  );
  const rank = ({ file }: Page): number => {
    if (file === index.file) return -1;
    return linked.includes(file) ? linked.indexOf(file) : linked.length;
  };
  return [...pages].sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title, "en"));
}

/** A page is called by its first heading. */
export function titleOf(markdown: string): string | undefined {
  return /^# +(.+?)\s*$/m.exec(markdown)?.[1]?.replaceAll("`", "");
}

async function readAll(root: string, folder: string): Promise<Page[]> {
  const names = (await readdir(join(root, folder))).filter((name) => name.endsWith(".md"));
  const pages = await Promise.all(names.map((name) => read(root, posix.join(folder, name))));
  return pages.sort((a, b) => a.title.localeCompare(b.title, "en"));
}

async function read(root: string, file: string): Promise<Page> {
  const markdown = await readText(root, file);
  const title = titleOf(markdown);
  if (title === undefined) throw new DocsError([`${file}: give it a heading (# …), by which the page is called.`]);
  return { title, file, markdown };
}
