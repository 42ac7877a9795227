/** Which request of an operation meets the fault. */
import type { Operation } from "./operation.js";
import { operations } from "./operations.js";

/** What the URLs of further pages hold. */
export const FURTHER_PAGE = /[?&](offset|page)=/;

export interface Target {
  operation: Operation;
  /** Which request of the operation it is: its own, or one with which it looks before or after. */
  phase: "before" | "own" | "after";
  /** The operation that this request is. */
  asks: Operation;
  /** How many requests go before it, and, where it succeeds, after it. */
  before: number;
  after: number;
}

/** What an operation looks with. */
export function lookOf({ looks }: Operation): Operation | undefined {
  return looks && operations.find(({ name }) => name === looks.with);
}

export const targets: readonly Target[] = operations.flatMap((operation): Target[] => {
  const { looks, lastPage } = operation;
  const asks = lookOf(operation);
  if (!looks || !asks || looks.onRefusal) {
    return [{ operation, phase: "own", asks: operation, before: 0, after: lastPage ? 1 : 0 }];
  }
  const after = looks.after ? 1 : 0;
  return [
    { operation, phase: "before", asks, before: 0, after: 1 + after },
    { operation, phase: "own", asks: operation, before: 1, after },
    ...(looks.after ? [{ operation, phase: "after" as const, asks, before: 2, after: 0 }] : []),
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
  /** Whether its own request has been answered as it should, and what comes now is a look afterwards. */
  done = false;

  readonly target: Target;
  readonly mode: Mode;

  /** @param met how many requests have met the fault already */
  constructor(target: Target, mode: Mode, met = 0) {
    this.target = target;
    this.mode = mode;
    this.#met = met;
  }

  phaseOf(method: string): Target["phase"] {
    const { kind } = this.target.operation;
    if (method !== "GET" || kind === "read") return "own";
    return this.done ? "after" : "before";
  }

  /** Told of each request in turn. */
  meets(method: string, url: string): "fault" | "404" | undefined {
    if (this.phaseOf(method) !== this.target.phase || FURTHER_PAGE.test(url)) return undefined;
    this.#met++;
    if (this.mode === "always" || this.#met === 1) return "fault";
    return this.mode === "once" ? undefined : "404";
  }
}
