import { apiOf } from "../registry.js";
import type { RateLimit } from "../api.js";
import type { ProviderName } from "./routes.js";

/** Counts requests from the first one on, anew once its seconds are over. */
export class RateLimits {
  readonly #given: RateLimit | "published";
  readonly #now: () => number;
  readonly #windows = new Map<ProviderName, { began: number; requests: number }>();

  /** @throws RangeError where it is no limit */
  constructor(given: RateLimit | "published", now: () => number) {
    if (given !== "published" && !(given.requests >= 1 && given.seconds > 0)) {
      throw new RangeError(`the rate limit is ${given.requests} in ${given.seconds} seconds: give 1 or more in some`);
    }
    this.#given = given;
    this.#now = now;
  }

  /** For how many seconds the provider takes no more requests; undefined where it takes this one. */
  refusedFor(provider: ProviderName): number | undefined {
    const limit = this.#given === "published" ? apiOf(provider).rateLimit : this.#given;
    if (limit === undefined) return undefined;
    const now = this.#now();
    const known = this.#windows.get(provider);
    const isOver = known === undefined || now < known.began || now >= known.began + limit.seconds * 1_000;
    const window = isOver ? { began: now, requests: 0 } : known;
    this.#windows.set(provider, window);
    window.requests += 1;
    if (window.requests <= limit.requests) return undefined;
    return Math.ceil((window.began + limit.seconds * 1_000 - now) / 1_000);
  }
}
