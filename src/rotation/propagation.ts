/** A new key may take a while to be known everywhere. */
import type { Copy } from "../copy.js";
import { isKeysmithError } from "../http/errors.js";
import { sleep } from "../http/timers.js";
import type { ProviderName } from "../key.js";
import type { Keys } from "../keys.js";

const PROPAGATION_MS = 30_000;

/** Sees that the credential of `keys` authenticates. That it may do nothing here is no failure to authenticate. */
export function authenticated<P extends ProviderName>(
  copy: Copy<P>,
  keys: Keys<P>,
  signal?: AbortSignal,
): Promise<void> {
  const use = () => copy.authenticate?.(keys, { signal }) ?? keys.list(undefined, { signal }).pages().next();
  return eventually(async (last) => {
    try {
      await use();
    } catch (error) {
      const kind = isKeysmithError(error) ? error.kind : undefined;
      if (kind === "authentication" && !last) return false;
      if (kind !== "permission") throw error;
    }
    return true;
  }, signal);
}

/** Looks until it is so. The last look throws where it is not. */
export async function eventually(look: (last: boolean) => Promise<boolean>, signal?: AbortSignal): Promise<void> {
  // By a clock that nobody sets.
  const until = performance.now() + PROPAGATION_MS;
  for (let wait = 500; !(await look(performance.now() + wait > until)); wait *= 2) await sleep(wait, signal);
}
