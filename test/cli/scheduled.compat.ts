/** `rotate` as a job that runs every day and knows nothing but the place where the key is. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createSandbox, type ProviderName } from "../../src/sandbox/index.js";
import { names, table } from "../helpers/providers.js";
import { inProcess } from "./in-process.js";
import { idsOf, served, temporaryFolder } from "./keysmith.js";

const DAY_MS = 86_400_000;
const CREATED = Date.parse("2026-01-01T12:00:00Z");

/** A dotenv file with a key of that provider, and a clock that tests move. */
async function scene(provider: ProviderName) {
  const clock = { day: 0 };
  const now = () => CREATED + clock.day * DAY_MS;
  const { sandbox, env } = await served(createSandbox({ now }));
  const cwd = await temporaryFolder();
  const { id, secret } = table[provider].issue(sandbox, "ci");
  await writeFile(join(cwd, ".env"), `OTHER=1\nAPI_KEY=${secret}\n`);
  const place = ["--dotenv", ".env", "--variable", "API_KEY"];
  // Estuary's keys live for 30 days unless told otherwise, and so would their successors.
  const more = [...table[provider].flags.rotate, ...(provider === "estuary" ? ["--expires-in", "90d"] : [])];
  return {
    sandbox,
    env,
    cwd,
    first: id,
    /** Runs the job on a day after the key was made. */
    on: async (day: number, ...args: string[]) => {
      clock.day = day;
      const flags = ["--older-than", "30d", "--retire-after", "24h", ...more, ...args];
      return inProcess(["rotate", provider, ...place, ...flags], { env, cwd });
    },
    run: (...args: string[]) => inProcess(args, { env, cwd }),
    ids: () => idsOf(sandbox, provider),
    stored: async () => (await readFile(join(cwd, ".env"), "utf8")).trimEnd().split("API_KEY=").at(-1) ?? "",
  };
}

describe("one line, run every day", () => {
  it.each(names)(
    "replaces a key of %s once it is 30 days old, and retires the old one a day later",
    async (provider) => {
      const { sandbox, first, on, ids, stored } = await scene(provider);
      const before = await stored();
      if (provider !== "estuary") {
        expect(await on(0)).toMatchObject({ code: 0, stdout: "" });
        const young = await on(29.9, "--json");
        expect({ code: young.code, results: JSON.parse(young.stdout) as unknown }).toEqual({
          code: 0,
          results: [{ id: first, name: expect.stringContaining("ci") as string, rotated: false }],
        });
        expect(young.stderr).toContain("is 29 days old: it is left alone until it is 30d old.");
        expect(await stored()).toBe(before);
        expect(sandbox.requests.every(({ method }) => method === "GET")).toBe(true);
      }

      expect(await on(30.1)).toMatchObject({ code: 0 });
      const after = await stored();
      expect(after).not.toBe(before);
      expect(await ids()).toHaveLength(2);

      const soon = await on(31);
      expect(soon).toMatchObject({ code: 0, stdout: "" });
      expect(await ids()).toContain(first);

      const later = await on(31.2);
      expect(later).toMatchObject({ code: 0, stdout: "" });
      expect(later.stderr).toContain("which an earlier rotation has replaced.");
      expect(await ids()).toHaveLength(1);
      expect(await ids()).not.toContain(first);

      expect(await on(59)).toMatchObject({ code: 0, stdout: "" });
      expect(await stored()).toBe(after);
    },
  );

  it("replaces a key of which nothing tells how old it is, and knows the new one's age", async () => {
    const { on, stored } = await scene("estuary");
    const before = await stored();
    expect(await on(1)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("nothing tells when it was made") as string,
    });
    const after = await stored();
    expect(after).not.toBe(before);
    expect(await on(20)).toMatchObject({ code: 0, stdout: "" });
    expect(await stored()).toBe(after);
  });

  it("replaces the key in any store that can be read, whatever its age unless told how old it has to be", async () => {
    const { first, cwd, run, ids } = await scene("cockroach");
    const read = "cat new 2> /dev/null || sed -n s/API_KEY=//p .env";
    const { code } = await run("rotate", "cockroach", "--exec", "cat > new", "--read", read);
    expect(code).toBe(0);
    const [id = "", ...others] = await ids();
    expect(others).toEqual([]);
    expect(id).not.toBe(first);
    expect(await readFile(join(cwd, "new"), "utf8")).toContain(id);
  });

  it("says in time of a key that will have expired before it is old enough", async () => {
    const { on, run } = await scene("openrouter");
    const expiresAt = new Date(CREATED + 20 * DAY_MS).toISOString();
    const made = await run(
      "create",
      "openrouter",
      "--name",
      "ci",
      "--expires-at",
      expiresAt,
      "--dotenv",
      ".env",
      "--variable",
      "API_KEY",
    );
    expect(made.code).toBe(0);
    expect(await on(10)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        "It expires at 2026-01-21T12:00:00.000Z, before that. Give a shorter --older-than",
      ) as string,
    });
  });

  it("says what it would do, and does nothing, with --dry-run", async () => {
    const { sandbox, on } = await scene("openrouter");
    expect(await on(31, "--dry-run")).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/is 31 days old\.[^]*Would replace this key.*Nothing was changed/) as string,
    });
    expect(sandbox.requests.every(({ method }) => method === "GET")).toBe(true);
  });
});

describe("what cannot be done is said before anything is changed", () => {
  it.each([
    {
      given: "a place that cannot be read back",
      args: ["--out", "new"],
      code: 2,
      want: /Name the keys, or a place that can be read back/,
    },
    {
      given: "a command without --read",
      args: ["--exec", "cat > new"],
      code: 2,
      want: /--exec COMMAND with --read COMMAND/,
    },
    {
      given: "an empty store",
      args: ["--dotenv", "new.env", "--variable", "API_KEY"],
      code: 1,
      want: /the store holds no key yet\. `keysmith create openrouter` with the same place puts one there/,
    },
    {
      given: "a store that does not answer",
      args: ["--exec", "cat > new", "--read", "exit 3"],
      code: 1,
      want: /cannot be told: the command of --read ended with exit code 3\./,
    },
    {
      given: "another provider's key",
      args: [
        "--exec",
        "cat > new",
        "--read",
        "printf CCDB1_0123456789012345678901_0123456789012345678901234567890123456789",
      ],
      code: 2,
      want: /cannot be told: read gave a key of cockroach/,
    },
    {
      given: "a key that the provider does not accept",
      args: ["--exec", "cat > new", "--read", `printf sk-or-v1-${"7".repeat(64)}`],
      code: 1,
      want: /which key the store holds cannot be told/,
    },
    {
      given: "an age that is none",
      args: ["--dotenv", ".env", "--variable", "API_KEY", "--older-than", "soon"],
      code: 2,
      want: /--older-than is "soon": give a duration/,
    },
  ])("$given", async ({ args, code, want }) => {
    const { sandbox, run } = await scene("openrouter");
    expect(await run("rotate", "openrouter", ...args)).toEqual({
      code,
      stdout: "",
      stderr: expect.stringMatching(want) as string,
    });
    expect(sandbox.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  it("a server that tells no time", async () => {
    const { sandbox, on } = await scene("openrouter");
    const send = fetch;
    vi.stubGlobal("fetch", async (...sent: Parameters<typeof fetch>) => {
      const response = await send(...sent);
      return new Response(response.body, { status: response.status, headers: { "content-type": "application/json" } });
    });
    expect(await on(31)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/no Date header, so no age can be (judged|told)/) as string,
    });
    expect(sandbox.requests.every(({ method }) => method === "GET")).toBe(true);
  });
});

describe("a key is named", () => {
  it.each([
    { by: "its id", text: (id: string) => id },
    { by: "the beginning of its id", text: (id: string) => id.slice(0, 8) },
    { by: "its name", text: () => "ci" },
  ])("by $by", async ({ text }) => {
    const { first, run, ids } = await scene("openrouter");
    const got = await run("get", "openrouter", text(first), "--json");
    expect(JSON.parse(got.stdout)).toMatchObject({ id: first, name: "ci" });
    expect(await run("update", "openrouter", text(first), "--limit", "7")).toMatchObject({ code: 0 });
    expect(await run("revoke", "openrouter", text(first), "--yes")).toMatchObject({
      code: 0,
      stdout: `Revoked openrouter "ci" (${first}).\n`,
    });
    expect(await ids()).toEqual([]);
  });

  it("by what fits two, and so by neither: both are named, and nothing is changed", async () => {
    const { sandbox, first, run, ids } = await scene("openrouter");
    const { id: second } = table.openrouter.issue(sandbox, "ci");
    for (const command of [["revoke", "--yes"], ["rotate", "--exec", "cat > new"], ["get"]]) {
      const [name = "", ...flags] = command;
      const { code, stdout, stderr } = await run(name, "openrouter", "ci", ...flags);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      const [problem, ...candidates] = stderr.trimEnd().split("\n");
      expect(problem).toMatch(/ci could be each of these\. Give its id:$/);
      expect(candidates.sort()).toEqual([first, second].map((id) => `  "ci" (${id})`).sort());
    }
    expect((await ids()).sort()).toEqual([first, second].sort());
  });

  it("by an id that is gone, and so by no other that begins alike", async () => {
    const { run, ids } = await scene("openrouter");
    expect(await run("revoke", "openrouter", "abc", "--yes")).toMatchObject({ code: 1 });
    expect(await ids()).toHaveLength(1);
  });
});
