/** What another document says differently of the operations that a curated spec describes. */
import type { Spec } from "../render/spec.js";
import { alignOperations } from "./align.js";
import { differencesBetween, type Difference } from "./differences.js";
import { matchOperations } from "./operations.js";

/** @throws SpecError where one of them unfolds without end. */
export function compare(curated: Spec, other: Spec): Difference[] {
  const { pairs, basePath } = matchOperations(curated, other);
  const operations = alignOperations(curated, other, pairs);
  const differences = pairs.flatMap(({ place }, index) => differencesBetween(place, operations[index] ?? [{}, {}]));
  if (!basePath) return differences;
  const servers = { place: "servers", aspect: "base path", silent: false };
  return [{ ...servers, curated: basePath.curated, claimed: basePath.other }, ...differences];
}
