import { execFile } from "node:child_process";
import type { Stats } from "node:fs";
import { access, constants, readFile, realpath, unlink } from "node:fs/promises";
import { promisify } from "node:util";
import { NotStoredError } from "../../rotation/errors.js";
import { Secret } from "../../secret.js";
import { UsageError } from "../errors.js";
import { isSystemError, systemReason } from "../../files/system-errors.js";
import { remember } from "../secrets.js";
import { note } from "../show/output.js";
import { changeDotenv, own, replacement } from "../../files/change-dotenv.js";
import { variableIn, withVariable, type Edited } from "../../files/dotenv.js";
import { exists, temporaryFor, writeNew } from "../../files/durable-file.js";
import { withLock } from "../../files/file-lock.js";
import { checkFolderOf } from "./folder.js";
import type { Sink } from "./sink.js";

/** More than any new key takes, in bytes. */
const ROOM = 1_000;

/**
 * `--dotenv FILE --variable NAME`: one variable of a dotenv file. The file is replaced as a whole, at once, by one process
 * at a time; its owner stays, and nobody but the owner can read it afterwards.
 */
export function dotenvFile(path: string, name: string): Sink {
  // What it held as it was looked over.
  let before: string | undefined;
  const look = (text: string): Edited => {
    const found = variableIn(text, name);
    if ("text" in found) before = found.text;
    return withVariable(text, name, "x");
  };
  // Whoever was stopped for long may wake up here, when another one has put a key there and revoked what this one has.
  const change = (text: string, value: string): Edited => {
    const found = variableIn(text, name);
    if (before !== undefined && "text" in found && found.text !== before) {
      return { problem: `somebody else has set ${name} since this began` };
    }
    return withVariable(text, name, value);
  };
  return {
    description: `into ${path} as ${name}`,
    many: false,
    check: async () => {
      if (!/^[A-Za-z_]\w*$/.test(name)) {
        throw new UsageError(`--variable is ${JSON.stringify(name)}: give the name of a variable, such as API_KEY.`);
      }
      await checkFolderOf("--dotenv", path);
      const problem = await withLock(path, () => problemOf(path, look)).catch(systemReason);
      if (problem !== undefined) throw new UsageError(`--dotenv ${path}: ${problem}.`);
    },
    store: async (secret) => {
      const old = await changeDotenv(path, (text) => change(text, secret.reveal()));
      before = undefined;
      if (old && (old.mode & 0o077) > 0) {
        note(`${path} was open to others (mode ${(old.mode & 0o777).toString(8)}); now only its owner can use it.`);
      }
    },
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
async function problemOf(path: string, edit: (text: string) => Edited): Promise<string | undefined> {
  const edited = await replacement(path, edit);
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
