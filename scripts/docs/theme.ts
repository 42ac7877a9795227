import { DefaultTheme, ReflectionKind, type DocumentReflection, type NavigationElement } from "typedoc";
import type { ApiReference } from "./api-reference.js";
import type { Page, Pages } from "./pages.js";

export interface Contents extends Pages {
  contradictions: Page;
  references: readonly ApiReference[];
}

/** TypeDoc's theme with a navigation of the whole site. A heading is an entry that leads nowhere; site.css shows it as one. */
export function siteTheme(contents: Contents, documents: ReadonlyMap<Page, DocumentReflection>): typeof DefaultTheme {
  return class extends DefaultTheme {
    override buildNavigation(project: Parameters<DefaultTheme["buildNavigation"]>[0]): NavigationElement[] {
      const library = super.buildNavigation(project).filter(({ kind }) => kind !== ReflectionKind.Document);
      const links = (pages: readonly Page[]): NavigationElement[] =>
        pages.flatMap((page) => {
          const document = documents.get(page);
          return document ? [{ text: page.title, path: this.router.getFullUrl(document) }] : [];
        });
      return [
        { text: "Guide" },
        ...links(contents.guide),
        { text: "Command" },
        ...links(contents.commands),
        { text: "HTTP APIs" },
        ...contents.references.map(({ title, url }) => ({ text: title, path: url })),
        ...links([contents.contradictions]),
        { text: "Library" },
        ...library,
        { text: "Project" },
        ...links(contents.project),
      ];
    }
  };
}
