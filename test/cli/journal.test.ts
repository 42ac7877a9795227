import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fileJournal } from "../../src/cli/journal.js";
import { ownIdentity } from "../../src/files/process-identity.js";
import { until } from "../helpers/providers.js";
import { temporaryFolder } from "./keysmith.js";

const entry = { provider: "openrouter", id: "a", startedAt: "2026-01-01T00:00:00Z" };
const HOUR_MS = 3_600_000;

/** A folder with an entry of these lines, into which nothing was written for so long. */
async function left(lines: string, idleMs: number) {
  const folder = await temporaryFolder();
  const journal = await fileJournal(folder);
  await journal.open(entry);
  const path = join(folder, (await readdir(folder))[0] ?? "");
  const [opened = ""] = (await readFile(path, "utf8")).split("\n");
  await writeFile(path, lines.replace("OPENED", opened));
  await idle(path, idleMs);
  return { folder, path, journal };
}

async function idle(path: string, ms: number): Promise<void> {
  const then = new Date(Date.now() - ms);
  await utimes(path, then, then);
}

const line = (fields: object) => `${JSON.stringify({ ...entry, ...fields })}\n`;
const own = ownIdentity();
const elsewhere = line({ owner: { machine: "another", pid: 1, started: "1" } });
const ended = spawnSync(process.execPath, ["-e", ""]).pid;

describe("a journal in a folder", () => {
  it("has no entry of a rotation that it could not write down", async () => {
    const folder = await temporaryFolder();
    const journal = await fileJournal(folder);
    const file = await open(join(folder, "other"), "w");
    vi.spyOn(Object.getPrototypeOf(file) as typeof file, "sync").mockRejectedValueOnce(new Error("disk full"));
    await file.close();
    await expect(journal.open(entry)).rejects.toThrow("disk full");
    expect(await readdir(folder)).toEqual(["other"]);
    await journal.open(entry);
    await expect(journal.open(entry)).rejects.toThrow('began at 2026-01-01T00:00:00Z and came to "open"');
  });

  it.each([
    { given: "its owner is at work, however long ago it last wrote", lines: "OPENED\n", idleMs: 48 * HOUR_MS },
    {
      given: "its owner is dead, and was alive a minute ago",
      lines: line({ owner: { ...own, pid: ended } }),
      idleMs: 60_000,
    },
    {
      given: "its owner is on another machine, and was alive a minute ago",
      lines: elsewhere,
      idleMs: 60_000,
      minAgeMs: 1,
    },
    {
      given: "its owner sees other processes on a machine of the same name, and was alive a minute ago",
      lines: line({ owner: { ...own, machine: own.machine.replace(/pid:\[\d+\]/, "pid:[1]"), pid: ended } }),
      idleMs: 60_000,
      minAgeMs: 1,
    },
    { given: "nobody can read it, and it is young", lines: '{"step":"store"', idleMs: 60_000 },
    { given: "it is empty, and young", lines: "", idleMs: 60_000 },
    { given: "it is full of what a terminal obeys, and young", lines: "\u0000\u001b[2J", idleMs: 60_000 },
    { given: "it is large, and young", lines: '"startedAt":"'.repeat(500_000), idleMs: 60_000 },
  ])("keeps its key where $given", async ({ lines, idleMs, minAgeMs }) => {
    const { folder, path } = await left(lines, idleMs);
    const { mtimeMs } = await stat(path);
    const other = await fileJournal(folder, minAgeMs);
    await expect(other.open(entry)).rejects.toThrow(/^The journal has one that began at .* (is at work|takes it over)/);
    // However often somebody looks, it gets older.
    expect(await stat(path)).toMatchObject({ mtimeMs });
  });

  const dead = line({ owner: { ...own, pid: ended } });
  const steps = '{"step":"create","nonce":"n1"}\n{"step":"claim","successor":"k1"}\n{"step":"st';
  it.each([
    { given: "its owner is dead", lines: dead + steps, want: { nonce: "n1", successor: "k1" } },
    {
      given: "its owner's number is another process's now",
      lines: line({ owner: { ...own, started: "1" } }) + steps,
      want: { nonce: "n1", successor: "k1" },
    },
    { given: "its owner, on another machine, gives no sign of life", lines: elsewhere + steps, want: { nonce: "n1" } },
    { given: "its owner left it in doubt", lines: `OPENED\n{"ended":true}\n`, want: {} },
    { given: "it is half written", lines: '{"provider":"openrou', want: {} },
    { given: "it is empty", lines: "", want: {} },
    { given: "it is another program's", lines: "[1,2]\nnull\n7\n", want: {} },
    {
      given: "what its owner is nobody can read",
      lines: line({ owner: { ...own, pid: "1" } }) + steps,
      want: { nonce: "n1" },
    },
    { given: "it is large", lines: elsewhere + '"startedAt":"'.repeat(500_000), want: {} },
  ])("is taken over, with what was noted, once it is an hour old and $given", async ({ lines, want }) => {
    const { folder } = await left(lines, HOUR_MS + 60_000);
    const other = await fileJournal(folder);
    expect(await other.open(entry)).toMatchObject(want);
    expect(await readdir(folder)).toHaveLength(1);
    await other.close(entry);
    expect(await readdir(folder)).toEqual([]);
  });

  it.runIf(process.platform === "linux")(
    "is taken over where its owner has ended, and nobody has asked how",
    async () => {
      // It ends once the shell has become a program that does not ask, as the shell itself might.
      const owner = '(until [ "$(cat /proc/$$/comm)" = sleep ]; do :; done)';
      const parent = spawn("sh", ["-c", `${owner} & echo $!; exec sleep 300`], { stdio: ["ignore", "pipe", "ignore"] });
      onTestFinished(() => void parent.kill());
      const pid = Number(String((await once(parent.stdout, "data"))[0]));
      const stateOf = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
      await until(() => stateOf()[2] === "Z");
      const started = stateOf()[21];
      const { folder } = await left(line({ owner: { ...own, pid, started } }), HOUR_MS + 60_000);
      expect(await (await fileJournal(folder)).open(entry)).toEqual({});
    },
  );

  it("is taken over, whatever else is left in the folder by who was killed, or by an editor", async () => {
    const { folder, path } = await left(dead + steps, HOUR_MS + 60_000);
    const [, name = ""] = /^(.*)\.1\.jsonl$/.exec(path) ?? [];
    // Its rotation had taken over the first of these, and was killed before it could remove that.
    await rename(path, `${name}.12.jsonl`);
    const others = ["1.jsonl", "7.jsonl~", "1e3.jsonl", "9007199254740993.jsonl", "1 .jsonl", ".jsonl"];
    for (const other of others) await writeFile(`${name}.${other}`, "");
    expect(await (await fileJournal(folder)).open(entry)).toEqual({ nonce: "n1", successor: "k1" });
    const files = await readdir(folder);
    expect(files.map((file) => join(folder, file).slice(name.length + 1)).sort()).toEqual(
      ["13.jsonl", ...others.slice(1)].sort(),
    );
  });

  it.each([
    { given: "a folder", make: (path: string) => mkdir(path) },
    { given: "a link that leads nowhere", make: (path: string) => symlink("nowhere", path) },
  ])("is not looked for in $given that has its name, which is named to be removed", async ({ make }) => {
    const { folder, path, journal } = await left("OPENED\n", 0);
    await unlink(path);
    await make(path);
    await expect(journal.open(entry)).rejects.toThrow(`${path} is no file, as the journal's are: remove it.`);
    await rm(path, { recursive: true });
    await journal.open({ ...entry, startedAt: "2026-01-02T00:00:00Z" });
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("is taken over an hour after it was seen, where the time of its file is still to come", async () => {
    const { folder, path } = await left(dead, -48 * HOUR_MS);
    const other = await fileJournal(folder);
    await expect(other.open(entry)).rejects.toThrow("takes it over");
    // It has the present time by now, so that this is an hour later.
    const { mtimeMs } = await stat(path);
    expect(mtimeMs).toBeLessThanOrEqual(Date.now() + 1_000);
    await idle(path, HOUR_MS + 60_000);
    expect(await other.open(entry)).toEqual({});
  });

  it("is not taken over by a machine whose clock is ahead", async () => {
    const { folder } = await left(elsewhere, 60_000);
    const other = await fileJournal(folder);
    const now = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 48 * HOUR_MS);
    await expect(other.open(entry).finally(() => now.mockRestore())).rejects.toThrow("takes it over");
  });

  it("writes nothing more of a rotation whose entry another one took over", async () => {
    const { folder, journal } = await left(elsewhere, 2 * HOUR_MS);
    const other = await fileJournal(folder);
    await other.open(entry);
    const lost = { name: "EntryLostError" };
    await expect(journal.note({ ...entry, step: "store" })).rejects.toMatchObject(lost);
    await expect(journal.close(entry)).rejects.toMatchObject(lost);
    await other.note({ ...entry, step: "store" });
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("writes nothing more of a rotation whose entry is there still, beside that of who took it over", async () => {
    const { folder, path, journal } = await left(elsewhere, 2 * HOUR_MS);
    await (await fileJournal(folder)).open(entry);
    await writeFile(path, elsewhere);
    await expect(journal.note({ ...entry, step: "store" })).rejects.toMatchObject({ name: "EntryLostError" });
    expect(await readFile(path, "utf8")).toBe(elsewhere);
  });

  it.each([
    {
      given: "is closed",
      meanwhile: (path: string) => unlink(path),
      want: undefined,
      turns: [1],
    },
    {
      given: "is taken over by another rotation",
      meanwhile: (path: string) => writeFile(path.replace(".1.", ".2."), elsewhere),
      want: /^The journal has one/,
      turns: [1, 2],
    },
    {
      given: "is taken over twice",
      meanwhile: (path: string) => writeFile(path.replace(".1.", ".3."), elsewhere),
      want: "Another rotation is opening it at this moment",
      turns: [1, 3],
    },
  ])("has one owner where it $given while another one looks at it", async ({ meanwhile, want, turns }) => {
    const { folder, path } = await left(elsewhere, 2 * HOUR_MS);
    const file = await open(path);
    await file.close();
    // Once it has seen the entry, it asks for the time of a file that it has made.
    const asked = vi.spyOn(Object.getPrototypeOf(file) as typeof file, "stat");
    asked.mockImplementationOnce(async function (this: typeof file) {
      await meanwhile(path);
      return this.stat();
    });
    const opened = (await fileJournal(folder)).open(entry);
    if (want === undefined) expect(await opened).toBeUndefined();
    else await expect(opened).rejects.toThrow(want);
    expect((await readdir(folder)).sort().map((name) => join(folder, name))).toEqual(
      turns.map((turn) => path.replace(".1.", `.${turn}.`)),
    );
  });

  it("has one owner, of however many that take it over at once", async () => {
    const { folder } = await left(elsewhere, 2 * HOUR_MS);
    const all = await Promise.all(Array.from({ length: 8 }, () => fileJournal(folder)));
    const opened = await Promise.allSettled(all.map((journal) => journal.open(entry)));
    expect(opened.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
    expect((await readdir(folder)).length).toBeLessThanOrEqual(1);
  });

  it("is left in doubt, and taken over by the same process later", async () => {
    const folder = await temporaryFolder();
    const journal = await fileJournal(folder);
    await journal.open(entry);
    await journal.note({ provider: "openrouter", id: "a", step: "create", nonce: "n1" });
    await journal.leave?.(entry);
    await expect(journal.open(entry)).rejects.toThrow('came to "create"');
    await idle(join(folder, (await readdir(folder))[0] ?? ""), 2 * HOUR_MS);
    expect(await journal.open(entry)).toEqual({ nonce: "n1" });
  });

  it("keeps no other key of its provider", async () => {
    const folder = await temporaryFolder();
    const [journal, other] = [await fileJournal(folder), await fileJournal(folder)];
    await journal.open(entry);
    expect(await other.open({ ...entry, id: "b" })).toBeUndefined();
    await journal.note({ ...entry, step: "store" });
    expect(await readdir(folder)).toHaveLength(2);
  });

  it("gives a sign of life every half minute, until it is closed or left", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const { folder, path, journal } = await left("OPENED\n", 2 * HOUR_MS);
    vi.advanceTimersByTime(30_000);
    await until(() => readFileSync(path, "utf8").endsWith("}\n\n"));
    await journal.leave?.(entry);
    expect(vi.getTimerCount()).toBe(0);
    await journal.open({ ...entry, id: "b" });
    await journal.close({ ...entry, id: "b" });
    expect(vi.getTimerCount()).toBe(0);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("is none where the system takes no file of its name", async () => {
    const journal = await fileJournal(await temporaryFolder());
    const long = { ...entry, provider: "x".repeat(300) };
    await expect(journal.open(long)).rejects.toThrow("ENAMETOOLONG");
  });

  it("is no file", async () => {
    const path = join(await temporaryFolder(), "file");
    await writeFile(path, "");
    await expect(fileJournal(path)).rejects.toThrow(`--journal ${path}: file already exists`);
  });
});
