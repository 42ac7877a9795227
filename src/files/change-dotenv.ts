/** Replaces a dotenv file as a whole, at once, by one process at a time; its owner stays, and nobody else can read it. */
import type { Stats } from "node:fs";
import { lstat, readFile, readlink, rename, unlink } from "node:fs/promises";
import { NotStoredError } from "../rotation/errors.js";
import { systemReason } from "./system-errors.js";
import type { Edited } from "./dotenv.js";
import { exists, PRIVATE, removeWhatIsLeft, syncFolderOf, temporaryFor, writeNew, type Owned } from "./durable-file.js";
import { withLock } from "./file-lock.js";

/** Changes a dotenv file, as it was left by everybody else, and gives what it was. @throws NotStoredError where it did not */
export async function changeDotenv(path: string, edit: (text: string) => Edited): Promise<Stats | undefined> {
  return withLock(path, async () => {
    await removeWhatIsLeft(path).catch(() => undefined);
    const edited = await replacement(path, edit).catch((error: unknown) => ({ problem: systemReason(error) }));
    if ("problem" in edited) throw new NotStoredError(`${path}: ${edited.problem}`);
    const { content, old } = edited;
    await replace(path, content, old);
    await syncFolderOf(path);
    return old;
  });
}

interface Replacement {
  content: Buffer;
  /** What is there now. */
  old: Stats | undefined;
}

/** @throws the system's error */
export async function replacement(
  path: string,
  edit: (text: string) => Edited,
): Promise<Replacement | { problem: string }> {
  const old = await statsOf(path);
  if (old?.isSymbolicLink()) return { problem: `it is a link to ${await readlink(path)}. Name that file itself` };
  if (old && !old.isFile()) return { problem: "it is no file" };
  const user = process.geteuid?.();
  if (old && user !== 0 && user !== undefined && old.uid !== user) {
    return { problem: "it belongs to another user, and would not any more. Run this as that user" };
  }
  // One character for each byte, so that none is lost, whatever the encoding.
  const edited = edit(old ? await readFile(path, "latin1") : "");
  return "problem" in edited ? edited : { content: Buffer.from(edited.text, "latin1"), old };
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return (await exists(path)) ? lstat(path) : undefined;
}

async function replace(path: string, content: Buffer, old: Stats | undefined): Promise<void> {
  const temporary = temporaryFor(path);
  await writeNew(temporary, content, (file) => own(file, old));
  try {
    // Others than keysmith take no notice of its lock.
    const now = await statsOf(path);
    if (now?.ino !== old?.ino || now?.mtimeMs !== old?.mtimeMs || now?.size !== old?.size) {
      throw new NotStoredError(`${path}: somebody else has changed it at the same moment`);
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary);
    throw error instanceof NotStoredError
      ? error
      : new NotStoredError(`${path}: ${systemReason(error)}`, { cause: error });
  }
}

export async function own(file: Owned, old: Stats | undefined): Promise<void> {
  if (!old) return;
  await file.chmod(old.mode & PRIVATE);
  await file.chown(old.uid, old.gid);
}
