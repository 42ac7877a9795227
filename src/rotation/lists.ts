/** The lists of keys that rotations look at: each its own, or shared by several. */
import type { Copy } from "../copy.js";
import { within } from "../http/timers.js";
import type { ApiKey, ProviderName } from "../key.js";
import type { Keys } from "../keys.js";
import type { CallOptions } from "../options.js";

/** Lists all keys of a workspace, disabled and expired ones too, as they are now. */
export type Lists<P extends ProviderName> = (
  workspaceId: string | undefined,
  look: CallOptions & {
    /** That a list will do which is up to `RECENT_MS` old. */
    recent?: boolean;
  },
) => Promise<ApiKey<P>[]>;

/** How old a list may be that is looked at before anything is done, in milliseconds. */
const RECENT_MS = 60_000;

export function listsOf<P extends ProviderName>(keys: Keys<P>, copy: Copy<P>): Lists<P> {
  return (workspaceId, { signal }) => keys.list(copy.everything(workspaceId), { signal }).toArray();
}

interface Walk<P extends ProviderName> {
  list: Promise<ApiKey<P>[]>;
  /** When it began, by a clock that nobody sets. Undefined where it waits for the one before. */
  began: number | undefined;
}

/**
 * Lists for many who ask at once. Who asks while a list is walked gets the next one, together with all who ask until that
 * begins: none sees less than what was there when it asked. A walk does not end where one of them stops waiting.
 */
export function sharedLists<P extends ProviderName>(lists: Lists<P>): Lists<P> {
  const latest = new Map<string | undefined, Walk<P>>();
  const begin = (workspaceId: string | undefined, before: Walk<P> | undefined): Walk<P> => {
    const walk: Walk<P> = { began: undefined, list: Promise.resolve([]) };
    walk.list = Promise.allSettled([before?.list]).then(() => {
      walk.began = performance.now();
      return lists(workspaceId, {});
    });
    latest.set(workspaceId, walk);
    return walk;
  };
  return async (workspaceId, { signal, recent = false }) => {
    const last = latest.get(workspaceId);
    const isFit = last && (last.began === undefined || (recent && performance.now() - last.began < RECENT_MS));
    const walk = isFit ? last : begin(workspaceId, last);
    // One that failed is not looked at again.
    walk.list.catch(() => latest.get(workspaceId) === walk && latest.delete(workspaceId));
    return within(
      signal,
      Infinity,
      () => walk.list,
      () => walk.list,
    );
  };
}
