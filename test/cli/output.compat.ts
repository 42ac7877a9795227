/** What cannot be printed is a failure; what is printed is whole; and the process ends when its work has. */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  commandFile,
  creating,
  environment,
  idsOf,
  issue,
  keysmith,
  PLAINTEXT,
  served,
  temporaryFolder,
  useCommand,
  type Environment,
} from "./keysmith.js";

useCommand();

/** Runs a line of the shell's, in which `keysmith` is the command. */
async function shell(line: string, { env = {}, cwd }: { env?: Environment; cwd?: string } = {}) {
  const script = `keysmith() { "${process.execPath}" "${commandFile()}" "$@"; }\n${line}`;
  const child = spawn("bash", ["-c", script], { env: environment(env), cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdout.resume();
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}

describe("a result that cannot be printed", () => {
  it.each([
    "--version",
    "--help",
    "help rotate",
    "spec openrouter",
    "complete bash",
    "complete -- list ''",
    "list openrouter",
    "list openrouter --json",
    "rotate openrouter ID --out new",
    "create openrouter --name a --out new",
    "export",
    "audit openrouter",
  ])("is a failure that is told: keysmith %s", async (args) => {
    const { sandbox, env } = await served();
    const line = args.replace("ID", issue(sandbox, "openrouter", "deploy"));
    const ended = await shell(`keysmith ${line} > /dev/full`, { env, cwd: await temporaryFolder() });
    expect(ended).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        "keysmith: the result could not be printed whole: no space left on device. What was changed stays changed.",
      ) as string,
    });
  });

  it("because nobody reads any more needs no words, only the exit code", async () => {
    const { sandbox, env } = await served();
    for (let at = 0; at < 200; at++) issue(sandbox, "openrouter", "deploy");
    const line = "keysmith list openrouter --json | head -c 1; exit ${PIPESTATUS[0]}";
    expect(await shell(line, { env })).toEqual({ code: 1, stderr: "" });
  });

  it("of a file that takes only a part is a failure, too", async () => {
    const cwd = await temporaryFolder();
    const { code, stderr } = await shell("ulimit -f 8; keysmith spec openrouter > spec", { cwd });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/printed whole: file too large/i) as string,
    });
    const whole = await shell("keysmith spec openrouter > spec", { cwd });
    expect(whole).toEqual({ code: 0, stderr: "" });
    expect(await readFile(join(cwd, "spec"), "utf8")).toBe(await readFile("spec/openrouter.yaml", "utf8"));
  });

  it("leaves a graver exit code as it is", async () => {
    const { sandbox, env } = await served();
    sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "after" });
    const line = `keysmith ${creating("openrouter").join(" ")} --exec 'cat' > /dev/full 2> /dev/full`;
    expect(await shell(line, { env })).toMatchObject({ code: 4 });
  });
});

describe("a plaintext that a file takes only a part of", () => {
  const full = "x".repeat(1024 - 30);

  it("is taken back, and the key is revoked", async () => {
    const { sandbox, env } = await served();
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "keys"), full);
    const line = `ulimit -f 1; keysmith ${creating("openrouter").join(" ")} --reveal >> keys`;
    const { code, stderr } = await shell(line, { env, cwd });
    expect(stderr).toMatch(/does not take it \(file too large\)\. Nobody has it, so the key was revoked/i);
    expect({ code, keys: await idsOf(sandbox, "openrouter") }).toEqual({ code: 1, keys: [] });
    expect(await readFile(join(cwd, "keys"), "utf8")).toBe(full);
  });

  it("leaves the old key as it is", async () => {
    const { sandbox, env } = await served();
    const cwd = await temporaryFolder();
    const id = issue(sandbox, "openrouter", "deploy");
    await writeFile(join(cwd, "keys"), full);
    const { code } = await shell(`ulimit -f 1; keysmith rotate openrouter ${id} --reveal >> keys`, { env, cwd });
    expect({ code, keys: await idsOf(sandbox, "openrouter") }).toEqual({ code: 1, keys: [id] });
    expect(await readFile(join(cwd, "keys"), "utf8")).toBe(full);
  });

  it("is whole where there is room", async () => {
    const { env } = await served();
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "keys"), "first\n");
    const { code } = await shell(`keysmith ${creating("openrouter").join(" ")} --reveal >> keys`, { env, cwd });
    expect(code).toBe(0);
    expect(await readFile(join(cwd, "keys"), "utf8")).toMatch(new RegExp(`^first\n(${PLAINTEXT.source})\n$`));
  });
});

describe("a plaintext in a file", () => {
  /** Runs a create that reveals its key into a file, in which `onSync` is done in place of syncing it. */
  async function revealed(onSync: string) {
    const { sandbox, env } = await served();
    const cwd = await temporaryFolder();
    const preload = join(cwd, "preload.mjs");
    const lines = [
      'import fs from "node:fs";',
      'import { syncBuiltinESMExports } from "node:module";',
      `fs.fsyncSync = (fd) => { if (fd === 1) { ${onSync} } };`,
      "syncBuiltinESMExports();",
    ];
    await writeFile(preload, lines.join("\n"));
    const line = `keysmith ${creating("openrouter").join(" ")} --reveal > key`;
    const ended = await shell(line, { env: { ...env, NODE_OPTIONS: `--import=${preload}` }, cwd });
    return { ...ended, cwd, kept: (await idsOf(sandbox, "openrouter")).length };
  }

  it("is on the disk before the command says so", async () => {
    const { code, cwd } = await revealed('fs.copyFileSync("key", "synced");');
    expect(code).toBe(0);
    const whole = new RegExp(`^(${PLAINTEXT.source})\n$`);
    expect(await readFile(join(cwd, "synced"), "utf8")).toMatch(whole);
    expect(await readFile(join(cwd, "key"), "utf8")).toMatch(whole);
  });

  it("that the disk may have lost is no key that is stored, nor one that nobody has", async () => {
    const { code, stderr, kept } = await revealed('throw new Error("EIO: i/o error, fsync");');
    expect(stderr).toMatch(/i\/o error.*It may be there all the same, so the key was kept/);
    expect({ code, kept }).toEqual({ code: 4, kept: 1 });
  });
});

it("ends with its work, whatever is left open", async () => {
  const { env } = await served();
  const folder = await temporaryFolder();
  // A connection that nobody closes, as one to a proxy that answers nothing.
  const open = new Set<Socket>();
  const silent = createServer((socket) => open.add(socket)).listen(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    silent.close();
  });
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const preload = join(folder, "preload.mjs");
  await writeFile(preload, `import { connect } from "node:net"; connect(${String(port)}, "127.0.0.1");`);
  const options = { env: { ...env, NODE_OPTIONS: `--import=${preload}` } };
  expect(await keysmith(["list", "openrouter"], options)).toMatchObject({ code: 0 });
});
