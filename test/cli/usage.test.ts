import { chmod, copyFile, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addCommands } from "../../src/cli/commands.js";
import { node, run } from "../helpers/processes.js";
import { names } from "../helpers/providers.js";
import { inProcess } from "./in-process.js";
import {
  commandFile,
  environment,
  issue,
  keysmith,
  loadedFirst,
  served,
  temporaryFolder,
  useCommand,
} from "./keysmith.js";

useCommand();

const root = join(import.meta.dirname, "../..");
const plain = "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";

it("a version that nobody reads is told by the exit code alone", async () => {
  const { code, stderr } = await keysmith(["--version"], { watch: (child) => child.stdout?.destroy() });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
});

describe("a wrong turn", () => {
  it.each<{ given: string[]; want: RegExp[] }>([
    { given: [], want: [/Usage: keysmith/, /OPENROUTER_MANAGEMENT_KEY/] },
    { given: ["lst"], want: [/unknown command 'lst'. Did you mean list\?/, /keysmith --help/] },
    { given: ["openrouter", "list"], want: [/Say first what to do: keysmith list openrouter/] },
    { given: ["create"], want: [/missing required argument 'provider'/, /estuary, openrouter, cockroach/] },
    {
      given: ["list"],
      want: [/no credential of any provider\. Set one of .*ESTUARY_API_KEY, .*OPENAI_ADMIN_KEY, CLOUDFLARE/],
    },
    { given: ["list", "openrouter", "cockroach", "--base-url", "https://a.test"], want: [/for one provider/] },
    { given: ["list", "openrouter", "--output", "yml"], want: [/text, json, yaml, csv, ids/] },
    {
      given: ["list", "OpenRuter"],
      want: [/no provider "OpenRuter"/, /mean openrouter\?/, /estuary, openrouter, cockroach/],
    },
    { given: ["list", "zzzzzzzz"], want: [/no provider "zzzzzzzz"\. Providers: .*estuary/] },
    {
      given: ["list", "openrouter", "--jsn"],
      want: [/unknown option '--jsn'. Did you mean --json\?/, /keysmith list --help/],
    },
    { given: ["list", "openrouter"], want: [/no credential. Set OPENROUTER_MANAGEMENT_KEY/, /management key/] },
    {
      given: ["list", "openrouter", "--api-key-file", "/dev/null"],
      want: [/no credential. --api-key-file: \/dev\/null is empty/],
    },
    { given: ["list", "cockroach"], want: [/Set COCKROACH_API_KEY/, /ORG_ADMIN/, /keysmith sandbox/] },
    { given: ["list", "estuary"], want: [/Set ESTUARY_API_KEY/, /permission `all`/, /discontinued/] },
    { given: ["audit"], want: [/ESTUARY_API_KEY, OPENROUTER_MANAGEMENT_KEY, COCKROACH_API_KEY/] },
    {
      given: ["list", "estuary", "--include-disabled"],
      want: [/estuary knows no --include-disabled; that is for openrouter/],
    },
    {
      given: ["create", "cockroach", "--name", "a", "--expires-in", "30d", "--reveal"],
      want: [/that is for estuary, openrouter, openai, openaiproject, cloudflare, unleash\./],
    },
    { given: ["create", "openrouter", "--limit", "much"], want: [/--limit is "much": give a number/, /12\.5/] },
    { given: ["create", "openrouter", "--limit", "-3"], want: [/--limit is "-3", which is less than 0/] },
    ...["x", "12.5", "0"].map((count) => ({
      given: ["list", "cockroach", "--page-size", count],
      want: [new RegExp(`--page-size is "${count}": give a whole number, 1 or more`), /such as 100\./],
    })),
    { given: ["current", "estuary"], want: [/estuary has no current; openrouter and cloudflare have it\./] },
    { given: ["stats", "openrouter"], want: [/openrouter has no stats; estuary has it\./] },
    { given: ["export", "cockroach"], want: [/cockroach has no export; estuary has it\./] },
    {
      given: ["update", "estuary", "a", "--name", "b"],
      want: [/estuary has no update; openrouter, cockroach.* and \w+ have it\. Create a new key/],
    },
    { given: ["create", "openrouter", "--reveal"], want: [/openrouter requires --name <text>\. .*--help/] },
    {
      given: ["create", "cockroach", "--reveal"],
      want: [/cockroach requires --name <text> and --service-account <uuid>\./],
    },
    {
      given: ["create", "openrouter", "--name", "a", "--external-key-file", "/dev/null", "--reveal"],
      want: [/openrouter requires --external-user <id>\./],
    },
    { given: ["update", "cockroach", "a"], want: [/cockroach requires --name <text>\./] },
    { given: ["help", "lst"], want: [/no command "lst". Did you mean list\?/, /keysmith --help/] },
    {
      given: ["update", "openrouter", "a", "--enable", "--disable"],
      want: [/--(enable|disable) and --(enable|disable) contradict/],
    },
    { given: ["create", "estuary", "--permissions", "none"], want: [/Allowed choices are all, upload/] },
    {
      given: ["create", "openrouter", "--name", "a"],
      want: [/say where it goes: --out FILE, --dotenv FILE --variable NAME, --exec COMMAND, or --reveal/],
    },
    { given: ["create", "openrouter", "--name", "a", "--reveal", "--out", "x"], want: [/to one place only/] },
    {
      given: ["create", "openrouter", "--name", "a", "--dotenv", "/dev/null"],
      want: [/--dotenv FILE and --variable NAME belong together/],
    },
    {
      given: ["create", "openrouter", "--name", "a", "--out", "x", "--variable", "KEY"],
      want: [/--dotenv FILE and --variable NAME belong together/],
    },
    {
      given: ["rotate", "openrouter", "a", "--out", "x", "--read", "cat x"],
      want: [/--read COMMAND reads what --exec COMMAND has stored/],
    },
    ...["--env-file", "--env-name"].map((former) => ({
      given: ["create", "openrouter", "--name", "a", former, "x"],
      want: [/--env-file is an option of Node's own.*Give --dotenv FILE --variable NAME/],
    })),
    ...["--reveal", "--out x", "--dotenv x --variable KEY"].map((sink) => ({
      given: ["rotate", "openrouter", "a", "b", ...sink.split(" ")],
      want: [/one at a time, or give --exec/],
    })),
    { given: ["rotate", "openrouter", "a", "--reveal", "--json"], want: [/Leave out --json/] },
    {
      given: ["rotate", "estuary", "a", "--reveal"],
      want: [/--permissions <what> \(all, upload\)\. Estuary does not tell/],
    },
    {
      given: ["rotate", "openrouter", "a", "--reveal", "--retire-after", "soon"],
      want: [/--retire-after is "soon": give a duration/],
    },
    {
      given: ["orphans", "openrouter", "--revoke"],
      want: [/--read COMMAND, --dotenv FILE --variable NAME, or --held FILE/],
    },
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

  it.each<{ given: string[]; env: Record<string, string>; want: RegExp }>([
    { given: ["rotate", "openrouter", "a", "--reveal"], env: { dry_run: "true" }, want: /npm has taken --dry-run / },
    { given: ["revoke", "openrouter", "a", "--yes"], env: { dry_run: "true" }, want: /npm run NAME -- OPTIONS/ },
    { given: ["rotate", "openrouter", "a", "--reveal"], env: { retire: "keep" }, want: /taken --retire / },
    {
      given: ["rotate", "openrouter", "24h", "--reveal"],
      env: { retire_after: "true" },
      want: /taken --retire-after /,
    },
    { given: ["create", "openrouter", "ci", "5"], env: { name: "true", limit: "true" }, want: /taken --(name|limit) / },
    // What is said of npm itself, or twice, is no mistake.
    { given: ["list"], env: { json: "true", yes: "true", workspace: "a", dry_run: "true" }, want: /no credential/ },
    { given: ["revoke", "estuary", "X", "--dry-run"], env: { dry_run: "true" }, want: /Set ESTUARY_API_KEY/ },
    { given: ["revoke", "estuary", "X"], env: { dry_run: "" }, want: /--yes/ },
  ])("of npm, which takes options for its own, changes nothing: $given $env", async ({ given, env, want }) => {
    const taken = Object.entries(env).map(([name, value]) => [`npm_config_${name}`, value]);
    const { code, stderr } = await inProcess(given, { env: Object.fromEntries(taken) as Record<string, string> });
    expect(stderr).toMatch(want);
    expect(code).toBe(2);
  });

  it.each([
    { given: ["--base-url", "http://example.com"], env: {}, want: "--base-url" },
    { given: [], env: { OPENROUTER_BASE_URL: "example.com" }, want: "OPENROUTER_BASE_URL" },
  ])("to where no credential may go is told in the command's words: $want", async ({ given, env, want }) => {
    const { code, stderr } = await inProcess(["list", "openrouter", ...given], {
      env: { ...env, OPENROUTER_MANAGEMENT_KEY: plain },
    });
    expect(stderr).toMatch(new RegExp(`the base URL of ${want} has to begin with https://, or with http:// where`));
    expect({ code, options: /allowInsecure|apiKey/.test(stderr) }).toEqual({ code: 2, options: false });
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
  const all =
    "list get create update revoke rotate orphans audit fleet current stats export spec generate sandbox complete version help".split(
      " ",
    );

  it("of the command tells of commands, variables and exit codes, and fits a terminal of 80 columns", async () => {
    const { code, stdout } = await inProcess(["--help"]);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
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

  it("of the command is what `keysmith help` prints", async () => {
    expect(await inProcess(["help"])).toEqual(await inProcess(["--help"]));
  });

  it.each(all)(
    "of %s has an example, a provider's options first, and fits a terminal of 80 columns",
    async (command) => {
      const { code, stdout, stderr } = await inProcess([command, "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`\nExample:\n(?:  .*\n)*?  keysmith ${command}`));
      expect(stdout.search(/^Options of /m)).toBeLessThan(stdout.search(/^Options:/m));
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(await inProcess(["help", command])).toEqual({ code, stdout, stderr });
    },
  );

  it.each([
    { word: "show", command: "get" },
    { word: "delete", command: "revoke" },
    { word: "rm", command: "revoke" },
    { word: "whoami", command: "current" },
  ])("of $word is that of $command", async ({ word, command }) => {
    const want = await inProcess([command, "--help"]);
    expect(await inProcess([word, "--help"])).toEqual(want);
    expect(await inProcess(["help", word])).toEqual(want);
  });

  it.each([["version"], ["-v"], ["--version"]])("is not what `keysmith %s` gives", async (word) => {
    expect(await inProcess([word])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      stderr: "",
    });
  });

  it("tells of every command", async () => {
    const [commands = ""] = (await inProcess(["--help"])).stdout.split("\nCredentials");
    const terms = [...commands.matchAll(/^ {2}([a-z]+)(?: [<[].+?[>\]])* {2,}[A-Z]/gm)];
    expect(terms.map(([, name]) => name)).toEqual(all);
  });

  // That of fleet needs a database: the live tests run it.
  it.each(all.filter((command) => !["sandbox", "complete", "fleet"].includes(command)))(
    "of %s has an example that works as written",
    async (command) => {
      const { sandbox, env } = await served();
      const cwd = await temporaryFolder();
      const files = {
        "policy.json": '{"maxAgeDays": 30}',
        "lantern.yaml": await readFile(join(root, "test/package/fourth-provider/lantern.yaml"), "utf8"),
        "save.sh": "#!/bin/sh\ncat > new\n",
        "show.sh": `#!/bin/sh\necho ${sandbox.issue("openrouter", { name: "stored" }).secret}\n`,
      };
      for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text, { mode: 0o755 });
      const ids = { openrouter: issue(sandbox, "openrouter", "ci"), cockroach: issue(sandbox, "cockroach", "ci") };
      for (const line of exampleIn((await inProcess([command, "--help"])).stdout)) {
        const id = line.includes("openrouter") ? ids.openrouter : ids.cockroach;
        const words = line.replace('"$ID"', id).replace(/ > .*/, "").replaceAll("'", "").split(" ").slice(1);
        // On a terminal it is asked.
        if (/ revoke | --revoke/.test(line)) words.push("--yes");
        const { code, stderr } = await inProcess(words, { env, cwd });
        expect({ line, code, stderr: /^keysmith:/m.test(stderr) }).toEqual({
          line,
          code: command === "audit" ? 3 : 0,
          stderr: false,
        });
      }
    },
  );

  it("of update lists no option of a provider that has no update", async () => {
    expect((await inProcess(["update", "--help"])).stdout).not.toMatch(/Options of .*estuary/);
  });

  it.each([
    { given: "create", want: /--name <text> +what people call it; required by [a-z,\s]*\bopenrouter,\s+cockroach\b/ },
    { given: "create openrouter", want: /--name <text> +what people call it; required\n/ },
    { given: "create estuary", want: /--name <text> +what people call it\n/ },
    { given: "create cockroach", want: /--service-account <uuid> +the service account that it acts as; required\n/ },
    { given: "rotate cockroach", want: /--service-account <uuid> +the service account that it acts as\n/ },
    { given: "rotate estuary", want: /--permissions <what> +what it may do; required \(/ },
  ])("of $given says what is required", async ({ given, want }) => {
    expect((await inProcess([...given.split(" "), "--help"])).stdout).toMatch(want);
  });

  it("shows a provider's own options, where it is named", async () => {
    const [any, own] = [await inProcess(["create", "--help"]), await inProcess(["create", "cockroach", "--help"])];
    expect(any.stdout).toContain("--limit <usd>");
    expect(own.stdout).toContain("Options of cockroach:");
    expect(own.stdout).not.toContain("--limit <usd>");
  });

  it.each(["list", "orphans", "audit"])("of %s tells how another workspace is looked into", async (command) => {
    const { stdout } = await inProcess([command, "openrouter", "--help"]);
    expect(stdout).toMatch(/--workspace <uuid> +the workspace; the default one unless given/);
  });
});

describe("the options", () => {
  it("are called like none of Node's own, which it may read before the command does", async () => {
    const program = new Command();
    addCommands(program, undefined, () => undefined);
    const options = program.commands.flatMap((command) => command.options.filter(({ hidden }) => !hidden));
    const names = new Set(options.flatMap(({ long, short }) => [long, short].filter((name) => name !== undefined)));
    const help = await node(root, ["--help"]);
    const nodes = new Set([...process.allowedNodeEnvironmentFlags, ...(help.match(/(?<![\w-])--?[a-z][\w-]*/g) ?? [])]);
    expect(nodes).toContain("--env-file");
    expect([...names].filter((name) => nodes.has(name))).toEqual([]);
  });
});

describe("without an account", () => {
  it.each(names)("spec %s prints the document", async (provider) => {
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

  it("sandbox has an example that works as written, in a script, too, where an earlier one left its variables", async () => {
    const lines = exampleIn((await inProcess(["sandbox", "--help"])).stdout);
    const folder = await temporaryFolder();
    await writeFile(join(folder, "sandbox.env"), "export OPENROUTER_MANAGEMENT_KEY=stale\n");
    const any = '[ "$1" = sandbox ] && set -- "$@" --port 0';
    await writeFile(
      join(folder, "keysmith"),
      `#!/bin/sh\n${any}\nexec '${process.execPath}' '${commandFile()}' "$@"\n`,
    );
    await chmod(join(folder, "keysmith"), 0o755);
    const { stdout } = await run("sh", ["-ec", ["trap 'kill $! || true' EXIT", ...lines].join("\n")], {
      cwd: folder,
      env: environment({ PATH: `${folder}:${process.env["PATH"] ?? ""}` }),
    });
    expect(stdout).toMatch(/^openrouter +sandbox /m);
    const guide = await readFile(join(root, "docs/guide/testing.md"), "utf8");
    expect(guide).toContain(`\`\`\`sh\n${lines.join("\n")}\n\`\`\`\n`);
  });

  it("complete gives shells what they need, and completes commands, providers and options", async () => {
    const { sandbox, env } = await served();
    issue(sandbox, "openrouter", "deploy");
    const script = await keysmith(["complete", "bash"]);
    expect(script).toMatchObject({ code: 0, stderr: "" });
    expect(script.stdout).toContain("keysmith complete --");
    const completions = await Promise.all(
      [
        ["ro"],
        ["list", ""],
        ["create", "openrouter", "--limit-"],
        ["help", "st"],
        ["complete", ""],
        ["audit", "--policy", "po"],
        ["audit", "--policy=po"],
        ["generate", ""],
        ["get", "openrouter", "dep"],
        ["rm", "openrouter", "dep"],
        ["rotate", "openrouter", "--dotenv", ".env", "dep"],
      ].map((words) => keysmith(["complete", "--", ...words], { env })),
    );
    expect(completions.map(({ stdout }) => stdout.split("\n").map((line) => line.split("\t")[0]))).toEqual([
      expect.arrayContaining(["rotate"]),
      expect.arrayContaining(names),
      expect.arrayContaining(["--limit-reset"]),
      ["stats", ":4", ""],
      ["zsh", "bash", "fish", "powershell", ":4", ""],
      // Names of files, by the shell.
      [":0", ""],
      [":0", ""],
      [":0", ""],
      ["deploy", ":4", ""],
      ["deploy", ":4", ""],
      ["deploy", ":4", ""],
    ]);
  });
});

it("complete asks as the options say that are typed already", async () => {
  const { sandbox, env } = await served();
  issue(sandbox, "openrouter", "deploy");
  issue(sandbox, "openaiproject", "worker");
  const file = join(await temporaryFolder(), "credential");
  await writeFile(file, sandbox.credentials.openrouter);
  const { OPENROUTER_MANAGEMENT_KEY, OPENROUTER_BASE_URL = "", OPENAI_PROJECT_ID = "", ...rest } = env;
  expect(OPENROUTER_MANAGEMENT_KEY).toBeDefined();
  const completed = async (...words: string[]) => (await keysmith(["complete", "--", ...words], { env: rest })).stdout;
  const leading = ["--base-url", OPENROUTER_BASE_URL];
  expect(await completed("get", "openrouter", ...leading, "--api-key-file", file, "dep")).toMatch(/^deploy\t/);
  expect(await completed("get", "openrouter", ...leading, "--api-key-file", "-", "dep")).toBe(":4\n");
  expect(await completed("get", "openrouter", "dep")).toBe(":4\n");
  expect(await completed("revoke", "openaiproject", "--project", OPENAI_PROJECT_ID, "wor")).toMatch(/^worker\t/);
});

describe("keysmith --version", () => {
  it("prints the version of the package", async () => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    expect(await keysmith(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("asking for the version loads nothing else", async () => {
    const { sources, bundles, imports } = loadedFirst();
    expect({ sources, imports }).toEqual({
      sources: ["src/cli/main.ts", "src/cli/package-files.ts", "src/cli/show/standard-output.ts"],
      imports: ["node:fs", "node:net"],
    });
    // Alone, so that whatever else is asked for while it runs is not there.
    const folder = await temporaryFolder();
    for (const bundle of bundles) await copyFile(bundle, join(folder, basename(bundle)));
    await writeFile(join(folder, "package.json"), '{"name": "keysmith", "version": "1.2.3"}');
    const { stdout } = await run(process.execPath, [join(folder, basename(commandFile())), "--version"]);
    expect(stdout).toBe("1.2.3\n");
  });
});

/** The lines of an example; one that goes on below is one. */
function exampleIn(help: string): string[] {
  const [, example = ""] = help.split("\nExample:\n");
  return example
    .trim()
    .replace(/ \\\n +/g, " ")
    .split("\n")
    .map((line) => line.trim());
}
