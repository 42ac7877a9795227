/**
 * `npm run release -- <tag> [--repository <owner/name>] [--notes <file>]`: may this commit be released as this tag? The
 * tag is that of the version, the changelog has a section for it, and the release gate is content with what changed since
 * the release before.
 *
 * With `--notes` it writes the changelog's section there. Exit codes: 0 yes, 1 no, 2 wrong usage or no such commit.
 */
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { exitCodeOf } from "./documents/exit-code.js";
import { readDocument, readText } from "./documents/read.js";
import { projectRoot } from "./project/project.js";
import { GitError, lastReleaseTag } from "./release-gate/git.js";
import { readinessOf } from "./release/readiness.js";

const root = projectRoot();

process.exitCode = await exitCodeOf(() => main(process.argv.slice(2)), 2).catch((error: unknown) => {
  if (!(error instanceof GitError)) throw error;
  console.error(`release: ${error.message}.`);
  return 2;
});

async function main(args: string[]): Promise<number> {
  const options = optionsOf(args);
  if (!options) {
    console.error("usage: npm run release -- <tag> [--repository <owner/name>] [--notes <file>]");
    return 2;
  }
  const { tag, repository, notes: notesFile } = options;
  const files = {
    manifest: await readDocument(root, "package.json"),
    lock: await readDocument(root, "package-lock.json"),
    changelog: await readText(root, "CHANGELOG.md"),
  };
  const { problems, notes } = readinessOf(tag, files, repository);
  for (const problem of problems) console.error(`✗ ${problem}`);
  const gated = await gate();
  if (problems.length > 0 || gated !== 0) return Math.max(gated, 1);
  if (notesFile !== undefined) await writeFile(notesFile, `${notes}\n`);
  console.log(`\n${tag} can be released.`);
  return 0;

  /** Compares with the release before this one, whose tag the commit may have by now. Gives the gate's exit code. */
  async function gate(): Promise<number> {
    const base = await lastReleaseTag(root, tag);
    if (base === undefined) {
      console.log("There is no release before this one, so there is nothing to compare with.");
      return 0;
    }
    const run = join(dirname(process.argv[1] ?? ""), "run.js");
    const gate = [run, "scripts/release-gate.ts", "--base", base];
    return spawnSync(process.execPath, gate, { stdio: "inherit" }).status ?? 1;
  }
}

interface Options {
  tag: string;
  repository: string | undefined;
  notes: string | undefined;
}

function optionsOf(args: string[]): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { repository: { type: "string" }, notes: { type: "string" } },
    });
    const [tag, ...more] = positionals;
    if (tag === undefined || more.length > 0) return undefined;
    return { tag, repository: values.repository, notes: values.notes };
  } catch {
    return undefined;
  }
}
