/** A time that is put into the sandbox: RFC 3339 text, with as many digits as it has, or a `Date`. */
export type Instant = string | Date;

/** A time as it was written. */
export interface ParsedTime {
  /** Microseconds since the epoch. */
  micros: number;
  /** How many fractional digits the text has. */
  digits: number;
}

/** Reads RFC 3339; undefined where the text is not that, or no such day or hour exists. */
export function parseRfc3339(text: string): ParsedTime | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(text);
  if (parts === null) return undefined;
  const [, day = "", time = "", fraction = "", sign = "+", hours = "0", minutes = "0"] = parts;
  const local = Date.parse(`${day}T${time}Z`);
  // Date.parse makes 1 March of 30 February.
  if (Number.isNaN(local) || seconds(local) !== `${day}T${time}`) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  const micros = (local - offset) * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
  return { micros, digits: fraction.length };
}

/** Microseconds since the epoch. @throws RangeError where it is no time. */
export function microsOf(instant: Instant): number {
  const micros = typeof instant === "string" ? parseRfc3339(instant)?.micros : instant.getTime() * 1000;
  if (micros === undefined || Number.isNaN(micros)) {
    throw new RangeError(`${String(instant)} is not a time: give a Date or RFC 3339 text`);
  }
  return micros;
}

/** RFC 3339 in UTC, with the fractional digits that are given. */
export function rfc3339(ms: number, fraction = ""): string {
  return `${seconds(ms)}${fraction === "" ? "" : `.${fraction}`}Z`;
}

const seconds = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
