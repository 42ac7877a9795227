import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, open, readdir, unlink, utimes, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { EntryLostError, type Journal, type JournalLeft } from "../index.js";
import { isObject } from "../json.js";
import { UsageError } from "./errors.js";
import { isSystemError, systemReason } from "../files/system-errors.js";
import { isIdentity, ownIdentity, runs } from "../files/process-identity.js";
import { syncFolderOf } from "../files/durable-file.js";

/** How long an entry counts as its owner's after the last sign of life, where nobody can see whether that lives. */
const LEASE_MS = 120_000;
const RENEWAL_MS = 30_000;

/** More than this of an entry is not read: it holds a line for each step, and an empty one for each sign of life. */
const LONGEST_ENTRY = 65_536;

interface Owned {
  path: string;
  turn: number;
  renewal: NodeJS.Timeout;
}

/**
 * A folder in which each rotation under way has a file, a line of JSON for each step: `<provider>-<hash>.<turn>.jsonl`. Who
 * makes the file of the next turn first has the key. An entry whose owner is dead, has ended in doubt, or gives no sign of
 * life is taken over once it was left alone for the least age. How long that is, the file system's own clock tells: machines
 * that share a folder need not agree on the time.
 *
 * @throws UsageError where the folder cannot be made, or nothing can be written into it
 */
export async function fileJournal(folder: string, minAgeMs = 3_600_000): Promise<Journal> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`--journal ${folder}: ${systemReason(error)}.`, { cause: error });
  }
  const owned = new Map<string, Owned>();
  const nameOf = ({ provider, id }: { provider: string; id: string }) =>
    `${provider}-${createHash("sha256").update(id).digest("hex").slice(0, 16)}`;
  const pathOf = (name: string, turn: number) => join(folder, `${name}.${turn}.jsonl`);
  // Nothing else counts, such as an editor's copy: it would be the name of an entry that is not there.
  const turnsOf = async (name: string) =>
    (await readdir(folder, { withFileTypes: true })).flatMap((entry) => {
      const [, turn] = /\.([1-9]\d{0,14})\.jsonl$/.exec(entry.name) ?? [];
      if (turn === undefined || entry.name !== `${name}.${turn}.jsonl`) return [];
      // A link may lead nowhere: an entry that cannot be read, at whose place none can be made.
      if (!entry.isFile()) throw new Error(`${join(folder, entry.name)} is no file, as the journal's are: remove it.`);
      return Number(turn);
    });
  const release = (name: string) => {
    clearInterval(owned.get(name)?.renewal);
    owned.delete(name);
  };
  /** @throws EntryLostError where another rotation has taken it over. */
  const own = async (name: string) => {
    const entry = owned.get(name);
    if (entry?.turn === Math.max(...(await turnsOf(name)))) return entry;
    release(name);
    throw new EntryLostError("another rotation has taken over the journal's entry.");
  };

  const journal: Journal = {
    open: async ({ provider, id, startedAt }) => {
      const name = nameOf({ provider, id });
      for (;;) {
        // Of those but the latest, their rotations were killed before they could remove them.
        const all = await turnsOf(name);
        const before = Math.max(0, ...all);
        const left = before > 0 ? await leftAt(pathOf(name, before), await timeOf(folder), minAgeMs) : undefined;
        if (left === "gone") continue;
        const turn = before + 1;
        const path = pathOf(name, turn);
        let file: FileHandle;
        try {
          file = await open(path, "wx", 0o600);
        } catch (error) {
          if (isSystemError(error, "EEXIST")) continue;
          throw error;
        }
        try {
          await append(file, { provider, id, startedAt, owner: ownIdentity() });
          await syncFolderOf(path);
          if ((await turnsOf(name)).some((other) => other !== turn && !all.includes(other))) {
            throw new Error("Another rotation is opening it at this moment.");
          }
        } catch (error) {
          // Left there, it would say that a rotation is under way.
          await unlink(path);
          throw error;
        }
        for (const other of all) await unlink(pathOf(name, other)).catch(() => undefined);
        const renewal = setInterval(() => {
          own(name)
            .then(() => added(path, "\n"))
            .catch(() => undefined);
        }, RENEWAL_MS).unref();
        owned.set(name, { path, turn, renewal });
        return left;
      }
    },
    note: async ({ provider, id, ...line }) => {
      const { path } = await own(nameOf({ provider, id }));
      await append(await reopened(path), line);
    },
    close: async (entry) => {
      const { path } = await own(nameOf(entry));
      release(nameOf(entry));
      await unlink(path);
      await syncFolderOf(path);
    },
    leave: async (entry) => {
      const { path } = await own(nameOf(entry));
      release(nameOf(entry));
      await append(await reopened(path), { ended: true });
    },
  };
  return journal;
}

/** An entry that is there still: nothing is written of one that another rotation has removed. */
function reopened(path: string): Promise<FileHandle> {
  return open(path, constants.O_WRONLY | constants.O_APPEND);
}

async function added(path: string, text: string): Promise<void> {
  const file = await reopened(path);
  try {
    await file.appendFile(text);
  } finally {
    await file.close();
  }
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

/** What time it is by the clock of the file system that a folder is on, in milliseconds since the epoch. */
async function timeOf(folder: string): Promise<number> {
  const path = join(folder, `.now-${process.pid}-${performance.now()}`);
  const file = await open(path, "wx", 0o600);
  try {
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
    await unlink(path);
  }
}

/**
 * What a rotation left that was broken off.
 *
 * @throws Error where its entry is not to be taken over, or not yet
 */
async function leftAt(path: string, now: number, minAgeMs: number): Promise<JournalLeft | "gone"> {
  const entry = await entryAt(path);
  if (!entry) return "gone";
  const { lines, touchedAt } = entry;
  const said = (name: string) => lines.flatMap((line) => (typeof line[name] === "string" ? line[name] : [])).at(-1);
  const [nonce, successor] = [said("nonce"), said("successor")];
  const opened = lines.map((line) => line["owner"]).find(isIdentity);
  const lives = lines.some((line) => line["ended"] === true) ? false : opened && runs(opened);
  // Its time is still to come where the clock was set back, or a copy has kept it: from now on it is idle.
  if (touchedAt > now) await utimes(path, now / 1000, now / 1000);
  const idleMs = Math.max(0, now - touchedAt);
  const broken = lives === false || (lives === undefined && idleMs >= LEASE_MS);
  if (broken && idleMs >= minAgeMs) return { ...(nonce && { nonce }), ...(successor && { successor }) };
  const made = successor ? `, has made the key ${successor}` : "";
  const when = Math.ceil(Math.max(minAgeMs, lives === false ? 0 : LEASE_MS) / 60_000);
  const advice =
    opened && lives
      ? `Its process ${opened.pid} is at work: wait for it.`
      : `Once nothing was written into ${path} for ${when} minutes, whoever runs this again takes it over.`;
  throw new Error(
    `The journal has one that began at ${said("startedAt") ?? "an unknown time"}${made} and came to ` +
      `"${said("step") ?? "open"}". ${advice}`,
  );
}

/** The lines of an entry that are objects, whatever else is in it; undefined where there is none any more. */
async function entryAt(path: string): Promise<{ lines: Record<string, unknown>[]; touchedAt: number } | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
  try {
    const { mtimeMs } = await file.stat();
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LONGEST_ENTRY), position: 0 });
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n").map(parsed).filter(isObject);
    return { lines, touchedAt: mtimeMs };
  } finally {
    await file.close();
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
