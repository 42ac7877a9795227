import { randomUUID } from "node:crypto";
import { lstat, readFile, readlink, rename, unlink } from "node:fs/promises";
import type { Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { NotStoredError } from "../../rotation/errors.js";
import { systemReason, UsageError } from "../errors.js";
import { note } from "../show/output.js";
import { withVariable } from "./dotenv.js";
import { checkFolderOf, exists, PRIVATE, syncFolderOf, writeNew } from "./durable-file.js";
import type { Sink } from "./sink.js";

/**
 * `--dotenv FILE --variable NAME`: one variable of a dotenv file. The file is replaced as a whole, at once; its owner
 * stays, and nobody but the owner can read it afterwards.
 */
export function dotenvFile(path: string, name: string): Sink {
  return {
    description: `into ${path} as ${name}`,
    many: false,
    check: async () => {
      if (!/^[A-Za-z_]\w*$/.test(name)) {
        throw new UsageError(`--variable is ${JSON.stringify(name)}: give the name of a variable, such as API_KEY.`);
      }
      await checkFolderOf("--dotenv", path);
      const problem = await replacement(path, name, "x").then(
        (edited) => ("problem" in edited ? edited.problem : undefined),
        systemReason,
      );
      if (problem !== undefined) throw new UsageError(`--dotenv ${path}: ${problem}.`);
    },
    store: async (secret) => {
      const edited = await replacement(path, name, secret.reveal()).catch((error: unknown) => ({
        problem: systemReason(error),
      }));
      if ("problem" in edited) throw new NotStoredError(`${path}: ${edited.problem}`);
      const { content, old } = edited;
      // Not there: written in place, as nobody can have read half of it before.
      if (!old) await writeNew(path, content);
      else await replace(path, content, old);
      await syncFolderOf(path);
      if (old && old.mode & 0o077) {
        note(`${path} was open to others (mode ${(old.mode & 0o777).toString(8)}); now only its owner can use it.`);
      }
    },
  };
}

interface Replacement {
  content: Buffer;
  /** What is there now. */
  old: Stats | undefined;
}

/** @throws the system's error */
async function replacement(path: string, name: string, value: string): Promise<Replacement | { problem: string }> {
  const old = (await exists(path)) ? await lstat(path) : undefined;
  if (old?.isSymbolicLink()) return { problem: `it is a link to ${await readlink(path)}. Name that file itself` };
  if (old && !old.isFile()) return { problem: "it is no file" };
  const user = process.geteuid?.();
  if (old && user !== 0 && user !== undefined && old.uid !== user) {
    return { problem: "it belongs to another user, and would not any more. Run this as that user" };
  }
  // One character for each byte, so that none is lost, whatever the encoding.
  const edited = withVariable(old ? await readFile(path, "latin1") : "", name, value);
  return "problem" in edited ? edited : { content: Buffer.from(edited.text, "latin1"), old };
}

async function replace(path: string, content: Buffer, old: Stats): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  await writeNew(temporary, content, async (file) => {
    await file.chmod(old.mode & PRIVATE);
    await file.chown(old.uid, old.gid);
  });
  try {
    const now = await lstat(path);
    if (now.ino !== old.ino || now.mtimeMs !== old.mtimeMs || now.size !== old.size) {
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
