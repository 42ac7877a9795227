import { describe, expect, it } from "vitest";
import type { ApiKey } from "../../src/index.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { names } from "../helpers/providers.js";
import { inProcess } from "./in-process.js";
import { creating, issue, keysmith, PLAINTEXT, served, temporaryFolder, useCommand } from "./keysmith.js";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";

useCommand();

const keysOf = (json: string) => JSON.parse(json) as ApiKey[];

describe("list", () => {
  it.each(names)("shows the keys of %s as a table, and as JSON", async (provider) => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, provider, "deploy");
    const table = await keysmith(["list", provider], { env });
    expect(table).toMatchObject({ code: 0, stderr: "" });
    expect(table.stdout).toMatch(/^PROVIDER +NAME .* ID\n/);
    expect(table.stdout).toMatch(new RegExp(`^${provider} +deploy .* ${id}$`, "m"));
    const json = await keysmith(["list", provider, "--json"], { env });
    expect(keysOf(json.stdout)).toContainEqual(expect.objectContaining({ provider, id, name: "deploy" }));
    expect(table.stdout + json.stdout).not.toMatch(PLAINTEXT);
  });

  it("takes a provider's filters", async () => {
    const { sandbox, env } = await served();
    const { id } = sandbox.issue("openrouter", { name: "off", disabled: true });
    expect((await inProcess(["list", "openrouter"], { env })).stdout).not.toContain(id);
    expect((await inProcess(["list", "openrouter", "--include-disabled"], { env })).stdout).toMatch(
      /off .* disabled +/,
    );
  });

  it("says on standard error that there is none, so that programs read nothing", async () => {
    const { env } = await served();
    const other = "0df9e665-d932-5740-b2c7-b52af166bc11";
    const empty = await inProcess(["list", "openrouter", "--workspace", other], { env });
    expect(empty).toEqual({ code: 0, stdout: "", stderr: "openrouter lists no keys.\n" });
  });

  it("shows the keys of all providers whose credential there is, and of which it cannot", async () => {
    const { sandbox, env } = await served(
      createSandbox({ faults: [{ operation: "cockroach.listApiKeys", kind: "status", status: 403 }] }),
    );
    issue(sandbox, "openrouter", "deploy");
    const { code, stdout, stderr } = await inProcess(["list", "--json"], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^keysmith: cockroach listApiKeys: 403/);
    const found = keysOf(stdout);
    expect(found).toContainEqual(expect.objectContaining({ provider: "openrouter", name: "deploy" }));
    expect(new Set(found.map(({ provider }) => provider))).toEqual(
      new Set(names.filter((provider) => provider !== "cockroach")),
    );
    const two = await inProcess(["list", "openrouter", "estuary", "--json"], { env });
    expect(two.code).toBe(0);
    expect(new Set(keysOf(two.stdout).map(({ provider }) => provider))).toEqual(new Set(["openrouter", "estuary"]));
  });

  it("gives ids alone, or CSV that a spreadsheet reads as text", async () => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "openrouter", '=cmd|"x", y');
    const ids = await inProcess(["list", "openrouter", "--output", "ids"], { env });
    expect(ids.stdout.trimEnd().split("\n").sort()).toEqual(
      sandbox
        .keys("openrouter")
        .map(({ hash }) => hash)
        .sort(),
    );
    const csv = await inProcess(["list", "openrouter", "--output", "csv"], { env });
    const [head, ...rows] = csv.stdout.trimEnd().split("\n");
    expect(head).toBe("provider,id,name,createdAt,expiresAt,lastUsedAt,disabled");
    expect(rows).toContainEqual(expect.stringMatching(new RegExp(`^openrouter,${id},"'=cmd\\|""x"", y",2`)) as string);
  });

  it("lets no name act upon a terminal", async () => {
    const { sandbox, env } = await served();
    const name = "\u001b[2J\u001b]0;pwned\u0007\r\n\u009b31m\u202e\u2028👩‍💻";
    const id = issue(sandbox, "openrouter", name);
    for (const line of ["list openrouter", `get openrouter ${id}`, "audit openrouter", "list openrouter --json"]) {
      const { stdout } = await inProcess(line.split(" "), { env });
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
      expect(stdout).toContain("pwned");
    }
    const { stdout } = await inProcess(["list", "openrouter", "--json"], { env });
    expect(keysOf(stdout).map((key) => key.name)).toContain(name);
  });

  it("lets no words of a server act upon a terminal", async () => {
    const { env } = await served(createSandbox());
    const { code, stderr } = await inProcess(["get", "openrouter", "\u001b[31mx"], { env });
    expect({ code, escapes: stderr.includes("\u001b") }).toEqual({ code: 1, escapes: false });
  });
});

describe("get and update", () => {
  it("show a key, and change it", async () => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "openrouter", "deploy");
    const shown = await inProcess(["get", "openrouter", id], { env });
    expect(shown.stdout).toMatch(/^name +deploy$/m);
    expect(shown.stdout).toMatch(/^limit +null$/m);
    const change = [
      "update",
      "openrouter",
      id,
      "--name",
      "ci",
      "--limit",
      "12.5",
      "--limit-reset",
      "monthly",
      "--disable",
    ];
    const rehearsal = await inProcess([...change, "--dry-run", "--json"], { env });
    expect(JSON.parse(rehearsal.stdout)).toEqual({ name: "ci", limit: 12.5, limitReset: "monthly", disabled: true });
    expect(sandbox.requests.map(({ method }) => method)).not.toContain("PATCH");
    const changed = await inProcess([...change, "--json"], { env });
    expect(JSON.parse(changed.stdout)).toMatchObject({ name: "ci", disabled: true, raw: { limit: 12.5 } });
    const freed = await inProcess(["update", "openrouter", id, "--limit", "none", "--enable", "--json"], { env });
    expect(JSON.parse(freed.stdout)).toMatchObject({ disabled: false, raw: { limit: null } });
  });

  it("refuse an option that is empty, as an unset variable is", async () => {
    const { sandbox, env } = await served();
    for (const line of [
      "update openrouter ID --name",
      "create openrouter --reveal --name",
      "list openrouter --workspace",
    ]) {
      const { code, stderr } = await inProcess([...line.split(" "), ""], { env });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringContaining("is empty, as an unset variable is") as string,
      });
    }
    expect(sandbox.requests).toEqual([]);
  });

  it("tell what to do where a provider has no such thing", async () => {
    const { env } = await served();
    expect(await inProcess(["get", "estuary", "x"], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("`keysmith list estuary`") as string,
    });
    expect(await inProcess(["update", "cockroach", "x"], { env })).toMatchObject({ code: 2 });
  });
});

/** As an id of Estuary's may look: a hash in base64url. */
const DASHED = `-${"LteZnY7wqJcQg20Sy6NR5se7pjhd".padEnd(42, "-")}`;

/** Puts keys there until one has such an id. */
function issueDashed(sandbox: Sandbox): string {
  for (;;) {
    const id = issue(sandbox, "estuary", "dashed");
    if (id.startsWith("-")) return id;
  }
}

describe("revoke", () => {
  it.each(names)("revokes keys of %s, each", async (provider) => {
    const { sandbox, env } = await served();
    const ids = ["a", "b"].map((name) => issue(sandbox, provider, name));
    const rehearsal = await inProcess(["revoke", provider, ...ids, "--dry-run"], { env });
    expect(rehearsal).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Would revoke these 2 keys") as string,
    });
    expect(sandbox.keys(provider)).toHaveLength(3);
    const { code, stdout } = await inProcess(["revoke", provider, ...ids, "--yes", "--json"], { env });
    expect({ code, results: JSON.parse(stdout) as unknown }).toEqual({
      code: 0,
      results: ids.map((id) => ({ id, revoked: true })),
    });
    expect(sandbox.keys(provider)).toHaveLength(1);
  });

  it("goes on after one that fails, says which, and exits with 1", async () => {
    const { sandbox, env } = await served();
    const id = issue(sandbox, "cockroach", "a");
    const { code, stdout, stderr } = await inProcess(["revoke", "cockroach", "nosuch", id, "--yes"], { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: `Revoked cockroach "a" (${id}).\n` });
    expect(stderr).toMatch(
      /^keysmith: nosuch: cockroach deleteApiKey: 404 .*`keysmith list cockroach` shows what is there/m,
    );
  });

  it("takes ids of Estuary that look like options for ids, in the order given", async () => {
    const { sandbox, env } = await served();
    const dashed = issueDashed(sandbox);
    const id = issue(sandbox, "estuary", "deploy");
    const { code, stdout } = await inProcess(["revoke", "estuary", dashed, "--yes", id, DASHED, "--json"], { env });
    expect({ code, results: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 1,
      results: [
        { id: dashed, revoked: true },
        { id, revoked: true },
        { id: DASHED, revoked: false },
      ],
    });
  });

  it("takes what looks like such an id for an option's value where it is one", async () => {
    const { sandbox, env } = await served();
    const dashed = issueDashed(sandbox);
    const args = ["rotate", "estuary", dashed, "--name", DASHED, "--permissions", "all", "--exec", "cat >/dev/null"];
    expect(await inProcess(args, { env })).toMatchObject({ code: 0 });
    const names = sandbox.keys("estuary").map(({ label = "" }) => label);
    expect(names).toContainEqual(expect.stringContaining(DASHED));
  });

  it.each(["revoke estuary X", "revoke openrouter X Y"])(
    "refuses without a terminal and without --yes: %s",
    async (line) => {
      const { sandbox, env } = await served();
      expect(await keysmith(line.split(" "), { env })).toMatchObject({ code: 2, stdout: "" });
      expect(sandbox.requests).toEqual([]);
    },
  );
});

describe("create", () => {
  it("whose outcome nobody knows exits with 4, and shows what may have come of it", async () => {
    const { sandbox, env } = await served();
    sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "after" });
    const { code, stdout, stderr } = await keysmith([...creating("openrouter"), "--reveal"], { env });
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toMatch(/nobody knows whether a key was created/);
    expect(stderr).toMatch(/deploy +It has the same name/);
    expect(stderr).toContain("keysmith revoke openrouter ID");
    expect(sandbox.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("is rehearsed without sending anything", async () => {
    const { sandbox, env } = await served();
    const args = [...creating("estuary"), "--expires-in", "2w", "--permissions", "upload", "--reveal", "--dry-run"];
    const { code, stdout, stderr } = await inProcess(args, { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^expiresIn +2w$/m);
    expect(stderr).toContain("whose plaintext goes to standard output; nothing was sent");
    expect(sandbox.requests).toEqual([]);
  });

  it("shows of the new key what people look for, and leaves the rest to get", async () => {
    const { env } = await served();
    const folder = await temporaryFolder();
    const args = [...creating("openrouter"), "--out", join(folder, "key")];
    const { code, stdout } = await inProcess(args, { env });
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual("provider id name createdAt disabled".split(" "));
  });

  it("takes everything that a provider takes", async () => {
    const { sandbox, env } = await served();
    const folder = await temporaryFolder();
    await writeFile(join(folder, "chosen"), `sk-or-v1-${"c".repeat(64)}\n`);
    const flags =
      "--limit 25 --limit-reset weekly --include-byok --expires-at 2099-12-31T23:59:59Z --external-user u1 --external-key-file chosen";
    const args = [...creating("openrouter"), ...flags.split(" "), "--exec", "cat > stored", "--json"];
    const { code, stdout } = await keysmith(args, { env, cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ expiresAt: "2099-12-31T23:59:59Z" });
    expect(sandbox.keys("openrouter")).toContainEqual(
      expect.objectContaining({ limit: 25, limit_reset: "weekly", include_byok_in_limit: true, external_user: "u1" }),
    );
  });

  const DAY_MS = 86_400_000;
  it.each(["estuary", "openrouter", "openai", "openaiproject", "cloudflare", "unleash"] as const)(
    "takes a date, a time of any zone and a duration for the end of a key of %s",
    async (provider) => {
      const { env } = await served();
      const ends: [args: string[], ms: number][] = [
        [["--expires-at", "2027-06-30"], Date.parse("2027-06-30T00:00:00Z")],
        [["--expires-at", "2027-06-30T01:30:00+02:00"], Date.parse("2027-06-29T23:30:00Z")],
        [["--expires-in", "2w"], Date.now() + 14 * DAY_MS],
      ];
      for (const [flags, ms] of ends) {
        const folder = await temporaryFolder();
        const args = [...creating(provider), ...flags, "--out", join(folder, "key"), "--json"];
        const { code, stdout, stderr } = await inProcess(args, { env });
        expect({ code, stderr }).toMatchObject({ code: 0 });
        const { expiresAt = "" } = JSON.parse(stdout) as ApiKey;
        expect(Math.abs(Date.parse(expiresAt) - ms)).toBeLessThan(60_000);
      }
    },
  );

  it.each([
    { flags: "--expires-at 30d", want: "How long it lives is --expires-in" },
    { flags: "--expires-at 2027-02-30", want: "give a time, such as 2027-12-31" },
    { flags: "--expires-in 30", want: "give a duration, such as" },
    { flags: "--expires-in 300000d", want: "give a duration, such as" },
    { flags: "--expires-in 1d --expires-at 2027-12-31", want: "contradict each other" },
  ])("says of an end that is none, before anything is sent: $flags", async ({ flags, want }) => {
    const { sandbox, env } = await served();
    const args = [...creating("openrouter"), ...flags.split(" "), "--reveal", "--dry-run"];
    const { code, stderr } = await inProcess(args, { env });
    expect({ code, requests: sandbox.requests }).toEqual({ code: 2, requests: [] });
    expect(stderr).toContain(want);
  });

  it("takes no end that is past, though its provider takes durations", async () => {
    const { env } = await served();
    const args = [...creating("estuary"), "--expires-at", "2020-01-01", "--reveal"];
    expect(await inProcess(args, { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is past") as string,
    });
  });

  it("refuses what the facade refuses before sending it, with exit code 2", async () => {
    const { sandbox, env } = await served();
    const { code, stderr } = await inProcess([...creating("estuary"), "--expires-in", "soon", "--reveal"], { env });
    expect({ code, requests: sandbox.requests }).toEqual({ code: 2, requests: [] });
    expect(stderr).toContain('"soon" is no duration');
  });
});

describe("failures", () => {
  it.each([
    { fault: { kind: "status", status: 500 }, want: /500/, code: 1 },
    { fault: { kind: "html" }, want: /not JSON/, code: 1 },
  ] as const)("are told in a sentence, with the server's own words: $want", async ({ fault, want, code }) => {
    const { sandbox, env } = await served();
    sandbox.fail({ operation: "cockroach.getApiKey", times: Infinity, ...fault });
    const ended = await inProcess(["get", "cockroach", issue(sandbox, "cockroach", "a")], { env });
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toMatch(want);
    expect(ended.stderr).not.toMatch(/\n {4}at /);
  });

  it("with a wrong credential tell how to get a right one", async () => {
    const { env } = await served();
    const wrong = { ...env, OPENROUTER_MANAGEMENT_KEY: "wrong" };
    const { code, stderr } = await inProcess(["list", "openrouter"], { env: wrong });
    expect(code).toBe(1);
    expect(stderr).toMatch(/401 .*management key, which is made in OpenRouter's web console/);
  });

  it("of a key in the store that was revoked say that it is that one, and what to do", async () => {
    const { sandbox, env } = await served();
    const { id, secret } = sandbox.issue("openrouter", { name: "ci" });
    const file = join(await temporaryFolder(), ".env");
    await writeFile(file, `KEY=${secret}\n`);
    await keysmith(["revoke", "openrouter", id, "--yes"], { env });
    const args = ["rotate", "openrouter", "--dotenv", file, "--variable", "KEY"];
    const { code, stderr } = await keysmith(args, { env });
    expect(code).toBe(1);
    expect(stderr).toContain("It is the key in the store that is refused");
    expect(stderr).not.toContain("Check that the credential");
  });

  it("show where they come from with KEYSMITH_DEBUG=1, still without the credential", async () => {
    const { env } = await served();
    const wrong = { ...env, OPENROUTER_MANAGEMENT_KEY: "sk-or-v1-wrong", KEYSMITH_DEBUG: "1" };
    const { stderr } = await keysmith(["list", "openrouter"], { env: wrong });
    expect(stderr).toMatch(/AuthenticationError: .*\n {4}at /);
    expect(stderr).not.toContain("sk-or-v1-wrong");
  });

  it("to be heard by whoever reads the output are told by the exit code alone", async () => {
    const { env } = await served();
    const { code, stderr } = await keysmith(["list", "openrouter"], { env, watch: (child) => child.stdout?.destroy() });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  });
});

describe("accounts", () => {
  it.each([
    { given: "current openrouter", want: /^is_management_key +true$/m },
    { given: "current openrouter --json", want: /"is_management_key": true/ },
    { given: "stats", want: /^totalSize +0$/m },
    { given: "export", want: /"Version": "v0\.0\.1"/ },
  ])("$given", async ({ given, want }) => {
    const { env } = await served();
    const { code, stdout } = await inProcess(given.split(" "), { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(want);
  });
});
