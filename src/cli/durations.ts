import { durationMs } from "../go-duration.js";
import { UsageError } from "./errors.js";

/** The milliseconds of `24h`, `90m` or `7d`. @throws UsageError */
export function duration(flag: string, text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  throw new UsageError(`${flag} is ${JSON.stringify(text)}: give a duration, such as 90m, 24h or 7d.`);
}
