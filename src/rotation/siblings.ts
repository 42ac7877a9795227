/** The keys that rotations of one key have made: which they are, and which came first. */
import type { ApiKey } from "../key.js";
import type { RotatingProvider } from "./providers.js";
import { traceOf } from "./trace.js";

/** How old a rotation has to be before another one may judge it, unless told otherwise. */
export const HOUR_MS = 3_600_000;

/** The live keys among these whose trace names the key of this fingerprint as predecessor. */
export function siblingsIn<P extends RotatingProvider>(all: ApiKey<P>[], mark: string): ApiKey<P>[] {
  return all.filter((key) => traceOf(key)?.predecessor === mark && !key.disabled && !isExpired(key));
}

/** Where its siblings are listed; only OpenRouter's lists are cut by workspace. */
export function workspaceOf({ raw }: ApiKey): string | undefined {
  return "workspace_id" in raw ? raw.workspace_id : undefined;
}

function isExpired({ expiresAt }: ApiKey): boolean {
  return Date.parse(expiresAt ?? "") < Date.now();
}

// Two rotators' clocks, where the trace's own time has to do.
const SKEW_MS = 5_000;

/** When a key was made: by the server, or where it does not tell, by its trace. */
export function bornAt(key: ApiKey): number {
  return key.createdAt === undefined ? (traceOf(key)?.time ?? 0) : Date.parse(key.createdAt);
}

/** Whether a key is certainly the older of two. */
export function isOlder(own: ApiKey, other: ApiKey): boolean {
  return bornAt(own) + (own.createdAt === undefined ? SKEW_MS : 0) < bornAt(other);
}
