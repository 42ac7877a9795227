import { readFile, stat } from "node:fs/promises";
import { isPlaintext } from "./providers.js";
import { UsageError } from "./errors.js";
import { systemReason } from "../files/system-errors.js";
import { textOf } from "./text-files.js";

/**
 * The ids in a file, one a line or as a JSON array: the keys that a store holds.
 *
 * @throws UsageError where it cannot be read as either
 */
export async function heldIn(path: string): Promise<Set<string>> {
  const refuse = (error: unknown) => {
    throw new UsageError(`--held ${path}: ${systemReason(error)}.`, { cause: error });
  };
  // It is read whenever it is asked, and what comes out of a pipe comes once: it would seem that nothing is held.
  if ((await stat(path).catch(refuse)).isFIFO()) {
    throw new UsageError(`--held ${path}: it is a pipe, and is read more than once. Write the ids into a file.`);
  }
  const text = textOf(await readFile(path).catch(refuse));
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const ids: unknown = /^\s*[[{"]/.test(text) ? parsed(text) : lines.filter(Boolean);
  if (Array.isArray(ids) && ids.every((id) => typeof id === "string")) {
    const odd = ids.find((id) => !isIdAlone(id));
    if (odd === undefined) return new Set(ids);
    const at = lines.indexOf(odd) + 1;
    const where = at === 0 ? "an entry" : `line ${at}`;
    // A line that is not understood is no id that is held, so a sweep would revoke the key in use.
    throw new UsageError(
      `--held ${path}: ${where} is ${isPlaintext(odd) ? "the plaintext of a key" : "no id alone"}. Give one id a line, without a comment, quotes or anything else.`,
    );
  }
  throw new UsageError(`--held ${path}: it holds neither one id a line nor a JSON array of ids.`);
}

function isIdAlone(text: string): boolean {
  return text !== "" && !/[\s\0#,;"'`\ufffd]|=[^=]/.test(text) && !isPlaintext(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
