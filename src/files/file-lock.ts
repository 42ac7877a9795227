/**
 * Keeps processes apart that change the same file. Node has no locks of the system's, so a lock is a file beside it,
 * which says whose it is: made by link(2), which gives a name to one process only, with all of its content at once.
 *
 * A process that was killed leaves its lock. Whoever finds it may not simply remove it, as it could be another's by then.
 * It makes the claim to that lock instead, a file that is named after it, so that again only one process can; a claim
 * of the dead can be claimed likewise. Who has the last claim has the lock, as long as the first file is still that one.
 */
import { randomUUID } from "node:crypto";
import { link, readdir, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { NotStoredError } from "../rotation/errors.js";
import { isSystemError, systemReason } from "./system-errors.js";
import { isIdentity, ownIdentity, runs, type ProcessIdentity } from "./process-identity.js";

interface Owner extends ProcessIdentity {
  id: string;
  /** Milliseconds since 1970. */
  since: number;
}

/** How long a file may take to be changed. Of an owner of whom nothing can be told, it is over after that. */
const LONGEST_MS = 60_000;
/** How long another one is waited for. */
const PATIENCE_MS = 30_000;

/** @throws NotStoredError where another process has the lock and keeps it, or none can be made */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}.keysmith-lock`);
  const own: Owner = { ...ownIdentity(), id: randomUUID(), since: Date.now() };
  const file = `${lock}.${own.id}`;
  let held: string[];
  try {
    await writeFile(file, JSON.stringify(own), { flag: "wx", mode: 0o600 });
    held = await acquire(lock, file);
    await removeWhatIsLeft(lock, [...held, file]).catch(() => undefined);
  } catch (error) {
    await remove(file);
    throw error instanceof NotStoredError
      ? error
      : new NotStoredError(`${path}: it cannot be locked (${systemReason(error)})`, { cause: error });
  }
  try {
    return await work();
  } finally {
    // The lock before its claims: who finds it gone does not ask whose they were.
    for (const name of [...held, file]) await remove(name);
  }
}

/** Gives the names that make the lock this process's, the lock's own first. */
async function acquire(lock: string, file: string): Promise<string[]> {
  const begun = performance.now();
  for (;;) {
    const attempt = await claim(lock, file);
    if ("held" in attempt) return attempt.held;
    if (performance.now() - begun > PATIENCE_MS) {
      const who = attempt.owner ? `process ${attempt.owner.pid}` : "another process";
      throw new NotStoredError(`${who} has had it locked for too long. If that is no keysmith, remove ${lock}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20));
  }
}

async function claim(lock: string, file: string): Promise<{ held: string[] } | { owner: Owner | undefined }> {
  const names = [lock];
  let first: Owner | undefined;
  for (let name = lock; ; names.push(name)) {
    if (await linked(file, name)) {
      if (!first || (await ownerOf(lock))?.id === first.id) return { held: names };
      // Its last owner has let go meanwhile, so this is a claim to nothing.
      await unlink(name);
      return { owner: undefined };
    }
    const owner = await ownerOf(name);
    if (!owner || isAlive(owner)) return { owner };
    first ??= owner;
    name = `${lock}.${owner.id}.claim`;
  }
}

function isAlive(owner: Owner): boolean {
  return runs(owner) ?? Math.abs(Date.now() - owner.since) < LONGEST_MS;
}

async function linked(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  }
}

/** Undefined where the file is gone. */
async function ownerOf(name: string): Promise<Owner | undefined> {
  try {
    const [text, { ino, mtimeMs }] = [await readFile(name, "utf8"), await stat(name)];
    // What a power failure has emptied is nobody's, and over after a while.
    return parsed(text) ?? { id: String(ino), machine: "", pid: 0, started: null, since: mtimeMs };
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

function parsed(text: string): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(text);
    return isIdentity(owner) && isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(one: ProcessIdentity & { id?: unknown; since?: unknown }): one is Owner {
  return typeof one.since === "number" && typeof one.id === "string" && /^[\w-]+$/.test(one.id);
}

/** Files of processes that were killed while they waited for the lock or let it go. */
async function removeWhatIsLeft(lock: string, used: readonly string[]): Promise<void> {
  const names = (await readdir(dirname(lock))).map((entry) => join(dirname(lock), entry));
  for (const name of names.filter((one) => one.startsWith(`${lock}.`) && !used.includes(one))) {
    const owner = await ownerOf(name);
    if (owner && !isAlive(owner)) await remove(name);
  }
}

async function remove(name: string): Promise<void> {
  await unlink(name).catch(() => undefined);
}
