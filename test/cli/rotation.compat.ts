import type { ChildProcess } from "node:child_process";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openrouter, rotate } from "../../src/index.js";
import { createSandbox } from "../../src/sandbox/index.js";
import { names, table } from "../helpers/providers.js";
import { inProcess } from "./in-process.js";
import { idsOf, issue, keysmith, PLAINTEXT, served, temporaryFolder, useCommand } from "./keysmith.js";

useCommand();

describe("rotate", () => {
  it.each(names)("replaces a key of %s, stored by a command, end to end", async (provider) => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const old = issue(sandbox, provider, "deploy");
    const args = ["rotate", provider, old, ...table[provider].flags.rotate];
    const { code, stdout, stderr } = await keysmith(
      [...args, "--exec", 'cat > stored; echo "$KEYSMITH_OLD_KEY_ID" > old; echo "$KEYSMITH_KEY_ID" > new'],
      { env, cwd: folder },
    );
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^The plaintext went to the command/) as string,
    });
    const stored = await readFile(join(folder, "stored"), "utf8");
    const successor = (await readFile(join(folder, "new"), "utf8")).trim();
    expect(await readFile(join(folder, "old"), "utf8")).toBe(`${old}\n`);
    expect(stdout).toMatch(new RegExp(`^deploy +revoked +old ${old} +new ${successor}$`, "m"));
    expect(await idsOf(sandbox, provider)).toEqual([successor]);
    expect(stored).toMatch(PLAINTEXT);
    expect(stdout + stderr).not.toContain(stored);
  });

  it("says what it would do, and does nothing, with --dry-run", async () => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "openrouter", "deploy");
    const { code, stderr } = await inProcess(["rotate", "openrouter", id, "--out", "new", "--dry-run"], { env });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "Would replace this key. The plaintext of the new key goes into the new file new; then the old key is revoked. Nothing was changed.\n",
    });
    expect(sandbox.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  it("rotates many keys, gives a result for each, and stops at none", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const ids = ["a", "b", "c"].map((name) => issue(sandbox, "cockroach", name));
    const args = ["rotate", "cockroach", ...ids, "nosuch", "--exec", "cat >> stored; echo >> stored", "--json"];
    const { code, stdout, stderr } = await keysmith(args, { env, cwd: folder });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      ...ids.map((id) => ({ id, old: { id }, retired: "revoked", healed: false })),
      { id: "nosuch", error: { step: "read", message: expect.stringContaining("404") as string } },
    ]);
    expect(stderr).toMatch(/^keysmith: nosuch: /m);
    expect((await readFile(join(folder, "stored"), "utf8")).trim().split("\n")).toHaveLength(3);
    expect(stdout + stderr).not.toMatch(PLAINTEXT);
  });

  it.each([
    { command: "exit 10", code: 1, keys: 1, want: /The new key was revoked; the old one is valid/ },
    { command: "cat > /dev/null; exit 1", code: 4, keys: 2, want: /may hold the new key .* Both keys are valid/ },
  ])("takes the command's exit code at its word: $command", async ({ command, code, keys, want }) => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "openrouter", "deploy");
    const ended = await inProcess(["rotate", "openrouter", id, "--exec", command], { env });
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toMatch(want);
    expect(await idsOf(sandbox, "openrouter")).toHaveLength(keys);
  });

  it("keeps, disables or leaves the old key, if told so", async () => {
    const { sandbox, env } = await served();
    for (const [flags, retired] of [
      ["--retire keep", "kept"],
      ["--retire disable", "disabled"],
      ["--retire-after 24h", "later"],
    ] as const) {
      const id = issue(sandbox, "openrouter", retired);
      const args = ["rotate", "openrouter", id, "--exec", "cat >/dev/null", "--json", ...flags.split(" ")];
      const { code, stdout } = await inProcess(args, { env });
      expect({ code, results: JSON.parse(stdout) as unknown }).toMatchObject({ code: 0, results: [{ id, retired }] });
    }
  });

  it("leaves the old key valid with --reveal, unless told otherwise, and says how to revoke it", async () => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "openrouter", "deploy");
    const { code, stdout, stderr } = await keysmith(["rotate", "openrouter", id, "--reveal"], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(PLAINTEXT) as string });
    expect(stderr).toContain(
      `The old key is still valid. Once the new one is in use: keysmith revoke openrouter ${id}`,
    );
    expect(await idsOf(sandbox, "openrouter")).toContain(id);
    const other = issue(sandbox, "openrouter", "other");
    const retired = await keysmith(["rotate", "openrouter", other, "--reveal", "--retire", "revoke"], { env });
    expect(retired.code).toBe(0);
    expect(await idsOf(sandbox, "openrouter")).not.toContain(other);
  });

  it("asks the store itself, with --read, when it is run again: a list of ids may be behind", async () => {
    const { sandbox, env } = await served();
    const cwd = await temporaryFolder();
    const id = issue(sandbox, "cockroach", "deploy");
    await writeFile(join(cwd, "held"), id);
    const args = [
      "rotate",
      "cockroach",
      id,
      "--exec",
      "cat > stored; exit 1",
      "--read",
      "cat stored",
      "--held",
      "held",
    ];
    expect(await inProcess(args, { env, cwd })).toMatchObject({ code: 4 });
    const again = await inProcess([...args, "--min-age", "1ms"], { env, cwd });
    expect(again).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("An earlier rotation was finished") as string,
    });
    const [left = ""] = await idsOf(sandbox, "cockroach");
    expect(await readFile(join(cwd, "stored"), "utf8")).toContain(left);
  });

  it("takes what it has stored itself for held, though the list of ids does not know it yet", async () => {
    const { sandbox, env } = await served();
    const held = join(await temporaryFolder(), "held");
    const id = issue(sandbox, "cockroach", "deploy");
    await writeFile(held, id);
    const args = ["rotate", "cockroach", id, "--exec", "cat >/dev/null", "--held", held];
    expect(await inProcess(args, { env })).toMatchObject({ code: 0 });
    expect(await idsOf(sandbox, "cockroach")).not.toContain(id);
  });

  it("changes what it is told to change, and nothing else", async () => {
    const { sandbox, env } = await served();
    const { id } = sandbox.issue("openrouter", { name: "deploy", limit: 5, limitReset: "daily" });
    const args = ["rotate", "openrouter", id, "--limit", "7", "--exec", "cat >/dev/null", "--json"];
    const { stdout } = await inProcess(args, { env });
    expect(JSON.parse(stdout)).toMatchObject([{ new: { name: "deploy", raw: { limit: 7, limit_reset: "daily" } } }]);
  });

  it("of the management key in use is refused, with the place to do it", async () => {
    const { sandbox, env } = await served();
    const [own] = sandbox.keys("openrouter");
    const { code, stderr } = await inProcess(["rotate", "openrouter", own?.hash ?? "", "--reveal"], { env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("web console") as string });
  });

  it.each([
    { provider: "estuary", flags: ["--permissions", "all"] },
    { provider: "cockroach", flags: [] },
  ] as const)("of the key in use works on $provider", async ({ provider, flags }) => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const [own] = JSON.parse((await inProcess(["list", provider, "--json"], { env })).stdout) as [{ id: string }];
    const { code } = await keysmith(["rotate", provider, own.id, "--out", "key", ...flags], { env, cwd: folder });
    expect(code).toBe(0);
    expect(sandbox.keys(provider)).toHaveLength(1);
    const again = await inProcess(["list", provider, "--api-key-file", "key"], { env, cwd: folder });
    expect(again.code).toBe(0);
  });
});

describe("an interrupt", () => {
  /** A sandbox that is sent a create, and goes on with it once the command has heard of the signal. */
  async function whileCreating(signal: NodeJS.Signals) {
    let interrupt: () => void = () => undefined;
    let heard: () => void = () => undefined;
    const interrupted = new Promise<void>((resolve) => (heard = resolve));
    const { sandbox, env } = await served(createSandbox(), async (method) => {
      if (method !== "POST") return;
      interrupt();
      await interrupted;
    });
    const watch = (child: ChildProcess, stderr: string) => {
      interrupt = () => child.kill(signal);
      if (stderr.includes("Stopping")) heard();
    };
    return { sandbox, env, watch };
  }

  it.each([
    { signal: "SIGINT", code: 130 },
    { signal: "SIGTERM", code: 143 },
    { signal: "SIGHUP", code: 129 },
  ] as const)(
    "by $signal before the key is stored undoes it, says where things stand, and is the exit code",
    async ({ signal, code }) => {
      const { sandbox, env, watch } = await whileCreating(signal);
      const id = issue(sandbox, "openrouter", "deploy");
      const ended = await keysmith(["rotate", "openrouter", id, "--out", "never"], { env, watch });
      const { stderr } = ended;
      expect({ stderr, code: ended.code }).toMatchObject({ code });
      expect(stderr).toMatch(/Stopping: what is not stored yet is undone/);
      expect(stderr).toMatch(/stopped at create: .* The new key was revoked; the old one is valid\./);
      expect(await idsOf(sandbox, "openrouter")).toEqual([id]);
    },
  );

  it("while the key is stored lets the rotation finish", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const id = issue(sandbox, "openrouter", "deploy");
    let sent = false;
    // The command waits for what is written once the interrupt was heard.
    const command = "echo storing >&2; until [ -e go ]; do sleep 0.02; done; cat > stored";
    const { code, stdout, stderr } = await keysmith(["rotate", "openrouter", id, "--exec", command], {
      env,
      cwd: folder,
      watch: (child, text) => {
        if (text.includes("storing") && !sent) sent = child.kill("SIGINT");
        if (text.includes("Stopping")) void writeFile(join(folder, "go"), "");
      },
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^deploy +revoked/m);
    expect(await readFile(join(folder, "stored"), "utf8")).toMatch(PLAINTEXT);
  });

  it("while one key is stored lets no other be stored after it: that one's rotation is undone", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const ids = [issue(sandbox, "openrouter", "one"), issue(sandbox, "openrouter", "other")];
    let sent = false;
    // The first waits until the journal says that the second is waiting to be stored, too.
    const waiting = `until [ "$(grep -l '"step":"store"' journal/*.jsonl | wc -l)" = 2 ]; do sleep 0.02; done`;
    const command = `${waiting}; echo storing >&2; until [ -e go ]; do sleep 0.02; done; cat >> stored`;
    const args = ["rotate", "openrouter", ...ids, "--yes", "--journal", "journal", "--exec", command];
    const { code, stderr } = await keysmith(args, {
      env,
      cwd: folder,
      watch: (child, text) => {
        if (text.includes("storing") && !sent) sent = child.kill("SIGINT");
        if (text.includes("Stopping")) void writeFile(join(folder, "go"), "");
      },
    });
    expect({ code, stderr }).toMatchObject({ code: 130 });
    expect(stderr).toMatch(/stopped at store: .*interrupted.* The new key was revoked; the old one is valid\./);
    expect((await readFile(join(folder, "stored"), "utf8")).match(/sk-or-/g)).toHaveLength(1);
    const left = await idsOf(sandbox, "openrouter");
    expect([left.length, left.filter((id) => ids.includes(id)).length]).toEqual([2, 1]);
  });

  it("that is repeated exits at once, says what may be left, and leaves it to be found", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const id = issue(sandbox, "openrouter", "deploy");
    let sent = false;
    let again: NodeJS.Timeout | undefined;
    const command = "echo storing >&2; until [ -e go ]; do sleep 0.02; done";
    const { code, stderr } = await keysmith(["rotate", "openrouter", id, "--exec", command], {
      env,
      cwd: folder,
      watch: (child, text) => {
        if (text.includes("storing") && !sent) sent = child.kill("SIGINT");
        // A person takes longer than whoever hands on what the terminal has sent already.
        if (text.includes("Stopping")) again ??= setTimeout(() => child.kill("SIGINT"), 250);
        // The command is none of ours to end.
        if (text.includes("Stopped at once")) void writeFile(join(folder, "go"), "");
      },
    });
    expect(code).toBe(4);
    expect(stderr).toMatch(
      new RegExp(`"deploy" \\(${id}\\) was at "store", and its successor "deploy" \\([0-9a-f]{64}\\) exists\\.`),
    );
    expect(stderr).toContain("`keysmith orphans openrouter`");
    const orphans = await inProcess(["orphans", "openrouter", "--json"], { env });
    expect(JSON.parse(orphans.stdout)).toMatchObject([{ verdict: "in-flight", predecessor: { id } }]);
  });

  it("of a create says what may have come of it, with exit code 4", async () => {
    const { sandbox, env, watch } = await whileCreating("SIGINT");
    sandbox.fail({ operation: "cockroach.createApiKey", kind: "lost", when: "after" });
    const args = ["create", "cockroach", "--name", "deploy", "--service-account", sandbox.serviceAccounts.none];
    const { code, stdout, stderr } = await keysmith([...args, "--reveal"], { env, watch });
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toMatch(/deploy +It has the same name/);
  });
});

describe("orphans", () => {
  /** A rotation whose store failed: both keys live, and nobody knows which is held. */
  async function leftover() {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const old = issue(sandbox, "openrouter", "deploy");
    const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
    await expect(rotate(keys, old, { store: () => Promise.reject(new Error("lost")) })).rejects.toThrow("lost");
    const [successor = ""] = (await idsOf(sandbox, "openrouter")).filter((id) => id !== old);
    const orphans = (...args: string[]) => inProcess(["orphans", "openrouter", ...args], { env, cwd: folder });
    const holds = (text: string) => writeFile(join(folder, "held"), text);
    return { sandbox, env, folder, old, successor, orphans, holds };
  }

  it("are told by what the store holds, and revoked on request alone", async () => {
    const { sandbox, old, successor, orphans, holds } = await leftover();
    const unsure = await orphans("--min-age", "1ns");
    expect(unsure.stdout).toMatch(
      new RegExp(`deploy +unknown +may be an orphan: give --read, --dotenv or --held +${successor} +replaces ${old}`),
    );
    await holds(`${old}\n`);
    const args = ["--held", "held", "--min-age", "1ns"];
    const sure = await orphans(...args);
    expect(sure.stdout).toMatch(/deploy +orphan +nobody holds it/);
    expect(await orphans(...args, "--revoke")).toMatchObject({ code: 2, stdout: "" });
    const rehearsal = await orphans(...args, "--revoke", "--dry-run");
    expect(rehearsal).toMatchObject({ code: 0, stderr: "Would revoke 1 of them; nothing was revoked.\n" });
    expect(await idsOf(sandbox, "openrouter")).toHaveLength(2);
    expect(await orphans(...args, "--revoke", "--yes")).toMatchObject({
      code: 0,
      stdout: `Revoked openrouter "deploy" (${successor}).\n`,
    });
    expect(await idsOf(sandbox, "openrouter")).toEqual([old]);
  });

  it.each([
    { title: "--read", given: ["--read", "cat secret"] },
    { title: "a dotenv file", given: ["--dotenv", ".env", "--variable", "KEY"] },
  ])("are told by the secret in the store, with $title, whatever a list of ids says", async ({ given }) => {
    const { sandbox, env } = await served();
    const cwd = await temporaryFolder();
    const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
    const old = sandbox.issue("openrouter", { name: "deploy" });
    await writeFile(join(cwd, "secret"), `${old.secret}\n`);
    await writeFile(join(cwd, ".env"), `KEY="${old.secret}"\n`);
    // Killed between its two writes: the id was noted, the secret was not stored.
    const note = (_: unknown, { id }: { id: string }) =>
      writeFile(join(cwd, "held"), id).then(() => Promise.reject(new Error("killed")));
    await rotate(keys, old.id, { store: note }).catch(() => undefined);
    const sweep = ["orphans", "openrouter", "--held", "held", ...given, "--yes"];
    const due = await inProcess([...sweep, "--retire-due", "1ns"], { env, cwd });
    expect(due).toMatchObject({ code: 0, stdout: expect.stringMatching(/deploy +orphan/) as string });
    const revoked = await inProcess([...sweep, "--revoke", "--min-age", "1ns"], { env, cwd });
    const id = await readFile(join(cwd, "held"), "utf8");
    expect(revoked).toMatchObject({ code: 0, stdout: `Revoked openrouter "deploy" (${id}).\n` });
    expect(await idsOf(sandbox, "openrouter")).toEqual([old.id]);
    for (const { stdout, stderr } of [due, revoked]) expect(stdout + stderr).not.toContain(old.secret);
  });

  it.each([
    { given: ["openrouter", "--read", "true"], code: 1, want: "--read: the command prints nothing" },
    {
      given: ["openrouter", "--read", "exit 3"],
      code: 1,
      want: "--read: the command of --read ended with exit code 3",
    },
    { given: ["openrouter", "--read", "nosuch-program"], want: "the shell finds no nosuch-program" },
    { given: ["openrouter", "--dotenv", "nosuch", "--variable", "A"], want: "--dotenv nosuch: it sets no A" },
    { given: ["openrouter", "--dotenv", ".env"], want: "belong together" },
    { given: ["openrouter", "--variable", "A"], want: "belong together" },
    { given: ["openrouter", "--dotenv", ".env", "--variable", "A", "--read", "cat x"], want: "Give one of them" },
    { given: ["openrouter", "cockroach", "--read", "echo x"], want: "of one provider. Name it" },
  ])("are not looked for where $want", async ({ given, want, code = 2 }) => {
    const { sandbox, env } = await served();
    const ended = await inProcess(["orphans", ...given], { env, cwd: await temporaryFolder() });
    expect(ended).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(want) as string });
    expect(sandbox.requests).toEqual([]);
  });

  it("whose rotation said when are retired then, without a duration", async () => {
    let now = Date.now();
    const { sandbox, env } = await served(createSandbox({ now: () => now }));
    const cwd = await temporaryFolder();
    const old = issue(sandbox, "openrouter", "deploy");
    const args = ["rotate", "openrouter", old, "--exec", "cat > stored", "--retire-after", "24h"];
    expect(await inProcess(args, { env, cwd })).toMatchObject({ code: 0 });
    const sweep = ["orphans", "openrouter", "--read", "cat stored", "--retire-due", "--yes"];
    expect(await inProcess(sweep, { env, cwd })).toMatchObject({ code: 0 });
    now += 23 * 3_600_000;
    expect(await inProcess(sweep, { env, cwd })).toMatchObject({ code: 0 });
    expect(await idsOf(sandbox, "openrouter")).toContain(old);
    now += 2 * 3_600_000;
    vi.setSystemTime(now);
    onTestFinished(() => void vi.useRealTimers());
    const due = await inProcess(sweep, { env, cwd });
    expect(due).toMatchObject({ code: 0, stdout: `Revoked openrouter "deploy" (${old}).\n` });
  });

  it("cannot be told where the key in the store is refused, with advice that fits a sweep", async () => {
    const { sandbox, env } = await served();
    issue(sandbox, "openrouter", "deploy");
    const ended = await inProcess(["orphans", "openrouter", "--read", `printf sk-or-v1-${"7".repeat(64)}`], { env });
    expect(ended.code).toBe(1);
    const words = ended.stderr.replace(/\s+/g, " ");
    expect(words).toContain(
      "It is the key in the store that is refused: it may be revoked. Put one that works into the",
    );
    expect(words).not.toMatch(/Name the key|Check that the credential/);
  });

  it.each([
    { given: ["--retire-due", "openrouter"], want: "Name providers first" },
    { given: ["openrouter", "--retire-due", "1h", "--min-age", "1h"], want: "needs no --min-age" },
    { given: ["openrouter", "--retire-due", "--revoke"], want: "cannot be used with" },
  ])("are not retired by $given: $want", async ({ given, want }) => {
    const ended = await inProcess(["orphans", ...given, "--held", "x"], { env: (await served()).env });
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(want) as string });
  });

  const other = "1234abcd-1234-4234-abcd-12345678abcd";
  it.each([
    { given: ["--revoke"], held: "old", want: { default: 1, other: 2 } },
    { given: ["--revoke", "--workspace", other], held: "old", want: { default: 2, other: 1 } },
    { given: ["--retire-due", "1ns"], held: "new", want: { default: 1, other: 2 } },
    { given: ["--retire-due", "1ns", "--workspace", other], held: "new", want: { default: 2, other: 1 } },
  ] as const)("are looked for in one workspace of OpenRouter: $given", async ({ given, held, want }) => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
    const idsIn = async (workspaceId?: string) =>
      (await keys.list({ workspaceId }).toArray()).filter(({ name }) => name !== "sandbox").map(({ id }) => id);
    const old = [undefined, other].map((workspaceId) => sandbox.issue("openrouter", { workspaceId }).id);
    for (const id of old)
      await rotate(keys, id, { store: () => Promise.reject(new Error("lost")) }).catch(() => undefined);
    const all = [...(await idsIn()), ...(await idsIn(other))];
    expect(all).toHaveLength(4);
    const file = join(folder, "held");
    await writeFile(file, (held === "old" ? old : all.filter((id) => !old.includes(id))).join("\n"));
    const minAge = given[0] === "--revoke" ? ["--min-age", "1ns"] : [];
    const { code, stdout } = await inProcess(["orphans", "openrouter", ...given, ...minAge, "--held", file, "--yes"], {
      env,
    });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Revoked openrouter "[^"]+" \([0-9a-f]{64}\)\.\n$/) as string,
    });
    expect({ default: (await idsIn()).length, other: (await idsIn(other)).length }).toEqual(want);
  });

  it("that were revoked are told, though those of another provider cannot be", async () => {
    let lists = 0;
    const { sandbox, env } = await served(undefined, (_, path) => {
      if (!path.startsWith("/cockroach") || ++lists === 1) return;
      sandbox.fail({ operation: "cockroach.listApiKeys", kind: "status", status: 403 });
    });
    const folder = await temporaryFolder();
    const old = issue(sandbox, "openrouter", "deploy");
    const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
    await expect(rotate(keys, old, { store: () => Promise.reject(new Error("lost")) })).rejects.toThrow("lost");
    const held = join(folder, "held");
    await writeFile(held, old);
    const args = ["orphans", "openrouter", "cockroach", "--held", held, "--min-age", "1ns", "--revoke", "--yes"];
    expect(await inProcess(args, { env })).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^Revoked openrouter "[^"]+" \([0-9a-f]{64}\)\.\n$/) as string,
      stderr: expect.stringMatching(/^keysmith: cockroach listApiKeys: 403/) as string,
    });
    expect(await idsOf(sandbox, "openrouter")).toEqual([old]);
  });

  it("are told as far as they were revoked when an interrupt came", async () => {
    let deletes = 0;
    const { sandbox, env } = await served(undefined, (method) => {
      if (method === "DELETE" && ++deletes === 2) process.emit("SIGINT", "SIGINT");
    });
    const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
    const old = ["a", "b", "c"].map((name) => issue(sandbox, "openrouter", name));
    for (const id of old) {
      await rotate(keys, id, { store: () => Promise.reject(new Error("lost")) }).catch(() => undefined);
    }
    const held = join(await temporaryFolder(), "held");
    await writeFile(held, old.join("\n"));
    const args = ["orphans", "openrouter", "--held", held, "--min-age", "1ns", "--revoke", "--yes"];
    const { code, stdout, stderr } = await inProcess(args, { env });
    expect({ code, stdout }).toEqual({
      code: 130,
      stdout: expect.stringMatching(/^Revoked openrouter "[^"]+" \([0-9a-f]{64}\)\.\n$/) as string,
    });
    expect(stderr.match(/: interrupted\./g)).toHaveLength(2);
    expect(deletes).toBe(2);
  });

  it("left by a rotation that was stored are finished by retiring the predecessor", async () => {
    const { sandbox, old, successor, orphans, holds } = await leftover();
    await holds(JSON.stringify([successor]));
    const { code, stdout } = await orphans("--held", "held", "--retire-due", "1ns", "--yes", "--json");
    expect({ code, found: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 0,
      found: [{ key: { id: successor }, verdict: "unretired", predecessor: { id: old }, revoked: true }],
    });
    expect(await idsOf(sandbox, "openrouter")).toEqual([successor]);
  });

  it("heal when the rotation is run again with what the store holds", async () => {
    const { sandbox, env, folder, old, successor, holds } = await leftover();
    const again = ["rotate", "openrouter", old, "--exec", "exit 10"];
    const pending = await inProcess(again, { env });
    expect({ code: pending.code, stderr: pending.stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--held FILE") as string,
    });
    await holds(successor);
    const { code, stdout, stderr } = await inProcess([...again, "--held", "held", "--min-age", "1ns"], {
      env,
      cwd: folder,
    });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(`new ${successor}`) as string });
    expect(stderr).toContain("An earlier rotation was finished");
    expect(await idsOf(sandbox, "openrouter")).toEqual([successor]);
  });

  it("are none where no rotation was", async () => {
    const { env } = await served();
    expect(await inProcess(["orphans"], { env })).toEqual({
      code: 0,
      stdout: "",
      stderr: "No key carries the trace of a rotation.\n",
    });
  });
});

describe("--journal", () => {
  it("notes what is under way without a secret, and keeps a second rotation out", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const id = issue(sandbox, "openrouter", "deploy");
    const args = ["rotate", "openrouter", id, "--journal", "journal", "--exec"];
    const broken = await keysmith([...args, "cat > stored; cat journal/* > seen; exit 1"], { env, cwd: folder });
    expect(broken.code).toBe(4);
    const seen = await readFile(join(folder, "seen"), "utf8");
    expect(
      seen
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { step?: string }).step),
    ).toEqual([undefined, ..."read create claim prepare verify store".split(" ")]);
    expect(seen).not.toContain(await readFile(join(folder, "stored"), "utf8"));
    const [name = ""] = await readdir(join(folder, "journal"));
    expect((await stat(join(folder, "journal", name))).mode & 0o777).toBe(0o600);
    const again = await keysmith([...args, "cat >/dev/null"], { env, cwd: folder });
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(
      /has made the key [0-9a-f]{64} and came to "store"\. Once nothing was written into journal\/openrouter-.* takes it over/,
    );
  });

  it("heals when the command that was killed is run again", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const id = issue(sandbox, "openrouter", "deploy");
    await writeFile(join(folder, "held"), id);
    const save =
      'cat > stored; echo "$KEYSMITH_KEY_ID" > held; [ -e go ] || { echo storing >&2; until [ -e go ]; do sleep 0.02; done; }';
    const flags = ["--exec", save, "--held", "held", "--journal", "journal", "--min-age", "1ns", "--yes"];
    const args = ["rotate", "openrouter", id, ...flags];
    const killed = await keysmith(args, {
      env,
      cwd: folder,
      watch: (child, text) => {
        if (text.includes("storing")) child.kill("SIGKILL");
      },
    });
    expect(killed.code).not.toBe(0);
    await writeFile(join(folder, "go"), "");
    const again = await keysmith(args, { env, cwd: folder });
    expect({ code: again.code, stderr: again.stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("An earlier rotation was finished") as string,
    });
    expect(await idsOf(sandbox, "openrouter")).toEqual([(await readFile(join(folder, "held"), "utf8")).trim()]);
    expect(await readdir(join(folder, "journal"))).toEqual([]);
  });

  it("holds nothing of a rotation that has ended", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    const args = ["--journal", "journal", "--exec", "cat >/dev/null"];
    const id = issue(sandbox, "cockroach", "deploy");
    expect((await inProcess(["rotate", "cockroach", id, ...args], { env, cwd: folder })).code).toBe(0);
    expect(await readdir(join(folder, "journal"))).toEqual([]);
  });
});
