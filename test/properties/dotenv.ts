/** `--dotenv`: one variable of a dotenv file, and nothing else of it. */
import fc from "fast-check";
import { expect } from "vitest";
import { withVariable } from "../../src/files/dotenv.js";
import { property, type Topic } from "./property.js";
import { madeOf } from "./texts.js";

const spaces = madeOf([" ", "\t"], { maxLength: 2 });
const lineText = madeOf(["a", "1", " ", "\t", "=", "_", "-", ".", "é", "\u00ff", "$", "#", "KEY=1"], { maxLength: 8 });
const quotes = fc.constantFrom("'", '"', "`");
const inQuotes = madeOf(["a", " ", "#", "=", "\n", "\r\n", "KEY=inside", "é", "$"], { maxLength: 6 });
const comments = fc.oneof(
  fc.constant(""),
  fc.tuple(spaces, lineText).map(([gap, text]) => ` ${gap}#${text}`),
);
const unquoted = madeOf(["a", "old", "1", "=", "-", "/", "é", "\u00ff", "a#b", "a b"], { maxLength: 4 });

/** A line that sets a variable: what stands before the value, the value, what stands behind. */
const setting = (names: fc.Arbitrary<string>) =>
  fc
    .record({ lead: spaces, exported: fc.boolean(), name: names, before: spaces, after: spaces, comment: comments })
    .chain(({ lead, exported, name, before, after, comment }) =>
      fc
        .oneof(
          unquoted.map((value) => ["", value] as const),
          fc.tuple(quotes, inQuotes),
        )
        .map(([quote, value]) => {
          // Where there is no value yet, its place is right behind the sign: shells take no space there.
          const [near, far] = quote || value ? [after, ""] : ["", after];
          const head = `${lead}${exported ? "export " : ""}${name}${before}=${near}${quote}`;
          return { head, value, tail: `${quote}${far}${comment}` };
        }),
    );
const others = setting(fc.constantFrom("A", "KEY_2", "MY_KEY", "key", "a.b", "_")).map(
  ({ head, value, tail }) => head + value + tail,
);
const lines = fc.array(
  fc
    .tuple(
      fc.oneof(
        others,
        lineText.map((text) => `#${text}`),
        spaces,
      ),
      fc.constantFrom("\n", "\r\n"),
    )
    .map((line) => line.join("")),
  { maxLength: 4 },
);
// What means the same to every reader.
const plainValues = fc.stringMatching(/^[\w.~+/=:@%,-]{1,20}$/);

export const dotenvTopic: Topic = {
  topic: "a variable of a dotenv file",
  properties: [
    property(
      "is set in its place, and every other character stays",
      fc.record({
        before: lines,
        line: setting(fc.constant("KEY")),
        end: fc.constantFrom("", "\n", "\r\n"),
        after: lines,
        value: plainValues,
      }),
      ({ before, line: { head, value: old, tail }, end, after, value }) => {
        const rest = end && after.join("");
        const text = (now: string) => before.join("") + head + now + tail + end + rest;
        expect(withVariable(text(old), "KEY", value)).toEqual({ text: text(value) });
      },
    ),
    property(
      "that is not there yet is added behind everything else",
      fc.record({ lines, last: fc.oneof(others, fc.constant("")), value: plainValues }),
      ({ lines, last, value }) => {
        const text = lines.join("") + last;
        const edited = withVariable(text, "KEY", value);
        if ("problem" in edited) throw new Error(edited.problem);
        expect(edited.text.slice(0, text.length)).toBe(text);
        expect(edited.text.slice(text.length)).toMatch(/^(\r?\n)?KEY=[^\r\n]+\r?\n$/);
        expect(edited.text).toContain(`KEY=${value}`);
      },
    ),
    property(
      "is set once and for all: setting it again changes its value alone",
      fc.record({
        text: fc.oneof(
          fc.string({ unit: "binary-ascii" }),
          madeOf(["KEY", "=", "KEY=", "\n", "\r\n", "'", '"', "`", "\\", " ", "#", "export ", "a", "A=1\n", "é"]),
        ),
        first: plainValues,
        second: plainValues,
      }),
      ({ text, first, second }) => {
        const once = withVariable(text, "KEY", first);
        if ("problem" in once) return;
        expect(withVariable(once.text, "KEY", first)).toEqual(once);
        expect(withVariable(once.text, "KEY", second)).toEqual(withVariable(text, "KEY", second));
      },
    ),
  ],
};
