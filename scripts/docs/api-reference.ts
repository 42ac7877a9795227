/** The reference of each provider's HTTP API: Redoc, as the pinned Redocly CLI builds it, made to need nothing from elsewhere. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readDocument } from "../documents/read.js";
import type { Provider } from "../project/project.js";
import { redocly } from "../redocly/cli.js";
import { isObject } from "../render/spec.js";
import { DocsError } from "./docs-error.js";

export interface ApiReference {
  name: string;
  title: string;
  specFile: string;
  /** Where its page is, relative to the site. */
  url: string;
}

/** @throws DocsError for a spec without a title. */
export function apiReferences(root: string, providers: readonly Provider[]): Promise<ApiReference[]> {
  return Promise.all(
    providers.map(async ({ name, specFile }) => {
      const spec = await readDocument(root, specFile);
      const info = isObject(spec) ? spec["info"] : undefined;
      const title = isObject(info) ? info["title"] : undefined;
      if (typeof title !== "string")
        throw new DocsError([`${specFile}: give it info.title, by which its page is called.`]);
      return { name, title, specFile, url: `api/${name}.html` };
    }),
  );
}

export async function writeApiReference(
  root: string,
  folder: string,
  { name, title, url }: ApiReference,
): Promise<void> {
  const file = join(folder, url);
  const template = join(root, "scripts/docs/api-reference.html");
  const args = ["build-docs", name, "--inlineBundle", "--output", file, "--template", template, "--title", title];
  const { code, stderr } = await redocly(root, args);
  if (code !== 0) throw new DocsError([`redocly build-docs ${name}: ${stderr.trim()}`]);
  await writeFile(file, selfContained(await readFile(file, "utf8")));
}

// The bundle shows it below the menu, and asks Redocly's CDN for it.
const LOGO = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g;
const LOGO_TEXT =
  '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="16"><text y="12" font-family="sans-serif" font-size="12" fill="#888">Redocly</text></svg>';

/**
 * @param html what `build-docs --inlineBundle` gives
 * @throws DocsError where it is not as the pinned version writes it.
 */
export function selfContained(html: string): string {
  const script = html.indexOf('<script type="module">');
  if (script < 0 || html.match(LOGO)?.length !== 2) {
    throw new DocsError([
      "redocly build-docs gives another page than it did: look what it asks other servers for now.",
    ]);
  }
  // What is rendered in advance links as a server would route; the page itself finds its way by the fragment.
  const rendered = html.slice(0, script).replaceAll('href="/', 'href="#/');
  const logo = `data:image/svg+xml;base64,${Buffer.from(LOGO_TEXT).toString("base64")}`;
  return rendered + html.slice(script).replace(LOGO, logo);
}
