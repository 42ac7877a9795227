/** Puts a value into the text of a dotenv file, and leaves every other character as it is. Pure. */

/** A text, or why there is none. */
export type Edited = { text: string } | { problem: string };

// As dotenv, docker compose and shells read it: values in quotes go over several lines, and may hold what looks like
// another variable; without quotes, a comment begins after a space.
const ENTRY =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=([ \t]*(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)(?=[ \t]*(?:#|\r?$))|(?:(?![ \t]#)[^\r\n])*)/gm;

// Ways of setting a variable that some readers know and others do not: behind a word of shells, `NAME: value`, `NAME += value`.
const OTHER_SETTING = /(?<![\w.$-])([\w.-]+)[ \t]*(?:[-+?:!]?=|:(?=\s|$))/g;

// What means itself with and without quotes, to every reader: shells expand no * and no brackets in an assignment.
const PLAIN = /^[\w.~+/=:@%,*[\]-]+$/;

/**
 * Sets a variable where it is set already, and at the end otherwise.
 *
 * @param text one character for each byte
 */
export function withVariable(text: string, name: string, value: string): Edited {
  if (!PLAIN.test(value)) {
    return { problem: "the new key holds characters that not every reader of such a file takes alike" };
  }
  const found = placeOf(text, name);
  if (found === undefined) {
    // A carriage return is part of a shell's value, so it is added only where every line has one.
    const lineEnd = text.includes("\n") && !/(^|[^\r])\n/.test(text) ? "\r\n" : "\n";
    const unended = text !== "" && !text.endsWith("\n");
    return { text: `${text}${unended ? lineEnd : ""}${name}=${value}${lineEnd}` };
  }
  if ("problem" in found) return found;
  return { text: text.slice(0, found.start) + value + text.slice(found.end) };
}

/** Takes the value of a variable away, and leaves the variable. */
export function withoutValue(text: string, name: string): Edited {
  const found = placeOf(text, name) ?? { start: 0, end: 0 };
  return "problem" in found ? found : { text: text.slice(0, found.start) + text.slice(found.end) };
}

/** The value of a variable, without its quotes; empty where it is not set. */
export function variableIn(text: string, name: string): Edited {
  const found = placeOf(text, name);
  if (found === undefined) return { text: "" };
  return "problem" in found ? found : { text: text.slice(found.start, found.end) };
}

/** Where the value stands, without its quotes; undefined where the variable is not set. */
function placeOf(text: string, name: string): { start: number; end: number } | { problem: string } | undefined {
  const problem = problemOf(text);
  if (problem !== undefined) return { problem };
  const line = lineSettingOtherwise(text, name);
  if (line !== undefined) {
    return { problem: `line ${line} sets ${name} in a way that not every reader knows. Write it as ${name}=…` };
  }
  const found = [...text.matchAll(ENTRY)].filter((entry) => entry[1] === name);
  const [entry] = found;
  if (!entry) return undefined;
  if (found.length > 1) return { problem: `${name} is set ${found.length} times. Leave one of them` };
  const [whole, , old = ""] = entry;
  // An empty value is right behind the sign: shells would run what comes after a space.
  // Other white space is none: of what is one character for each byte, it may be the end of a letter.
  const inner = old.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, "");
  const before = inner === "" ? "" : old.slice(0, old.indexOf(inner));
  const quote = /^(['"`]).*\1$/s.test(inner) ? 1 : 0;
  if (quote === 0 && /[;&|]|\\$/.test(inner)) {
    return { problem: `shells see more than one value where ${name} is set. Leave the value alone on its line` };
  }
  const start = entry.index + whole.length - old.length + before.length;
  return { start: start + quote, end: start + inner.length - quote };
}

/** The number of the first line that sets it, and is none of its entries. */
function lineSettingOtherwise(text: string, name: string): number | undefined {
  // The line ends stay, so that lines can be counted.
  const rest = text.replace(ENTRY, (entry) => entry.replace(/[^\n]+/g, ""));
  const index = rest.split("\n").findIndex((line) => {
    const [code = ""] = line.split(/(?:^|[ \t])#/, 1);
    if ([...code.matchAll(OTHER_SETTING)].some((found) => found[1] === name)) return true;
    const words = code.trim().split(/[ \t]+/);
    // csh and fish.
    return /^set(env)?$/.test(words[0] ?? "") && words.slice(1, -1).includes(name);
  });
  return index < 0 ? undefined : index + 1;
}

/** What makes readers of the file see different variables. */
function problemOf(text: string): string | undefined {
  if (/^(\xff\xfe|\xfe\xff)|\0/.test(text)) {
    return "it is no text in UTF-8: PowerShell's > writes UTF-16. Save it as UTF-8 without a byte order mark";
  }
  if (text.startsWith("\xef\xbb\xbf")) {
    return "it begins with a byte order mark, which some readers take for a part of the first name. Save it without one";
  }
  if (/\r(?!\n)/.test(text)) {
    return "it holds a carriage return without a line feed, which not every reader takes for a line's end. Save it with either line ends of Unix or of Windows";
  }
  return undefined;
}
