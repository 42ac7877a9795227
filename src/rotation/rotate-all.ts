import type { RateLimit } from "../api.js";
import { sleep } from "../http/timers.js";
import type { ProviderName } from "../key.js";
import type { Keys } from "../keys.js";
import type { ClientOptions } from "../options.js";
import { apiOf } from "../registry.js";
import { quietly } from "./caller.js";
import type { NeededOverrides, RotateOptions, Rotation } from "./options.js";
import { askedThrough, rotateWith } from "./rotate.js";

/** What became of one key. */
export type RotationResult<P extends ProviderName = ProviderName> =
  // Each names what only the other has, so that both can be read of either.
  { id: string; rotation: Rotation<P>; error?: never } | { id: string; error: unknown; rotation?: never };

export interface RotateAllOptions<P extends ProviderName> extends RotateOptions<P> {
  /** How many keys are in work at once. 4 unless given. */
  concurrency?: number | undefined;
  /** Told of each key as it is done. */
  onResult?: ((result: RotationResult<P>) => unknown) | undefined;
}

/**
 * Rotates many keys, some at once, below the provider's rate limit; they share the lists that they look at. Gives a result for
 * each, in the order of the ids; one that fails stops no other. After an abort, keys that were not begun have its reason as
 * error.
 */
export async function rotateAll<P extends ProviderName>(
  keys: Keys<P>,
  ids: Iterable<string>,
  options: RotateAllOptions<P> & NeededOverrides<P>,
): Promise<RotationResult<P>[]> {
  const { concurrency = 4, onResult, ...each } = options;
  const { rateLimit: limit } = apiOf(keys.provider);
  const queue = [...new Set(ids)];
  const results = new Map<string, RotationResult<P>>();
  const limited = limit ? keys.with((client) => throttled(client, limit)) : keys;
  const asking = await askedThrough(limited, { shared: true });
  const waiting = queue.values();
  const worker = async () => {
    for (const id of waiting) {
      let result: RotationResult<P>;
      try {
        each.signal?.throwIfAborted();
        result = { id, rotation: await rotateWith(asking, id, each) };
      } catch (error) {
        result = { id, error };
      }
      results.set(id, result);
      await quietly(() => onResult?.(result));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency || 1, queue.length)) }, worker));
  return queue.flatMap((id) => results.get(id) ?? []);
}

/** Lets no more requests out than a limit allows in any window of its length, whoever sends them. */
export function throttled(options: ClientOptions, { requests, seconds }: RateLimit): ClientOptions {
  // The latest times at which a request went or will go, by a clock that nobody sets; the oldest frees the next place.
  const times: number[] = [];
  return {
    ...options,
    // Not within the attempt: where many wait, its time would be up before it is sent.
    beforeAttempt: async (signal) => {
      await options.beforeAttempt?.(signal);
      const now = performance.now();
      const [oldest = -Infinity] = times.length >= requests ? times.splice(0, 1) : [];
      const at = Math.max(now, oldest + seconds * 1000);
      times.push(at);
      if (at > now) await sleep(at - now, signal);
    },
  };
}
