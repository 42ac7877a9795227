import { existsSync } from "node:fs";
import { chmod, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inProcess } from "./in-process.js";
import { creating, idsOf, issue, keysmith, PLAINTEXT, served, temporaryFolder, useCommand } from "./keysmith.js";

useCommand();

describe("a command that is given a new key", () => {
  it("has no credential of any provider in its environment, and all else", async () => {
    const { sandbox, env } = await served();
    const cwd = await temporaryFolder();
    const command = "cat >/dev/null; env > seen; env";
    const { code, stdout, stderr } = await inProcess([...creating("openrouter"), "--exec", command], {
      env: { ...env, MINE: "kept" },
      cwd,
    });
    expect(code).toBe(0);
    const seen = await readFile(join(cwd, "seen"), "utf8");
    expect(seen).toMatch(/^MINE=kept$/m);
    expect(seen).toMatch(/^OPENROUTER_BASE_URL=/m);
    for (const credential of Object.values(sandbox.credentials))
      expect(seen + stdout + stderr).not.toContain(credential);
  });

  it("cannot show the credential either, which it may have from elsewhere", async () => {
    const { env } = await served();
    const command = 'cat >/dev/null; printf %s "$COPY" | base64; echo "$COPY" "$KEYSMITH_KEY_ID"';
    const credential = env["COCKROACH_API_KEY"] ?? "";
    const ended = await inProcess([...creating("cockroach"), "--exec", command], { env: { ...env, COPY: credential } });
    expect(ended.stderr).toMatch(/^\[secret\]\n.*\[secret\] CCDB1_\w{22}\n/);
    expect(ended.stderr).not.toContain(credential);
    expect(ended.stderr).not.toContain(Buffer.from(credential).toString("base64").slice(4, -8));
  });

  it("is told to be not there, or no program, before anything is sent", async () => {
    const { sandbox, env } = await served();
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "save.sh"), "cat >/dev/null\n");
    const id = issue(sandbox, "openrouter", "deploy");
    for (const [command, want] of [
      ["nosuchprogram --now", "the shell finds no nosuchprogram"],
      ["./svae.sh", "the shell finds no ./svae.sh"],
      ["A=1 ./save.sh", "./save.sh is no program that can be run. Make it one: chmod +x ./save.sh"],
      ["/ --now", "/ is no program that can be run"],
      ["cat | nosuchprogram", "the shell finds no nosuchprogram"],
      ['"$PWD/nosuch" x', 'the shell finds no "$PWD/nosuch"'],
    ] as const) {
      for (const args of [creating("openrouter"), ["rotate", "openrouter", id]]) {
        const { code, stderr } = await inProcess([...args, "--exec", command], { env, cwd });
        expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(want) as string });
      }
    }
    expect(sandbox.requests).toEqual([]);
  });

  it("is run though it cannot be known beforehand, which is said", async () => {
    const { env } = await served();
    const ended = await inProcess([...creating("openrouter"), "--exec", "(cat >/dev/null)"], { env });
    expect(ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Whether the shell can run the command of --exec is not known") as string,
    });
  });

  it.each([
    // The program is gone once the key is there.
    {
      command: "./save.sh",
      left: 0,
      code: 1,
      want: /the command was not run: the shell finds no \.\/save\.sh.*revoked/,
    },
    // It fails before it reads anything.
    { command: "exit 3", left: 0, code: 1, want: /ended with exit code 3, and never read its standard input.*revoked/ },
    { command: "kill -9 $$", left: 0, code: 1, want: /the signal SIGKILL, and never read its standard input.*revoked/ },
    // It is gone, but not before it has stored the key.
    {
      command: "./once.sh",
      left: 1,
      code: 4,
      want: /exit code 127\. It may be there all the same/,
    },
    // The same, though another one may have read the key before.
    { command: "tee stored | ./save.sh", left: 1, code: 4, want: /exit code 127\. It may be there all the same/ },
    // Its last line is such a program, after it has stored the key.
    { command: "cat > stored; nosuchprogram", left: 1, code: 4, want: /exit code 127\. It may be there all the same/ },
  ])("counts as not run only where nothing was read of the key: $command", async ({ command, left, code, want }) => {
    const cwd = await temporaryFolder();
    const program = join(cwd, "save.sh");
    await writeFile(program, "#!/bin/sh\ncat > stored\n");
    await chmod(program, 0o755);
    const once = join(cwd, "once.sh");
    await writeFile(once, '#!/bin/sh\ncat > stored; rm "$0"; exit 127\n');
    await chmod(once, 0o755);
    const { sandbox, env } = await served(undefined, (method) => method === "POST" && unlink(program));
    const ended = await inProcess([...creating("openrouter"), "--exec", command], { env, cwd });
    expect(ended.stderr).toMatch(want);
    expect({ code: ended.code, left: (await idsOf(sandbox, "openrouter")).length }).toEqual({ code, left });
  });

  it("that could not be started for want of files has stored nothing", async () => {
    const cwd = await temporaryFolder();
    const at = (name: string) => join(cwd, name);
    // It opens all files that it may, once the key is being made.
    const preload = `
      import { existsSync, openSync, writeFileSync } from "node:fs";
      const timer = setInterval(() => {
        if (!existsSync(${JSON.stringify(at("made"))})) return;
        clearInterval(timer);
        writeFileSync(${JSON.stringify(at("full"))}, "");
        try { for (;;) openSync("/dev/null"); } catch {}
      }, 1);
      timer.unref();`;
    await writeFile(at("preload.mjs"), preload);
    const { sandbox, env } = await served(undefined, async (method) => {
      if (method !== "POST") return;
      await writeFile(at("made"), "");
      while (!existsSync(at("full"))) await new Promise((resolve) => setTimeout(resolve, 5));
    });
    const { code, stderr } = await keysmith([...creating("openrouter"), "--exec", "cat >/dev/null"], {
      env: { ...env, NODE_OPTIONS: `--import=${at("preload.mjs")}` },
    });
    expect(stderr).toMatch(/the command could not be started \(.*EMFILE.*\)\. Nobody has it, so the key was revoked/);
    expect({ code, keys: await idsOf(sandbox, "openrouter") }).toEqual({ code: 1, keys: [] });
  });
});

describe.skipIf(process.platform === "win32")("a command that ends well", () => {
  it("and has not read the new key leaves the old one as it is", async () => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "openrouter", "deploy");
    const { code, stderr } = await inProcess(["rotate", "openrouter", id, "--exec", "true", "--yes"], { env });
    expect(code).toBe(1);
    expect(stderr).toContain("The new key was revoked; the old one is valid.");
    expect(await idsOf(sandbox, "openrouter")).toEqual([id]);
  });
});

describe("Ctrl-C while a key is created", () => {
  it("waits for the answer, and stores the key", async () => {
    const cwd = await temporaryFolder();
    let interrupt: () => void = () => undefined;
    let heard: () => void = () => undefined;
    const interrupted = new Promise<void>((resolve) => (heard = resolve));
    const { sandbox, env } = await served(undefined, async (method) => {
      if (method !== "POST") return;
      interrupt();
      await interrupted;
    });
    const { code, stderr } = await keysmith([...creating("openrouter"), "--out", "key"], {
      env,
      cwd,
      watch: (child, text) => {
        interrupt = () => child.kill("SIGINT");
        if (text.includes("Stopping")) heard();
      },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/Stopping, once .* is done/) as string });
    expect(await readFile(join(cwd, "key"), "utf8")).toMatch(PLAINTEXT);
    expect(await idsOf(sandbox, "openrouter")).toHaveLength(1);
  });

  it("ends at once when it comes twice, and says what may be left", async () => {
    let interrupt: () => void = () => undefined;
    const { env } = await served(undefined, async (method) => {
      if (method !== "POST") return;
      interrupt();
      await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
    });
    let twice = false;
    const { code, stderr } = await keysmith([...creating("openrouter"), "--out", "never"], {
      env,
      cwd: await temporaryFolder(),
      watch: (child, text) => {
        interrupt = () => child.kill("SIGINT");
        if (text.includes("Stopping") && !twice) twice = Boolean(setTimeout(() => child.kill("SIGINT"), 250));
      },
    });
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr: expect.stringMatching(/A key may have been created at openrouter: look with `keysmith list/) as string,
    });
  });
});
