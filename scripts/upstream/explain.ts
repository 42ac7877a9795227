/** What a provider's own document says that is new: that no decision speaks of, or that it did not say when it was last seen. */
import { compare } from "../openapi-diff/compare.js";
import type { Difference } from "../openapi-diff/walk.js";
import { rulingsOf } from "../reconcile/decide.js";
import type { Decision } from "../reconcile/decisions.js";
import type { Spec } from "../render/spec.js";

/** The source that a document is a version of: what it said when it was last seen, and what was decided on it. */
export interface Known {
  source: string;
  seen: Spec | undefined;
  decisions: Decision[];
}

export interface Explained {
  /** One difference at one place or several of the same kind: a field of a schema that several operations share. */
  news: News[];
  decided: { decision: Decision; differences: Difference[] }[];
}

export interface News {
  places: [string, ...string[]];
  aspect: string;
  claimed: unknown;
  /** What it differs from: the curated spec, or what the document said when it was last seen. */
  from: "curated" | "seen";
  /** What is said there. */
  said: unknown;
}

export function explain(curated: Spec, document: Spec, { source, seen, decisions }: Known): Explained {
  const rulings = rulingsOf(decisions, source);
  const decided = new Map<Decision, Difference[]>();
  const undecided = compare(curated, document).differences.filter((difference) => {
    const decision = rulings.find(({ settles }) => settles(difference))?.decision;
    if (decision) decided.set(decision, [...(decided.get(decision) ?? []), difference]);
    return !decision;
  });
  // Whatever else has changed is not decided either: what has been withdrawn, say, and what lies below something decided.
  const told = new Set(undecided.map(claimOf));
  const absent = new Set(undecided.filter(({ aspect }) => /^(presence|body)$/.test(aspect)).map(({ place }) => place));
  const changes = seen ? compare(seen, document, { versions: true }).differences : [];
  const untold = changes.filter((difference) => !absent.has(difference.place) && !told.has(claimOf(difference)));
  return {
    news: [...grouped(undecided, "curated"), ...grouped(untold, "seen")],
    decided: [...decided].map(([decision, differences]) => ({ decision, differences })),
  };
}

function grouped(differences: Difference[], from: News["from"]): News[] {
  const news = new Map<string, News>();
  for (const { place, aspect, curated, claimed } of differences) {
    const [said, says] =
      aspect === "prose" ? [curated && "in other words", claimed && "changed here"] : [curated, claimed];
    const key = JSON.stringify([lastName(place), aspect, said ?? null, says ?? null]);
    const known = news.get(key);
    if (known) known.places.push(place);
    else news.set(key, { places: [place], aspect, claimed: says, from, said });
  }
  return [...news.values()];
}

/** A field's name by itself; what is said of operations as such is the same for all of them. */
function lastName(place: string): string {
  return place.includes(" > ") ? (/[^ .]*$/.exec(place)?.[0] ?? place) : "";
}

function claimOf({ place, aspect, curated, claimed }: Difference): string {
  return JSON.stringify([place, aspect, claimed ?? null, aspect === "enum" && claimed === undefined ? curated : null]);
}
