/** `spec/sources/decisions.yaml`: where documents contradict one another, what the curated spec says, and why. */
export interface Source {
  id: string;
  provider: string;
  title: string;
  /** What it claims, as an OpenAPI document in the same folder; none where only its prose is at issue. */
  document: string | undefined;
  /** Whether that is all of the provider's own document that is about our operations, as `npm run upstream` keeps it. */
  upstream: boolean;
}

export interface CommonDecision {
  id: string;
  provider: string;
  /** Ids of those that it overrules. */
  sources: string[];
  claims: string;
  says: string;
  why: string;
  evidence: string;
  /** Where what no document states is known from, by the names of `x-sources`; none where a document states it. */
  knownFrom: string[];
}

/** The sources say something else. */
export interface DifferenceDecision extends CommonDecision {
  kind: "difference";
  places: DecidedDifference[];
}

/** The sources say nothing. */
export interface SilenceDecision extends CommonDecision {
  kind: "silence";
  places: DecidedSilence[];
}

/** What is at issue stands in descriptions alone. */
export interface ProseDecision extends CommonDecision {
  kind: "prose";
  places: DecidedProse[];
}

export type Decision = DifferenceDecision | SilenceDecision | ProseDecision;

export interface DecidedDifference {
  /** A pattern; see placeMatcher. */
  at: string;
  aspect: string;
  /** Undefined: nothing of the kind. */
  claims: unknown;
  says: unknown;
}

export interface DecidedSilence {
  at: string;
  /** `presence` where nothing else is said. */
  aspect: string;
}

export interface DecidedProse {
  at: string;
  /** Words that the description there has to hold. */
  mentions: string | undefined;
}

export interface Decisions {
  sources: Source[];
  decisions: Decision[];
}
