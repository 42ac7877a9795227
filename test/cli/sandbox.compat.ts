/** `keysmith sandbox -- COMMAND`: a program that is run for as long as there is a sandbox, and the other way round. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSandbox } from "../../src/sandbox/index.js";
import { Program, type StartOptions } from "../helpers/processes.js";
import { atTerminal } from "./terminal.js";
import { commandFile, environment, keysmith, temporaryFolder, useCommand } from "./keysmith.js";

useCommand();

const node = process.execPath;

function start(args: string[], { env = {}, ...options }: StartOptions = {}): Program {
  return new Program(node, [commandFile(), "sandbox", ...args], { env: environment(env), ...options });
}

const running = (args: string[], options?: StartOptions) => start(args, options).ended;

/** A program that asks the sandbox itself, and keysmith's providers, for something, and prints it. */
const asking = (expression: string): string[] => [
  ...["--", node, "--input-type=module", "-e"],
  `const env = process.env;
   const get = (path, init) => fetch(env.KEYSMITH_SANDBOX_URL + path, init);
   const current = (key = env.OPENROUTER_MANAGEMENT_KEY) =>
     fetch(env.OPENROUTER_BASE_URL + "/key", { headers: { authorization: "Bearer " + key } });
   console.log(${expression});`,
];

describe("a command that the sandbox is served for", () => {
  it("is given the variables, its arguments as they are, and its input, and gives its output and exit code", async () => {
    const script = `process.stdin.pipe(process.stdout).on("unpipe", () => {
      console.log(JSON.stringify([process.argv.slice(1), Object.keys(process.env).filter((name) => /_URL$|_KEY$/.test(name)).sort()]));
      process.exitCode = 7;
    })`;
    const args = ["--port", "x", "--provider", "./none.js", "--help", "--", "-"];
    const { code, stdout, stderr } = await running(["--", node, "-e", script, "--", ...args], { stdin: "in\n" });
    expect({ code, stderr }).toEqual({ code: 7, stderr: "" });
    const [first, second = ""] = stdout.split("\n");
    expect(first).toBe("in");
    expect(JSON.parse(second)).toEqual([args, expect.arrayContaining(["KEYSMITH_SANDBOX_URL", "OPENROUTER_BASE_URL"])]);
  });

  it("works with keysmith itself", async () => {
    const { code, stdout } = await running(["--", node, commandFile(), "list", "cockroach", "--output", "ids"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "CCDB1_SandboxSandboxSandbox0\n" });
  });

  it("meets faults, a rate limit, another time, and keys that are there already", async () => {
    const cwd = await temporaryFolder();
    await writeFile(
      join(cwd, "seed.yaml"),
      `openrouter:
  - name: old
    createdAt: { ago: 40d }
    limit: 20
    spent: 19.5
    variable: APP_KEY
  - { name: expired, expiresAt: 2026-01-01T00:00:00Z, variable: EXPIRED }
  - { name: disabled, disabled: true, variable: DISABLED }
estuary: [{ label: session, isSession: true }]
`,
    );
    const options = ["--seed", "seed.yaml", "--now", "2026-06-01", "--rate-limit", "5/60"];
    const faults = ["--fault", "openrouter.getCurrentApiKey=503", "--fault", "*=lost,when=before,times=1"];
    const { stdout, stderr } = await running(
      [
        ...[...options, ...faults],
        ...asking(`JSON.stringify([
          (await current()).status,
          await current().catch((error) => error.message),
          (await (await current(env.APP_KEY)).json()).data.limit_remaining,
          (await current(env.EXPIRED)).status,
          (await current(env.DISABLED)).status,
          (await current()).status,
          (await (await get("/_sandbox")).json()).now.slice(0, 10),
        ])`),
      ],
      { cwd },
    );
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual([503, "fetch failed", 0.5, 401, 401, 429, "2026-06-01"]);
  });

  it("reaches the sandbox where there is a proxy", async () => {
    const env = { HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "a.example" };
    const { stdout } = await running(asking("env.NO_PROXY + ' ' + env.no_proxy"), { env });
    expect(stdout).toBe("a.example,127.0.0.1 a.example,127.0.0.1\n");
  });

  it.each([
    { given: "there is none of that name", command: ["no-such-program"], code: 127, says: "there is no such program" },
    { given: "it may not be run", command: ["./plain"], code: 126, says: "it is no program that you may run" },
    { given: "it is a folder", command: ["/"], code: 126, says: "it is no program that you may run" },
  ])("ends with $code where $given", async ({ command, code, says }) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "plain"), "");
    await chmod(join(cwd, "plain"), 0o644);
    const ended = await running(["--", ...command], { cwd });
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" });
    expect(ended.stderr).toBe(`keysmith: ${command[0]}: ${says}.\n`);
  });

  it.each([
    { signal: "SIGKILL", code: 137 },
    { signal: "SIGTERM", code: 143 },
  ])("ends with $code where $signal ended it", async ({ signal, code }) => {
    const { code: given } = await running(["--", node, "-e", `process.kill(process.pid, "${signal}")`]);
    expect(given).toBe(code);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("is sent %s, and may end in its own way", async (signal) => {
    const script = `process.on("${signal}", () => {
        console.log("once");
        setTimeout(() => process.exit(5), 50);
      });
      console.log(process.env.KEYSMITH_SANDBOX_URL);
      setInterval(() => 0, 1000)`;
    const program = start(["--", node, "-e", script]);
    await program.printed("\n");
    const url = program.stdout.trim();
    const { code, stdout } = await program.end(signal);
    expect({ code, stdout }).toEqual({ code: 5, stdout: `${url}\nonce\n` });
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });

  it("is sent what is typed at a terminal once", async () => {
    // What the terminal has sent comes before what is sent because of it.
    const script = `process.on("SIGINT", () => {
        console.log("interrupted");
        process.kill(process.ppid, "SIGTERM");
      });
      process.on("SIGTERM", () => process.exit(5));
      console.log("ready");
      setInterval(() => 0, 1000)`;
    const { code, screen } = await atTerminal(["sandbox", "--", node, "-e", script], {
      env: {},
      answers: [["ready", "\u0003"]],
    });
    expect({ code, interrupted: screen.match(/interrupted/g) }).toEqual({ code: 5, interrupted: ["interrupted"] });
  });

  it("is not waited for by what it asked and got no answer to", async () => {
    const expression = `(fetch(env.OPENROUTER_BASE_URL + "/key").catch(() => 0), setTimeout(() => process.exit(0), 200), "asked")`;
    const { code, stdout } = await running(["--fault", "*=hang", ...asking(expression)]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "asked\n" });
  });
});

describe("a sandbox on all addresses", () => {
  it("prints where this machine reaches it, who else does, and how", async () => {
    const program = start(["--host", "0.0.0.0", "--port", "0"]);
    await program.printed("--allow-insecure");
    const [, port = ""] = /KEYSMITH_SANDBOX_URL=http:\/\/127\.0\.0\.1:(\d+)/.exec(program.stdout) ?? [];
    expect(program.stderr).toContain(`Whoever reaches port ${port} of this machine can use it`);
    const variables = Array.from(program.stdout.matchAll(/^export (\w+)=(.*)$/gm), ([, name = "", value]) => [
      name,
      value,
    ]);
    const listed = await keysmith(["list", "openrouter"], {
      env: Object.fromEntries(variables) as Record<string, string>,
    });
    expect(listed.code).toBe(0);
    const { code } = await program.end("SIGINT");
    expect(code).toBe(0);
  });
});

describe("npm run sandbox", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("prints what a shell needs, serves, and ends well on %s", async (signal) => {
    const running = new Program(process.execPath, ["scripts/run.js", "src/cli/main.ts", "sandbox", "--port", "0"]);
    onTestFinished(async () => void (await running.end("SIGKILL")));
    await running.printed("Ctrl-C");
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(running.stderr)?.[0] ?? "";
    const { credentials } = createSandbox();
    expect(running.stdout.split("\n")).toEqual([
      `export KEYSMITH_SANDBOX_URL=${url}`,
      `export ESTUARY_BASE_URL=${url}/estuary`,
      `export ESTUARY_API_KEY=${credentials.estuary}`,
      `export OPENROUTER_BASE_URL=${url}/openrouter/api/v1`,
      `export OPENROUTER_MANAGEMENT_KEY=${credentials.openrouter}`,
      `export COCKROACH_BASE_URL=${url}/cockroach`,
      `export COCKROACH_API_KEY=${credentials.cockroach}`,
      `export OPENAI_BASE_URL=${url}/openai/v1`,
      `export OPENAI_ADMIN_KEY=${credentials.openai}`,
      "export OPENAI_PROJECT_ID=proj_main",
      `export CLOUDFLARE_BASE_URL=${url}/cloudflare/client/v4`,
      `export CLOUDFLARE_API_TOKEN=${credentials.cloudflare}`,
      `export UNLEASH_BASE_URL=${url}/unleash`,
      `export UNLEASH_API_TOKEN=${credentials.unleash}`,
      "",
    ]);
    const headers = { authorization: `Bearer ${credentials.openrouter}` };
    expect((await fetch(`${url}/openrouter/api/v1/key`, { headers })).status).toBe(200);
    const { code, stderr } = await running.end(signal);
    expect(code).toBe(0);
    expect(stderr).toBe(`The sandbox listens at ${url}. Ctrl-C ends it.\n`);
  });
});
