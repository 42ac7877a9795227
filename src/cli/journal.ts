import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, open, readFile, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Journal } from "../index.js";
import { isSystemError, systemReason, UsageError } from "./errors.js";
import { syncFolderOf } from "./sinks/durable-file.js";

type Entry = Parameters<Journal["note"]>[0];

/**
 * A folder in which each rotation under way has a file, a line of JSON for each step. Who makes the file first has the
 * key; it is gone once the rotation has ended, so what is there is under way, or was broken off.
 *
 * @throws UsageError where the folder cannot be made, or nothing can be written into it
 */
export async function fileJournal(folder: string): Promise<Journal> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`--journal ${folder}: ${systemReason(error)}.`, { cause: error });
  }
  const pathOf = ({ provider, id }: Pick<Entry, "provider" | "id">) => {
    const hash = createHash("sha256").update(id).digest("hex").slice(0, 16);
    return join(folder, `${provider}-${hash}.jsonl`);
  };
  return {
    open: async ({ provider, id, startedAt }) => {
      const path = pathOf({ provider, id });
      const file = await open(path, "wx", 0o600).catch(async (error: unknown) => {
        throw isSystemError(error, "EEXIST") ? new Error(await standing(path)) : error;
      });
      try {
        await append(file, { provider, id, startedAt });
        await syncFolderOf(path);
      } catch (error) {
        // Left there, it would say that a rotation is under way.
        await unlink(path);
        throw error;
      }
    },
    note: async (entry) =>
      append(await open(pathOf(entry), "a", 0o600), { step: entry.step, successor: entry.successor }),
    close: async (entry) => {
      await unlink(pathOf(entry));
      await syncFolderOf(pathOf(entry));
    },
  };
}

/** Writes a line, durably, and closes the file. */
async function append(file: FileHandle, line: object): Promise<void> {
  try {
    await file.appendFile(`${JSON.stringify({ ...line, at: new Date().toISOString() })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What a journal says of a rotation that has not ended. */
async function standing(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  const [, started] = /"startedAt":"([^"]+)"/.exec(text) ?? [];
  const [, step] = /.*"step":"(\w+)"/s.exec(text) ?? [];
  const [, successor] = /.*"successor":"([^"]+)"/s.exec(text) ?? [];
  const made = successor ? `, has made the key ${successor}` : "";
  return (
    `The journal has one that began at ${started ?? "an unknown time"}${made} and came to "${step ?? "open"}". ` +
    `If it was broken off, see what \`keysmith orphans\` says, and remove ${path}.`
  );
}
