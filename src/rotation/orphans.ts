/** What rotations left behind, found by the traces that their keys carry. */
import { durationMs } from "../go-duration.js";
import { BadRequestError, InvalidResponseError, isKeysmithError } from "../http/errors.js";
import { failure } from "../http/failure.js";
import { providers } from "../../generated/providers.js";
import type { Copy } from "../copy.js";
import type { ApiKey, ProviderName } from "../key.js";
import type { Keys } from "../keys.js";
import { disable } from "./retirement.js";
import { clocked, type Clocked } from "./server-clock.js";
import { HOUR_MS, isLive, isYounger } from "./siblings.js";
import { fingerprint, isRetired, traceOf } from "./trace.js";

/**
 * `in-flight`: younger than the minimum age, so that its rotation may be under way. `complete`: the store holds it.
 * `unretired`: the same, and its predecessor still lives. `orphan`: the store does not hold it. Without `held`:
 * `presumed-complete` where nothing else of its chain lives, and `unknown` otherwise. `unknown`, too, where the server's
 * answers tell no time (no `Date` header, or one that a browser hides), so that no age can be judged.
 */
export type Verdict = "in-flight" | "complete" | "unretired" | "orphan" | "presumed-complete" | "unknown";

/** A key that a rotation made, and what is to be thought of it. */
export interface TracedKey<P extends ProviderName = ProviderName> {
  key: ApiKey<P>;
  verdict: Verdict;
  /** The key that it was to replace, where that still lives. */
  predecessor?: ApiKey<P>;
}

export interface FindOrphansOptions {
  /** Whether the store holds the key of this id, now. Without it nothing is known for certain. */
  held?: ((id: string) => boolean | Promise<boolean>) | undefined;
  /** How old a key must be to be judged, in milliseconds; longer than a rotation's deadline. 3,600,000 unless given. */
  minAgeMs?: number | undefined;
  /** The workspace to look in, where a list is cut by workspaces. The default one unless given. */
  workspaceId?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** What became of one key. */
export interface Sweep<P extends ProviderName = ProviderName> {
  key: ApiKey<P>;
  /** Why it is still there. */
  error?: unknown;
}

type Held = NonNullable<FindOrphansOptions["held"]>;

/** Judges every key that carries a trace, its age by the server's clock. Changes nothing. */
export function findOrphans<P extends ProviderName>(
  keys: Keys<P>,
  options: FindOrphansOptions = {},
): Promise<TracedKey<P>[]> {
  return judged(clocked(keys), options);
}

async function judged<P extends ProviderName>(
  { keys, serverNow }: Clocked<P>,
  options: FindOrphansOptions,
): Promise<TracedKey<P>[]> {
  const { held, minAgeMs = HOUR_MS, workspaceId, signal } = options;
  const copy: Copy<P> = await providers[keys.provider].copy();
  const all = await keys.list(copy.everything(workspaceId), { signal }).toArray();
  const now = serverNow();
  const byFingerprint = new Map<string, ApiKey<P>>();
  const successors = new Map<string, number>();
  for (const key of all) {
    // A retired key is no predecessor that lives: it was dealt with.
    if (!isRetired(key)) byFingerprint.set(fingerprint(keys.provider, key.id), key);
    const trace = traceOf(key);
    if (trace) successors.set(trace.predecessor, (successors.get(trace.predecessor) ?? 0) + 1);
  }
  const found: TracedKey<P>[] = [];
  for (const key of all) {
    const trace = traceOf(key);
    if (!trace) continue;
    const predecessor = byFingerprint.get(trace.predecessor);
    const alone = successors.get(trace.predecessor) === 1;
    const verdict = await verdictOn(key);
    found.push({ key, verdict, ...(predecessor && { predecessor }) });

    async function verdictOn(key: ApiKey<P>): Promise<Verdict> {
      if (now === undefined) return "unknown";
      if (isYounger(key, minAgeMs, now)) return "in-flight";
      if (!held) return predecessor || !alone ? "unknown" : "presumed-complete";
      if (!(await held(key.id))) return "orphan";
      return predecessor ? "unretired" : "complete";
    }
  }
  return found;
}

/**
 * Revokes the orphans: each only after another look, and only while the store holds another key of its chain, so that
 * nothing is taken from whoever has nothing else. What is no orphan any more by then is not in the result.
 *
 * @throws InvalidResponseError where the server's answers tell no time.
 */
export async function revokeOrphans<P extends ProviderName>(
  given: Keys<P>,
  options: FindOrphansOptions & { held: Held },
): Promise<Sweep<P>[]> {
  const clock = clocked(given);
  const { keys } = clock;
  const suspects = (await judgedByTime(clock, options, "revokeOrphans")).filter(({ verdict }) => verdict === "orphan");
  return swept(suspects, async ({ key }) => {
    const now = await judged(clock, options);
    const suspect = now.find((one) => one.key.id === key.id && one.verdict === "orphan");
    // Revoked, renamed or stored meanwhile: no orphan any more.
    if (!suspect) return false;
    const predecessor = traceOf(key)?.predecessor;
    const chain = now
      .filter((one) => one !== suspect && traceOf(one.key)?.predecessor === predecessor)
      .map((one) => one.key.id);
    if (suspect.predecessor) chain.push(suspect.predecessor.id);
    for (const id of chain) {
      if (await options.held(id)) return gone(keys.revoke(key.id, { signal: options.signal }));
    }
    throw new BadRequestError(
      `${keys.provider} orphans: the store holds no other key of the chain of ${key.id}, so it was not revoked. Check \`held\`.`,
      { provider: keys.provider, operation: "revokeOrphans" },
    );
  });
}

/**
 * Retires the predecessors of keys that work and that the store holds, for rotations that left this for later. What is
 * not held any more by then is not in the result.
 *
 * @throws InvalidResponseError where the server's answers tell no time.
 */
export async function retireDue<P extends ProviderName>(
  given: Keys<P>,
  options: FindOrphansOptions & {
    held: Held;
    /** How long after the rotation: `"24h"`, `"7d"`. */
    after: string;
    /** `revoke` unless given; `disable` where a key can be switched off. */
    retire?: "revoke" | "disable" | undefined;
  },
): Promise<Sweep<P>[]> {
  const clock = clocked(given);
  const { keys, serverNow } = clock;
  const { provider } = keys;
  const copy: Copy<P> = await providers[provider].copy();
  const minAgeMs = durationMs(options.after);
  if (minAgeMs === undefined || (options.retire === "disable" && !copy.disabled)) {
    const problem =
      minAgeMs === undefined ? 'after must be a duration such as "24h" or "7d"' : "this provider cannot disable keys";
    throw new BadRequestError(`${provider} retireDue: ${problem}.`, { provider, operation: "retireDue" });
  }
  const due = (await judgedByTime(clock, { ...options, minAgeMs }, "retireDue")).flatMap(
    ({ key, verdict, predecessor }) =>
      // Of a successor that does not work, the predecessor is all that whoever holds it has left.
      verdict === "unretired" && predecessor && isLive(key, serverNow()) ? [{ key: predecessor, successor: key }] : [],
  );
  return swept(due, async ({ key, successor }) => {
    // Asked again: what was held when the list was made may not be any more.
    if (!(await options.held(successor.id))) return false;
    if (options.retire !== "disable") return gone(keys.revoke(key.id, { signal: options.signal }));
    await disable(keys, copy, key, options.signal);
    return true;
  });
}

/** @throws InvalidResponseError where ages cannot be judged. */
async function judgedByTime<P extends ProviderName>(
  clock: Clocked<P>,
  options: FindOrphansOptions,
  id: string,
): Promise<TracedKey<P>[]> {
  const found = await judged(clock, options);
  if (clock.serverNow() !== undefined) return found;
  const problem =
    "the answers have no Date header, so no age can be judged, and nothing was revoked. Check the base URL.";
  throw failure(InvalidResponseError, { provider: clock.keys.provider, id }, problem);
}

async function gone(revoking: Promise<void>): Promise<true> {
  try {
    await revoking;
  } catch (error) {
    // Another sweep was faster, which is all that was wanted.
    if (!isKeysmithError(error) || error.kind !== "not-found") throw error;
  }
  return true;
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
