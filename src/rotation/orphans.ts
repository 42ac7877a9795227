/** What rotations left behind, found by the traces that their keys carry. */
import { durationMs } from "../go-duration.js";
import { BadRequestError, InvalidResponseError, isKeysmithError } from "../http/errors.js";
import { failure } from "../http/failure.js";
import type { Copy } from "../copy.js";
import type { ApiKey, ProviderName } from "../key.js";
import type { Keys } from "../keys.js";
import { roomOf } from "../registry.js";
import { chainOf, dueAt, isDue, type Chain } from "./chain.js";
import { requireDurations, requireFunctions } from "./caller.js";
import { listedIn, textOf } from "./context.js";
import { listsOf } from "./lists.js";
import type { RotateOptions } from "./options.js";
import { disable, gone } from "./retirement.js";
import { clocked, type Clocked } from "./server-clock.js";
import { birthOf, HOUR_MS, isLive, isYounger } from "./siblings.js";
import { lookedAt } from "./stored.js";
import { traceOf } from "./trace.js";

/**
 * `in-flight`: younger than the minimum age, so that its rotation may be under way. `complete`: the store holds it, or what
 * replaced it. `unretired`: the same, and its predecessor lives, which was not to be kept. `orphan`: the store does not hold
 * it. `unknown`: nobody can tell. So are, with `read`, keys that have nothing to do with the one in the store, which another
 * store may hold; and all where the server's answers tell no time (no `Date` header, or one that a browser hides), so that
 * no age can be judged. With neither `read` nor `held`: `presumed-complete` where nothing else of its chain lives, and
 * `unknown` otherwise.
 */
export type Verdict = "in-flight" | "complete" | "unretired" | "orphan" | "presumed-complete" | "unknown";

/** A key that a rotation made, and what is to be thought of it. */
export interface TracedKey<P extends ProviderName = ProviderName> {
  key: ApiKey<P>;
  verdict: Verdict;
  /** The key that it was to replace, where that still lives. */
  predecessor?: ApiKey<P>;
  /** When that key is to be retired (ISO 8601), where its rotation left it for later. */
  dueAt?: string;
}

export interface FindOrphansOptions {
  /**
   * The plaintext that the store holds now; undefined where it holds none. It tells of the keys that rotations have made of
   * the same one, and of no other, so that one sweep is for one store. At most a minute.
   */
  read?: RotateOptions<ProviderName>["read"];
  /**
   * For stores that cannot be read back: whether the store, or any of them, holds the key of this id, now. Not asked where
   * `read` is given. An id that is written apart from the secret says nothing of the secret: where a crash came between the
   * two writes, the key in the store is taken for an orphan. At most a minute.
   */
  held?: RotateOptions<ProviderName>["held"];
  /** How old a key must be to be judged, in milliseconds; longer than a rotation's deadline. 3,600,000 unless given. */
  minAgeMs?: number | undefined;
  /** The workspace to look in, where a list is cut by workspaces. The default one unless given. */
  workspaceId?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** How a sweep asks what the store holds: without one of both nothing is certain. */
export type AskableStore =
  // Either is enough.
  { read: NonNullable<FindOrphansOptions["read"]> } | { held: NonNullable<FindOrphansOptions["held"]> };

/** What became of one key. */
export interface Sweep<P extends ProviderName = ProviderName> {
  key: ApiKey<P>;
  /** Why it is still there. */
  error?: unknown;
}

/**
 * Judges every key that carries a trace, its age by the server's clock. Changes nothing.
 *
 * @throws BadRequestError where the store cannot be asked.
 */
export async function findOrphans<P extends ProviderName>(
  keys: Keys<P>,
  options: FindOrphansOptions = {},
): Promise<TracedKey<P>[]> {
  return (await judged(clocked(keys), options, "findOrphans")).found;
}

/** What one look at the store tells of keys. */
interface Look<P extends ProviderName> {
  /** The key in the store: this one, or the last that was made to replace it. Undefined where the store holds none. */
  inStore: (key: ApiKey<P>) => Promise<ApiKey<P> | undefined>;
  /** Of a key that is not in the store, whether that makes it an orphan: another store may hold it. */
  misses: (key: ApiKey<P>) => Promise<boolean>;
  holds: (key: ApiKey<P>) => Promise<boolean | undefined>;
}

/** What was found at one look. */
interface Judged<P extends ProviderName> {
  all: ApiKey<P>[];
  found: TracedKey<P>[];
  chain: Chain<P>;
  /** Undefined where the store cannot be asked. */
  store: Look<P> | undefined;
  /** Looks at it anew. */
  look: () => Promise<Look<P> | undefined>;
}

async function judged<P extends ProviderName>(
  { keys, serverNow }: Clocked<P>,
  options: FindOrphansOptions,
  operation: string,
): Promise<Judged<P>> {
  const { minAgeMs = HOUR_MS, workspaceId, signal } = options;
  const call = { provider: keys.provider, operation };
  requireDurations(call, options, "minAgeMs");
  requireFunctions(call, options, { optional: ["read", "held"] });
  const copy = await roomOf(keys.provider).copy();
  const { own, all } = await listedIn(listsOf(keys, copy), copy, [workspaceId], { signal });
  const now = serverNow();
  const chain = chainOf(all);
  const look = () => lookOf({ keys, copy, options, all, chain, operation });
  const store = await look();
  const verdictOn = async (key: ApiKey<P>, predecessor: ApiKey<P> | undefined): Promise<Verdict> => {
    if (now === undefined) return "unknown";
    if (isYounger(key, minAgeMs, now)) return "in-flight";
    if (!store) {
      const alone = chain.siblingsOf(key).length === 1;
      return predecessor || !alone ? "unknown" : "presumed-complete";
    }
    if (!(await store.inStore(key))) return (await store.misses(key)) ? "orphan" : "unknown";
    return chain.unretiredBefore(key) ? "unretired" : "complete";
  };
  const found: TracedKey<P>[] = [];
  for (const key of own) {
    if (!traceOf(key)) continue;
    const predecessor = chain.predecessorOf(key);
    const due = predecessor && dueAt(key);
    found.push({
      key,
      verdict: await verdictOn(key, predecessor),
      ...(predecessor && { predecessor }),
      ...(due && { dueAt: new Date(due).toISOString() }),
    });
  }
  return { all, found, chain, store, look };
}

interface Sight<P extends ProviderName> {
  keys: Keys<P>;
  copy: Copy<P>;
  options: FindOrphansOptions;
  all: ApiKey<P>[];
  chain: Chain<P>;
  /** Of the sweep, for its errors. */
  operation: string;
}

/** @throws BadRequestError where the store cannot be asked */
async function lookOf<P extends ProviderName>(sight: Sight<P>): Promise<Look<P> | undefined> {
  const { keys, copy, options, all, chain, operation } = sight;
  const told = async <T>(asking: () => Promise<T>): Promise<T> => {
    try {
      return await asking();
    } catch (cause) {
      options.signal?.throwIfAborted();
      const status = isKeysmithError(cause) ? cause.status : undefined;
      const problem = `which key the store holds cannot be told: ${textOf(cause)}`;
      throw failure(BadRequestError, { provider: keys.provider, operation }, problem, { cause, status });
    }
  };
  const holds = await told(() => lookedAt({ keys, copy, options, secrets: new Set() }, all, options.signal));
  if (!holds) return undefined;
  const isHeld = (key: ApiKey<P>) => told(() => holds(key.id));
  const inStore = async (key: ApiKey<P>, seen: ApiKey<P>[] = []): Promise<ApiKey<P> | undefined> => {
    for (const one of chain.successorsOf(key)) {
      const found = seen.includes(one) ? undefined : await inStore(one, [...seen, key]);
      if (found) return found;
    }
    return (await isHeld(key)) === true ? key : undefined;
  };
  const held: ApiKey<P>[] = [];
  if (options.read) for (const key of all) if ((await isHeld(key)) === true) held.push(key);
  return {
    inStore,
    holds: isHeld,
    misses: async (key) => (options.read ? held.some((one) => chain.areKin(key, one)) : (await isHeld(key)) === false),
  };
}

/**
 * Revokes the orphans: each only after another look, and only while the store holds another key of its chain or, where the
 * rest of that is gone and keys can be renamed, of its name, so that nothing is taken from whoever has nothing else. What is
 * no orphan any more by then is not in the result.
 *
 * @throws InvalidResponseError where the server's answers tell no time; BadRequestError where the store cannot be asked.
 */
export async function revokeOrphans<P extends ProviderName>(
  given: Keys<P>,
  options: FindOrphansOptions & AskableStore,
): Promise<Sweep<P>[]> {
  const clock = clocked(given);
  const { keys } = clock;
  const copy = await roomOf(keys.provider).copy();
  const { found } = await judgedByTime(clock, options, "revokeOrphans");
  const suspects = found.filter(({ verdict }) => verdict === "orphan");
  return swept(suspects, async ({ key }) => {
    const { all, found, chain, store } = await judged(clock, options, "revokeOrphans");
    const suspect = found.find((one) => one.key.id === key.id && one.verdict === "orphan");
    // Revoked, renamed or stored meanwhile: no orphan any more.
    if (!suspect) return false;
    const { predecessor } = suspect;
    const others = all.filter(
      (one) =>
        one.id !== key.id &&
        (one === predecessor ||
          chain.areKin(one, suspect.key) ||
          traceOf(one)?.predecessor === traceOf(key)?.predecessor ||
          // Where traces stay on names, one may be of a key that was kept by a rotation of which nothing is left.
          (copy.renamed !== undefined && !predecessor && key.name !== "" && one.name === key.name)),
    );
    for (const other of others) {
      if ((await store?.holds(other)) === true) return gone(keys.revoke(key.id, { signal: options.signal }));
    }
    const problem = `the store holds no other key of the chain of ${key.id}, so it was not revoked. Check \`held\`.`;
    throw failure(BadRequestError, { provider: keys.provider, operation: "revokeOrphans" }, problem);
  });
}

/**
 * Retires the predecessors of keys that work and that the store holds, the oldest first: those whose rotation left this for
 * later once that time has passed, those of a rotation that was broken off, and none that was to be kept. What is not held
 * any more by then is not in the result.
 *
 * @throws InvalidResponseError where the server's answers tell no time; BadRequestError where the store cannot be asked.
 */
export async function retireDue<P extends ProviderName>(
  given: Keys<P>,
  options: FindOrphansOptions &
    AskableStore & {
      /**
       * How long after the rotation at least: `"24h"`, `"7d"`. Makes what a rotation said only later. Unless given, what
       * each rotation said counts, and `minAgeMs` for one that was broken off.
       */
      after?: string | undefined;
      /** `revoke` unless given; `disable` where a key can be switched off. */
      retire?: "revoke" | "disable" | undefined;
    },
): Promise<Sweep<P>[]> {
  const clock = clocked(given);
  const { keys, serverNow } = clock;
  const { provider } = keys;
  const copy = await roomOf(provider).copy();
  const { after, minAgeMs: unlessGiven = HOUR_MS } = options;
  const minAgeMs = after === undefined ? unlessGiven : durationMs(after);
  if (minAgeMs === undefined || (options.retire === "disable" && !copy.disabled)) {
    const problem =
      minAgeMs === undefined ? 'after must be a duration such as "24h" or "7d"' : "this provider cannot disable keys";
    throw new BadRequestError(`${provider} retireDue: ${problem}.`, { provider, operation: "retireDue" });
  }
  const { found, look, chain } = await judgedByTime(clock, { ...options, minAgeMs }, "retireDue");
  const retired = new Set<ApiKey<P>>();
  const due = found
    .flatMap(({ key, verdict, predecessor }) =>
      verdict === "unretired" && predecessor && isDue(key, serverNow()) ? [{ key: predecessor, successor: key }] : [],
    )
    .sort((one, other) => birthOf(one.successor).time - birthOf(other.successor).time);
  return swept(due, async ({ key, successor }) => {
    // Asked again: what was held when the list was made may not be any more.
    const stored = await (await look())?.inStore(successor);
    // Of a successor that does not work, the predecessor is all that whoever holds it has left.
    if (!stored || !isLive(stored, serverNow())) return false;
    // Retired before what it was made to replace, it would leave that one to be forgotten.
    const before = chain.unretiredBefore(key);
    if (before && !retired.has(before)) return false;
    if (options.retire === "disable") await gone(disable(keys, copy, key, options.signal));
    else await gone(keys.revoke(key.id, { signal: options.signal }));
    retired.add(key);
    return true;
  });
}

/** @throws InvalidResponseError where ages cannot be judged. */
async function judgedByTime<P extends ProviderName>(
  clock: Clocked<P>,
  options: FindOrphansOptions,
  operation: string,
): Promise<Judged<P>> {
  const found = await judged(clock, options, operation);
  if (clock.serverNow() !== undefined) return found;
  const problem =
    "the answers have no Date header, so no age can be judged, and nothing was revoked. Check the base URL.";
  throw failure(InvalidResponseError, { provider: clock.keys.provider, operation }, problem);
}

async function swept<P extends ProviderName, Item extends { key: ApiKey<P> }>(
  items: Item[],
  /** Whether there was still something to do. */
  sweep: (item: Item) => Promise<boolean>,
): Promise<Sweep<P>[]> {
  const results: Sweep<P>[] = [];
  for (const item of items) {
    try {
      if (await sweep(item)) results.push({ key: item.key });
    } catch (error) {
      results.push({ key: item.key, error });
    }
  }
  return results;
}
