/** A fleet of processes that are killed at any moment, with lost answers, and a database that goes away. */
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import type { FleetStatus } from "../../src/fleet/index.js";
import { cockroach } from "../../src/index.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { bundled } from "../helpers/bundled.js";
import { Program } from "../helpers/processes.js";
import { busiest } from "./busiest.js";
import { bundledForLine12, node22 } from "./pg-boss-12.js";
import { proxied } from "./proxied.js";
import { handOver, isReadable, startPostgres, unprivileged } from "./postgres.js";

const REQUESTS = Number(process.env["FLEET_REQUESTS"] ?? 100);

/** More than a lease. */
const SLEEP_MS = 6_000;
const AWAY_MS = 5_000;

interface Where {
  /** As the processes are told of it. */
  database: string;
  /** Takes it away for a while; resolves when it may be reached again. */
  cut: () => Promise<void>;
  stop: () => Promise<void>;
}

interface Row {
  name: string;
  customers: number;
  processes: number;
  /** How often one of them is killed, before and during the rotation. */
  kills: number;
  /** The line of pg-boss. */
  line: 10 | 12;
  start: () => Promise<Where>;
}

const FLEETS: Row[] = [
  {
    name: "four processes on a PostgreSQL that goes away",
    customers: Number(process.env["FLEET_CUSTOMERS"] ?? 2_000),
    processes: 4,
    kills: Number(process.env["FLEET_KILLS"] ?? 12),
    line: 10,
    start: postgresThatGoesAway,
  },
  {
    name: "three processes with line 12 of pg-boss",
    customers: Math.min(300, Number(process.env["FLEET_CUSTOMERS"] ?? 300)),
    processes: 3,
    kills: Math.min(6, Number(process.env["FLEET_KILLS"] ?? 6)),
    line: 12,
    start: postgresThatGoesAway,
  },
  {
    name: "one process on the embedded database, which is killed, too",
    customers: Math.min(300, Number(process.env["FLEET_CUSTOMERS"] ?? 300)),
    processes: 1,
    kills: Math.min(5, Number(process.env["FLEET_KILLS"] ?? 5)),
    line: 10,
    start: async () => {
      const database = await mkdtemp(join(tmpdir(), "keysmith-fleet-"));
      await handOver(database);
      const file = join(database, "postgres/postmaster.pid");
      const cut = async () => {
        // A slow machine is still making it the first time.
        if (existsSync(file)) process.kill(Number((await readFile(file, "utf8")).split("\n")[0]), "SIGKILL");
      };
      return { database, cut, stop: () => rm(database, { recursive: true }) };
    },
  },
];

async function postgresThatGoesAway(): Promise<Where> {
  const postgres = await startPostgres();
  const proxy = await proxied(postgres.url);
  const stop = async () => {
    await proxy.stop();
    await postgres.stop();
  };
  const cut = async () => {
    proxy.cut();
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    proxy.mend();
  };
  return { database: proxy.url, cut, stop };
}

let programs: Record<Row["line"], Awaited<ReturnType<typeof bundled>>>;
beforeAll(async () => {
  const file = "test/live/fleet-process.ts";
  programs = { 10: await bundled(file), 12: await bundledForLine12(file) };
  for (const { folder } of Object.values(programs)) await chmod(folder, 0o755);
});
afterAll(async () => {
  for (const { remove } of Object.values(programs)) await remove();
});

// The embedded database is the last.
describe.each(isReadable ? FLEETS : FLEETS.slice(0, -1))(
  "a fleet of $name",
  ({ customers, processes, kills, line, start }) => {
    it("gives every customer one key, and rotates each", { timeout: 3_600_000 }, async () => {
      const sandbox = createSandbox();
      const { fetch, creates, arrived } = counted(sandbox);
      const server = await serveSandbox({ port: 0, sandbox: { ...sandbox, fetch } });
      const where = await start();
      const given = [where.database, `${server.url}/cockroach`, sandbox.credentials.cockroach];
      const numbers = [customers, REQUESTS, processes].map(String);
      const machine = (does: string, own = 0) => {
        const file = join(programs[line].folder, "fleet-process.mjs");
        const node = line === 12 ? node22 : process.execPath;
        return new Program(...unprivileged(node, file, does, ...given, ...numbers, String(own)));
      };
      const said = async (does: string) => {
        const { code, stdout, stderr } = await machine(does).ended;
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        return JSON.parse(stdout) as unknown;
      };
      const told = async () => {
        const { status, secrets } = (await said("tell")) as {
          status: FleetStatus;
          secrets: [string, string | undefined][];
        };
        return { status, secrets: new Map(secrets) };
      };
      const before = (await idsIn(sandbox)).length;
      try {
        await unrest({ sandbox, processes, kills, cut: where.cut, start: (own) => machine("ensure", own) });
        const first = (await told()).secrets;
        expect(new Set(first.values()).size).toBe(customers);

        expect(await said("rotate")).toBe(customers);
        const begun = arrived.length;
        const away = await unrest({ sandbox, processes, kills, cut: where.cut, start: (own) => machine("work", own) });
        const busy = arrived.slice(begun);

        // What was lost last appears, if ever, until then.
        await new Promise((resolve) => setTimeout(resolve, 3_500));
        expect((await machine("work").ended).code).toBe(0);

        const { status, secrets: second } = await told();
        expect(status).toMatchObject({ customers, open: [] });
        expect([...second].filter(([customer, secret]) => first.get(customer) === secret)).toEqual([]);
        // One key a customer, the store holds it, and there is none besides.
        const live = await idsIn(sandbox);
        expect(live).toHaveLength(customers + before);
        for (const secret of second.values()) expect(live).toContain(idOf(secret ?? "none"));
        expect(await said("remove")).toMatchObject({ customers: customers - 1, open: [] });
        expect(await idsIn(sandbox)).toEqual(live.filter((id) => id !== idOf(second.get("customer 0") ?? "none")));
        expect(creates.size).toBe(creates.total());
        expect(busiest(arrived)).toBeLessThanOrEqual(REQUESTS);
        // Until fewer customers are left than are in work at once, and but for the time without a database.
        const [from = 0] = busy;
        const to = busy[Math.floor(0.9 * busy.length)] ?? 0;
        const asked = busy.filter((time) => time <= to && !away.some(([gone, back]) => time >= gone && time < back));
        const seconds = (to - from - away.reduce((sum, [gone, back]) => sum + back - gone, 0)) / 1_000;
        const share = ((100 * asked.length) / seconds / REQUESTS).toFixed(0);
        // Told, not expected: those that sleep or are killed use none. Of a fleet that is let alone, fleet-limit.live.ts judges it.
        console.log(`${asked.length} requests in ${seconds.toFixed(1)} s, ${share} % of the limit`);
      } finally {
        await server.close();
        await where.stop();
      }
    });
  },
);

/** A key of CockroachDB Cloud begins with its id. */
function idOf(secret: string): string {
  return secret.split("_").slice(0, 2).join("_");
}

async function idsIn(sandbox: Sandbox): Promise<string[]> {
  const keys = cockroach({ apiKey: sandbox.credentials.cockroach, fetch: sandbox.fetch });
  return (await keys.list().toArray()).map(({ id }) => id);
}

interface Unrest extends Pick<Row, "processes" | "kills">, Pick<Where, "cut"> {
  sandbox: Sandbox;
  start: (own: number) => Program;
}

/** Runs processes until all have ended by themselves, killing one now and then, losing answers, and the database once. */
async function unrest({ sandbox, processes, kills, cut, start }: Unrest): Promise<[number, number][]> {
  const away: [number, number][] = [];
  const state = { isOver: false };
  const isQuiet = kills === 0;
  const lanes = Array.from({ length: processes }, async (_, own) => {
    for (;;) {
      const program = start(own);
      const timers = [setTimeout(() => kills-- > 0 && program.child.kill("SIGKILL"), 2_000 + Math.random() * 15_000)];
      if (!isQuiet) {
        // Some sleep beyond their leases, as a laptop does.
        timers.push(setTimeout(() => program.child.kill("SIGSTOP"), 5_000));
        timers.push(setTimeout(() => program.child.kill("SIGCONT"), 5_000 + SLEEP_MS));
      }
      const { code, stdout, stderr } = await program.ended;
      for (const timer of timers) clearTimeout(timer);
      if (code === 0) return;
      if (code !== null) throw new Error(stdout.slice(-2_000) + stderr);
    }
  });
  const losing = (async () => {
    while (!state.isOver && !isQuiet) {
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      sandbox.fail({
        operation: "cockroach.createApiKey",
        kind: "lost",
        when: Math.random() < 0.5 ? "after" : "before",
      });
    }
  })();
  const cutting = (async () => {
    if (isQuiet) return;
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    const gone = performance.now();
    await cut();
    // Those who wait for it look once a second.
    away.push([gone, performance.now() + 1_000]);
  })();
  try {
    await Promise.all(lanes);
  } finally {
    state.isOver = true;
    await Promise.all([losing, cutting]);
  }
  return away;
}

/** The sandbox, with a note of when each request arrived, and of the creates by their names. */
function counted(sandbox: Sandbox) {
  const arrived: number[] = [];
  const names: string[] = [];
  const fetch: Sandbox["fetch"] = async (input, init) => {
    arrived.push(performance.now());
    if (init?.method === "POST" && typeof init.body === "string") {
      names.push((JSON.parse(init.body) as { name: string }).name);
    }
    return sandbox.fetch(input, init);
  };
  return {
    fetch,
    arrived,
    creates: {
      get size() {
        return new Set(names).size;
      },
      total: () => names.length,
    },
  };
}
