/** What another document says differently of the operations that a curated spec describes. */
import type { Spec } from "../render/spec.js";
import { matchOperations } from "./operations.js";
import { Walk, type Difference } from "./walk.js";

export interface Comparison {
  differences: Difference[];
  /** The places where both say something. */
  shared: ReadonlySet<string>;
}

/**
 * @param versions whether the one is an earlier version of the other, so that whatever is gone and how it is worded counts, too.
 * @throws SpecError where one of them unfolds without end.
 */
export function compare(curated: Spec, other: Spec, { versions = false } = {}): Comparison {
  const walk = new Walk([curated, other], versions);
  for (const { place, curated: ours, other: theirs } of matchOperations(curated, other)) {
    walk.operation(place, [ours, theirs]);
  }
  return walk.end();
}
