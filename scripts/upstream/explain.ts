/** Which differences are known and decided, and which are news. */
import type { Difference } from "../openapi-diff/differences.js";
import { rulingsOf } from "../reconcile/decide.js";
import type { Decision } from "../reconcile/decisions.js";

export interface Explained {
  /** One difference at one place or several of the same kind: a field of a schema that several operations share. */
  news: News[];
  decided: { decision: Decision; differences: Difference[] }[];
}

export interface News extends Omit<Difference, "place" | "silent"> {
  places: [string, ...string[]];
}

export function explain(differences: Difference[], decisions: Decision[]): Explained {
  const rulings = rulingsOf(decisions);
  const decided = new Map<Decision, Difference[]>();
  const news = new Map<string, News>();
  for (const difference of differences) {
    const { place, aspect, curated, claimed } = difference;
    const decision = rulings.find(({ settles }) => settles(difference))?.decision;
    if (decision) {
      decided.set(decision, [...(decided.get(decision) ?? []), difference]);
      continue;
    }
    const key = JSON.stringify([lastName(place), aspect, curated ?? null, claimed ?? null]);
    const known = news.get(key);
    if (known) known.places.push(place);
    else news.set(key, { places: [place], aspect, curated, claimed });
  }
  return {
    news: [...news.values()],
    decided: [...decided].map(([decision, found]) => ({ decision, differences: found })),
  };
}

function lastName(place: string): string {
  return /[^ .]*$/.exec(place)?.[0] ?? place;
}
