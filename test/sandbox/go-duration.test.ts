import { expect, it } from "vitest";
import { durationMs, parseGoDuration } from "../../src/go-duration.js";

const s = 1000;
const m = 60 * s;
const h = 60 * m;

// The cases of time_test.go in Go's own source.
it.each([
  ["0", 0],
  ["+0", 0],
  ["-0", 0],
  ["5s", 5 * s],
  ["1478s", 1478 * s],
  ["-5s", -5 * s],
  ["+5s", 5 * s],
  ["5.0s", 5 * s],
  ["5.6s", 5600],
  ["5.s", 5 * s],
  [".5s", 500],
  ["1.004s", 1004],
  ["100.00100s", 100_001],
  ["10ns", 0.000_01],
  ["11us", 0.011],
  ["12µs", 0.012],
  ["12μs", 0.012],
  ["13ms", 13],
  ["15m", 15 * m],
  ["16h", 16 * h],
  ["3h30m", 3.5 * h],
  ["10.5s4m", 4 * m + 10.5 * s],
  ["-2m3.4s", -(2 * m + 3.4 * s)],
  ["1h2m3s4ms5us6ns", h + 2 * m + 3 * s + 4.005_006],
  ["39h9m14.425s", 39 * h + 9 * m + 14.425 * s],
  ["0.3333333333333333333h", 20 * m],
  ["0.100000000000000000000h", 6 * m],
  ["0.830103483285477580700h", 49 * m + 48.372_539_827 * s],
  ["9223372036854775807ns", 9_223_372_036_854.775_807],
  ["9223372036854775.807us", 9_223_372_036_854.775_807],
  ["9223372036s854ms775us807ns", 9_223_372_036_854.775_807],
  ["-9223372036854775808ns", -9_223_372_036_854.775_808],
  ["-2562047h47m16.854775808s", -9_223_372_036_854.775_808],
])("reads %s", (text, ms) => {
  expect(parseGoDuration(text)).toEqual({ ms });
});

it.each([
  ["", 'time: invalid duration ""'],
  ["-", 'time: invalid duration "-"'],
  ["+-1h", 'time: invalid duration "+-1h"'],
  ["s", 'time: invalid duration "s"'],
  [".", 'time: invalid duration "."'],
  ["-.", 'time: invalid duration "-."'],
  [".s", 'time: invalid duration ".s"'],
  ["+.s", 'time: invalid duration "+.s"'],
  [" 1h", 'time: invalid duration " 1h"'],
  ["3", 'time: missing unit in duration "3"'],
  ["1h3", 'time: missing unit in duration "1h3"'],
  ["1.2.3h", 'time: missing unit in duration "1.2.3h"'],
  ["1d", 'time: unknown unit "d" in duration "1d"'],
  ["1H", 'time: unknown unit "H" in duration "1H"'],
  ["1h-1m", 'time: unknown unit "h-" in duration "1h-1m"'],
  ["1toString", 'time: unknown unit "toString" in duration "1toString"'],
  ['1"\\', 'time: unknown unit "\\"\\\\" in duration "1\\"\\\\"'],
  ["\uFFFD", 'time: invalid duration "\\xef\\xbf\\xbd"'],
  ["1😀\n", 'time: unknown unit "\\xf0\\x9f\\x98\\x80\\x0a" in duration "1\\xf0\\x9f\\x98\\x80\\x0a"'],
  ["9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'],
  ["-9223372036854775809ns", 'time: invalid duration "-9223372036854775809ns"'],
  ["9223372036854775810ns", 'time: invalid duration "9223372036854775810ns"'],
  ["99999999999999999999", 'time: invalid duration "99999999999999999999"'],
  ["9223372036854776us", 'time: invalid duration "9223372036854776us"'],
  ["3000000h", 'time: invalid duration "3000000h"'],
  ["2562047h2562047h", 'time: invalid duration "2562047h2562047h"'],
])("refuses '%s' in Go's words", (text, problem) => {
  expect(parseGoDuration(text)).toEqual({ problem });
});

it.each([
  { given: "30d", want: 720 * h },
  { given: "1w2d3h30m", want: 219.5 * h },
  { given: "1.1d", want: 26.4 * h },
  { given: ".00000001d", want: 0.864 },
  { given: "1.5.5d", want: undefined },
  { given: ".d", want: undefined },
  { given: "0d", want: undefined },
])("takes $given, with days and weeks, for $want ms", ({ given, want }) => {
  expect(durationMs(given)).toBe(want);
});

it.each([
  ["digits without a unit", "1".repeat(500_000), undefined],
  ["digits and points", "1.".repeat(250_000), undefined],
  ["zeros before a number", `${"0".repeat(100_000)}1d`, 24 * h],
])("takes half a megabyte of %s in a time that grows with its length alone", (_, given, want) => {
  expect(durationMs(given)).toBe(want);
});
