/** Whether every contradiction is decided, and every decision still about something. */
import { describe } from "../openapi-diff/describe.js";
import type { Comparison } from "../openapi-diff/compare.js";
import type { Difference } from "../openapi-diff/walk.js";
import { placeMatcher } from "../openapi-diff/place.js";
import type { PlaceFacts, Places } from "../openapi-diff/places.js";
import { rulingsOf } from "./decide.js";
import type { Decision, Decisions, DifferenceDecision, ProseDecision, SilenceDecision, Source } from "./decisions.js";

/** A source as it was compared with its curated spec. */
export interface ComparedSource extends Source, Comparison {}

/** One sentence for everything that is wrong. */
export function check({ decisions }: Decisions, compared: ComparedSource[], curated: Map<string, Places>): string[] {
  return [
    ...undecided(decisions, compared),
    ...unfounded(decisions, compared, curated),
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

/** That a source is silent is a claim only if all of it is there. */
function undecided(decisions: Decision[], compared: ComparedSource[]): string[] {
  return compared.flatMap(({ id, upstream, differences }) => {
    const rulings = rulingsOf(decisions, id);
    return differences
      .filter(({ silent }) => upstream || !silent)
      .flatMap((difference) => {
        const what = `${id} at ${difference.place}: ${saidAndClaimed(difference)}`;
        const by = new Set(rulings.filter((one) => one.settles(difference)).map((one) => one.decision.id));
        if (by.size === 0) return [`${what}. No decision is about this: take one, or correct the spec.`];
        return by.size > 1 ? [`${what}. It is decided more than once: ${[...by].join(", ")}.`] : [];
      });
  });
}

/** Places of the curated specs that no document states, and that are not known from anything else either. */
function unfounded(decisions: Decision[], compared: ComparedSource[], curated: Map<string, Places>): string[] {
  const facts = decisions.flatMap(({ id, kind, provider, knownFrom, places }) =>
    kind === "silence" && knownFrom.length > 0 ? places.map((place) => ({ id, provider, ...place })) : [],
  );
  const vague = facts
    .filter(({ at }) => at.split(" > ").at(-1)?.includes("*"))
    .map(
      ({ id, at }) => `decision ${id} at ${at}: what is known from no document has to be named. Write the names out.`,
    );
  const orphans = [...curated].flatMap(([provider, places]) => {
    const known = facts
      .filter((fact) => fact.provider === provider && fact.aspect === "presence")
      .map(({ at }) => placeMatcher(at));
    const documents = compared.filter((source) => source.provider === provider);
    return [...places.keys()]
      .filter((place) => place !== "info" && !documents.some(({ shared }) => shared.has(place)))
      .filter((place) => !known.some((matches) => matches(place)))
      .map((place) => `${provider} at ${place}: no document states it. Say where it is known from, or remove it.`);
  });
  return [...vague, ...orphans];
}

/** Stale where a source agrees with the curated spec by now, at one of the places that a pattern means or at all. */
function staleRulings(decision: DifferenceDecision, compared: ComparedSource[], curated: Places | undefined): string[] {
  return decision.sources.flatMap((id) => {
    const source = compared.find((one) => one.id === id);
    if (!source) return [`decision ${decision.id}: ${id} has no document, so it cannot say anything else`];
    const { differences } = source;
    return rulingsOf([decision], id).flatMap(({ at, aspect, settles }) => {
      const settled = new Set(differences.filter(settles).map(({ place }) => place));
      const open = placesAt(curated, at)
        .map(([place]) => place)
        .filter((place) => !settled.has(place) && !isSilent(source, place, aspect));
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
      .flatMap((source) =>
        stated
          .filter(([place]) => !isSilent(source, place, aspect))
          .map(([place]) => `decision ${id}: ${source.id} is not silent about ${place}${what}`),
      );
  });
}

function isSilent({ differences, shared }: ComparedSource, place: string, aspect: string): boolean {
  return !shared.has(place) || differences.some((one) => one.silent && one.place === place && one.aspect === aspect);
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
