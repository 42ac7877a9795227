/** `--exec` and `--read` without the rest of the command. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { exec } from "../../src/cli/sinks/exec.js";
import { programsOf, whyNotRunnable } from "../../src/cli/sinks/runnable.js";
import { remember } from "../../src/cli/secrets.js";
import { Secret, type ApiKey } from "../../src/index.js";

const key = { provider: "openrouter", id: "0123456789abcdef", name: "deploy" } as ApiKey;
const plaintext = `sk-or-v1-${"0e6f44a4".repeat(8)}`;

/** What a command prints that is given a key to store. */
async function printed(command: string): Promise<string> {
  remember(plaintext);
  let text = "";
  const write = vi.spyOn(process.stderr, "write").mockImplementation((more) => Boolean((text += String(more))));
  try {
    await exec(command).store(new Secret(plaintext), key);
  } finally {
    write.mockRestore();
  }
  return text;
}

describe("a command that is given a new key", () => {
  it.each(["cat", "base64", "base64 -w 20", "od -An -tx1", "(echo KEY; cat) | tr '\\n' '=' | base64", "fold -w 5"])(
    "cannot show it: %s",
    async (command) => {
      const text = await printed(command);
      expect(text).toContain("[secret]");
      const bytes = Buffer.from(plaintext);
      for (const form of [plaintext, bytes.toString("hex"), bytes.toString("base64")]) {
        expect(text.replace(/\s/g, "")).not.toContain(form.slice(12, 40));
      }
    },
  );

  it("is not run where nobody has lived to give it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "keysmith-"));
    const vault = join(folder, "vault");
    await writeFile(vault, "the old key");
    // What a process has open is closed when it is killed.
    const closed = function (this: Socket) {
      return this.destroy();
    };
    const ends = vi.spyOn(Socket.prototype, "end").mockImplementation(closed);
    const writes = vi.spyOn(Socket.prototype, "write").mockImplementation(function (this: Socket) {
      closed.call(this);
      return false;
    });
    try {
      const stored = exec(`cat > '${vault}.new' && mv '${vault}.new' '${vault}'`).store(new Secret(plaintext), key);
      await expect(stored).rejects.toMatchObject({ name: "NotStoredError" });
    } finally {
      ends.mockRestore();
      writes.mockRestore();
    }
    expect(await readFile(vault, "utf8")).toBe("the old key");
    await rm(folder, { recursive: true });
  });

  it("may print 16 MB without a line's end", async () => {
    const text = await printed("cat >/dev/null; head -c 16000000 /dev/zero | tr '\\0' x");
    expect(text).toHaveLength(16_000_001);
  });

  it.each<{ command: string; want: string[] | undefined }>([
    { command: "./save.sh", want: ["./save.sh"] },
    { command: "  A=1 B='x y' save --to \"$HOME/a b\" > /dev/null", want: ["save"] },
    { command: "cat | tee 'a|b' | vault kv put x=-", want: ["cat", "tee", "vault"] },
    { command: "cat > vault; nosuch", want: ["cat"] },
    { command: "cat > vault && nosuch || nosuch", want: ["cat"] },
    { command: '"$HOME/bin/save" x', want: ['"$HOME/bin/save"'] },
    { command: "${SAVE} x", want: ["${SAVE}"] },
    { command: "save $(date)", want: ["save"] },
    { command: "if true; then cat; fi", want: ["if"] },
    { command: "f() { cat; }; f", want: undefined },
    { command: "f () { cat; }; f", want: undefined },
    { command: "(cat > vault)", want: undefined },
    { command: "{ cat; }", want: undefined },
    { command: "$(which save)", want: undefined },
    { command: '"$(which save)" x', want: undefined },
    { command: '"`which save`" x', want: undefined },
    { command: 'my"$(which save)" x', want: undefined },
    { command: "/opt/$(uname)/save x", want: undefined },
    { command: "/opt/`uname`/save x", want: undefined },
    { command: "./sav? x", want: undefined },
    { command: "./save* x", want: undefined },
    { command: "cat>vault", want: ["cat"] },
    { command: "cat|tee|./save.sh&", want: ["cat", "tee", "./save.sh"] },
    { command: "> vault cat", want: undefined },
    { command: "! cat", want: undefined },
    { command: "KEY=$(cat); vault kv put x=$KEY", want: undefined },
    { command: 'A=1 KEY="$(cat)"; vault kv put x=$KEY', want: undefined },
    { command: "KEY=`cat`\nvault kv put x=$KEY", want: undefined },
    { command: "A=1\ncat > vault", want: undefined },
    { command: "A+=1; cat > vault", want: undefined },
    { command: "2>log cat > vault", want: undefined },
    { command: "PATH=$HOME/bin:$PATH save", want: undefined },
    { command: "A=1 PATH='/my bin' save", want: undefined },
    { command: "MYPATH=/bin save", want: ["save"] },
    { command: "cat >| vault", want: ["cat"] },
  ])("is looked for by the words that the shell looks for: $command", ({ command, want }) => {
    expect(programsOf(command)).toEqual(want);
  });
});

describe.skipIf(process.platform === "win32")("a command whose program is not there", () => {
  it("was not run, so nothing of it was", async () => {
    expect(await whyNotRunnable("nosuchprogram --save")).toContain("the shell finds no nosuchprogram");
    expect(await whyNotRunnable("cat --save")).toBeUndefined();
  });

  it("is looked for by a shell that has no credential", async () => {
    vi.stubEnv("OPENROUTER_MANAGEMENT_KEY", "nosuchprogram");
    vi.stubEnv("SAVE", "nosuchprogram");
    expect(await whyNotRunnable("$OPENROUTER_MANAGEMENT_KEY")).toBeUndefined();
    expect(await whyNotRunnable("$SAVE")).toContain("the shell finds no $SAVE");
  });

  it.each([
    "nosuchprogram; cat > vault",
    "nosuchprogram & cat > vault",
    "nosuchprogram\ncat > vault",
    "nosuchprogram | cat > vault",
    "nosuchprogram || cat > vault",
    "nosuchprogram `cat > vault`",
    'nosuchprogram "$(cat > vault)"',
  ])("may have stored the key by another one: %j", async (command) => {
    expect(await whyNotRunnable(command)).toBeUndefined();
  });
});

describe.skipIf(process.platform === "win32")("a command that ends well", () => {
  it.each(["true", 'echo "$1" > /dev/null', "cat < /dev/null"])(
    "and has read nothing has stored nothing: %s",
    async (command) => {
      await expect(exec(command).store(new Secret(plaintext), key)).rejects.toMatchObject({
        name: "NotStoredError",
        message: expect.stringContaining("never read its standard input") as string,
      });
    },
  );

  it("and has read a part may have stored that", async () => {
    await expect(exec("head -c 20 > /dev/null").store(new Secret(plaintext), key)).rejects.toMatchObject({
      name: "Error",
      message: expect.stringContaining("left 53 bytes of the key unread") as string,
    });
  });

  it.each([
    "cat > /dev/null",
    "read -r key || true",
    "(cat > /dev/null)",
    "exec cat > /dev/null",
    "cat > /dev/null; sleep 5 &",
  ])("and has read all is believed: %s", async (command) => {
    await expect(exec(command).store(new Secret(plaintext), key)).resolves.toBeUndefined();
  });
});

describe("--read", () => {
  it("shows what its command says besides, but not the secret that it prints", async () => {
    const stored = `sk-or-v1-${"5ec2e7".repeat(10)}abcd`;
    let text = "";
    vi.spyOn(process.stderr, "write").mockImplementation((more) => Boolean((text += String(more))));
    const command = `echo 'reads the vault' >&2; set -x; echo ${stored}`;
    expect((await exec("cat", command).read?.())?.reveal()).toBe(stored);
    expect(text).toBe("reads the vault\n+ echo [secret]\n");
  });

  it.each([
    { command: `echo ${plaintext}`, want: plaintext },
    { command: `printf ${plaintext}`, want: plaintext },
    { command: "true", want: undefined },
    { command: "echo", want: undefined },
  ])("gives what the command prints: $command", async ({ command, want }) => {
    expect((await exec("cat", command).read?.())?.reveal()).toBe(want);
  });

  it.each([
    { command: "echo x; exit 3", want: "the command of --read ended with exit code 3" },
    { command: "kill -9 $$", want: "the signal SIGKILL" },
    { command: "head -c 1000000 /dev/zero | tr '\\0' x", want: "prints more than a secret" },
  ])("fails where the command does: $command", async ({ command, want }) => {
    await expect(exec("cat", command).read?.()).rejects.toThrow(want);
  });
});
