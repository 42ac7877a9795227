/** A machine of a fleet that is killed at every single statement and request, before it and after it: run again, it heals. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { createFleet, type Fleet } from "../../src/fleet/index.js";
import { cockroach } from "../../src/index.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { bundled } from "../helpers/bundled.js";
import { startPostgres, type Postgres } from "./postgres.js";

export interface Crash {
  does: "ensure" | "work" | "remove";
  url: string;
  baseUrl: string;
  apiKey: string;
  name: string;
  customer: string;
  input: { name: string; serviceAccountId: string };
  seal: string;
  /** Which statement or request it does not survive. */
  edge: number;
  when: "before" | "after";
}

/** How many are under way at once. */
const AT_ONCE = 8;
const SEAL = "sealed ";

let postgres: Postgres;
let programs: Awaited<ReturnType<typeof bundled>>;
let pool: pg.Pool;
beforeAll(async () => {
  postgres = await startPostgres();
  programs = await bundled("test/live/fleet-crash.ts");
  pool = new pg.Pool({ connectionString: postgres.url, max: 20 });
  // Those that it closes may still be open when the server ends.
  pool.on("connect", (client) => client.on("error", () => undefined));
});
afterAll(async () => {
  await pool.end();
  await programs.remove();
  await postgres.stop();
});

describe.each(["ensure", "work", "remove"] as const)("a machine that is killed at any edge of %s", (does) => {
  it("leaves what the next one heals", { timeout: 600_000 }, async () => {
    const sandbox = createSandbox();
    const names: string[] = [];
    const fetch: Sandbox["fetch"] = async (input, init) => {
      if (init?.method === "POST" && typeof init.body === "string") {
        names.push((JSON.parse(init.body) as { name: string }).name);
      }
      return sandbox.fetch(input, init);
    };
    const server = await serveSandbox({ port: 0, sandbox: { ...sandbox, fetch } });
    const baseUrl = `${server.url}/cockroach`;
    const apiKey = sandbox.credentials.cockroach;
    const live = () => cockroach({ apiKey, fetch: sandbox.fetch }).list().toArray();
    const before = (await live()).length;

    const crash = (edge: number, when: Crash["when"]) => {
      const customer = `${does} ${edge} ${when}`;
      const input = { name: customer, serviceAccountId: "7e0ef1d4-95bb-4f31-8b41-5a4c1c6a8b0f" };
      // Queues are apart, so that each machine finds its own customer's job.
      const name = does === "work" ? customer : does;
      const fleet = createFleet({
        keys: cockroach({ apiKey, baseUrl }),
        database: pool,
        store: { seal: (plaintext) => SEAL + plaintext, open: (sealed) => sealed.slice(SEAL.length) },
        rate: { requests: 1_000, seconds: 1 },
        name,
        leaseMs: 1_000,
        lateMs: 0,
      });
      const workerData: Crash = {
        ...{ does, url: postgres.url, baseUrl, apiKey, name, customer, input, seal: SEAL, edge, when },
      };
      /** Gives how many edges it passed; nothing where it was killed. */
      const run = () =>
        new Promise<number | undefined>((resolve, reject) => {
          const worker = new Worker(join(programs.folder, "fleet-crash.mjs"), { workerData });
          let passed: number | undefined;
          worker.on("message", (message: number) => (passed = message));
          worker.on("error", reject);
          worker.on("exit", () => resolve(passed));
        });
      return { customer, input, fleet, run };
    };
    type Case = ReturnType<typeof crash>;
    const begun = async ({ fleet, customer, input }: Case) => {
      if (does === "ensure") return undefined;
      await fleet.ensure(customer, input);
      // A key that was made in this millisecond is not older than one.
      while (does === "work" && (await fleet.rotate({ olderThan: "1ms" })) === 0);
      return fleet.plaintext(customer);
    };

    try {
      const whole = crash(Infinity, "after");
      await begun(whole);
      const edges = (await whole.run()) ?? 0;
      expect(edges).toBeGreaterThan(does === "work" ? 15 : 5);
      const cases = Array.from({ length: edges }, (_, edge) => edge + 1).flatMap((edge) => [
        crash(edge, "before"),
        crash(edge, "after"),
      ]);
      let killed = 0;
      const secrets = new Map<string, string | undefined>();
      await inTurns(cases, async (one) => {
        const first = await begun(one);
        if ((await one.run()) === undefined) killed++;
        await again(does, one);
        const second = await one.fleet.plaintext(one.customer);
        secrets.set(one.customer, second);
        if (does === "remove") expect([one.customer, second]).toEqual([one.customer, undefined]);
        else expect([one.customer, second]).not.toEqual([one.customer, first]);
      });
      // How many statements it takes depends a little on the clock.
      expect(killed).toBeGreaterThan(1.5 * edges);

      for (const { fleet } of [whole, ...cases]) {
        await fleet.settle();
        expect((await fleet.status()).open).toEqual([]);
      }
      const keys = await live();
      expect(keys).toHaveLength(before + (does === "remove" ? 0 : cases.length + 1));
      for (const [customer, secret] of secrets) {
        const own = keys.filter(({ name }) => name === customer).map(({ id }) => id);
        expect([customer, own]).toEqual([customer, secret === undefined ? [] : [idOf(secret)]]);
      }
      expect(new Set(names).size).toBe(names.length);
      console.log(`${does}: killed at ${killed} of ${cases.length}`);
    } finally {
      await server.close();
    }
  });
});

async function again(
  does: Crash["does"],
  { fleet, customer, input }: { fleet: Fleet<"cockroach">; customer: string; input: Crash["input"] },
): Promise<void> {
  if (does === "ensure") await fleet.ensure(customer, input);
  else if (does === "remove") await fleet.remove(customer);
  else expect(await fleet.work()).toMatchObject({ failed: 0, ended: "empty" });
}

/** A key of CockroachDB Cloud begins with its id. */
function idOf(secret: string): string {
  return secret.split("_").slice(0, 2).join("_");
}

async function inTurns<T>(all: readonly T[], how: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const lane = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await how(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
