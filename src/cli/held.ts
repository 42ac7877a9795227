import { readFile, stat } from "node:fs/promises";
import { systemReason, UsageError } from "./errors.js";

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
  const text = await readFile(path, "utf8").catch(refuse);
  if (!/^\s*[[{"]/.test(text))
    return new Set(
      text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter(Boolean),
    );
  const ids = parsed(text);
  if (Array.isArray(ids) && ids.every((id) => typeof id === "string")) return new Set(ids);
  throw new UsageError(`--held ${path}: it holds neither one id a line nor a JSON array of ids.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
