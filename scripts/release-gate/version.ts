/** Semantic versions, as far as a release needs them. */
import type { Impact } from "../redocly/diff.js";

export class VersionError extends Error {
  override readonly name = "VersionError";
}

/** What a release must raise, from least to most. */
export const BUMPS = ["none", "patch", "minor", "major"] as const;
export type Bump = "none" | Impact;

export function highest(bumps: Iterable<Bump>): Bump {
  return [...bumps].reduce((a, b) => (BUMPS.indexOf(a) < BUMPS.indexOf(b) ? b : a), "none");
}

interface Version {
  numbers: [major: number, minor: number, patch: number];
  prerelease: boolean;
}

/**
 * The least version that a release with such changes may have. Below 1.0.0 the minor version stands for breaking changes and
 * the patch version for all others, as the caret ranges of package managers have it.
 *
 * @throws VersionError
 */
export function raised(version: string, bump: Bump): string {
  const { numbers, prerelease } = parsed(version);
  const [major, minor, patch] = numbers;
  if (bump === "none") return version;
  const next: Version["numbers"] =
    bump === "major"
      ? major === 0
        ? [0, minor + 1, 0]
        : [major + 1, 0, 0]
      : bump === "minor" && major > 0
        ? [major, minor + 1, 0]
        : [major, minor, patch + (prerelease ? 0 : 1)];
  return next.join(".");
}

/** A prerelease of a version counts as that version: what it has to announce is the same. */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [parsed(version).numbers, parsed(least).numbers];
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 || (a[at] ?? 0) > (b[at] ?? 0);
}

function parsed(version: string): Version {
  const match = /^(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.exec(version);
  if (!match) throw new VersionError(`${JSON.stringify(version)} is no semantic version`);
  const [, major, minor, patch, prerelease] = match;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease !== undefined,
  };
}
