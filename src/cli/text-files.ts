/** Text that people have written, in whatever encoding their editor or shell saves it. */
import { readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { UsageError } from "./errors.js";
import { isSystemError, systemReason } from "../files/system-errors.js";

/** The text of a file's bytes: UTF-8, or what a byte order mark says, which is no part of it. */
export function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const utf16 =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : undefined;
  return new TextDecoder(utf16 ?? "utf-8").decode(bytes);
}

const WAIT_MS = 20;

/** Everything that comes from standard input, be it slow. @throws the system's error */
export function standardInput(): Buffer {
  const chunks: Buffer[] = [];
  const buffer = Buffer.alloc(65_536);
  for (;;) {
    try {
      const length = readSync(0, buffer);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(Buffer.from(buffer.subarray(0, length)));
    } catch (error) {
      // So the end of a pipe is told on Windows.
      if (isSystemError(error, "EOF")) return Buffer.concat(chunks);
      // Nothing is there yet, and whoever made the pipe does not let it wait for that.
      if (!isSystemError(error, "EAGAIN")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
}

/** What a JSON file of people's holds. @throws UsageError that names the flag and the file */
export async function jsonIn(flag: string, path: string): Promise<unknown> {
  const refuse = (problem: string, cause: unknown) => new UsageError(`${flag} ${path}: ${problem}.`, { cause });
  const bytes = await readFile(path).catch((error: unknown) => {
    throw refuse(systemReason(error), error);
  });
  try {
    return JSON.parse(textOf(bytes));
  } catch (error) {
    const emptied = "it is empty. A shell empties the file that > writes into before the command reads it";
    throw refuse(bytes.length === 0 ? emptied : "it is no JSON", error);
  }
}
