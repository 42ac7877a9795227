/** Files that are there, whole, once a promise resolves, and that nobody else can read. */
import { randomUUID } from "node:crypto";
import { lstat, open, readdir, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { NotStoredError } from "../rotation/errors.js";
import { isSystemError, systemReason } from "./system-errors.js";

/** Only its owner may read it. */
export const PRIVATE = 0o600;

/** Whether something is there, be it a link that leads nowhere. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return false;
    throw error;
  }
}

/**
 * Writes a file that is not there yet; `finish` is done to it before it counts.
 *
 * @throws NotStoredError where nothing of it is left
 */
export async function writeNew(
  path: string,
  content: string | Uint8Array,
  finish?: (temporary: Owned) => Promise<void>,
): Promise<void> {
  const file = await open(path, "wx", PRIVATE).catch((error: unknown) => {
    throw new NotStoredError(`${path}: ${systemReason(error)}`, { cause: error });
  });
  try {
    try {
      await file.writeFile(content);
      await finish?.(file);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    // Where it cannot be taken away again, it may be found and used: that is no certainty.
    await unlink(path);
    throw new NotStoredError(`${path}: ${systemReason(error)}`, { cause: error });
  }
}

/** Where a file is written before it has its name. */
export function temporaryFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

/** Files with a new key in them, of processes that were killed before these had their name; without a lock, of those that are at work, too. */
export async function removeWhatIsLeft(path: string): Promise<void> {
  const [start, end] = [`.${basename(path)}.`, ".tmp"];
  for (const entry of await readdir(dirname(path))) {
    const middle = entry.startsWith(start) && entry.endsWith(end) ? entry.slice(start.length, -end.length) : "";
    if (/^[0-9a-f-]{36}$/.test(middle)) await unlink(join(dirname(path), entry));
  }
}

/** A file whose owner and mode can be set. */
export interface Owned {
  chmod(mode: number): Promise<void>;
  chown(uid: number, gid: number): Promise<void>;
}

/** Makes what was done to the names in the file's folder durable. */
export async function syncFolderOf(path: string): Promise<void> {
  // Windows opens no folders, and keeps names by itself.
  if (process.platform === "win32") return;
  const folder = await open(dirname(resolve(path)), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
