import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/index.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { inProcess } from "./in-process.js";
import { served, temporaryFolder } from "./keysmith.js";

const DAY_MS = 86_400_000;

/** Keys of one provider: two old ones, of which one will soon have expired. */
async function scene(sandbox: Sandbox = createSandbox()) {
  const { env } = await served(sandbox);
  const cwd = await temporaryFolder();
  const old = sandbox.issue("openrouter", { name: "old", createdAt: "2020-01-01T00:00:00Z", limit: 5 }).id;
  const expiresAt = new Date(Date.now() + 3 * DAY_MS).toISOString();
  const dying = sandbox.issue("openrouter", { name: "dying", limit: 5, expiresAt }).id;
  const file = async (name: string, text: string) => writeFile(join(cwd, name), text).then(() => name);
  return {
    sandbox,
    env,
    old,
    dying,
    file,
    /** Without what the sandbox's own credential is found wanting for. */
    audit: (...args: string[]) =>
      inProcess(["audit", "openrouter", "--ignore", "no-limit", "--ignore", "life", ...args], { env, cwd }),
    run: (...args: string[]) => inProcess(args, { env, cwd }),
  };
}

const parsed = (stdout: string) => JSON.parse(stdout) as (Finding & { known?: true })[];

describe("audit", () => {
  it("says by rule, the gravest first, what is wrong with which key, what nobody can tell, and exits with 3", async () => {
    const { old, dying, run } = await scene();
    const { code, stdout } = await run("audit");
    expect(code).toBe(3);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("high  expires-soon  Expires soon: 1 key. Rotate it now.");
    expect(lines[1]).toBe(`  openrouter "dying" (${dying})`);
    expect(lines[2]).toMatch(/^ {4}It expires in \d days\.$/);
    expect(stdout).toMatch(
      new RegExp(
        `^medium {2}age {2}Older than the policy allows: 1 key\\. Rotate it\\.\n {2}openrouter "old" \\(${old}\\)\n {4}It is \\d+ days old`,
        "m",
      ),
    );
    expect(stdout).toMatch(/^Unknown: estuary does not tell when it was created/m);
    expect(stdout).toMatch(/^\d+ keys, \d+ findings: 1 high, \d+ medium, \d+ low\.$/m);
  });

  it("looks at the providers whose credential there is", async () => {
    const { env } = await served();
    const none = Object.keys(env).filter((name) => /_(KEY|TOKEN)$/.test(name) && !name.startsWith("COCKROACH"));
    const one = { ...env, ...Object.fromEntries(none.map((name) => [name, ""])) };
    const { code, stdout } = await inProcess(["audit", "--json"], { env: one });
    expect(code).toBe(0);
    expect(new Set(parsed(stdout).map(({ provider }) => provider))).toEqual(new Set(["cockroach"]));
  });

  it("tells what it found elsewhere where one provider does not answer, and that it did not", async () => {
    const { audit } = await scene(
      createSandbox({ faults: [{ operation: "cockroach.listApiKeys", kind: "status", status: 403 }] }),
    );
    const { code, stdout, stderr } = await audit("cockroach", "--json");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^keysmith: cockroach listApiKeys/m);
    expect(parsed(stdout).map(({ rule }) => rule)).toContain("age");
  });
});

describe("by the server's clock, on a machine that is 100 days ahead,", () => {
  const behind = async () => {
    const now = () => Date.now() - 100 * DAY_MS;
    const sandbox = createSandbox({ now });
    const { env } = await served(sandbox);
    const expiresAt = new Date(now() + 60 * DAY_MS).toISOString();
    const { id } = sandbox.issue("openrouter", { name: "young", limit: 5, expiresAt });
    return { env, id };
  };

  it("a key with 60 days to live has neither expired nor got old", async () => {
    const { env, id } = await behind();
    const { stdout } = await inProcess(["audit", "openrouter", "--json"], { env });
    expect(parsed(stdout).filter((finding) => finding.id === id)).toEqual([]);
  });

  it("and is listed as active", async () => {
    const { env } = await behind();
    expect((await inProcess(["list", "openrouter"], { env })).stdout).toMatch(/young .* active/);
  });
});

describe("the exit code of an audit is 3", () => {
  it.each([
    { flags: "", want: 3 },
    { flags: "--fail-on medium", want: 3 },
    { flags: "--fail-on high", want: 3 },
    { flags: "--fail-on high --ignore expires-soon", want: 0 },
    { flags: "--fail-on high --expires-very-soon 1d", want: 0 },
    { flags: "--ignore expires-soon --ignore age --ignore unused", want: 0 },
    { flags: "--ignore expires-soon --max-age 9999d --max-unused 9999d", want: 0 },
    { flags: "--ignore expires-soon --max-age 1h --max-unused 9999d", want: 3 },
  ])("only for what counts: $flags", async ({ flags, want }) => {
    const { audit } = await scene();
    expect((await audit(...flags.split(" ").filter(Boolean))).code).toBe(want);
  });

  it("leaves lines whole in a pipe, so that what is searched there is found", async () => {
    const { audit } = await scene();
    const { stdout } = await audit("--max-unused", "1d");
    expect(stdout).toMatch(/^medium {2}unused {2}Not used for longer than .* Revoke it, unless somebody needs it\.$/m);
  });

  it("only for what is new, with a baseline", async () => {
    const { sandbox, audit, file } = await scene();
    await file("baseline.json", (await audit("--json")).stdout);
    const same = await audit("--baseline", "baseline.json");
    expect(same).toMatchObject({ code: 0, stdout: "3 keys, nothing found; besides, 3 in the baseline.\n" });
    sandbox.issue("openrouter", { name: "old, too", createdAt: "2020-01-01T00:00:00Z", limit: 5 });
    const more = await audit("--baseline", "baseline.json");
    expect(more.code).toBe(3);
    expect(more.stdout).toContain('openrouter "old, too"');
    expect(more.stdout).not.toContain('"dying"');
    const json = parsed((await audit("--baseline", "baseline.json", "--json")).stdout);
    expect(json.filter(({ known }) => known)).toHaveLength(3);
  });

  it("not for what the policy excepts, until that ends", async () => {
    const { old, audit, file } = await scene();
    const exceptions = (until: string) => [
      { key: old, reason: "moves in spring", until },
      { key: "dying", rules: ["expires-soon"], reason: "is to end", until },
    ];
    const policy = (until: string) => file("policy.json", JSON.stringify({ exceptions: exceptions(until) }));
    await policy("2999-01-01");
    const now = await audit("--policy", "policy.json");
    expect(now).toMatchObject({ code: 0, stdout: "3 keys, nothing found; besides, 3 exceptions of the policy.\n" });
    const json = parsed((await audit("--policy", "policy.json", "--json")).stdout);
    expect(json).toContainEqual(
      expect.objectContaining({ rule: "age", status: "excepted", reason: "moves in spring" }),
    );
    await policy("2021-01-31");
    const later = await audit("--policy", "policy.json");
    expect(later.code).toBe(3);
    expect(later.stdout).toContain("An exception for it ended on 2021-01-31.");
  });
});

describe("the figures and files of an audit are checked before anything is sent", () => {
  it.each([
    { policy: '{"maxAge": 30}', want: "there is no maxAge. There are maxAgeDays" },
    { policy: '{"maxAgeDays": "30"}', want: 'maxAgeDays is "30": give a number, or false to turn it off' },
    { policy: "[]", want: "it holds no JSON object" },
    { policy: "{", want: "it is no JSON" },
    { policy: '{"exceptions": {}}', want: "exceptions is no list" },
    { policy: '{"exceptions": ["ci"]}', want: "exceptions[0] is no object" },
    { policy: '{"exceptions": [{"key": "ci"}]}', want: "exceptions[0].reason is no text" },
    {
      policy: '{"exceptions": [{"key": "", "reason": "a", "until": "2999-01-01"}]}',
      want: "exceptions[0].key is no text",
    },
    {
      policy: '{"exceptions": [{"key": "ci", "reason": "a", "until": "soon"}]}',
      want: 'exceptions[0].until is "soon"',
    },
    ...["12/01/2999", "1 January 2999", "2999", "2999-02-30", "2999-02-29T00:00:00+02:00", "2999-01-01Tnoon"].map(
      (until) => ({
        policy: `{"exceptions": [{"key": "ci", "reason": "a", "until": "${until}"}]}`,
        want: `exceptions[0].until is "${until}": give a day, such as 2027-01-31`,
      }),
    ),
    {
      policy: '{"exceptions": [{"key": "ci", "reason": "a", "until": "2999-01-01", "rule": "age"}]}',
      want: 'exceptions[0] has "rule"',
    },
    {
      policy: '{"exceptions": [{"key": "ci", "reason": "a", "until": "2999-01-01", "rules": ["old"]}]}',
      want: 'rules is ["old"]: give a list of some of',
    },
  ])("a policy of $policy", async ({ policy, want }) => {
    const { sandbox, audit, file } = await scene();
    await file("policy.json", policy);
    expect(await audit("--policy", "policy.json")).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(want) as string,
    });
    expect(sandbox.requests).toEqual([]);
  });

  it.each([
    { args: ["--max-age", "30"], want: '--max-age is "30": give a duration' },
    { args: ["--max-spent-share", "90"], want: '--max-spent-share is "90": give a share of the limit, such as 0.9' },
    { args: ["--max-spent-share", ""], want: "--max-spent-share" },
    { args: ["--ignore", "old"], want: '--ignore: there is no rule "old". There are unretired, ' },
    { args: ["--fail-on", "grave"], want: "high, medium, low" },
    { args: ["--baseline", "nowhere.json"], want: "--baseline nowhere.json: no such file" },
    { args: ["--policy", "nowhere.json"], want: "--policy nowhere.json: no such file" },
  ])("$args", async ({ args, want }) => {
    const { sandbox, audit } = await scene();
    expect(await audit(...args)).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(want) as string });
    expect(sandbox.requests).toEqual([]);
  });

  it("a baseline that the output goes into", async () => {
    const { audit, file } = await scene();
    await file("baseline.json", "");
    expect(await audit("--baseline", "baseline.json")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("it is empty. A shell empties the file that > writes into") as string,
    });
  });

  it.each(["{}", "[1]", '[{"rule": "age"}]', "null"])("a baseline of %s", async (text) => {
    const { audit, file } = await scene();
    await file("baseline.json", text);
    expect(await audit("--baseline", "baseline.json")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("it is not what `keysmith audit --json` writes") as string,
    });
  });
});

describe("findings for other programs", () => {
  it("are SARIF 2.1.0, with what is excepted and what is known marked as such", async () => {
    const { old, dying, audit, file } = await scene();
    await file(
      "policy.json",
      JSON.stringify({ exceptions: [{ key: "dying", reason: "is to end", until: "2999-01-01" }] }),
    );
    const { stdout: all } = await audit("--json");
    await file("baseline.json", JSON.stringify(parsed(all).filter(({ rule }) => rule === "age")));
    const { code, stdout } = await audit("--output", "sarif", "--policy", "policy.json", "--baseline", "baseline.json");
    expect(code).toBe(3);
    const log = JSON.parse(stdout) as {
      version: string;
      runs: { tool: object; results: { ruleId: string; ruleIndex: number }[] }[];
    };
    expect(log).toMatchObject({ version: "2.1.0", runs: [{ tool: { driver: { name: "keysmith" } } }] });
    const [{ results } = { results: [] }] = log.runs;
    expect(results.map(({ ruleId }) => ruleId).sort()).toEqual(["age", "expires-soon", "unused"]);
    expect(results).toContainEqual(
      expect.objectContaining({
        ruleId: "age",
        level: "warning",
        baselineState: "unchanged",
        partialFingerprints: { "ruleAndKey/v1": `age/openrouter/${old}` },
      }),
    );
    expect(results).toContainEqual(
      expect.objectContaining({
        ruleId: "expires-soon",
        level: "error",
        baselineState: "new",
        suppressions: [{ kind: "external", justification: "is to end" }],
        locations: [
          expect.objectContaining({
            physicalLocation: { artifactLocation: { uri: `openrouter/${dying}` }, region: { startLine: 1 } },
          }),
        ],
      }),
    );
  });

  it.each([
    { given: { FORCE_COLOR: "1" }, coloured: true },
    { given: {}, coloured: false },
    { given: { NO_COLOR: "1" }, coloured: false },
    { given: { FORCE_COLOR: "0" }, coloured: false },
  ])("show their severity in colour: $coloured with $given, where no terminal is", async ({ given, coloured }) => {
    const { sandbox, env } = await served();
    sandbox.issue("openrouter", { name: "old", createdAt: "2020-01-01T00:00:00Z", limit: 5 });
    const colours = { FORCE_COLOR: undefined, NO_COLOR: undefined, ...given };
    const { stdout } = await inProcess(["audit", "openrouter"], { env: { ...env, ...colours } });
    expect(stdout.includes("\u001b[33mmedium\u001b[39m  age ")).toBe(coloured);
    expect(stdout.includes("\u001b")).toBe(coloured);
  });

  it("are Markdown, in which a key's name is a name and nothing else", async () => {
    const { sandbox, audit } = await scene();
    sandbox.issue("openrouter", { name: "a|b <img src=x> [c](d) `e` @f", createdAt: "2020-01-01T00:00:00Z", limit: 5 });
    const { code, stdout } = await audit("--output", "markdown");
    expect(code).toBe(3);
    const rows = stdout.split("\n").filter((line) => line.startsWith("|"));
    expect(rows.slice(0, 2)).toEqual([
      "| severity | rule | key | what | what to do |",
      "| --- | --- | --- | --- | --- |",
    ]);
    const row = rows.find((line) => line.includes("img")) ?? "";
    expect(row).toContain("a\\|b \\<img src=x\\> \\[c\\]\\(d\\) \\`e\\` \\@f");
    expect(row.split(/(?<!\\)\|/)).toHaveLength(7);
    expect(stdout).toMatch(/^## API keys\n\n4 keys, 5 findings: 1 high, 4 medium\.$/m);
  });
});
