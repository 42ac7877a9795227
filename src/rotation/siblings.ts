/** The keys that rotations of one key have made: which they are, and which came first. Times are the server's. */
import type { ApiKey, ProviderName } from "../key.js";
import { DATE_RESOLUTION_MS } from "./server-clock.js";
import { traceOf } from "./trace.js";

/** How old a rotation has to be before another one may judge it, unless told otherwise. */
export const HOUR_MS = 3_600_000;

/** The live keys among these whose trace names the key of this fingerprint as predecessor. */
export function siblingsIn<P extends ProviderName>(
  all: ApiKey<P>[],
  predecessor: string,
  now: number | undefined,
): ApiKey<P>[] {
  return all.filter((key) => traceOf(key)?.predecessor === predecessor && isLive(key, now));
}

/** Whether a list shows a key, and not as disabled. */
export function lists(all: ApiKey[], { id }: ApiKey): boolean {
  return all.some((key) => key.id === id && !key.disabled);
}

/** Whether a key is neither disabled nor, as far as the time is known, expired. */
export function isLive({ disabled, expiresAt }: ApiKey, now: number | undefined): boolean {
  return !disabled && !(Date.parse(expiresAt ?? "") < (now ?? NaN));
}

// Where the server tells no creation time, traces are compared, whose times may be off by this much.
const SKEW_MS = 5_000;

/** When a key was made: by the server, or where it does not tell, by its trace, which a slow answer may have put off. */
export function birthOf(key: ApiKey): { time: number; skewMs: number } {
  const told = Date.parse(key.createdAt ?? "");
  return Number.isNaN(told) ? { time: traceOf(key)?.time ?? NaN, skewMs: SKEW_MS } : { time: told, skewMs: 0 };
}

/** Whether a key is certainly the older of two. */
export function isOlder(own: ApiKey, other: ApiKey): boolean {
  const [mine, theirs] = [birthOf(own), birthOf(other)];
  return mine.time + Math.max(mine.skewMs, theirs.skewMs) < theirs.time;
}

/** Whether a key may be younger than this, as one is whose age nobody can tell. */
export function isYounger(key: ApiKey, ms: number, now: number | undefined): boolean {
  return !((now ?? NaN) + DATE_RESOLUTION_MS - birthOf(key).time >= ms);
}
