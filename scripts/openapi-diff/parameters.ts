/** Which parameters of two operations are the same one. */
import type { JsonObject } from "../render/spec.js";

/** What the curated document has and what the other has; undefined if nothing. */
export type Two<T> = readonly [curated: T, other: T];

/**
 * Pairs first: path parameters of the same position, others of the same name, of the same letters (`pagination.page` and
 * `paginationPage`), and the only two that are left in a query, say. Then what has no counterpart.
 */
export function pairParameters([ours, theirs]: Two<JsonObject[]>): Two<JsonObject | undefined>[] {
  const left = new Set(ours);
  const right = new Set(theirs);
  const pairs: Two<JsonObject | undefined>[] = [];
  for (const same of [samePosition, sameName, sameLetters, theOnlyOnes]) {
    for (const one of left) {
      const match = [...right].find((candidate) => candidate["in"] === one["in"] && same(one, candidate));
      if (!match) continue;
      left.delete(one);
      right.delete(match);
      pairs.push([one, match]);
    }
  }
  return [
    ...pairs,
    ...[...left].map((one) => [one, undefined] as const),
    ...[...right].map((one) => [undefined, one] as const),
  ];

  function theOnlyOnes(one: JsonObject): boolean {
    const count = (side: Set<JsonObject>): number => [...side].filter((other) => other["in"] === one["in"]).length;
    return one["in"] !== "path" && count(left) === 1 && count(right) === 1;
  }

  /** The path that the two operations have in common leads to as many of them, in the same order. */
  function samePosition(one: JsonObject, candidate: JsonObject): boolean {
    return one["in"] === "path" && ours.indexOf(one) === theirs.indexOf(candidate);
  }
}

/** As it counts: the case of a header's name does not. */
export function nameOf(parameter: JsonObject): string {
  const name = String(parameter["name"]);
  return parameter["in"] === "header" ? name.toLowerCase() : name;
}

function sameName(one: JsonObject, candidate: JsonObject): boolean {
  return nameOf(one) === nameOf(candidate);
}

function sameLetters(one: JsonObject, candidate: JsonObject): boolean {
  return lettersOf(one) === lettersOf(candidate);
}

function lettersOf(parameter: JsonObject): string {
  return nameOf(parameter)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
