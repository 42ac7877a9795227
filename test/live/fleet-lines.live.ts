/** Machines of one fleet with different lines of pg-boss, as while a new one is installed. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import type { FleetStatus } from "../../src/fleet/index.js";
import { createSandbox } from "../../src/sandbox/index.js";
import { bundled } from "../helpers/bundled.js";
import { Program } from "../helpers/processes.js";
import { bundledForLine12, node22 } from "./pg-boss-12.js";
import { startPostgres, type Postgres } from "./postgres.js";

const CUSTOMERS = 6;

let postgres: Postgres;
let programs: Record<10 | 12, Awaited<ReturnType<typeof bundled>>>;
beforeAll(async () => {
  postgres = await startPostgres();
  const file = "test/live/fleet-process.ts";
  programs = { 10: await bundled(file), 12: await bundledForLine12(file) };
});
afterAll(async () => {
  for (const { remove } of Object.values(programs)) await remove();
  await postgres.stop();
});

it("have a queue each, and rotate no key twice", async () => {
  const sandbox = createSandbox();
  const server = await serveSandbox({ port: 0, sandbox });
  onTestFinished(() => server.close());
  const machine = async (line: 10 | 12, does: string) => {
    const file = join(programs[line].folder, "fleet-process.mjs");
    const args = [postgres.url, `${server.url}/cockroach`, sandbox.credentials.cockroach, String(CUSTOMERS), "1000"];
    const program = new Program(line === 12 ? node22 : process.execPath, [file, does, ...args, "1", "0"]);
    expect(await program.ended).toMatchObject({ code: 0, stderr: "" });
    return program.stdout;
  };
  const told = async (line: 10 | 12) => {
    const { status, secrets } = JSON.parse(await machine(line, "tell")) as {
      status: FleetStatus;
      secrets: [string, string][];
    };
    return { status, secrets };
  };

  await machine(10, "ensure");
  expect(await machine(10, "rotate")).toBe(`${CUSTOMERS}\n`);
  const first = await told(10);
  await machine(12, "work");
  expect(await told(12)).toEqual(first);
  expect(first.status).toMatchObject({ waiting: CUSTOMERS });

  expect(await machine(12, "rotate")).toBe(`${CUSTOMERS}\n`);
  await Promise.all([machine(10, "work"), machine(12, "work"), machine(12, "work")]);
  const { status, secrets } = await told(10);
  expect(status).toMatchObject({ customers: CUSTOMERS, open: [] });
  const all = new Set([...first.secrets, ...secrets].map(([, secret]) => secret));
  expect(all.size).toBe(2 * CUSTOMERS);
  expect(sandbox.requests.filter(({ method }) => method === "POST")).toHaveLength(2 * CUSTOMERS);
});
