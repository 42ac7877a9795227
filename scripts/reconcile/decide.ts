/** Which differences the decisions speak of. */
import type { Difference } from "../openapi-diff/walk.js";
import { placeMatcher } from "../openapi-diff/place.js";
import type { DecidedDifference, DecidedSilence, Decision } from "./decisions.js";

/** One place of a decision, and whether a difference is the one that was decided there. */
export interface Ruling {
  decision: Decision;
  at: string;
  aspect: string;
  settles: (difference: Difference) => boolean;
}

/** Those on one source. Prose has no rulings: no difference is found in it. */
export function rulingsOf(decisions: Decision[], source: string): Ruling[] {
  return decisions.flatMap((decision): Ruling[] => {
    if (!decision.sources.includes(source)) return [];
    switch (decision.kind) {
      case "difference":
        return decision.places.map((place) => ({
          decision,
          at: place.at,
          aspect: place.aspect,
          settles: saysOtherwise(place),
        }));
      case "silence":
        return decision.places.map((place) => ({
          decision,
          at: place.at,
          aspect: place.aspect,
          settles: saysNothing(place),
        }));
      case "prose":
        return [];
    }
  });
}

function saysOtherwise({ at, aspect, claims, says }: DecidedDifference): Ruling["settles"] {
  const matches = placeMatcher(at);
  return (difference) =>
    !difference.silent &&
    difference.aspect === aspect &&
    same(difference.claimed, claims) &&
    same(difference.curated, says) &&
    matches(difference.place);
}

function saysNothing({ at, aspect }: DecidedSilence): Ruling["settles"] {
  const matches = placeMatcher(at);
  return (difference) => difference.silent && difference.aspect === aspect && matches(difference.place);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
