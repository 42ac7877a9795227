import { open, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { fileJournal } from "../../src/cli/journal.js";
import { temporaryFolder } from "./keysmith.js";

const entry = { provider: "openrouter", id: "a", startedAt: "2026-01-01T00:00:00Z" };

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

  it.each(["", "{", "\u0000\u001b[2J", '{"step":"store"'])("holds a key, whatever is in its file: %j", async (text) => {
    const folder = await temporaryFolder();
    const journal = await fileJournal(folder);
    await journal.open(entry);
    const [name = ""] = await readdir(folder);
    await writeFile(join(folder, name), text);
    await expect(journal.open(entry)).rejects.toThrow(/The journal has one that began at an unknown time .* remove /);
  });

  it("is no file", async () => {
    const path = join(await temporaryFolder(), "file");
    await writeFile(path, "");
    await expect(fileJournal(path)).rejects.toThrow(`--journal ${path}: file already exists`);
  });
});
