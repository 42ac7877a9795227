/** Lifetimes as OpenAI has them: whole seconds from the request on. */
import type { Comparison } from "../../copy.js";
import { durationMs } from "../../go-duration.js";
import { BadRequestError } from "../../http/errors.js";
import { failure } from "../../http/failure.js";
import type { Call } from "../../http/transport.js";

/** @throws BadRequestError where it is no duration above zero. */
export function lifetimeSeconds(call: Call, expiresIn: string | undefined): number | undefined {
  if (expiresIn === undefined) return undefined;
  const ms = durationMs(expiresIn);
  if (ms !== undefined) return Math.ceil(ms / 1000);
  const given = JSON.stringify(expiresIn.slice(0, 40));
  const problem = `expiresIn ${given} is no duration above zero. Give "720h", "30d" or "2w".`;
  throw failure(BadRequestError, call, problem);
}

/** The lifetime of a key that is to expire when another one does. `now`: milliseconds since the epoch. */
export function remaining(expiresAt: string | undefined, now: number): { expiresIn?: string } {
  return expiresAt === undefined ? {} : { expiresIn: `${Math.ceil((Date.parse(expiresAt) - now) / 1000)}s` };
}

/** How far off the server may be, in seconds. */
const SLACK = 60;

/** The lifetime that a created key has, beside the one that was asked for. */
export function comparedLifetime(
  { created_at: created, expires_at: expires }: { created_at: number; expires_at?: number | null },
  expiresIn: string | undefined,
): Comparison {
  const asked = expiresIn === undefined ? null : Math.ceil((durationMs(expiresIn) ?? 0) / 1000);
  const found = typeof expires === "number" ? expires - created : expires;
  const alike = typeof found === "number" && asked !== null && Math.abs(found - asked) <= SLACK;
  return ["lifetime in seconds", alike ? asked : found, asked];
}
