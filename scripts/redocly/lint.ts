/** Redocly's linter, within this process. */
import { join, resolve } from "node:path";
import type { NormalizedProblem } from "@redocly/openapi-core";

// Loaded only where something is linted: that takes longer than to lint.
const core = () => import("@redocly/openapi-core");

export interface LintResult {
  ok: boolean;
  problems: NormalizedProblem[];
  /** Why it could not be linted at all, where that is so. */
  failure: string | undefined;
  /** When that began, by `performance.now()`, and how long it took. */
  begun: number;
  ms: number;
}

/**
 * Lints apis of a project's redocly.yaml, all of them if none is named, or other documents by its rules.
 *
 * @param documents names of apis, and files relative to the project's root.
 */
export async function lint(root: string, documents: string[] = []): Promise<LintResult> {
  const begun = performance.now();
  const { getTotals, lint: lintDocument, loadConfig } = await core();
  const problems: NormalizedProblem[] = [];
  let doing = "load redocly.yaml";
  let failure: string | undefined;
  try {
    const config = await loadConfig({ configPath: join(root, "redocly.yaml") });
    const apis = new Map(Object.entries(config.resolvedConfig.apis ?? {}));
    const due = documents.length > 0 ? documents : [...apis.keys()];
    if (due.length === 0) throw new Error("it names no api: add one below `apis`");
    for (const document of due) {
      const file = apis.get(document)?.root ?? document;
      doing = `lint ${file}`;
      const ref = resolve(root, file);
      // The linter takes what follows that for a place within a document, and finds none of its schemas.
      if (ref.includes("#")) throw new Error("a folder above it has a # in its name, or it itself: rename that");
      problems.push(...(await lintDocument({ ref, config: config.forAlias(document) })));
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // What follows an empty line is a stack.
    const [first = ""] = message.replaceAll(join(root, "/"), "").split("\n\n");
    failure = `Failed to ${doing}:\n\n  - ${first}`;
  }
  const ok = failure === undefined && getTotals(problems).errors === 0;
  return { ok, problems, failure, begun, ms: performance.now() - begun };
}

/** Prints what was found, as `redocly lint` does. */
export async function printFindings(root: string, { problems, failure }: LintResult): Promise<void> {
  const { formatProblems, getTotals } = await core();
  formatProblems(problems, { cwd: root, totals: getTotals(problems) });
  if (failure !== undefined) console.log(`${failure}\n`);
}

/** From now on the plugins of a redocly.yaml are read anew. */
export async function forgetPlugins(): Promise<void> {
  (await core()).clearPluginsCache();
}
