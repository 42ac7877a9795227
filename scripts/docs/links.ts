/** Links that are right in the repository, made right on the site. Pure. */
import type { ApiReference } from "./api-reference.js";

/** A site without a server shows no folders. What they are called remains. */
export function withoutFolderLinks(markdown: string): string {
  return markdown.replace(/(?<!!)\[([^\]]+)\]\((?![a-z]+:)[^)\s]*\/\)/g, "$1");
}

/**
 * TypeDoc's own links, where they would not do: to the start page as a folder, which only a server shows; to icons in a file,
 * which a page from a disk may not load, though it holds them itself; and to the specs, which have pages of their own.
 */
export function withinTheSite(html: string, references: readonly Pick<ApiReference, "specFile" | "url">[]): string {
  return references.reduce(
    (text, { specFile, url }) =>
      text.replaceAll(new RegExp(`href="((?:\\.\\./)*)media/${fileName(specFile)}"`, "g"), `href="$1${url}"`),
    html
      .replace(/href="[^"]*assets\/icons\.svg#/g, 'href="#')
      .replace(/href="((?:\.\.\/)+|\.\/)(#[^"]*)?"/g, 'href="$1index.html$2"'),
  );
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replaceAll(".", "\\.");
}
