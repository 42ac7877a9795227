import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandFile, creating, issue, PLAINTEXT, served, temporaryFolder, useCommand } from "./keysmith.js";
import { atTerminal } from "./terminal.js";

useCommand();

describe("at a terminal", () => {
  it("a table fits 80 columns, wraps names, and breaks no id", async () => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "openrouter", "the key with which the shop is deployed every night");
    const { code, screen } = await atTerminal(["list", "openrouter"], { env });
    expect(code).toBe(0);
    expect(screen.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(screen).toMatch(
      new RegExp(`^openrouter +the key with which the shop is .*active\n +deployed every night\n  ${id}$`, "m"),
    );
  });

  it("an audit fits 80 columns, and breaks no word and no id", async () => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "openrouter", "deploy");
    const { screen } = await atTerminal(["audit", "openrouter", "estuary"], { env });
    const lines = screen.split("\n").map((line) => line.trimEnd());
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines).toContain(`  (${id})`);
    expect(screen).toMatch(/^Unknown: estuary does not tell when .*\n\S+ /m);
  });

  it.each([
    { answer: "y\n", code: 0, left: 1, want: "Revoked cockroach" },
    { answer: "n\n", code: 1, left: 2, want: "Nothing was done." },
    { answer: "\n", code: 1, left: 2, want: "Nothing was done." },
    { answer: "\u0003", code: 130, left: 2, want: "Nothing was done." },
    { answer: "\u0004", code: 1, left: 2, want: "Nothing was done." },
  ])("revoke shows the key, asks, and takes $answer for an answer", async ({ answer, code, left, want }) => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "cockroach", "deploy");
    const answers: [string, string][] = [
      ["Revoke this key for good? Whoever uses it loses access at once. [y/N]", answer],
    ];
    const ended = await atTerminal(["revoke", "cockroach", id], { env, answers });
    expect(ended.screen).toMatch(/^cockroach +deploy/m);
    expect(ended.screen).toContain(want);
    expect({ code: ended.code, left: sandbox.keys("cockroach").length }).toEqual({ code, left });
  });

  it("a plaintext is shown to whoever asks for it", async () => {
    const { env } = await served();
    const { code, screen } = await atTerminal([...creating("openrouter"), "--reveal"], { env });
    expect({ code, screen }).toEqual({ code: 0, screen: expect.stringMatching(PLAINTEXT) as string });
  });

  it("rotate asks, and shows how far it is with many keys", async () => {
    const { sandbox, env } = await served();
    const ids = ["a", "b"].map((name) => issue(sandbox, "cockroach", name));
    const answers: [string, string][] = [["Replace these 2 keys? [y/N]", "yes\n"]];
    const { code, screen } = await atTerminal(["rotate", "cockroach", ...ids, "--exec", "cat"], { env, answers });
    expect(code).toBe(0);
    expect(screen).toContain("then the old key is revoked.");
    for (const done of [0, 1, 2]) expect(screen).toContain(`\r\u001b[2KRotating ${String(done)} of 2 …`);
    // The id, with which such a plaintext begins, may be shown.
    expect(screen).toMatch(/\r\u001b\[2KCCDB1_\w+\[secret\]\n/);
    expect(screen).not.toMatch(PLAINTEXT);
  });

  it("Ctrl-C does not reach the command that stores the key", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const id = issue(sandbox, "cockroach", "deploy");
    const command = "echo storing; until [ -e go ]; do sleep 0.02; done; cat > stored";
    const { code, screen } = await atTerminal(["rotate", "cockroach", id, "--yes", "--exec", command], {
      env,
      cwd: folder,
      answers: [["storing", "\u0003"]],
      watch: (screen) => {
        if (screen.includes("Stopping")) writeFileSync(join(folder, "go"), "");
      },
    });
    expect({ code, screen }).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, "stored"), "utf8")).toMatch(PLAINTEXT);
  });

  it.each([
    { given: { TERM: "xterm" }, coloured: true },
    { given: { TERM: "xterm", NO_COLOR: "1" }, coloured: false },
    { given: { TERM: "dumb" }, coloured: false },
  ])("with $given, severities have a colour: $coloured", async ({ given, coloured }) => {
    const { sandbox, env } = await served();
    sandbox.issue("openrouter", { name: "old", createdAt: "2020-01-01T00:00:00Z", limit: 5 });
    const { code, screen } = await atTerminal(["audit", "openrouter"], { env: { ...env, ...given } });
    expect({ code, coloured: screen.includes("\u001b[33mmedium") }).toEqual({ code: 3, coloured });
  });

  it("an error fits 80 columns", async () => {
    const { env } = await served();
    const elsewhere = { ...env, OPENROUTER_BASE_URL: "http://127.0.0.1:1/openrouter/api/v1" };
    const { screen } = await atTerminal(["list", "openrouter", "--retries", "0"], { env: elsewhere });
    expect(screen).toContain("OPENROUTER_BASE_URL");
    expect(screen.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("a name that would act upon it is shown for what it is", async () => {
    const { sandbox, env } = await served();
    issue(sandbox, "openrouter", "\u001b[2Jgone\u0007");
    const { screen } = await atTerminal(["list", "openrouter"], { env });
    expect(screen).toContain("\\u001b[2Jgone\\u0007");
  });
});

describe("--api-key-file -", () => {
  it("waits for a slow writer, on a pipe that does not wait", async () => {
    const { env } = await served();
    const { OPENROUTER_MANAGEMENT_KEY: credential = "", ...rest } = env;
    const script =
      "import os, subprocess, sys, time; r, w = os.pipe(); os.set_blocking(r, False)\n" +
      "child = subprocess.Popen(sys.argv[2:], stdin=r); os.close(r); time.sleep(1)\n" +
      "os.write(w, sys.argv[1].encode()); os.close(w); sys.exit(child.wait())";
    const args = [
      "-c",
      script,
      credential,
      process.execPath,
      commandFile(),
      "list",
      "openrouter",
      "--api-key-file",
      "-",
    ];
    const child = spawn("python3", args, { env: { PATH: process.env["PATH"], ...rest }, stdio: "ignore" });
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  });
});
