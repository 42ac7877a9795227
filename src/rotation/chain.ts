/** Which keys were made to replace which, as long as both are there: one after the other they are a chain. */
import type { ApiKey, ProviderName } from "../key.js";
import { birthOf, isYounger } from "./siblings.js";
import { fingerprint, isRetired, traceOf } from "./trace.js";

export interface Chain<P extends ProviderName> {
  /** The key that this one was made to replace. Undefined where it is gone, or was disabled as retired. */
  predecessorOf(key: ApiKey<P>): ApiKey<P> | undefined;
  /** The same, but for one that was to be kept. */
  unretiredBefore(key: ApiKey<P>): ApiKey<P> | undefined;
  /**
   * All of them behind a key, the oldest first; and of the keys that were made to replace them, the last whose time has not
   * come yet to have it retired.
   */
  unretiredBehind(key: ApiKey<P>, now: number | undefined): { unretired: ApiKey<P>[]; waiting: ApiKey<P> | undefined };
  /** The keys that were made to replace this one. */
  successorsOf(key: ApiKey<P>): ApiKey<P>[];
  /** The keys that were made to replace the same one, itself included. */
  siblingsOf(key: ApiKey<P>): ApiKey<P>[];
  /** Whether rotations that were to keep no key have made these two of one. */
  areKin(one: ApiKey<P>, other: ApiKey<P>): boolean;
}

/** @param all of one provider, from all workspaces in which members of a chain may be */
export function chainOf<P extends ProviderName>(all: readonly ApiKey<P>[]): Chain<P> {
  const byFingerprint = new Map(
    all.flatMap((key) => (isRetired(key) ? [] : [[fingerprint(key.provider, key.id), key] as const])),
  );
  const successors = new Map<string, ApiKey<P>[]>();
  for (const key of all) {
    const predecessor = traceOf(key)?.predecessor;
    const others = successors.get(predecessor ?? "");
    if (others) others.push(key);
    else if (predecessor) successors.set(predecessor, [key]);
  }
  const predecessorOf = (key: ApiKey<P>) => byFingerprint.get(traceOf(key)?.predecessor ?? "");
  const unretiredBefore = (key: ApiKey<P>) => (traceOf(key)?.retire === "keep" ? undefined : predecessorOf(key));
  /** The fingerprints of a key and of what it was made to replace, down to one that was to be kept. */
  const lineOf = (key: ApiKey<P>): Set<string> => {
    const line = new Set([fingerprint(key.provider, key.id)]);
    for (let at: ApiKey<P> | undefined = key; at; at = unretiredBefore(at)) {
      const trace = traceOf(at);
      if (!trace || trace.retire === "keep" || line.size === line.add(trace.predecessor).size) break;
    }
    return line;
  };
  return {
    areKin: (one, other) => {
      const line = lineOf(other);
      return [...lineOf(one)].some((ancestor) => line.has(ancestor));
    },
    predecessorOf,
    unretiredBefore,
    unretiredBehind: (key, now) => {
      const unretired: ApiKey<P>[] = [];
      let waiting: ApiKey<P> | undefined;
      for (let at = key, next = unretiredBefore(at); next && !unretired.includes(next); next = unretiredBefore(at)) {
        unretired.unshift(next);
        if (!isDue(at, now)) waiting = at;
        at = next;
      }
      return { unretired, waiting };
    },
    siblingsOf: (key) => successors.get(traceOf(key)?.predecessor ?? "") ?? [],
    successorsOf: ({ provider, id }) => successors.get(fingerprint(provider, id)) ?? [],
  };
}

/** When a key's predecessor is to be retired, by the server's clock: absent where its rotation was to do so at once. */
export function dueAt(key: ApiKey): number | undefined {
  const later = traceOf(key)?.retire;
  return typeof later === "number" ? birthOf(key).time + later : undefined;
}

/** Whether the time has come that a rotation gave the predecessor of its key. */
export function isDue(key: ApiKey, now: number | undefined): boolean {
  const later = traceOf(key)?.retire;
  return typeof later !== "number" || !isYounger(key, later, now);
}

/**
 * The keys that should have been retired by now, each with the key that was made to replace it. For an audit: pure, and of
 * any providers.
 *
 * @param now milliseconds since the epoch, by the servers' clocks
 */
export function unretiredIn(all: readonly ApiKey[], now: number): Map<ApiKey, ApiKey> {
  const chain = chainOf(all);
  return new Map(
    all.flatMap((successor) => {
      const key = isDue(successor, now) ? chain.unretiredBefore(successor) : undefined;
      return key ? [[key, successor] as const] : [];
    }),
  );
}
