/** Whether a tag may be released: what the files of the commit have to say of its version. */
import { isObject } from "../render/spec.js";

export interface Files {
  /** `package.json`, parsed. */
  manifest: unknown;
  /** `package-lock.json`, parsed. */
  lock: unknown;
  /** The text of `CHANGELOG.md`. */
  changelog: string;
}

export interface Readiness {
  /** What is to be done before it can be released; none where it can. */
  problems: string[];
  /** What the changelog says of it. */
  notes: string;
}

/** @param repository `owner/name` at GitHub, which the package has to name, or undefined where that does not matter. */
export function readinessOf(tag: string, files: Files, repository?: string): Readiness {
  const version = /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1];
  if (version === undefined) {
    return { problems: [`The tag ${JSON.stringify(tag)} is no release's: those are called like v1.2.3.`], notes: "" };
  }
  const notes = sectionOf(files.changelog, version);
  const problems = [
    ...versionProblems("package.json", textAt(files.manifest, "version"), version),
    ...versionProblems("package-lock.json", textAt(files.lock, "version"), version),
    ...(notes === undefined
      ? [`CHANGELOG.md has no section "## ${version}". Call the section "Unreleased" that.`]
      : notes === ""
        ? [`The section "## ${version}" of CHANGELOG.md is empty. Say what users will notice.`]
        : []),
    ...(repository === undefined ? [] : repositoryProblems(files.manifest, repository)),
  ];
  return { problems, notes: notes ?? "" };
}

function versionProblems(file: string, found: string | undefined, version: string): string[] {
  if (found === version) return [];
  return [`${file} has the version ${found ?? "(none)"}: run \`npm version ${version} --no-git-tag-version\`.`];
}

/** The registry takes a package's provenance only from the repository that the package names. */
function repositoryProblems(manifest: unknown, repository: string): string[] {
  const found = isObject(manifest) ? textAt(manifest["repository"], "url") : undefined;
  const named = /^(?:git\+)?https:\/\/github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(found ?? "")?.[1];
  if (named === repository) return [];
  return [
    `package.json has ${found ?? "no URL"} as its repository: give { "type": "git", "url": "git+https://github.com/${repository}.git" }.`,
  ];
}

/** What stands below `## <version>`, or `## [<version>] - <date>`; undefined where there is no such section. */
export function sectionOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## +/m).slice(1);
  const found = sections.find((section) => /^\[?([^\s\]]+)/.exec(section)?.[1] === version);
  return found?.replace(/^.*\n?/, "").trim();
}

function textAt(node: unknown, name: string): string | undefined {
  const value = isObject(node) ? node[name] : undefined;
  return typeof value === "string" ? value : undefined;
}
