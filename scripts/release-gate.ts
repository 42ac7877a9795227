/**
 * `npm run release-gate [-- --base <git-ref>] [--changelog]`: do the versions of the specs and of the package say what changed
 * since the last release, and do that release's type tests still compile?
 *
 * With `--changelog` it prints entries for CHANGELOG.md instead. Exit codes: 0 yes, 1 no, 2 wrong usage or no such commit.
 */
import { parseArgs } from "node:util";
import { exitCodeOf } from "./documents/exit-code.js";
import { parseDocument, readDocument, readText, specIn } from "./documents/read.js";
import { redoclyDiff } from "./redocly/diff.js";
import { projectRoot, providersIn, providersOf, type Provider } from "./project/project.js";
import { isMajorRelease, judge, type Release } from "./release-gate/gate.js";
import { GitError, lastReleaseTag, requireCommit, textAt } from "./release-gate/git.js";
import { rateChanges } from "./release-gate/rate.js";
import { changelog, gateReport } from "./release-gate/report.js";
import { compileTypeTests } from "./release-gate/type-tests.js";
import { VersionError } from "./release-gate/version.js";
import { isObject } from "./render/spec.js";

const root = projectRoot();

process.exitCode = await exitCodeOf(() => main(process.argv.slice(2)), 2).catch((error: unknown) => {
  if (!(error instanceof GitError || error instanceof VersionError)) throw error;
  console.error(`release-gate: ${error.message}.`);
  return 2;
});

async function main(args: string[]): Promise<number> {
  const options = optionsOf(args);
  if (!options) {
    console.error("usage: npm run release-gate [-- --base <git-ref>] [--changelog]");
    return 2;
  }
  const base = options.base ?? (await lastReleaseTag(root));
  if (base === undefined) {
    console.log("There is no release tag (v*) yet, so there is nothing to compare with.");
    return 0;
  }
  await requireCommit(root, base);

  const specs = await specReleases(base);
  const ofPackage = await packageRelease(base);
  const verdicts = judge(specs, ofPackage);
  if (options.changelog) {
    console.log(changelog(verdicts));
    return 0;
  }
  console.log(gateReport(base, verdicts));
  const versionsOk = verdicts.every(({ ok }) => ok);
  const typesOk = await typesAreCompatible(base, ofPackage);
  return versionsOk && typesOk ? 0 : 1;
}

async function specReleases(base: string): Promise<Release[]> {
  const now = await providersOf(root);
  const before = await providersAt(base);
  const gone = before.filter((old) => !now.some(({ name }) => name === old.name));
  const specs: Release[] = [];
  for (const { name, specFile } of now) {
    // Wherever it was then.
    const oldFile = before.find((old) => old.name === name)?.specFile ?? specFile;
    const old = await textAt(root, base, oldFile);
    const text = await readText(root, specFile);
    const versions = { old: specVersion(old, `${oldFile} at ${base}`), now: specVersion(text, specFile) };
    const comparable = old !== undefined && old !== text;
    const changes = comparable ? rateChanges(await redoclyDiff(old, text, specFile)) : [];
    specs.push({ name, file: specFile, ...versions, changes });
  }
  for (const { name, specFile } of gone) {
    const old = await textAt(root, base, specFile);
    specs.push({ name, file: specFile, old: specVersion(old, `${specFile} at ${base}`), now: undefined, changes: [] });
  }
  return specs;
}

async function packageRelease(base: string): Promise<Release> {
  const old = await textAt(root, base, "package.json");
  return {
    name: "package",
    file: "package.json",
    old: old === undefined ? undefined : versionIn(parseDocument(old, `package.json at ${base}`).document),
    now: versionIn(await readDocument(root, "package.json")),
    changes: [],
  };
}

function specVersion(text: string | undefined, name: string): string | undefined {
  return text === undefined ? undefined : versionIn(specIn(parseDocument(text, name).document, name).document["info"]);
}

function versionIn(node: unknown): string | undefined {
  return isObject(node) ? String(node["version"]) : undefined;
}

async function providersAt(base: string): Promise<Provider[]> {
  const config = await textAt(root, base, "redocly.yaml");
  return config === undefined ? [] : providersIn(parseDocument(config, `redocly.yaml at ${base}`).document);
}

async function typesAreCompatible(base: string, { old, now }: Release): Promise<boolean> {
  if (old !== undefined && now !== undefined && isMajorRelease(old, now)) {
    console.log(`\ntypes  This release may break them, so the type tests of ${base} are not compiled.`);
    return true;
  }
  const { files, errors } = await compileTypeTests(root, base);
  if (files === 0) {
    console.log(`\ntypes  ${base} has no type tests.`);
    return true;
  }
  if (errors === "") {
    console.log(`\ntypes  The type tests of ${base} (${files}) compile against the types of today.`);
    return true;
  }
  console.log(
    `\ntypes\n  ✗ The type tests of ${base} do not compile any more. Keep the types compatible, or make this a breaking release.\n${errors.replace(/^/gm, "    ")}`,
  );
  return false;
}

function optionsOf(args: string[]): { base: string | undefined; changelog: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { base: { type: "string" }, changelog: { type: "boolean", default: false } },
    });
    return { base: values.base, changelog: values.changelog };
  } catch {
    return undefined;
  }
}
