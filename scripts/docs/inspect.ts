/** What is wrong with a site, read from its files alone. Pure. */
import { posix } from "node:path";

/** What a page loads, or sends its reader to. */
const REFERENCE = /<(a|img|link|script)\b[^>]*?\s(?:href|src)="([^"]*)"/g;

/**
 * @param files every file of the site by its path, with slashes; the text of those that a browser shows or runs
 * @param root the project's folder, which no page may name
 */
export function problemsIn(files: ReadonlyMap<string, string>, root: string): string[] {
  const anchors = new Map<string, Set<string>>();
  for (const [file, html] of pagesIn(files)) {
    anchors.set(file, new Set(Array.from(html.matchAll(/\sid="([^"]*)"/g), ([, id = ""]) => id)));
  }
  const problems: string[] = [];
  for (const [file, html] of pagesIn(files)) {
    for (const [, element = "", reference = ""] of html.matchAll(REFERENCE)) {
      const problem = problemWith(file, element, unescaped(reference));
      if (problem) problems.push(`${file}: ${problem}`);
    }
  }
  for (const [file, text] of files) {
    if (text.includes(root)) problems.push(`${file}: it names ${root}, which is of this machine.`);
  }
  return [...new Set(problems)].sort();

  function problemWith(from: string, element: string, reference: string): string | undefined {
    if (/^(data|mailto):/.test(reference)) return undefined;
    if (/^([a-z]+:|\/\/)/.test(reference)) {
      return element === "a" ? undefined : `<${element}> asks another server for ${reference}.`;
    }
    if (reference.startsWith("/")) return `${reference} does not lie below the site.`;
    const [path = "", anchor] = reference.split("#");
    const to = path === "" ? from : posix.join(posix.dirname(from), decodeURIComponent(path));
    if (!files.has(to)) return `${reference} leads to no file.`;
    // Redoc's pages find their way by fragments that begin with a slash.
    if (!anchor || anchor.startsWith("/") || anchors.get(to)?.has(decodeURIComponent(anchor))) return undefined;
    return `${reference} leads to no place in ${to}.`;
  }
}

function pagesIn(files: ReadonlyMap<string, string>): [string, string][] {
  return [...files]
    .filter(([file]) => file.endsWith(".html"))
    .map(([file, html]) => [file, html.replace(/<script\b[^>]*>[^]*?<\/script>/g, "")]);
}

function unescaped(attribute: string): string {
  return attribute.replaceAll("&amp;", "&").replaceAll("&quot;", '"');
}
