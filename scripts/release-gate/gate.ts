/** Whether the versions of a release say what changed since the last one. */
import { highest, isAtLeast, raised, type Bump } from "./version.js";
import type { RatedChange } from "./rate.js";

/** What is released: a spec, or the package. Without `old` it is new, without `now` it is gone. */
export interface Release {
  name: string;
  file: string;
  old: string | undefined;
  now: string | undefined;
  changes: RatedChange[];
}

export interface Verdict {
  release: Release;
  bump: Bump;
  /** The least version that will do; undefined where there is none to raise. */
  required: string | undefined;
  ok: boolean;
}

/** The package has to be raised by the most that any of its specs has to. */
export function judge(specs: Release[], packageRelease: Release): Verdict[] {
  const verdicts = specs.map((release) => verdictOn(release, highest(release.changes.map(({ impact }) => impact))));
  const bump = highest(
    verdicts.map(({ release, bump }) =>
      release.now === undefined ? "major" : release.old === undefined ? "minor" : bump,
    ),
  );
  return [...verdicts, verdictOn(packageRelease, bump)];
}

function verdictOn(release: Release, bump: Bump): Verdict {
  const { old, now } = release;
  if (old === undefined || now === undefined) {
    return { release, bump, required: undefined, ok: true };
  }
  const required = raised(old, bump);
  return { release, bump, required, ok: isAtLeast(now, required) };
}

/** Whether a version announces breaking changes with respect to an older one. */
export function isMajorRelease(old: string, now: string): boolean {
  return isAtLeast(now, raised(old, "major"));
}
