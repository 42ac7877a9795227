import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { inProcess } from "./in-process.js";
import { commandFile, keysmith, useCommand } from "./keysmith.js";

useCommand();

const root = join(import.meta.dirname, "../..");
const plain = "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";

it("a version that nobody reads is no failure", async () => {
  const { code, stderr } = await keysmith(["--version"], { watch: (child) => child.stdout?.destroy() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

describe("a wrong turn", () => {
  it.each<{ given: string[]; want: RegExp[] }>([
    { given: [], want: [/Usage: keysmith/, /OPENROUTER_MANAGEMENT_KEY/] },
    { given: ["lst"], want: [/unknown command 'lst'. Did you mean list\?/, /keysmith --help/] },
    { given: ["openrouter", "list"], want: [/Say first what to do: keysmith list openrouter/] },
    { given: ["list"], want: [/missing required argument 'provider'/, /estuary, openrouter, cockroach/] },
    {
      given: ["list", "OpenRuter"],
      want: [/no provider "OpenRuter"/, /mean openrouter\?/, /estuary, openrouter, cockroach/],
    },
    { given: ["list", "zzzzzzzz"], want: [/no provider "zzzzzzzz"\. Providers: estuary/] },
    {
      given: ["list", "openrouter", "--jsn"],
      want: [/unknown option '--jsn'. Did you mean --json\?/, /keysmith list --help/],
    },
    { given: ["list", "openrouter"], want: [/no credential. Set OPENROUTER_MANAGEMENT_KEY/, /management key/] },
    { given: ["list", "cockroach"], want: [/Set COCKROACH_API_KEY/, /ORG_ADMIN/, /keysmith sandbox/] },
    { given: ["list", "estuary"], want: [/Set ESTUARY_API_KEY/, /permission `all`/, /discontinued/] },
    { given: ["audit"], want: [/ESTUARY_API_KEY, OPENROUTER_MANAGEMENT_KEY, COCKROACH_API_KEY/] },
    {
      given: ["list", "estuary", "--include-disabled"],
      want: [/estuary knows no --include-disabled; that is for openrouter/],
    },
    { given: ["create", "openrouter", "--limit", "much"], want: [/--limit is "much": give a number/] },
    {
      given: ["update", "openrouter", "a", "--enable", "--disable"],
      want: [/--(enable|disable) and --(enable|disable) contradict/],
    },
    { given: ["create", "estuary", "--permissions", "none"], want: [/Allowed choices are all, upload/] },
    {
      given: ["create", "openrouter"],
      want: [/say where it goes: --out FILE, --env-file FILE --env-name NAME, --exec COMMAND, or --reveal/],
    },
    { given: ["create", "openrouter", "--reveal", "--out", "x"], want: [/to one place only/] },
    {
      given: ["create", "openrouter", "--env-file", "/dev/null"],
      want: [/--env-file FILE and --env-name NAME belong together/],
    },
    { given: ["rotate", "openrouter", "a", "b", "--reveal"], want: [/one at a time, or give --exec/] },
    { given: ["rotate", "openrouter", "a", "--reveal", "--json"], want: [/Leave out --json/] },
    { given: ["rotate", "estuary", "a", "--reveal"], want: [/--permissions all, or upload/] },
    {
      given: ["rotate", "openrouter", "a", "--reveal", "--retire-after", "soon"],
      want: [/--retire-after is "soon": give a duration/],
    },
    { given: ["orphans", "openrouter", "--revoke"], want: [/Give --held FILE/] },
    { given: ["orphans", "openrouter", "--held", "/none/such"], want: [/--held \/none\/such: no such file/] },
    {
      given: ["orphans", "cockroach", "--workspace", "00000000-0000-4000-8000-000000000001"],
      want: [/cockroach knows no --workspace; that is for openrouter/],
    },
    { given: ["audit", "openrouter", "cockroach", "--base-url", "https://a.test"], want: [/for one provider/] },
    { given: ["revoke", "estuary", "X"], want: [/cannot be undone/, /--yes/] },
  ])("is explained, with exit code 2: keysmith $given", async ({ given, want }) => {
    const { code, stdout, stderr } = await inProcess(given);
    for (const words of want) expect(stderr).toMatch(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it.each([
    { given: ["list", "openrouter", "--api-key", plain], want: "never an argument" },
    { given: ["list", "openrouter", `--api-key=${plain}`], want: "never an argument" },
    { given: ["list", "openrouter", `--token=${plain}`], want: "unknown option '--token'" },
    { given: ["revoke", "openrouter", plain, "--yes"], want: "not its id" },
    { given: ["get", "cockroach", `CCDB1_12345abcdefGHIJKLMnopq_${plain.slice(-40)}`], want: "not its id" },
    { given: ["revoke", "estuary", "EST6d2b3c1e-8f4a-4c57-9a0e-1b2c3d4e5f60ARY", "--yes"], want: "not its id" },
  ])("that shows plaintext is refused without repeating it: $want", async ({ given, want }) => {
    const { code, stdout, stderr } = await inProcess(given);
    expect(stderr).toContain(want);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).not.toMatch(/[0-9a-f]{12}/);
  });
});

describe("help", () => {
  it("of the command tells of commands, variables and exit codes", async () => {
    const { code, stdout } = await inProcess(["--help"]);
    expect(code).toBe(0);
    for (const word of [
      "rotate",
      "orphans",
      "audit",
      "COCKROACH_BASE_URL",
      "3  audit has findings",
      "4  outcome unknown",
    ]) {
      expect(stdout).toContain(word);
    }
  });

  it.each("list get create update revoke rotate orphans audit current stats export spec sandbox".split(" "))(
    "of %s has an example, and fits a terminal of 80 columns",
    async (command) => {
      const { code, stdout } = await inProcess([command, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toContain(`Example:\n  keysmith ${command}`);
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it("shows a provider's own options, where it is named", async () => {
    const [all, own] = [await inProcess(["create", "--help"]), await inProcess(["create", "cockroach", "--help"])];
    expect(all.stdout).toContain("--limit <usd>");
    expect(own.stdout).toContain("Options of cockroach:");
    expect(own.stdout).not.toContain("--limit <usd>");
  });

  it.each(["list", "orphans", "audit"])("of %s tells how another workspace is looked into", async (command) => {
    const { stdout } = await inProcess([command, "openrouter", "--help"]);
    expect(stdout).toMatch(/--workspace <uuid> +the workspace; the default one unless given/);
  });
});

describe("without an account", () => {
  it.each(["estuary", "openrouter", "cockroach"])("spec %s prints the document", async (provider) => {
    const { code, stdout } = await inProcess(["spec", provider]);
    expect(code).toBe(0);
    expect(stdout).toBe(await readFile(join(root, `spec/${provider}.yaml`), "utf8"));
  });

  it("sandbox serves, for a shell that reads its variables", async () => {
    const { code, stdout } = await keysmith(["sandbox", "--port", "0"], {
      watch: (child, stderr) => stderr.includes("Ctrl-C") && child.kill("SIGINT"),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^export OPENROUTER_BASE_URL=http:\/\/127/m);
  });

  it("complete gives shells what they need, and completes commands, providers and options", async () => {
    const script = await keysmith(["complete", "bash"]);
    expect(script).toMatchObject({ code: 0, stderr: "" });
    expect(script.stdout).toContain("keysmith complete --");
    const completions = await Promise.all(
      [["ro"], ["list", ""], ["create", "openrouter", "--limit-"]].map((words) =>
        keysmith(["complete", "--", ...words]),
      ),
    );
    expect(completions.map(({ stdout }) => stdout.split("\n").map((line) => line.split("\t")[0]))).toEqual([
      expect.arrayContaining(["rotate"]),
      expect.arrayContaining(["estuary", "openrouter", "cockroach"]),
      expect.arrayContaining(["--limit-reset"]),
    ]);
  });
});

describe("keysmith --version", () => {
  const run = promisify(execFile);

  it("prints the version of the package", async () => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    expect(await keysmith(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("takes less than twice the time of `node -e 0`", async () => {
    const time = async (args: string[]) => {
      const begun = performance.now();
      await run(process.execPath, args);
      return performance.now() - begun;
    };
    const times = { node: [] as number[], command: [] as number[] };
    // In turns, so that whatever else the machine does slows both.
    for (let round = 0; round < 7; round++) {
      times.node.push(await time(["-e", "0"]));
      times.command.push(await time([commandFile(), "--version"]));
    }
    expect(Math.min(...times.command)).toBeLessThan(2 * Math.min(...times.node));
  });
});
