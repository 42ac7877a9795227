/** `keysmith fleet`, against the sandbox and a real PostgreSQL. */
import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import pg from "pg";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { fleetActions } from "../../src/cli/fleet-actions.js";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { openrouter } from "../../src/index.js";
import { createSandbox } from "../../src/sandbox/index.js";
import { snippetsOf, writeSnippets } from "../conformance/snippets.js";
import { inProcess } from "../cli/in-process.js";
import { keysmith, served, useCommand } from "../cli/keysmith.js";
import { startPostgres, type Postgres } from "./postgres.js";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

useCommand();

let accounts = 0;

async function account() {
  const sandbox = createSandbox();
  const server = await serveSandbox({ port: 0, sandbox });
  onTestFinished(() => server.close());
  // An account of its own has a database of its own.
  const name = `account${++accounts}`;
  const client = new pg.Client(postgres.url);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const env = {
    OPENROUTER_MANAGEMENT_KEY: sandbox.credentials.openrouter,
    OPENROUTER_BASE_URL: `${server.url}/openrouter/api/v1`,
    KEYSMITH_FLEET_DATABASE: new URL(name, postgres.url).href,
    KEYSMITH_FLEET_KEY: Buffer.alloc(32, 7).toString("base64"),
  };
  const ids = async () => {
    const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
    return (await keys.list().toArray()).map(({ id }) => id);
  };
  return { ids, env, fleet: (...args: string[]) => inProcess(["fleet", ...args], { env }) };
}

it("makes a key a customer, rotates them, tells of them, and removes one", async () => {
  const { fleet, ids } = await account();
  const before = (await ids()).length;
  const made = await fleet("ensure", "openrouter", "customer 7", "--limit", "25", "--json");
  const key = JSON.parse(made.stdout) as { id: string; name: string };
  expect(key.name).toBe("customer 7");
  expect(JSON.parse((await fleet("ensure", "openrouter", "customer 7", "--json")).stdout)).toMatchObject({
    id: key.id,
  });
  await fleet("ensure", "openrouter", "customer 8");
  expect(await ids()).toHaveLength(before + 2);

  expect((await fleet("rotate", "openrouter", "--older-than", "1ms")).stdout).toBe("Queued: 2.\n");
  expect((await fleet("pause", "openrouter")).code).toBe(0);
  expect((await fleet("status", "openrouter")).stdout).toContain("2 waiting, 0 at work, 0 failed, 0 in doubt. Paused.");
  expect((await fleet("resume", "openrouter")).code).toBe(0);
  const worked = await fleet("work", "openrouter", "--concurrency", "2");
  expect(worked).toMatchObject({ code: 0, stdout: "Rotated 2, and finished 0 that had been begun before.\n" });
  expect(await ids()).not.toContain(key.id);
  expect(JSON.parse((await fleet("status", "openrouter", "--json")).stdout)).toMatchObject({ customers: 2, idle: 2 });

  expect((await fleet("settle", "openrouter")).stdout).toBe("Revoked 0 keys of creates whose answer was lost.\n");
  expect(await fleet("remove", "openrouter", "customer 8", "--yes")).toMatchObject({ code: 0 });
  expect(await ids()).toHaveLength(before + 1);
});

it("stops where the provider refuses the credential, and leaves the customers as they were", async () => {
  const { fleet, env } = await account();
  for (const customer of ["a", "b", "c"]) await fleet("ensure", "openrouter", customer);
  await fleet("rotate", "openrouter", "--older-than", "1ms");
  const wrong = { ...env, OPENROUTER_MANAGEMENT_KEY: "sk-or-v1-of-nobody" };
  const { code, stderr } = await inProcess(["fleet", "work", "openrouter", "--concurrency", "1"], { env: wrong });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("refused the credential") as string });
  expect((await fleet("status", "openrouter")).stdout).toContain("3 waiting, 0 at work, 0 failed, 0 in doubt.");
});

it("says that the fleet is paused, and leaves nothing half done when it is ended", async () => {
  let arriving: (method: string) => unknown = () => undefined;
  const { sandbox, env } = await served(createSandbox(), (method) => arriving(method));
  const { env: own } = await account();
  const given = { ...own, ...env };
  const fleet = (...args: string[]) => keysmith(["fleet", ...args], { env: given });
  const before = sandbox.keys("openrouter").length;
  for (const customer of ["a", "b"]) await fleet("ensure", "openrouter", customer);
  await fleet("rotate", "openrouter", "--older-than", "1ms");
  await fleet("pause", "openrouter");

  let heard: () => void = () => undefined;
  const isEnding = new Promise<void>((resolve) => (heard = resolve));
  let isResumed = false;
  const watch = (child: ChildProcess, stderr: string) => {
    arriving = async (method) => {
      if (method !== "POST") return;
      child.kill("SIGTERM");
      await isEnding;
    };
    if (stderr.includes("paused") && !isResumed) {
      isResumed = true;
      void fleet("resume", "openrouter");
    }
    if (stderr.includes("Stopping")) heard();
  };
  const ended = await keysmith(["fleet", "work", "openrouter", "--concurrency", "1"], { env: given, watch });
  expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code: 143 });
  arriving = () => undefined;
  expect((await fleet("status", "openrouter")).stdout).toContain("0 failed, 0 in doubt.");
  expect(await fleet("work", "openrouter")).toMatchObject({ code: 0 });
  expect((await fleet("status", "openrouter")).stdout).toContain("2 customers: 2 idle");
  expect(sandbox.keys("openrouter")).toHaveLength(before + 2);
});

it("prints for programs what the schema says, whatever it is told to do", async () => {
  const { fleet } = await account();
  const schema = JSON.parse(await readFile("schemas/output-1.json", "utf8")) as object;
  const ajv = new Ajv({ allErrors: true }).addSchema(schema, "output");
  const lines = [
    "ensure openrouter a",
    "settle openrouter a --holds ID",
    "rotate openrouter --older-than 1ms",
    "status openrouter",
    "pause openrouter",
    "resume openrouter",
    "work openrouter",
    "settle openrouter",
    "remove openrouter a --yes",
  ];
  expect(new Set(lines.map((line) => line.split(" ")[0]))).toEqual(new Set(fleetActions));
  let id = "";
  for (const line of lines) {
    const { code, stdout } = await fleet(...line.replace("ID", id).split(" "), "--json");
    if (line.startsWith("ensure")) ({ id } = JSON.parse(stdout) as { id: string });
    const validate = ajv.getSchema(`output#/definitions/fleet-${line.split(" ")[0]}`);
    const problems = validate?.(JSON.parse(stdout)) ? [] : validate?.errors;
    expect({ line, code, problems }).toEqual({ line, code: 0, problems: [] });
  }
});

it("keeps the keys of a few customers in a dotenv file, and asks a person where a key is gone", async () => {
  const { fleet, ids } = await account();
  const folder = await mkdtemp(join(tmpdir(), "keysmith-fleet-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, ".env");
  expect(await fleet("ensure", "openrouter", "not a variable", "--dotenv", file)).toMatchObject({ code: 1 });
  expect(await fleet("ensure", "openrouter", "SHOP_KEY", "--dotenv", file)).toMatchObject({ code: 0, stderr: "" });
  const [, id = ""] = /^SHOP_KEY_ID=(.+)$/m.exec(await readFile(file, "utf8")) ?? [];
  expect(await ids()).toContain(id);
  const wrong = await fleet("settle", "openrouter", "SHOP_KEY", "--holds-none", "--dotenv", file);
  expect(wrong.stderr).toContain(`The store says that it holds ${id}`);
  expect(await ids()).toContain(id);
});

it("does what the README says, in code and in a shell", async () => {
  const { fleet, ids, env } = await account();
  const before = (await ids()).length;
  const readme = await readFile("README.md", "utf8");
  const snippets = snippetsOf("README.md", readme).filter(({ code }) => code.includes("createFleet"));
  expect(snippets.map(({ code }) => code.trim().split("\n").filter(Boolean).length)).toEqual([9]);
  const folder = await mkdtemp(join(tmpdir(), "keysmith-fleet-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const modules = await writeSnippets(process.cwd(), snippets);
  onTestFinished(modules.remove);
  const file = join(folder, "fleet.env");
  for (const snippet of snippets) await modules.run(snippet, { ...env, FLEET_FILE: file });
  expect(await readFile(file, "utf8")).toMatch(/^CUSTOMER_7=sk-or-/m);
  expect(await ids()).toHaveLength(before + 1);

  // Another fleet in the same database would know of that customer, too.
  const lines = readme.split("\n").filter((line) => line.startsWith("keysmith fleet "));
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    const args = Array.from(line.matchAll(/"([^"]*)"|\S+/g), ([all, quoted]) => quoted ?? all);
    expect(await fleet(...args.slice(2)), line).toMatchObject({ code: 0 });
  }
});
