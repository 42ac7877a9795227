/** Everything that the command writes for people or programs goes through here. */
import { write } from "./standard-output.js";

// What moves a terminal's cursor, hides text or turns it round; the joiner is part of emoji.
export const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const JOINER = "\u200d";

/** Text that others chose, such as a key's name or a server's message, in one line that no terminal acts upon. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => (character === JOINER ? character : escaped(character)));
}

/** A JSON document that parses to the value and does nothing to a terminal. */
export function json(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNSAFE, (character) =>
    character === "\n" ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    const code = character.charCodeAt(at).toString(16);
    return `\\u${code.padStart(4, "0")}`;
  }).join("");
}

/** A result, to standard output. */
export function print(text: string): void {
  write(`${text}\n`);
}

/** What is no result, to standard error. */
export function note(text: string): void {
  passOn(`${text}\n`);
}

// The line at the bottom of standard error that says how far things are.
let status = "";
const CLEAR_LINE = "\r\x1b[2K";

/** Whole lines, to standard error, above the status. False where it would rather have no more until it has drained. */
export function passOn(lines: string): boolean {
  return process.stderr.write(status === "" ? lines : `${CLEAR_LINE}${lines}${status}`);
}

/** Replaces the status, where a terminal can show it. */
export function showStatus(text: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`${CLEAR_LINE}${text}`);
  status = text;
}

/** How wide a line may be; unlimited where no person looks. */
export function outputWidth(stream: Pick<NodeJS.WriteStream, "isTTY" | "columns"> = process.stdout): number {
  // A terminal may tell none, or 0, as in a container without one of its own size.
  return stream.isTTY ? Math.max(40, stream.columns || 80) : Infinity;
}
