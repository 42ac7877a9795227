/** A fleet on a real PostgreSQL: many processes, killed at any moment, lost answers, and a database that goes away. */
import { createServer, connect, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { createFleet, type Seal } from "../../src/fleet/index.js";
import { cockroach } from "../../src/index.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { bundled } from "../helpers/bundled.js";
import { Program } from "../helpers/processes.js";
import { busiest } from "./busiest.js";
import { startPostgres, type Postgres } from "./postgres.js";

const CUSTOMERS = Number(process.env["FLEET_CUSTOMERS"] ?? 2_000);
const REQUESTS = Number(process.env["FLEET_REQUESTS"] ?? 100);
const PROCESSES = 4;
/** How often one of them is killed, before and during the rotation. */
const KILLS = Number(process.env["FLEET_KILLS"] ?? 12);

/** More than a lease. */
const SLEEP_MS = 6_000;

let postgres: Postgres;
let proxy: Awaited<ReturnType<typeof proxied>>;
let programs: Awaited<ReturnType<typeof bundled>>;
beforeAll(async () => {
  postgres = await startPostgres();
  proxy = await proxied(Number(new URL(postgres.url).port));
  programs = await bundled("test/live/fleet-process.ts");
});
afterAll(async () => {
  await programs.remove();
  await proxy.stop();
  await postgres.stop();
});

describe("a fleet of four processes that are killed", () => {
  it("gives every customer one key, and rotates each", { timeout: 3_600_000 }, async () => {
    const sandbox = createSandbox();
    const { fetch, creates, arrived } = counted(sandbox);
    const server = await serveSandbox({ port: 0, sandbox: { ...sandbox, fetch } });
    const baseUrl = `${server.url}/cockroach`;
    const database = postgres.url.replace(/:\d+\//, `:${proxy.port}/`);
    const apiKey = sandbox.credentials.cockroach;
    const given = [database, baseUrl, apiKey, String(CUSTOMERS), String(REQUESTS)];
    const before = (await idsIn(sandbox)).length;
    const fleet = createFleet({
      keys: cockroach({ apiKey, baseUrl }),
      database: postgres.url,
      store: plain,
      leaseMs: 5_000,
    });
    try {
      await unrest(
        sandbox,
        (own) =>
          new Program(process.execPath, [join(programs.folder, "fleet-process.mjs"), "ensure", ...given, String(own)]),
      );
      const first = await stored(fleet);
      expect(new Set(first.values()).size).toBe(CUSTOMERS);

      expect(await fleet.rotate({ olderThan: "1ms" })).toBe(CUSTOMERS);
      const begun = arrived.length;
      const away = await unrest(
        sandbox,
        (own) =>
          new Program(process.execPath, [join(programs.folder, "fleet-process.mjs"), "work", ...given, String(own)]),
      );
      const busy = arrived.slice(begun);

      // What was lost last appears, if ever, until then.
      await new Promise((resolve) => setTimeout(resolve, 3_500));
      const last = new Program(process.execPath, [join(programs.folder, "fleet-process.mjs"), "work", ...given]);
      expect((await last.ended).code).toBe(0);

      expect(await fleet.status()).toMatchObject({ customers: CUSTOMERS, open: [] });
      const second = await stored(fleet);
      expect([...second].filter(([customer, secret]) => first.get(customer) === secret)).toEqual([]);
      // One key a customer, the store holds it, and there is none besides.
      const live = await idsIn(sandbox);
      expect(live).toHaveLength(CUSTOMERS + before);
      for (const secret of second.values()) expect(live).toContain(idOf(secret));
      expect(creates.size).toBe(creates.total());
      expect(busiest(arrived)).toBeLessThanOrEqual(REQUESTS);
      // Until fewer customers are left than are in work at once, and but for the time without a database.
      const [from = 0] = busy;
      const to = busy[Math.floor(0.9 * busy.length)] ?? 0;
      const asked = busy.filter((time) => time <= to && !away.some(([gone, back]) => time >= gone && time < back));
      const seconds = (to - from - away.reduce((sum, [gone, back]) => sum + back - gone, 0)) / 1_000;
      const share = ((100 * asked.length) / seconds / REQUESTS).toFixed(0);
      // Told, not expected: other work on the machine lowers it, and no promise is broken by that.
      console.log(`${asked.length} requests in ${seconds.toFixed(1)} s, ${share} % of the limit`);
    } finally {
      await fleet.end();
      await server.close();
    }
  });
});

const plain: Seal = { seal: (plaintext) => `sealed ${plaintext}`, open: (sealed) => sealed.replace("sealed ", "") };

async function stored(fleet: {
  plaintext: (customer: string) => Promise<string | undefined>;
}): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (let number = 0; number < CUSTOMERS; number++) {
    all.set(`customer ${number}`, (await fleet.plaintext(`customer ${number}`)) ?? "none");
  }
  return all;
}

/** A key of CockroachDB Cloud begins with its id. */
function idOf(secret: string): string {
  return secret.split("_").slice(0, 2).join("_");
}

async function idsIn(sandbox: Sandbox): Promise<string[]> {
  const keys = cockroach({ apiKey: sandbox.credentials.cockroach, fetch: sandbox.fetch });
  return (await keys.list().toArray()).map(({ id }) => id);
}

/** Runs processes until all have ended by themselves, killing one now and then, losing answers, and the database once. */
async function unrest(sandbox: Sandbox, start: (own: number) => Program): Promise<[number, number][]> {
  const away: [number, number][] = [];
  const state = { isOver: false };
  let kills = KILLS;
  const lanes = Array.from({ length: PROCESSES }, async (_, own) => {
    for (;;) {
      const program = start(own);
      const timers = [setTimeout(() => kills-- > 0 && program.child.kill("SIGKILL"), 2_000 + Math.random() * 15_000)];
      if (KILLS > 0) {
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
    while (!state.isOver && KILLS > 0) {
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      sandbox.fail({
        operation: "cockroach.createApiKey",
        kind: "lost",
        when: Math.random() < 0.5 ? "after" : "before",
      });
    }
  })();
  const cutting = (async () => {
    if (KILLS === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    const gone = performance.now();
    await proxy.cut(5_000);
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

/** A way to the database that can be cut. */
async function proxied(port: number) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const onward = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => void (sockets.delete(one), other.destroy()));
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = async (ms: number) => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, ms));
    isCut = false;
  };
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, cut, stop };
}
