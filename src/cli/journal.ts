import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Journal } from "../index.js";
import { isSystemError, systemReason, UsageError } from "./errors.js";
import { syncFolderOf } from "./sinks/durable-file.js";

type Entry = Parameters<Journal["note"]>[0];

/**
 * A folder in which each rotation under way has a file, a line of JSON for each step. Who makes the file first has the
 * key; it is gone once the rotation has ended, so what is there is under way, or was broken off.
 *
 * @throws UsageError where the folder cannot be made
 */
export async function fileJournal(folder: string): Promise<Journal> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new UsageError(`--journal ${folder}: ${systemReason(error)}.`, { cause: error });
  });
  const pathOf = ({ provider, id }: Pick<Entry, "provider" | "id">) => {
    const hash = createHash("sha256").update(id).digest("hex").slice(0, 16);
    return join(folder, `${provider}-${hash}.jsonl`);
  };
  return {
    open: async ({ provider, id, startedAt }) => {
      const path = pathOf({ provider, id });
      try {
        await write(path, "wx", { provider, id, startedAt });
      } catch (error) {
        throw isSystemError(error, "EEXIST") ? new Error(await standing(path)) : error;
      }
      await syncFolderOf(path);
    },
    note: (entry) => write(pathOf(entry), "a", { step: entry.step, successor: entry.successor }),
    close: async (entry) => {
      await unlink(pathOf(entry));
      await syncFolderOf(pathOf(entry));
    },
  };
}

async function write(path: string, flags: "wx" | "a", line: object): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await appendFile(file, `${JSON.stringify({ ...line, at: new Date().toISOString() })}\n`);
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
