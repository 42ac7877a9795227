/** The server's clock, as its answers tell it: the own one may be wrong, or be set while a rotation is under way. */
import type { ProviderName } from "../key.js";
import type { Keys } from "../keys.js";

/** A Date header is cut off to whole seconds: the server's clock may be this much ahead of what it says. */
export const DATE_RESOLUTION_MS = 1_000;

/** A facade that listens to its answers for the time. */
export interface Clocked<P extends ProviderName> {
  readonly keys: Keys<P>;
  /**
   * The server's time in milliseconds since the epoch, by its latest success; undefined while none had a Date header. It
   * may be late by `DATE_RESOLUTION_MS`, and by as long as the answer took.
   */
  readonly serverNow: () => number | undefined;
}

export function clocked<P extends ProviderName>(keys: Keys<P>): Clocked<P> {
  let aheadMs: number | undefined;
  return {
    // By a clock that nobody sets.
    serverNow: () => (aheadMs === undefined ? undefined : performance.now() + aheadMs),
    keys: keys.with((client) => {
      const send = client.fetch ?? ((input, init) => fetch(input, init));
      return {
        ...client,
        fetch: async (input, init) => {
          const response = await send(input, init);
          const date = Date.parse(response.headers.get("date") ?? "");
          // An error page may be another machine's.
          if (response.ok && !Number.isNaN(date)) aheadMs = date - performance.now();
          return response;
        },
      };
    }),
  };
}
