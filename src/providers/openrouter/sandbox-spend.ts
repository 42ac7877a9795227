import type { LimitReset } from "../../../generated/openrouter/types.js";

const resets = ["daily", "weekly", "monthly"] as const;

export const isLimitReset = (value: unknown): value is LimitReset => resets.some((reset) => reset === value);

/** What a key has spent, in US dollars, over its life and in the current window of each kind. */
export class Spend {
  total = 0;
  readonly #windows = new Map<LimitReset, { start: number; usd: number }>();

  add(usd: number, now: number): void {
    this.total += usd;
    for (const reset of resets) {
      const start = windowOf(reset, now).start;
      this.#windows.set(reset, { start, usd: this.in(reset, now) + usd });
    }
  }

  in(reset: LimitReset, now: number): number {
    const window = this.#windows.get(reset);
    if (window === undefined) return 0;
    return window.start === windowOf(reset, now).start ? window.usd : 0;
  }
}

/** Where the window around a time starts and ends: days at midnight UTC, weeks on Monday, calendar months. */
export function windowOf(reset: LimitReset, now: number): { start: number; end: number } {
  const date = new Date(now);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const day = date.getUTCDate();
  if (reset === "monthly") return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
  const first = reset === "weekly" ? day - ((date.getUTCDay() + 6) % 7) : day;
  const days = reset === "weekly" ? 7 : 1;
  return { start: Date.UTC(year, month, first), end: Date.UTC(year, month, first + days) };
}
