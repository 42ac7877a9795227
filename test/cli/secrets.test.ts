import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Program } from "../helpers/processes.js";
import { names, until } from "../helpers/providers.js";
import { inProcess } from "./in-process.js";
import {
  commandFile,
  creating,
  keysmith,
  PLAINTEXT,
  served,
  temporaryFolder,
  useCommand,
  type RunOptions,
} from "./keysmith.js";

useCommand();

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

/** @param options of the process that the command is then; without, it runs within this one */
async function creation(options?: RunOptions) {
  const { sandbox, env } = await served();
  const folder = await temporaryFolder();
  const create = (...sink: string[]) => {
    const args = [...creating("openrouter"), ...sink];
    return options ? keysmith(args, { env, cwd: folder, ...options }) : inProcess(args, { env, cwd: folder });
  };
  /** How many keys there are besides the credential. */
  const made = () => sandbox.keys("openrouter").length - 1;
  return { sandbox, env, folder, create, made, read: (name: string) => readFile(join(folder, name), "utf8") };
}

describe("--out", () => {
  it.each(names)("writes the key of %s alone, for its owner alone", async (provider) => {
    const { env } = await served();
    const folder = await temporaryFolder();
    const path = join(folder, "key");
    const { code, stdout, stderr } = await keysmith([...creating(provider), "--out", path], { env });
    expect(code).toBe(0);
    expect(await readFile(path, "utf8")).toMatch(new RegExp(`^(${PLAINTEXT.source})$`));
    expect(await modeOf(path)).toBe("600");
    expect(stdout + stderr).not.toMatch(PLAINTEXT);
    const told: string[] = ["openrouter", "cloudflare"];
    const back = await inProcess([told.includes(provider) ? "current" : "list", provider, "--api-key-file", path], {
      env,
    });
    // A key of a project of OpenAI's, or of an application of Unleash's, is accepted, and may do nothing there.
    expect(back.code).toBe(["openaiproject", "unleash"].includes(provider) ? 1 : 0);
  });

  it("never overwrites, and looks before it creates", async () => {
    const { sandbox, folder, create, read } = await creation();
    await writeFile(join(folder, "key"), "precious", { mode: 0o755 });
    await symlink("nowhere", join(folder, "link"));
    for (const [path, want] of [
      ["key/new", "not a directory"],
      ["key", "never overwritten"],
      ["link", "never overwritten"],
      ["new/", "that is a folder"],
      ["no/such", "no such file or directory"],
    ] as const) {
      const { code, stderr } = await create("--out", path);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(want) as string });
    }
    expect(await read("key")).toBe("precious");
    expect(sandbox.requests).toEqual([]);
  });

  // Root may write anywhere.
  it.skipIf(process.getuid?.() === 0).each(["500", "600"])(
    "looks before it creates whether its folder can be written into, with mode %s",
    async (mode) => {
      const { sandbox, folder, create } = await creation();
      await mkdir(join(folder, "shut"), { mode: parseInt(mode, 8) });
      expect(await create("--out", "shut/key")).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/nothing can be written into .*shut \(permission denied\)/) as string,
      });
      expect(sandbox.requests).toEqual([]);
    },
  );

  it("revokes the key that it cannot write, and says so", async () => {
    const folder = await temporaryFolder();
    // The file appears while the key is made.
    const { sandbox, env } = await served(
      undefined,
      (method) => method === "POST" && writeFile(join(folder, "key"), "precious"),
    );
    const { code, stderr } = await inProcess([...creating("cockroach"), "--out", "key"], { env, cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /"deploy" \(CCDB1_\w+\) was created, and .*file already exists.* Nobody has it, so the key was revoked\./,
    );
    expect(sandbox.keys("cockroach")).toHaveLength(1);
    expect(await readFile(join(folder, "key"), "utf8")).toBe("precious");
  });
});

describe("--dotenv", () => {
  const before = "# mine\r\nA='1'\nexport KEY=\"old\" # note\n\xfflast=x";

  it("replaces one variable, keeps every other byte, and leaves nobody else in", async () => {
    const { folder, create } = await creation();
    const path = join(folder, ".env");
    await writeFile(path, before, "latin1");
    await chmod(path, 0o644);
    const { code, stdout, stderr } = await create("--dotenv", ".env", "--variable", "KEY");
    expect(code).toBe(0);
    const after = await readFile(path, "latin1");
    const [plaintext = ""] = PLAINTEXT.exec(after) ?? [];
    expect(after).toBe(before.replace("old", plaintext));
    expect(await modeOf(path)).toBe("600");
    expect(stderr).toContain(".env was open to others (mode 644)");
    expect(await readdir(folder)).toEqual([".env"]);
    expect(stdout + stderr).not.toMatch(PLAINTEXT);
  });

  it("keeps a mode that is narrower", async () => {
    const { folder, create } = await creation();
    const path = join(folder, ".env");
    await writeFile(path, "", { mode: 0o400 });
    expect((await create("--dotenv", ".env", "--variable", "KEY")).code).toBe(0);
    expect(await modeOf(path)).toBe("400");
  });

  it("makes the file, for its owner alone, where there is none", async () => {
    const { folder, create, read } = await creation({});
    expect((await create("--dotenv", ".env", "--variable", "KEY")).code).toBe(0);
    expect(await read(".env")).toMatch(new RegExp(`^KEY=(${PLAINTEXT.source})\n$`));
    expect(await modeOf(join(folder, ".env"))).toBe("600");
  });

  it.each([
    { name: "KEY", make: (path: string) => symlink("/dev/null", path), want: "it is a link to /dev/null" },
    { name: "KEY", make: (path: string) => writeFile(path, "KEY=1\nKEY=2\n"), want: "KEY is set 2 times" },
    { name: "not a name", make: (path: string) => writeFile(path, ""), want: '--variable is "not a name"' },
  ])("refuses before anything is sent: $want", async ({ name, make, want }) => {
    const { sandbox, folder, create } = await creation();
    await make(join(folder, ".env"));
    const { code, stderr } = await create("--dotenv", ".env", "--variable", name);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(want) as string });
    expect(sandbox.requests).toEqual([]);
  });

  it("does not take back what somebody else wrote meanwhile", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, ".env");
    await writeFile(path, "KEY=1\n");
    const { sandbox, env } = await served(
      undefined,
      (method) => method === "POST" && writeFile(path, "KEY=1\nKEY=2\n"),
    );
    const { code, stderr } = await inProcess([...creating("estuary"), "--dotenv", path, "--variable", "KEY"], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/KEY is set 2 times.*so the key was revoked/);
    expect(await readFile(path, "utf8")).toBe("KEY=1\nKEY=2\n");
    expect(sandbox.keys("estuary")).toHaveLength(1);
  });
});

describe.each(["--out", "--dotenv", "--exec"])("%s", (flag) => {
  it.each(["", " "])(
    "that is empty, as an unset variable is, is refused before anything is sent: %j",
    async (given) => {
      if (given !== "" && flag !== "--exec") return;
      const { sandbox, env } = await served();
      const args = [...creating("openrouter"), flag, given, ...(flag === "--dotenv" ? ["--variable", "KEY"] : [])];
      expect(await inProcess(args, { env })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`${flag} is empty`) as string,
      });
      expect(sandbox.requests).toEqual([]);
    },
  );
});

describe("--exec", () => {
  it("does not wait for what the command has left running in the background", async () => {
    const { env } = await served();
    const folder = await temporaryFolder();
    // It ends with the folder.
    const command = `cat >/dev/null; (while [ -e ${folder} ]; do sleep 0.05; done) & echo said >&2`;
    const ended = await inProcess([...creating("openrouter"), "--exec", command], { env });
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("said\n") as string });
  });

  it("is waited for, though it is interrupted, while a new key is stored", async () => {
    const { env, sandbox } = await served();
    const folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    const command = `touch ${at("begun")}; until [ -e ${at("go")} ]; do sleep 0.02; done; cat > ${at("stored")}`;
    const ended = inProcess([...creating("openrouter"), "--exec", command], { env });
    await until(() => existsSync(at("begun")));
    process.emit("SIGTERM", "SIGTERM");
    await writeFile(at("go"), "");
    expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining("Stopping") as string });
    expect(await readFile(at("stored"), "utf8")).toMatch(PLAINTEXT);
    expect(sandbox.keys("openrouter")).toHaveLength(2);
  });

  it("gives a command the plaintext on its input, the ids in its environment, and neither to anybody else", async () => {
    const { sandbox, env, create, made, read } = await creation({});
    // Of this process and the command's alone: others of the machine may well be given a sandbox's credential.
    const { code, stdout, stderr } = await create(
      "--exec",
      "cat > stored; env > environment; ps -ww -o args -p $$ -p $PPID -p $(ps -o ppid= -p $PPID) > processes; cat stored; echo saved >&2",
    );
    expect({ code, made: made() }).toEqual({ code: 0, made: 1 });
    const plaintext = await read("stored");
    expect(plaintext).toMatch(new RegExp(`^(${PLAINTEXT.source})$`));
    const { hash } = sandbox.keys("openrouter").find(({ name }) => name === "deploy") ?? {};
    const environment = await read("environment");
    expect(environment).toMatch(new RegExp(`^KEYSMITH_KEY_ID=${String(hash)}$`, "m"));
    expect(environment).toMatch(/^KEYSMITH_PROVIDER=openrouter$/m);
    expect(environment).not.toContain(plaintext);
    const processes = await read("processes");
    expect(processes).toContain("--exec");
    expect(processes).not.toContain(plaintext);
    expect(processes).not.toContain(env["OPENROUTER_MANAGEMENT_KEY"]);
    expect(stdout + stderr).not.toContain(plaintext);
    expect(stderr).toContain("[secret]\n");
    expect(stdout).toMatch(/^name +deploy$/m);
  });

  it.each([
    {
      command: "exit 10",
      code: 1,
      kept: 0,
      want: /says that it wrote nothing \(exit code 10\)\. Nobody has it, so the key was revoked/,
    },
    {
      command: "cat > /dev/null; exit 1",
      code: 4,
      kept: 1,
      want: /exit code 1\. It may be there all the same, so the key was kept\. Look, and if not: keysmith revoke openrouter [0-9a-f]{64}/,
    },
    { command: "cat > /dev/null; kill -9 $$", code: 4, kept: 1, want: /the signal SIGKILL/ },
    { command: "cat >&2; exit 0", code: 0, kept: 1, want: /plaintext went to the command cat >&2; exit 0/ },
  ])("takes the exit code at its word: $command", async ({ command, code, kept, want }) => {
    const { create, made } = await creation();
    const ended = await create("--exec", command);
    expect(ended.stderr).toMatch(want);
    expect({ code: ended.code, made: made() }).toEqual({ code, made: kept });
    expect(ended.stdout + ended.stderr).not.toMatch(PLAINTEXT);
  });

  it("names the key that can be neither stored nor revoked", async () => {
    const { sandbox, create, made } = await creation();
    sandbox.fail({ operation: "openrouter.deleteApiKey", kind: "status", status: 403 });
    const { code, stderr } = await create("--exec", "exit 10");
    expect({ code, made: made() }).toEqual({ code: 1, made: 1 });
    expect(stderr).toMatch(/revoking the key failed, too: .*403.* Revoke it: keysmith revoke openrouter [0-9a-f]{64}/);
  });
});

describe("--reveal", () => {
  it("prints the plaintext and nothing else to standard output", async () => {
    const { create } = await creation({});
    const { code, stdout, stderr } = await create("--reveal");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^(${PLAINTEXT.source})\n$`));
    expect(stderr).toMatch(/^name +deploy$/m);
    expect(stderr).not.toMatch(PLAINTEXT);
  });

  it("is a field of the key's JSON, with --json", async () => {
    const { create } = await creation({});
    const { stdout } = await create("--reveal", "--json");
    expect(stdout).toMatch(/^\{.*\}\n$/s);
    expect(JSON.parse(stdout)).toMatchObject({ name: "deploy", secret: expect.stringMatching(PLAINTEXT) as string });
  });

  it("refuses before anything is sent where the standard output leads nowhere", async () => {
    const { sandbox, env } = await creation();
    const args = [commandFile(), ...creating("openrouter"), "--reveal"];
    const program = new Program(process.execPath, args, { env: { ...process.env, ...env }, output: "ignore" });
    expect(await program.ended).toMatchObject({ code: 2 });
    expect(sandbox.requests).toEqual([]);
  });

  it("revokes the key that nobody reads", async () => {
    const { create, made } = await creation({ watch: (child) => child.stdout?.destroy() });
    const { code, stderr } = await create("--reveal");
    expect({ code, made: made() }).toEqual({ code: 1, made: 0 });
    expect(stderr).toContain("standard output does not take it");
  });
});

describe("--api-key-file", () => {
  it("that begins with a tilde, which shells leave as it is behind =, is below the user's home", async () => {
    const { sandbox, env } = await served();
    const home = await temporaryFolder();
    await writeFile(join(home, "key"), sandbox.credentials.openrouter);
    const { OPENROUTER_MANAGEMENT_KEY: _, ...rest } = env;
    const args = ["list", "openrouter", "--api-key-file=~/key"];
    expect(await inProcess(args, { env: { ...rest, HOME: home, USERPROFILE: home } })).toMatchObject({ code: 0 });
  });

  it.each([
    { text: "OPENROUTER_MANAGEMENT_KEY=sk-or-v1-a\n", want: /it sets a variable, as a dotenv file does/ },
    { text: "export KEY='sk-or-v1-a'\n", want: /it sets a variable/ },
    { text: "sk-or-v1-a\nsk-or-v1-b\n", want: /more than one word/ },
    { text: "sk-\0a", want: /what is no text/ },
  ])("is refused before it is sent where it holds something else: $want", async ({ text, want }) => {
    const { sandbox, env } = await served();
    const path = join(await temporaryFolder(), "file");
    await writeFile(path, text);
    const { code, stderr } = await inProcess(["list", "openrouter", "--api-key-file", path], { env });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(want) as string });
    expect(stderr).not.toContain("sk-");
    expect(sandbox.requests).toEqual([]);
  });

  it.each(["utf8", "utf16le"] as const)("may begin with a byte order mark: %s", async (encoding) => {
    const { env } = await served();
    const path = join(await temporaryFolder(), "file");
    await writeFile(path, `\ufeff${env["OPENROUTER_MANAGEMENT_KEY"] ?? ""}\r\n`, encoding);
    expect(await inProcess(["list", "openrouter", "--api-key-file", path], { env })).toMatchObject({ code: 0 });
  });

  it("takes the credential from standard input, too", async () => {
    const { env } = await served();
    const { OPENROUTER_MANAGEMENT_KEY: stdin = "", ...rest } = env;
    const args = ["list", "openrouter", "--api-key-file", "-"];
    expect(await keysmith(args, { env: rest, stdin: `${stdin}\n` })).toMatchObject({ code: 0 });
    expect(await keysmith(args, { env: rest })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--api-key-file: standard input is empty.") as string,
    });
  });
});
