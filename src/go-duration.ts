const nanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5, the micro sign
  μs: 1_000n, // U+03BC, the Greek letter
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const limit = 1n << 63n;

/**
 * Reads a duration as Go's `time.ParseDuration` does (`720h`, `1h30m`, `-1.5s`, `0`), in milliseconds. What Go refuses is
 * refused with Go's own error text.
 */
export function parseGoDuration(text: string): { ms: number } | { problem: string } {
  const invalid = { problem: `time: invalid duration ${quote(text)}` };
  const rest = text.replace(/^[-+]/, "");
  if (rest === "0") return { ms: 0 };
  if (rest === "") return invalid;
  let sum = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of rest.matchAll(/(?=.)(\d*)(?:\.(\d*))?([^\d.]*)/gs)) {
    if (whole + fraction === "" || BigInt(whole) > limit) return invalid;
    if (unit === "") return { problem: `time: missing unit in duration ${quote(text)}` };
    const scale = Object.hasOwn(nanoseconds, unit) ? nanoseconds[unit] : undefined;
    if (scale === undefined) {
      return { problem: `time: unknown unit ${quote(unit)} in duration ${quote(text)}` };
    }
    // As in Go: a fraction is a float, of as many digits as fit into 63 bits.
    let digits = fraction.slice(0, 19);
    if (BigInt(digits) > limit) digits = digits.slice(0, 18);
    const part = Number(digits) * (Number(scale) / 10 ** digits.length);
    sum += BigInt(whole) * scale + BigInt(Math.trunc(part));
    if (sum > limit) return invalid;
  }
  const negative = text.startsWith("-");
  if (sum === limit && !negative) return invalid;
  return { ms: Number(negative ? -sum : sum) / 1e6 };
}

/** As Go's time package quotes: what is not printable ASCII byte by byte. */
function quote(text: string): string {
  const escaped = text
    .replace(/["\\]/g, "\\$&")
    .replace(/[^ -\x7f]/gu, (character) =>
      Array.from(new TextEncoder().encode(character), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
    );
  return `"${escaped}"`;
}

/** A duration with days (`30d`) and weeks (`2w`) as one that Go reads. What is no number stays, for Go to refuse. */
export function withoutDays(text: string): string {
  // Not from within a number on: each of its digits would be looked at again and again.
  return text.replace(/(?<![\d.])([\d.]+)([dw])/g, (part, count: string, unit: string) =>
    /^(\d+\.?\d*|\.\d+)$/.test(count) ? `${times(count, unit === "d" ? 24n : 168n)}h` : part,
  );
}

/** A decimal times a whole number, exactly: Go reads no exponents, which a small or large number would be written with. */
function times(decimal: string, factor: bigint): string {
  const [whole = "", fraction = ""] = decimal.split(".");
  const digits = String(BigInt(whole + fraction) * factor).padStart(fraction.length + 1, "0");
  const point = digits.length - fraction.length;
  return fraction ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
}

/** A duration, days and weeks included, in milliseconds. Undefined where it is none, or not above zero. */
export function durationMs(text: string): number | undefined {
  const parsed = parseGoDuration(withoutDays(text));
  return "ms" in parsed && parsed.ms > 0 ? parsed.ms : undefined;
}
