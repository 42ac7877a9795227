/** What has to outlast a power cut is on the disk before anybody relies on it: a file's content, then its name. */
import { open, readdir, readFile, rename, stat, utimes, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fileJournal } from "../../src/cli/journal.js";
import { dotenvFile } from "../../src/cli/sinks/dotenv-file.js";
import { outFile } from "../../src/cli/sinks/out-file.js";
import type { ApiKey } from "../../src/index.js";
import { Secret } from "../../src/secret.js";
import { temporaryFolder } from "./keysmith.js";

const key = { provider: "openrouter", id: "1", name: "deploy" } as ApiKey;
const secret = new Secret("sk-or-v1-new");

/** Told of each file and folder that is synced, by its inode. */
let onSync: (ino: number) => unknown;
beforeEach(async () => {
  const handle = await open(await temporaryFolder());
  await handle.close();
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  vi.spyOn(prototype, "sync").mockImplementation(async function (this: FileHandle) {
    await onSync((await this.stat()).ino);
  });
});

/** The names of what is synced in a folder by some work. */
async function syncedIn(folder: string, work: () => Promise<unknown>): Promise<string[]> {
  const inodes: number[] = [];
  onSync = (ino) => inodes.push(ino);
  await work();
  const names = ["", ...(await readdir(folder))];
  const known = new Map(
    await Promise.all(names.map(async (name) => [(await stat(join(folder, name))).ino, name || "the folder"] as const)),
  );
  return inodes.map((ino) => known.get(ino) ?? "what is gone");
}

describe("written before the command says so:", () => {
  it("a new file", async () => {
    const folder = await temporaryFolder();
    const sink = outFile(join(folder, "key"));
    expect(await syncedIn(folder, () => sink.store(secret, key))).toEqual(["key", "the folder"]);
  });

  it.each([undefined, "KEY=old\n"])("a dotenv file that was %j", async (text) => {
    const folder = await temporaryFolder();
    const path = join(folder, ".env");
    if (text !== undefined) await writeFile(path, text, { mode: 0o600 });
    expect(await syncedIn(folder, () => dotenvFile(path, "KEY").store(secret, key))).toEqual([".env", "the folder"]);
  });

  it("each line of a journal", async () => {
    const folder = await temporaryFolder();
    const journal = await fileJournal(folder);
    const entry = { provider: "openrouter", id: "a" } as const;
    const open = () => journal.open({ ...entry, startedAt: "2026-01-01T00:00:00Z" });
    const [name, ...others] = await syncedIn(folder, open);
    expect([name, ...others]).toEqual([expect.stringMatching(/^openrouter-\w+\.1\.jsonl$/), "the folder"]);
    expect(await syncedIn(folder, () => journal.note({ ...entry, step: "create", nonce: "n" }))).toEqual([name]);
    expect(await syncedIn(folder, async () => journal.leave?.(entry))).toEqual([name]);
  });
});

describe("where the disk fails", () => {
  const sinks = [
    { place: "a new file", name: "key", sink: outFile, before: [] },
    { place: "a dotenv file", name: ".env", sink: (path: string) => dotenvFile(path, "KEY"), before: [".env"] },
  ];
  const failed = new Error("no space left on device");
  const start = async ({ name, sink, before }: (typeof sinks)[number]) => {
    const folder = await temporaryFolder();
    for (const file of before) await writeFile(join(folder, file), "KEY=old\n");
    const { ino } = await stat(folder);
    return { folder, ino, path: join(folder, name), store: () => sink(join(folder, name)).store(secret, key) };
  };

  it.each(sinks)("nothing is stored in $place, nor left", async (given) => {
    const { folder, store } = await start(given);
    onSync = () => Promise.reject(failed);
    await expect(store()).rejects.toMatchObject({ name: "NotStoredError" });
    expect(await readdir(folder)).toEqual(given.before);
  });

  it.each(sinks)("what was written for $place may be there, if it cannot be removed", async (given) => {
    const { folder, store } = await start(given);
    onSync = async () => {
      // Somebody else has moved it.
      const written = (await readdir(folder)).filter((name) => name === "key" || name.endsWith(".tmp"));
      for (const name of written) await rename(join(folder, name), join(folder, "elsewhere"));
      throw failed;
    };
    await expect(store()).rejects.toMatchObject({ name: "Error", code: "ENOENT" });
  });

  it.each(sinks)("$place may be stored, if its name may not last", async (given) => {
    const { ino, path, store } = await start(given);
    onSync = (synced) => (synced === ino ? Promise.reject(failed) : undefined);
    await expect(store()).rejects.toBe(failed);
    expect(await readFile(path, "utf8")).toContain(secret.reveal());
  });
});

describe("a new file", () => {
  it("has its name only once all of it is on the disk", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "key");
    const seen: string[] = [];
    onSync = async () => seen.push(await readFile(path, "utf8").catch(() => "none"));
    await outFile(path).store(secret, key);
    expect(seen).toEqual(["none", secret.reveal()]);
    expect(await readdir(folder)).toEqual(["key"]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("is stored without what one that was killed has left beside it", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, ".key.0b9d3f0e-7a55-4c0e-9d0c-2a4f6c1e8b7d.tmp"), "sk-or-v1-ki");
    await writeFile(join(folder, ".key.mine.tmp"), "");
    onSync = () => undefined;
    await outFile(join(folder, "key")).store(secret, key);
    expect((await readdir(folder)).sort()).toEqual([".key.mine.tmp", "key"]);
  });

  it("is not stored over one that somebody else makes at the same moment", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "key");
    onSync = () => writeFile(path, "theirs");
    await expect(outFile(path).store(secret, key)).rejects.toMatchObject({ name: "NotStoredError" });
    expect(await readFile(path, "utf8")).toBe("theirs");
    expect(await readdir(folder)).toEqual(["key"]);
  });
});

describe("a dotenv file that somebody changes while it is replaced", () => {
  it.each([
    { title: "by another text", change: (path: string) => writeFile(path, "KEY=theirs\nOTHER=1\n") },
    { title: "by one of the same length", change: (path: string) => writeFile(path, "KEY=new\n") },
    {
      title: "by another text within one tick of the clock",
      change: async (path: string) => {
        await writeFile(path, "KEY=theirs\n");
        await utimes(path, 1, 1);
      },
    },
    {
      title: "by another file, as long and as old",
      change: async (path: string) => {
        await writeFile(`${path}.theirs`, "KEY=new\n");
        await utimes(`${path}.theirs`, 1, 1);
        await rename(`${path}.theirs`, path);
      },
    },
  ])("$title keeps what they wrote, and nothing is stored", async ({ change }) => {
    const folder = await temporaryFolder();
    const path = join(folder, ".env");
    await writeFile(path, "KEY=old\n");
    // The file system's clock may tick no faster than this test runs.
    await utimes(path, 1, 1);
    // As soon as the new one is written, and not there yet.
    onSync = () => change(path);
    await expect(dotenvFile(path, "KEY").store(secret, key)).rejects.toMatchObject({
      name: "NotStoredError",
      message: `${path}: somebody else has changed it at the same moment`,
    });
    expect(await readFile(path, "utf8")).not.toContain(secret.reveal());
    expect(await readdir(folder)).toEqual([".env"]);
  });
});
