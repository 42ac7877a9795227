/** Which request of an operation meets the fault. */
import type { Operation } from "./operation.js";
import { operations } from "./operations.js";

/** What the URLs of further pages hold, of the one list that has them here. */
export const NEXT_PAGE = "offset=";

export interface Target {
  operation: Operation;
  /** Which request of the operation it is, where it sends several. */
  phase: "only" | "list before" | "DELETE" | "list after";
  /** The operation that this request is. */
  asks: Operation;
  /** How many requests go before it, and, where it succeeds, after it. */
  before: number;
  after: number;
}

function named(name: string): Operation {
  const found = operations.find((operation) => operation.name === name);
  if (!found) throw new Error(`There is no operation ${name}.`);
  return found;
}

export const targets: readonly Target[] = operations.flatMap((operation): Target[] => {
  if (operation.name !== "estuary.revoke") {
    // OpenRouter's list ends with an empty page.
    return [
      { operation, phase: "only", asks: operation, before: 0, after: operation.name === "openrouter.list" ? 1 : 0 },
    ];
  }
  const list = named("estuary.list");
  return [
    { operation, phase: "list before", asks: list, before: 0, after: 2 },
    { operation, phase: "DELETE", asks: operation, before: 1, after: 1 },
    { operation, phase: "list after", asks: list, before: 2, after: 0 },
  ];
});

/**
 * `always`: the fault lasts. `once`: it is over after the first attempt. `once, then 404`: of a revocation, the second
 * attempt finds nothing.
 */
export const modes = ["always", "once", "once, then 404"] as const;
export type Mode = (typeof modes)[number];

/** How far one call has come, as far as it decides which of its requests meet the fault. */
export class Progress {
  #met: number;
  /** Whether a DELETE has been answered as it should. */
  deleted = false;

  readonly target: Target;
  readonly mode: Mode;

  /** @param met how many requests have met the fault already */
  constructor(target: Target, mode: Mode, met = 0) {
    this.target = target;
    this.mode = mode;
    this.#met = met;
  }

  /** Told of each request in turn. */
  meets(method: string, url: string): "fault" | "404" | undefined {
    const { phase } = this.target;
    const hit = phase === "only" ? !url.includes(NEXT_PAGE) : phase === (method === "DELETE" ? "DELETE" : this.#list);
    if (!hit) return undefined;
    this.#met++;
    if (this.mode === "always" || this.#met === 1) return "fault";
    return this.mode === "once" ? undefined : "404";
  }

  get #list() {
    return this.deleted ? "list after" : "list before";
  }
}
