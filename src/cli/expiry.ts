/** When a key ends, said as a time or as a duration: whichever of them its provider takes, both are understood. */
import type { Flag } from "../flags.js";
import { durationMs } from "../go-duration.js";
import { parseRfc3339 } from "../sandbox/time.js";
import { now } from "./clock.js";
import { duration } from "./durations.js";
import { UsageError } from "./errors.js";

/** A flag that is read in a way of its own. */
export interface ReadFlag extends Flag {
  reads?: (flag: string, text: string) => unknown;
}

const AT = "--expires-at <time>";
const IN = "--expires-in <duration>";

/** The flag that says the same of a key's end in the other way, for a provider that does not take that. */
export function twinOf({ flags, field, unlessGiven, words = {} }: Flag): ReadFlag | undefined {
  const same = { field, unlessGiven };
  if (flags === AT) {
    const description = "or how long it lives from now on, such as 720h, 30d or 2w";
    return { ...same, flags: IN, description, words, reads: timeFromNow };
  }
  if (flags !== IN) return undefined;
  return { ...same, flags: AT, description: "or when it stops working, such as 2027-12-31", reads: durationUntil };
}

/** A time in UTC with seconds, as every provider takes it; one that is so already stays. @throws UsageError */
export function timeOf(flag: string, text: string): string {
  const ms = msOf(flag, text);
  return text.endsWith("Z") ? text : inUtc(ms);
}

function timeFromNow(flag: string, text: string): string {
  return inUtc(now() + duration(flag, text));
}

function durationUntil(flag: string, text: string): string {
  const seconds = Math.ceil((msOf(flag, text) - now()) / 1_000);
  if (seconds > 0) return `${seconds}s`;
  throw new UsageError(`${flag} is ${JSON.stringify(text)}, which is past. Give a time to come.`);
}

function msOf(flag: string, text: string): number {
  const micros = parseRfc3339(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)?.micros;
  if (micros !== undefined) return micros / 1_000;
  const instead = durationMs(text) === undefined ? "" : " How long it lives is --expires-in.";
  throw new UsageError(
    `${flag} is ${JSON.stringify(text)}: give a time, such as 2027-12-31 or 2027-12-31T23:59:59Z.${instead}`,
  );
}

function inUtc(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
