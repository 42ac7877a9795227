import { readFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { sealWith } from "../../src/cli/seal.js";
import { names } from "../helpers/providers.js";
import { inProcess } from "./in-process.js";

const KEY = Buffer.alloc(32, 7).toString("base64");
const env = {
  OPENROUTER_MANAGEMENT_KEY: "sk-or-v1-looks-like-a-key",
  KEYSMITH_FLEET_DATABASE: "postgres://keysmith@127.0.0.1:1/none",
  KEYSMITH_FLEET_KEY: KEY,
};

describe("keysmith fleet", () => {
  it("has its own database in the folder that is set, and says so", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(0);
    const unset = { ...env, KEYSMITH_FLEET_DATABASE: undefined };
    const { code, stderr } = await inProcess(["fleet", "status", "openrouter"], {
      env: { ...unset, KEYSMITH_FLEET_FOLDER: "/srv/keysmith/fleet" },
    });
    expect(stderr).toContain("the database is this machine's own, in /srv/keysmith/fleet.");
    expect(stderr).toMatch(/refuses to run as root\..* set KEYSMITH_FLEET_DATABASE to the URL of a PostgreSQL\.\n$/);
    expect(code).toBe(2);
    const empty = await inProcess(["fleet", "status", "openrouter"], { env: { ...unset, KEYSMITH_FLEET_FOLDER: "" } });
    expect(empty).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("KEYSMITH_FLEET_FOLDER is empty") as string,
    });
  });

  it.each<{ given: string; env?: Record<string, string>; want: RegExp }>([
    { given: "fleet begin openrouter", want: /ensure, rotate, work, status, remove, pause, resume, settle/ },
    { given: "fleet ensure openrouter", want: /Say whose key it is: keysmith fleet ensure openrouter CUSTOMER/ },
    {
      given: "fleet status openrouter",
      env: { KEYSMITH_FLEET_DATABASE: "" },
      want: /KEYSMITH_FLEET_DATABASE is empty/,
    },
    {
      given: "fleet status openrouter",
      env: { KEYSMITH_FLEET_DATABASE: "db.example/keysmith" },
      want: /KEYSMITH_FLEET_DATABASE has to be a URL such as postgres:/,
    },
    {
      given: "fleet status openrouter",
      env: { KEYSMITH_FLEET_FOLDER: "/srv/keysmith" },
      want: /Unset one of them/,
    },
    { given: "fleet work estuary", want: /estuary requires --permissions/ },
    { given: "fleet status openrouter", env: { KEYSMITH_FLEET_KEY: "" }, want: /--dotenv FILE, or in the database/ },
    { given: "fleet status openrouter", env: { KEYSMITH_FLEET_KEY: "c2hvcnQ=" }, want: /32 random bytes in base64/ },
    { given: "fleet status openrouter", env: { OPENROUTER_MANAGEMENT_KEY: "" }, want: /there is no credential/ },
    { given: "fleet rotate openrouter", want: /--older-than 30d/ },
    { given: "fleet work openrouter --concurrency none", want: /--concurrency is "none"/ },
    { given: "fleet status openrouter --rate-limit 10", want: /--rate-limit is "10"/ },
    { given: "fleet settle openrouter a", want: /--holds ID, or --holds-none/ },
    { given: "fleet settle openrouter  --holds-none", want: /The customer is empty/ },
    { given: "fleet remove openrouter a", want: /Add --yes if it is meant/ },
  ])("$given: says what is missing, and sends nothing", async ({ given, env: other, want }) => {
    const { code, stdout, stderr } = await inProcess(given.split(" "), { env: { ...env, ...other } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.replace(/\s+/g, " ")).toMatch(want);
  });

  it.each(names)("has help that fits 80 columns, for %s too", async (provider) => {
    const { code, stdout } = await inProcess(["fleet", "ensure", provider, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`keysmith fleet work ${provider}`);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("the seal of a table", () => {
  it("gives back what it was given, to the same customer alone, and shows nothing of it", () => {
    const { seal, open } = sealWith("KEYSMITH_FLEET_KEY", KEY);
    const sealed = seal("sk-or-v1-looks-like-a-key", "customer 7");
    expect(sealed).not.toContain("looks");
    expect(Buffer.from(sealed, "base64").toString("latin1")).not.toContain("looks");
    expect(open(sealed, "customer 7")).toBe("sk-or-v1-looks-like-a-key");
    expect(() => open(sealed, "customer 8")).toThrow();
    expect(seal("sk-or-v1-looks-like-a-key", "customer 7")).not.toBe(sealed);
  });

  it("is of another key for whoever has another one", () => {
    const sealed = sealWith("KEYSMITH_FLEET_KEY", KEY).seal("a", "b");
    const other = sealWith("KEYSMITH_FLEET_KEY", Buffer.alloc(32, 8).toString("base64"));
    expect(() => other.open(sealed, "b")).toThrow();
  });
});

it("what the guide has cron, systemd and Kubernetes run is taken by the command", async () => {
  const guide = await readFile("docs/guide/fleet.md", "utf8");
  const operators = guide.slice(guide.indexOf("As a cron job"), guide.indexOf("## Its limits"));
  const lines = Array.from(operators.matchAll(/keysmith (fleet [^&\n]+)/g), ([, line = ""]) => line.trim());
  expect(lines).toHaveLength(6);
  for (const line of lines) {
    // What it is told is looked at before the credential is.
    const { code, stderr } = await inProcess(line.split(" "), { env: { ...env, OPENROUTER_MANAGEMENT_KEY: "" } });
    expect({ line, code, stderr }).toEqual({
      line,
      code: 2,
      stderr: expect.stringContaining("there is no credential") as string,
    });
  }
});

it("the guide names each action of the command", async () => {
  const guide = await readFile("docs/guide/fleet.md", "utf8");
  for (const action of ["ensure", "rotate", "work", "status", "remove", "pause", "resume", "settle"]) {
    expect(guide).toContain(`keysmith fleet ${action}`);
  }
});
