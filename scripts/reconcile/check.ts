/** Whether every contradiction is decided, and every decision still about something. */
import { describe } from "../openapi-diff/describe.js";
import type { Difference } from "../openapi-diff/differences.js";
import { placeMatcher, placesAround } from "../openapi-diff/place.js";
import type { PlaceFacts, Places } from "../openapi-diff/places.js";
import { rulingsOf } from "./decide.js";
import type { Decision, Decisions, DifferenceDecision, ProseDecision, SilenceDecision } from "./decisions.js";

/** A source as it was compared with its curated spec. */
export interface ComparedSource {
  id: string;
  differences: Difference[];
}

/** One sentence for everything that is wrong; silence of a source, which is no claim, is not. */
export function check({ decisions }: Decisions, compared: ComparedSource[], curated: Map<string, Places>): string[] {
  return [
    ...undecided(decisions, compared),
    ...decisions.flatMap((decision) => {
      switch (decision.kind) {
        case "difference":
          return staleRulings(decision, compared, curated.get(decision.provider));
        case "silence":
          return brokenSilences(decision, compared, curated);
        case "prose":
          return missingProse(decision, curated);
      }
    }),
  ];
}

function undecided(decisions: Decision[], compared: ComparedSource[]): string[] {
  return compared.flatMap(({ id, differences }) => {
    const rulings = rulingsOf(decisions.filter(({ sources }) => sources.includes(id)));
    return differences
      .filter(({ silent }) => !silent)
      .flatMap((difference) => {
        const what = `${id} at ${difference.place}: ${saidAndClaimed(difference)}`;
        const by = new Set(rulings.filter((one) => one.settles(difference)).map((one) => one.decision.id));
        if (by.size === 0) return [`${what}. No decision is about this: take one, or correct the spec.`];
        return by.size > 1 ? [`${what}. It is decided more than once: ${[...by].join(", ")}.`] : [];
      });
  });
}

/** Stale where a source agrees with the curated spec by now, at one of the places that a pattern means or at all. */
function staleRulings(decision: DifferenceDecision, compared: ComparedSource[], curated: Places | undefined): string[] {
  return decision.sources.flatMap((id) => {
    const differences = compared.find((source) => source.id === id)?.differences;
    if (!differences) return [`decision ${decision.id}: ${id} has no document, so it cannot say anything else`];
    const silences = differences.filter(({ silent }) => silent);
    return rulingsOf([decision]).flatMap(({ at, aspect, settles }) => {
      const settled = new Set(differences.filter(settles).map(({ place }) => place));
      const open = placesAt(curated, at)
        .map(([place]) => place)
        .filter((place) => !settled.has(place) && !silences.some((silence) => covers(silence, place, aspect)));
      return (settled.size === 0 ? [at] : open).map((place) => {
        const matches = placeMatcher(place);
        const there = differences.filter((one) => one.aspect === aspect && matches(one.place)).map(saidAndClaimed);
        const now = there.length > 0 ? `${id}: ${there.join("; ")}` : `${id} and the curated spec do not differ there`;
        return `decision ${decision.id} at ${place}: ${now}. Remove the decision, or correct the spec.`;
      });
    });
  });
}

function saidAndClaimed({ aspect, curated, claimed }: Difference): string {
  return `${describe(aspect, claimed)} is claimed, and the curated spec says ${describe(aspect, curated)}`;
}

function brokenSilences(
  { id, provider, sources, places }: SilenceDecision,
  compared: ComparedSource[],
  curated: Map<string, Places>,
): string[] {
  return places.flatMap(({ at, aspect }) => {
    const stated = placesAt(curated.get(provider), at).filter(([, { aspects }]) => aspects.has(aspect));
    const what = aspect === "presence" ? "" : ` (${aspect})`;
    if (stated.length === 0) return [`decision ${id}: the curated spec has no ${at}${what}`];
    return compared
      .filter((source) => sources.includes(source.id))
      .flatMap((source) => {
        const silences = source.differences.filter(({ silent }) => silent);
        return stated
          .filter(([place]) => !silences.some((silence) => covers(silence, place, aspect)))
          .map(([place]) => `decision ${id}: ${source.id} is not silent about ${place}${what}`);
      });
  });
}

/** Whoever says nothing of a place says nothing of what lies in it. */
function covers(silence: Difference, place: string, aspect: string): boolean {
  return silence.place === place
    ? silence.aspect === aspect || silence.aspect === "presence"
    : placesAround(place).includes(silence.place) && ["presence", "body", "type"].includes(silence.aspect);
}

function missingProse({ id, provider, places }: ProseDecision, curated: Map<string, Places>): string[] {
  return places.flatMap(({ at, mentions }) => {
    const found = placesAt(curated.get(provider), at);
    if (found.length === 0) return [`decision ${id}: the curated spec has no ${at}`];
    return found
      .filter(([, { prose }]) => !plain(prose).includes(plain(mentions ?? "")))
      .map(([place]) => `decision ${id}: the description of ${place} does not mention “${mentions ?? ""}”`);
  });
}

function placesAt(places: Places | undefined, pattern: string): [string, PlaceFacts][] {
  const matches = placeMatcher(pattern);
  return [...(places ?? [])].filter(([place]) => matches(place));
}

function plain(text: string): string {
  return text.replace(/\s+/g, " ").toLowerCase();
}
