/** Processes that write into one dotenv file, killed at random. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundled } from "../helpers/bundled.js";

const ROUNDS = 100;
const NAMES = ["A", "B", "C", "D"];

let programs: Awaited<ReturnType<typeof bundled>>;
let folder: string;
beforeAll(async () => {
  programs = await bundled("test/cli/dotenv-writer.ts");
  folder = await mkdtemp(join(tmpdir(), "keysmith-dotenv-"));
});
afterAll(async () => {
  await programs.remove();
  await rm(folder, { recursive: true });
});

it("four processes, killed again and again, lose nothing that was told to be written", async () => {
  const path = join(folder, ".env");
  await writeFile(path, "# mine\n", { mode: 0o600 });
  const told = new Map(NAMES.map((name) => [name, 0]));
  let kills = 0;

  /** Writes on until it is killed or has written `count` values. */
  async function written(name: string, count: number, afterMs?: number): Promise<void> {
    const first = (told.get(name) ?? 0) + 1;
    const args = [join(programs.folder, "dotenv-writer.mjs"), path, name, String(first), String(first + count - 1)];
    const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let [output, problem] = ["", ""];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      // Its start is no part of the work.
      if (output === "" && afterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), afterMs);
      output += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (problem += text));
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    const last = Number(output.trim().split("\n").at(-1));
    if (output !== "") told.set(name, last);
    if (signal === "SIGKILL") kills++;
    expect({ problem, ended: code === 0 || signal === "SIGKILL" }).toEqual({ problem: "", ended: true });
    const text = await readFile(path, "utf8");
    const value = Number(new RegExp(`^${name}=${name}-(\\d+)$`, "m").exec(text)?.[1]);
    // What was written as it was killed may be there, though it was not told.
    expect(value - (told.get(name) ?? 0)).toBeGreaterThanOrEqual(0);
    expect(value - (told.get(name) ?? 0)).toBeLessThanOrEqual(1);
    told.set(name, value);
  }

  await Promise.all(
    NAMES.map(async (name) => {
      for (let round = 0; round < ROUNDS; round++) await written(name, 50, Math.random() * 60);
    }),
  );
  await written("A", 1);
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  expect(lines.sort()).toEqual(["# mine", ...NAMES.map((name) => `${name}=${name}-${String(told.get(name))}`)]);
  // What was killed before it had said who it is is cleared away after a minute. It holds nothing.
  for (const entry of await readdir(folder)) {
    if (entry !== ".env")
      expect({ entry, text: await readFile(join(folder, entry), "utf8") }).toEqual({ entry, text: "" });
  }
  expect(kills).toBeGreaterThan(ROUNDS);
});
