/** The frame of the site: TypeDoc, with the library's own API, the Markdown, and links to what lies beside them. */
import { join } from "node:path";
import {
  Application,
  Converter,
  DocumentReflection,
  MinimalSourceFile,
  normalizePath,
  OptionDefaults,
  PageEvent,
  ReflectionKind,
  type CommentDisplayPart,
  type ProjectReflection,
} from "typedoc";
import { entriesOf } from "../build/bundle.js";
import { CollectingLogger } from "./collecting-logger.js";
import { DocsError } from "./docs-error.js";
import { withinTheSite, withoutFolderLinks } from "./links.js";
import type { Page } from "./pages.js";
import { siteTheme, type Contents } from "./theme.js";
import { keepTypesAsWritten } from "./types-as-written.js";

/** Internal to the modules that declare them, and shown by name alone. Response is the runtime's own. */
const INTERNAL = [
  "apis",
  "Body",
  "FieldOf",
  "Input",
  "KnownSecrets",
  "Refuse",
  "RequiredField",
  "Response",
  "Servers",
  "Settings",
  "Simulated",
  "SnakeCase",
  "Value",
];

/** @throws DocsError with every error and warning of TypeDoc's. */
export async function writePages(root: string, folder: string, contents: Contents): Promise<void> {
  const modules = await modulesOf(root);
  const app = await Application.bootstrap({
    name: "keysmith",
    entryPoints: [...modules.keys()].map((source) => join(root, source)),
    tsconfig: join(root, "scripts/docs/tsconfig.json"),
    readme: "none", // Added below, as all Markdown is.
    headings: { readme: false, document: false },
    disableSources: true, // Lines and revisions would change with every commit.
    hideGenerator: true,
    sortEntryPoints: false,
    navigation: { excludeReferences: true, includeFolders: false },
    searchInDocuments: true,
    highlightLanguages: [...OptionDefaults.highlightLanguages, "ini"],
    // GitHub makes no links of names that end like hosts, such as README.md.
    markdownItOptions: { html: true, linkify: false },
    theme: "keysmith",
    customCss: join(root, "scripts/docs/site.css"),
    favicon: join(root, "scripts/docs/favicon.svg"),
    // What openapi-typescript writes.
    blockTags: [...OptionDefaults.blockTags, "@constant", "@description", "@format"],
    validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true },
    intentionallyNotExported: INTERNAL,
  });
  const logger = new CollectingLogger(root);
  app.logger = logger;
  keepTypesAsWritten(app.converter);

  const documents = new Map<Page, DocumentReflection>();
  app.converter.on(Converter.EVENT_BEGIN, ({ project }) => {
    const content = ({ file, markdown }: Page): CommentDisplayPart[] => {
      const source = new MinimalSourceFile(withoutFolderLinks(markdown), normalizePath(join(root, file)));
      return app.converter.parseRawComment(source, project.files).content;
    };
    project.readme = content(contents.start);
    project.files.registerReflectionPath(normalizePath(join(root, contents.start.file)), project);
    for (const page of [...contents.guide, ...contents.commands, contents.contradictions, ...contents.project]) {
      const document = new DocumentReflection(page.title, project, content(page), {});
      // Who looks for a word wants what is told of it, before the members that are called so.
      document.relevanceBoost = 10;
      project.addChild(document);
      project.registerReflection(document, undefined, normalizePath(join(root, page.file)));
      documents.set(page, document);
    }
  });
  app.converter.on(Converter.EVENT_CREATE_PARAMETER, (_context, parameter) => {
    // All that are destructured are options.
    if (parameter.name === "__namedParameters") parameter.name = "options";
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      module.name = modules.get(project.getSymbolIdFromReflection(module)?.packagePath ?? "") ?? module.name;
    }
    moveDescriptions(project);
  });
  app.renderer.defineTheme("keysmith", siteTheme(contents, documents));
  app.renderer.on(PageEvent.END, (page) => {
    if (page.contents !== undefined) page.contents = withinTheSite(page.contents, contents.references);
  });

  const project = await app.convert();
  if (project && logger.problems.length === 0) {
    app.validate(project);
    await app.generateDocs(project, folder);
  }
  if (logger.problems.length > 0) throw new DocsError(logger.problems);
}

/** By their sources, the names under which the package's entries are imported. */
async function modulesOf(root: string): Promise<Map<string, string>> {
  const { library } = await entriesOf(root);
  return new Map(Array.from(library, ([subpath, source]) => [source, `keysmith${subpath.slice(1)}`]));
}

/** openapi-typescript tags what is the comment itself. */
function moveDescriptions(project: ProjectReflection): void {
  for (const { comment } of Object.values(project.reflections)) {
    const description = comment?.getTag("@description");
    if (!comment || !description) continue;
    comment.summary.push(...description.content);
    comment.removeTags("@description");
  }
}
