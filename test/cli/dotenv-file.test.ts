import { execFile, execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import {
  link,
  mkdir,
  open,
  readdir,
  readFile,
  stat,
  symlink,
  utimes,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ownIdentity } from "../../src/files/process-identity.js";
import { withLock } from "../../src/files/file-lock.js";
import { dotenvFile, mountPoints } from "../../src/cli/sinks/dotenv-file.js";
import type { ApiKey } from "../../src/index.js";
import { Secret } from "../../src/secret.js";
import { bundled } from "../helpers/bundled.js";
import { temporaryFolder } from "./keysmith.js";

const run = promisify(execFile);
const key = { provider: "openrouter", id: "1", name: "deploy" } as ApiKey;

async function dotenv(text?: string) {
  const folder = await temporaryFolder();
  const path = join(folder, ".env");
  if (text !== undefined) await writeFile(path, text, { encoding: "latin1", mode: 0o600 });
  return { folder, path, sink: dotenvFile(path, "KEY") };
}

describe("a dotenv file that cannot be replaced by one like it", () => {
  it.each<{ title: string; make: (path: string) => unknown; want: RegExp }>([
    { title: "a folder", make: (path) => mkdir(path), want: /it is no file/ },
    { title: "a pipe", make: (path) => execFileSync("mkfifo", [path]), want: /it is no file/ },
    { title: "a link", make: (path) => symlink("there", path), want: /a link to there\. Name that file itself/ },
    {
      title: "a file of another user",
      make: async (path) => {
        await writeFile(path, "KEY=1\n");
        const { uid } = await stat(path);
        vi.spyOn(process, "geteuid").mockReturnValue(uid + 1);
      },
      want: /it belongs to another user, and would not any more/,
    },
    {
      title: "a file with another name",
      make: async (path) => {
        await writeFile(path, "KEY=1\n");
        await link(path, `${path}.other`);
      },
      want: /2 names \(hard links\), and the others would keep the old key\. Make it a file of its own: cp -p /,
    },
    {
      title: "a file with an access control list",
      make: async (path) => {
        await writeFile(path, "KEY=1\n");
        // What `ls` says of such a file.
        const program = join(await temporaryFolder(), "ls");
        await writeFile(program, '#!/bin/sh\necho "-rw-r-----+ 1 me us 6 Jan  1 00:00 $3"\n', { mode: 0o755 });
        vi.stubEnv("PATH", `${dirname(program)}:${process.env["PATH"] ?? ""}`);
      },
      want: /an access control list, which would be lost/,
    },
    {
      title: "UTF-16",
      make: (path) => writeFile(path, "\ufeffA=1\r\n", "utf16le"),
      want: /PowerShell's > writes UTF-16/,
    },
    { title: "UTF-16 without a mark", make: (path) => writeFile(path, "A=1\n", "utf16le"), want: /no text in UTF-8/ },
    { title: "NUL bytes", make: (path) => writeFile(path, "A=1\n\0\0"), want: /no text in UTF-8/ },
    {
      title: "a byte order mark",
      make: (path) => writeFile(path, "\ufeffKEY=1\n"),
      want: /begins with a byte order mark/,
    },
    {
      title: "old line ends",
      make: (path) => writeFile(path, "A=1\rKEY=1\r"),
      want: /carriage return without a line feed/,
    },
  ])("is refused beforehand: $title", async ({ make, want }) => {
    const { path, sink } = await dotenv();
    await make(path);
    await expect(sink.check()).rejects.toThrow(want);
  });

  it("is known by Linux' own list where it is mounted by itself", () => {
    const text =
      "22 1 0:21 / /proc rw - proc proc rw\n36 22 8:1 /my\\040.env /app/my\\040.env rw,relatime - ext4 /dev/sda1 rw\n";
    expect([...mountPoints(text)]).toEqual(["/proc", "/app/my .env", ""]);
  });

  it("is left as it was by looking", async () => {
    const { folder, path, sink } = await dotenv("KEY=1\n");
    const before = await stat(path);
    await sink.check();
    expect(await stat(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    expect(await readdir(folder)).toEqual([".env"]);
  });
});

describe("the plaintext in a dotenv file", () => {
  it("is read back as it was written", async () => {
    for (const text of [undefined, "", "KEY=\n", "KEY='old' # mine\r\nA=1\r\n", 'export KEY="a"\n']) {
      const { sink } = await dotenv(text);
      await sink.store(new Secret("sk-or-v1-new"), key);
      expect((await sink.read?.())?.reveal()).toBe("sk-or-v1-new");
    }
  });

  it.each([undefined, "", "A=1\n", "KEY=\n", "KEY=''\n"])("is none in %j", async (text) => {
    const { sink } = await dotenv(text);
    expect(await sink.read?.()).toBeUndefined();
  });

  it("is not written over one that somebody else has put there since it was looked over", async () => {
    const { path, sink } = await dotenv("KEY=old\nOTHER=1\n");
    await sink.check();
    await writeFile(path, "KEY=old\nOTHER=2\n");
    await sink.store(new Secret("first"), key);
    expect(await readFile(path, "utf8")).toBe("KEY=first\nOTHER=2\n");

    await sink.check();
    await dotenvFile(path, "KEY").store(new Secret("theirs"), key);
    await expect(sink.store(new Secret("mine"), key)).rejects.toMatchObject({
      name: "NotStoredError",
      message: `${path}: somebody else has set KEY since this began`,
    });
    expect(await readFile(path, "utf8")).toBe("KEY=theirs\nOTHER=2\n");
  });

  it("is for the owner and the group that the file has", async () => {
    const { path, sink } = await dotenv("KEY=1\n");
    const { uid, gid } = await stat(path);
    const file = await open(path);
    await file.close();
    // Only root may give a file to others.
    const chown = vi.spyOn(Object.getPrototypeOf(file) as FileHandle, "chown");
    await sink.store(new Secret("2"), key);
    expect(chown).toHaveBeenCalledWith(uid, gid);
  });

  it("is none that can be told where it is set twice", async () => {
    const { sink } = await dotenv("KEY=a\nKEY=b\n");
    await expect(sink.read?.()).rejects.toThrow("KEY is set 2 times");
  });
});

describe("several processes and one dotenv file", () => {
  let programs: Awaited<ReturnType<typeof bundled>>;
  beforeAll(async () => {
    programs = await bundled("test/cli/dotenv-writer.ts");
  });
  afterAll(() => programs.remove());

  it("lose nothing of one another", async () => {
    const { folder, path } = await dotenv("# mine\n");
    const names = ["A", "B", "C"];
    const write = (name: string) =>
      run(process.execPath, [join(programs.folder, "dotenv-writer.mjs"), path, name, "1", "25"]);
    await Promise.all(names.map(write));
    const lines = (await readFile(path, "utf8")).trim().split("\n");
    expect(lines.sort()).toEqual(["# mine", "A=A-25", "B=B-25", "C=C-25"]);
    expect(await readdir(folder)).toEqual([".env"]);
  });

  it("take over the lock of one that was killed, and clear away what it left", async () => {
    const { folder, path, sink } = await dotenv("KEY=1\n");
    const dead = { ...ownIdentity(), started: "1", since: Date.now() };
    // The last one of a chain: each was killed while it had the lock of the one before.
    await writeFile(join(folder, "..env.keysmith-lock"), JSON.stringify({ ...dead, id: "first" }));
    await writeFile(join(folder, "..env.keysmith-lock.first"), JSON.stringify({ ...dead, id: "first" }));
    await writeFile(join(folder, "..env.keysmith-lock.first.claim"), JSON.stringify({ ...dead, id: "second" }));
    const uuid = "8f14e45f-ceea-4671-8f00-0123456789ab";
    await writeFile(join(folder, `..env.${uuid}.tmp`), "KEY=lost\n");
    // Of other files, whose process may be at work, or of people.
    const others = [`..dev.${uuid}.tmp`, `..env.${uuid}.bak`, `..env.${uuid}.1.tmp`, `..env.1.${uuid}.tmp`, ".other"];
    for (const other of others) await writeFile(join(folder, other), "");
    await sink.store(new Secret("2"), key);
    expect(await readFile(path, "utf8")).toBe("KEY=2\n");
    expect((await readdir(folder)).sort()).toEqual([".env", ...others].sort());
  });

  it("have what makes the lock theirs for as long as they need it, though it is of the dead", async () => {
    const { folder, path } = await dotenv("KEY=1\n");
    const dead = { ...ownIdentity(), started: "1", since: Date.now() };
    const lock = join(folder, "..env.keysmith-lock");
    await writeFile(lock, JSON.stringify({ ...dead, id: "first" }));
    await writeFile(`${lock}.first.claim`, JSON.stringify({ ...dead, id: "second" }));
    const names = await withLock(path, () => readdir(folder));
    expect(names.map((name) => join(folder, name))).toEqual(
      expect.arrayContaining([lock, `${lock}.first.claim`, `${lock}.second.claim`]),
    );
    expect(await readdir(folder)).toEqual([".env"]);
  });

  it("do not take over a lock that is another one's by then", async () => {
    const { folder, path, sink } = await dotenv("KEY=1\n");
    const owner = { ...ownIdentity(), since: Date.now() };
    const lock = join(folder, "..env.keysmith-lock");
    await writeFile(lock, JSON.stringify({ ...owner, started: "1", id: "dead" }));
    // While it asks whether that one lives.
    vi.spyOn(process, "kill").mockImplementationOnce(() => {
      writeFileSync(lock, JSON.stringify({ ...owner, id: "alive" }));
      return true;
    });
    vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValue(40_000);
    await expect(sink.store(new Secret("2"), key)).rejects.toThrow("has had it locked for too long");
    expect(await readFile(path, "utf8")).toBe("KEY=1\n");
    expect((await readdir(folder)).sort()).toEqual(["..env.keysmith-lock", ".env"]);
  });

  it.each([
    { whose: "its own user's", kill: () => true as const },
    {
      whose: "another user's",
      kill: () => {
        throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
      },
    },
  ])("do not take the lock of one that runs and is $whose", async ({ kill }) => {
    const { folder, path, sink } = await dotenv("KEY=1\n");
    vi.spyOn(process, "kill").mockImplementation(kill);
    const lock = join(folder, "..env.keysmith-lock");
    await writeFile(lock, JSON.stringify({ ...ownIdentity(), id: "mine", since: 0 }));
    vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValueOnce(1).mockReturnValue(40_000);
    await expect(sink.store(new Secret("2"), key)).rejects.toThrow(
      `process ${String(process.pid)} has had it locked for too long. If that is no keysmith, remove ${lock}`,
    );
    expect(await readFile(path, "utf8")).toBe("KEY=1\n");
  });

  const elsewhere = { machine: "elsewhere", pid: 1, started: "1", id: "theirs" };
  it.each<{ given: string; lock: (since: number) => string }>([
    { given: "runs on another machine", lock: (since) => JSON.stringify({ ...elsewhere, since }) },
    {
      given: "runs where no system tells since when",
      lock: (since) => JSON.stringify({ ...ownIdentity(), started: null, id: "theirs", since }),
    },
    { given: "a power failure has made empty", lock: () => "" },
    { given: "is none", lock: () => "null" },
    { given: "is no process", lock: (since) => JSON.stringify({ id: "theirs", since }) },
    { given: "was never given a time", lock: () => JSON.stringify({ ...elsewhere, since: "never" }) },
    { given: "would lead elsewhere", lock: (since) => JSON.stringify({ ...elsewhere, since, id: "../theirs" }) },
  ])("take a lock for over after a minute, and not before, whose owner $given", async ({ lock }) => {
    for (const { ageMs, want } of [
      { ageMs: 1_000, want: "KEY=1\n" },
      { ageMs: 90_000, want: "KEY=2\n" },
    ]) {
      const { folder, path, sink } = await dotenv("KEY=1\n");
      const since = Date.now() - ageMs;
      await writeFile(join(folder, "..env.keysmith-lock"), lock(since));
      await utimes(join(folder, "..env.keysmith-lock"), since / 1_000, since / 1_000);
      vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValue(40_000);
      await sink.store(new Secret("2"), key).catch(() => undefined);
      expect(await readFile(path, "utf8")).toBe(want);
    }
  });
});
