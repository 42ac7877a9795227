/** Durations, held against Go's definition of them. */
import fc from "fast-check";
import { expect } from "vitest";
import { durationMs, parseGoDuration } from "../../src/go-duration.js";
import { property, type Topic } from "./property.js";
import { anyText, madeOf } from "./texts.js";

const NANOSECONDS: Readonly<Record<string, number>> = {
  ...{ ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3_600e9 },
  // Ours, not Go's.
  ...{ d: 86_400e9, w: 604_800e9 },
};
const GO_DURATION = /^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;
const OUR_DURATION = /^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w))+)$/;

/** What a duration of the right form says, in nanoseconds: the sum of its parts. */
function meant(duration: string): number {
  const parts = [...duration.matchAll(/([\d.]+)([a-zµμ]+)/g)];
  const sum = parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (NANOSECONDS[unit] ?? NaN), 0);
  return duration.startsWith("-") ? -sum : sum;
}

/** As Go's `Duration.String()` writes it. */
function goString(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? "-" : "";
  const all = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const decimal = (value: bigint, scale: bigint, unit: string) => {
    const digits = String(value % scale).padStart(String(scale).length - 1, "0");
    return `${String(value / scale)}.${digits}`.replace(/\.?0*$/, "") + unit;
  };
  if (all === 0n) return "0s";
  if (all < 1_000n) return `${sign}${String(all)}ns`;
  if (all < 1_000_000n) return sign + decimal(all, 1_000n, "µs");
  if (all < 1_000_000_000n) return sign + decimal(all, 1_000_000n, "ms");
  const minutes = all / 60_000_000_000n;
  const hours = minutes >= 60n ? `${String(minutes / 60n)}h` : "";
  const ofHour = minutes > 0n ? `${String(minutes % 60n)}m` : "";
  return sign + hours + ofHour + decimal(all % 60_000_000_000n, 1_000_000_000n, "s");
}

const counts = fc.oneof(
  fc.nat().map(String),
  fc.tuple(fc.nat(999), fc.stringMatching(/^\d{0,12}$/)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.stringMatching(/^\d{1,12}$/).map((fraction) => `.${fraction}`),
);
const durations = fc.oneof(
  fc
    .array(fc.tuple(counts, fc.constantFrom(...Object.keys(NANOSECONDS))), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.flat().join("")),
  // Almost right.
  madeOf("0 1 9 .5 1.5 . 30d 2w 1h - + h m s ns µs d w e3".split(" ")),
  anyText,
);

export const durationTopic: Topic = {
  topic: "a duration",
  properties: [
    property(
      "of any number of nanoseconds is read as it was, also as Go writes it",
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      (nanoseconds) => {
        const ms = Number(nanoseconds) / 1e6;
        expect(parseGoDuration(goString(nanoseconds))).toEqual({ ms });
        expect(parseGoDuration(`${String(nanoseconds)}ns`)).toEqual({ ms });
      },
    ),
    property("of any text is one by Go's rules, or a problem in Go's words", durations, (text) => {
      const parsed = parseGoDuration(text);
      if ("problem" in parsed) expect(parsed.problem).toMatch(/^time: (invalid|missing|unknown) /);
      else {
        expect(text).toMatch(GO_DURATION);
        // A part is cut to whole nanoseconds.
        expect(Math.abs(parsed.ms * 1e6 - meant(text))).toBeLessThanOrEqual(text.length + Math.abs(meant(text)) * 1e-9);
      }
    }),
    property(
      "with days and weeks is the sum of its parts, and otherwise none",
      durations,
      (text) => {
        const ms = durationMs(text);
        const want = OUR_DURATION.test(text) ? meant(text) : NaN;
        if (ms !== undefined) {
          expect(want).toBeGreaterThan(0);
          expect(Math.abs(ms * 1e6 - want)).toBeLessThanOrEqual(text.length + want * 1e-9);
        } else if (want >= text.length) expect(want).toBeGreaterThan(2 ** 63 * (1 - 1e-9));
      },
      { examples: ["1.5.5d", ".0000001d", "1.1w", `${"9".repeat(400)}d`] },
    ),
  ],
};
