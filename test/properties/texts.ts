/** Texts of every kind that users and servers come up with. */
import fc from "fast-check";

/** What breaks URLs, paths, headers and patterns where it is not encoded. */
export const NASTY = [
  ...[
    "",
    ".",
    "..",
    "...",
    "./",
    "/..",
    "%2e",
    "%2E%2e",
    "%",
    "%%",
    "%zz",
    "%25",
    "%2F",
    "%c0%ae",
    "a/b",
    "//",
    "\\",
    "?",
  ],
  ...[
    "#",
    "?a=b#c",
    "&",
    "=",
    "+",
    " ",
    "  ",
    "\u0000",
    "\n",
    "\r\n",
    "\t",
    "\u007f",
    ";v=1",
    ":",
    "@",
    "*",
    "'()!~",
    '"',
  ],
  ...[
    "{hash}",
    "{",
    "$&",
    "$1",
    "__proto__",
    "constructor",
    "[object Object]",
    "undefined",
    "null",
    "0",
    "-1",
    "http://x",
  ],
  ...["ключ", "שלום", "\u202eevil", "\u200d", "e\u0301", "\u0301", "\ufeff", "\u2028", "ſ", "İ", "😀", "👩‍👩‍👧‍👦", "🇺🇳"],
  ...["\ud800", "\udc00", "a\udfffb", "\udc00\ud800", "\ufffd", "\uffff", "x".repeat(9000), "é".repeat(3000)],
];

/** Any code point but halves of surrogate pairs. The `binary` of fast-check, which it is, takes a second to list them all. */
export const codePoint = fc.nat(0x10ffff - 0x800).map((at) => String.fromCodePoint(at < 0xd800 ? at : at + 0x800));

/** Any sequence of UTF-16 code units: half surrogate pairs, too. */
const codeUnits = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

/** `pieces` in any order, which make what means something once they stand together. */
export function madeOf(pieces: readonly string[], constraints: { minLength?: number; maxLength?: number } = {}) {
  return fc.string({ unit: fc.constantFrom(...pieces), ...constraints });
}

/** Any string that JavaScript can hold. */
export const anyText = fc.oneof(
  fc.string({ unit: codePoint }),
  fc.string({ unit: "grapheme" }),
  fc.string(),
  codeUnits,
  madeOf(["%", ".", "/", "\\", "2", "e", "E", "f", "F", "?", "#", "+", " ", "&", "=", ";", "é", "\u0000", "{", "}"]),
  madeOf(NASTY, { maxLength: 3 }),
);

/** Whether UTF-8 can say it: half a surrogate pair cannot be encoded. */
export function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}
