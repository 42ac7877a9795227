import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { access, constants, lstat, readdir, readFile, readlink, realpath, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { NotStoredError } from "../../rotation/errors.js";
import { Secret } from "../../secret.js";
import { isSystemError, systemReason, UsageError } from "../errors.js";
import { remember } from "../secrets.js";
import { note } from "../show/output.js";
import { variableIn, withVariable } from "./dotenv.js";
import { checkFolderOf, exists, PRIVATE, syncFolderOf, writeNew, type Owned } from "./durable-file.js";
import { withLock } from "./file-lock.js";
import type { Sink } from "./sink.js";

/** More than any new key takes, in bytes. */
const ROOM = 1_000;

/**
 * `--dotenv FILE --variable NAME`: one variable of a dotenv file. The file is replaced as a whole, at once, by one process
 * at a time; its owner stays, and nobody but the owner can read it afterwards.
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
      const problem = await withLock(path, () => problemOf(path, name)).catch(systemReason);
      if (problem !== undefined) throw new UsageError(`--dotenv ${path}: ${problem}.`);
    },
    store: (secret) =>
      withLock(path, async () => {
        await removeWhatIsLeft(path).catch(() => undefined);
        const edited = await replacement(path, name, secret.reveal()).catch((error: unknown) => ({
          problem: systemReason(error),
        }));
        if ("problem" in edited) throw new NotStoredError(`${path}: ${edited.problem}`);
        const { content, old } = edited;
        await replace(path, content, old);
        await syncFolderOf(path);
        if (old && (old.mode & 0o077) > 0) {
          note(`${path} was open to others (mode ${(old.mode & 0o777).toString(8)}); now only its owner can use it.`);
        }
      }),
    read: () => variableOf(path, name),
  };
}

/** The value of a variable of a dotenv file; undefined where it is empty, or one of both is not there. */
export async function variableOf(path: string, name: string): Promise<Secret | undefined> {
  const found = variableIn((await exists(path)) ? await readFile(path, "latin1") : "", name);
  if ("problem" in found) throw new Error(`${path}: ${found.problem}`);
  if (found.text === "") return undefined;
  remember(found.text);
  return new Secret(found.text);
}

/** What would go wrong, as far as it can be seen, or be tried without changing the file. @throws the system's error */
async function problemOf(path: string, name: string): Promise<string | undefined> {
  const edited = await replacement(path, name, "x");
  if ("problem" in edited) return edited.problem;
  const { content, old } = edited;
  if (old) {
    const problem = await unkept(path, old);
    if (problem !== undefined) return problem;
  }
  const temporary = temporaryFor(path);
  try {
    await writeNew(temporary, Buffer.alloc(content.length + ROOM), (file) => own(file, old));
  } catch (error) {
    const reason = error instanceof NotStoredError ? systemReason(error.cause) : systemReason(error);
    return `it cannot be replaced by a file of the same owner and group (${reason}). Run this as who can, or change them`;
  }
  await unlink(temporary);
  return undefined;
}

/** What a new file in its place would not have. */
async function unkept(path: string, { nlink }: Stats): Promise<string | undefined> {
  if (nlink > 1) {
    return (
      `it has ${nlink} names (hard links), and the others would keep the old key. ` +
      `Make it a file of its own: cp -p ${path} ${path}.new && mv ${path}.new ${path}`
    );
  }
  const mounts = mountPoints(await readFile("/proc/self/mountinfo", "latin1").catch(() => ""));
  if (mounts.has(Buffer.from(await realpath(path)).toString("latin1"))) {
    return "it is mounted there by itself, as containers do, and cannot be replaced. Mount its folder instead, or use --exec";
  }
  // Its own mode may well forbid writing; what else does is told here, such as an attribute of chattr.
  const refusal = await access(path, constants.W_OK).catch((error: unknown) => error);
  if (refusal && !isSystemError(refusal, "EACCES")) return `it cannot be changed (${systemReason(refusal)})`;
  if (await hasAccessList(path)) {
    return "it has an access control list, which would be lost, and with it the access of others. Remove it (setfacl -b), or use --exec";
  }
  return undefined;
}

/** From the text of Linux' mountinfo, one character for each byte. */
export function mountPoints(mountinfo: string): Set<string> {
  const points = mountinfo.split("\n").map((line) => line.split(" ")[4] ?? "");
  return new Set(
    points.map((point) => point.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)))),
  );
}

/** As `ls` tells it behind the mode, in POSIX' words; false where there is no such `ls`. */
async function hasAccessList(path: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)("ls", ["-ld", "--", path]).catch(() => ({ stdout: "" }));
  return stdout[10] === "+";
}

interface Replacement {
  content: Buffer;
  /** What is there now. */
  old: Stats | undefined;
}

/** @throws the system's error */
async function replacement(path: string, name: string, value: string): Promise<Replacement | { problem: string }> {
  const old = await statsOf(path);
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

async function own(file: Owned, old: Stats | undefined): Promise<void> {
  if (!old) return;
  await file.chmod(old.mode & PRIVATE);
  await file.chown(old.uid, old.gid);
}

function temporaryFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

/** Files with a new key in them, of processes that were killed before these had their name. Who has the lock is alone. */
async function removeWhatIsLeft(path: string): Promise<void> {
  const [start, end] = [`.${basename(path)}.`, ".tmp"];
  for (const entry of await readdir(dirname(path))) {
    const middle = entry.startsWith(start) && entry.endsWith(end) ? entry.slice(start.length, -end.length) : "";
    if (/^[0-9a-f-]{36}$/.test(middle)) await unlink(join(dirname(path), entry));
  }
}
