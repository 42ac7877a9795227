/** Puts a value into the text of a dotenv file, and leaves every other character as it is. Pure. */

/** A text, or why there is none. */
export type Edited = { text: string } | { problem: string };

// As dotenv, docker compose and shells read it: values in quotes go over several lines, and may hold what looks like
// another variable; without quotes, a comment begins after a space.
const ENTRY =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=([ \t]*(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)(?=[ \t]*(?:#|\r?$))|(?:(?![ \t]#)[^\r\n])*)/gm;

// What means itself with and without quotes, to every reader.
const PLAIN = /^[\w.~+/=:@%,-]+$/;

/** Sets a variable where it is set already, and at the end otherwise. */
export function withVariable(text: string, name: string, value: string): Edited {
  if (!PLAIN.test(value)) {
    return { problem: "the new key holds characters that not every reader of such a file takes alike" };
  }
  const found = [...text.matchAll(ENTRY)].filter((entry) => entry[1] === name);
  const [entry] = found;
  if (found.length > 1) return { problem: `${name} is set ${found.length} times. Leave one of them` };
  if (entry) {
    const [whole, , old = ""] = entry;
    // An empty value is right behind the sign: shells would run what comes after a space.
    // Other white space is none: of what is one character for each byte, it may be the end of a letter.
    const [, before = "", inner = ""] = /^([ \t]*(?=[^ \t]))?(.*?)[ \t]*$/s.exec(old) ?? [];
    const start = entry.index + whole.length - old.length + before.length;
    const [, quote = ""] = /^(['"`]).*\1$/s.exec(inner) ?? [];
    return { text: text.slice(0, start) + quote + value + quote + text.slice(start + inner.length) };
  }
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? "\n";
  const unended = text !== "" && !text.endsWith("\n");
  return { text: `${text}${unended ? lineEnd : ""}${name}=${value}${lineEnd}` };
}
