/** What a fleet does for whoever calls it, on a real PostgreSQL. */
import { join } from "node:path";
import { inspect } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  createFleet,
  DatabaseError,
  InDoubtError,
  type Fleet,
  type FleetOptions,
  type FleetStore,
} from "../../src/fleet/index.js";
import { NotStoredError, problemsOf } from "../../src/fleet/testing.js";
import { openrouter } from "../../src/index.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { bundled } from "../helpers/bundled.js";
import { LOCKED, startPostgres, type Postgres } from "./postgres.js";
import { proxied } from "./proxied.js";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const seal = {
  seal: (plaintext: string) => Buffer.from(plaintext).toString("base64"),
  open: (sealed: string) => Buffer.from(sealed, "base64").toString(),
};

let fleets = 0;

/** Machines of one fleet. */
function fleetOf(sandbox: Sandbox, more: Partial<FleetOptions<"openrouter">> = {}) {
  const name = `fleet ${++fleets}`;
  return (create: typeof createFleet = createFleet) => {
    const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
    const fleet = create({ keys, database: postgres.url, store: seal, name, lateMs: 0, leaseMs: 2_000, ...more });
    onTestFinished(() => fleet.end());
    return fleet;
  };
}

/** Queues all customers: a key that was made in this millisecond is not older than one. */
async function queued(fleet: Fleet<"openrouter">): Promise<void> {
  const { customers } = await fleet.status();
  while ((await fleet.rotate({ olderThan: "1ms" })) < customers);
}

const keysIn = (sandbox: Sandbox) =>
  openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch })
    .list({ includeDisabled: true })
    .toArray();

/** A store in memory that compares and sets, cannot be read back, and fails when it is told to. */
function blindStore() {
  const rows = new Map<string, string>();
  const fails = { next: undefined as "before" | "after" | undefined };
  const store: FleetStore<"openrouter"> = {
    write: async (customer, secret, { id }, { replaces }) => {
      await Promise.resolve();
      const { next } = fails;
      fails.next = undefined;
      if (next === "before") throw new Error("the store does not answer.");
      if (rows.get(customer) !== replaces) throw new NotStoredError("it holds another key.");
      secret.reveal();
      rows.set(customer, id);
      if (next === "after") throw new Error("the store does not answer.");
    },
  };
  return { store, rows, fails };
}

describe("ensure", () => {
  it("gives one key to all who call it at once, on two machines, and makes no second one later", async () => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const machine = fleetOf(sandbox);
    const machines = [machine(), machine()];
    const calls = [...machines, ...machines, ...machines].map((one) =>
      one.ensure("customer 7", { name: "customer 7", limit: 25 }),
    );
    const ids = new Set((await Promise.all(calls)).map(({ id }) => id));
    expect(ids.size).toBe(1);
    const keys = await keysIn(sandbox);
    expect(keys).toHaveLength(before + 1);
    expect(keys.find(({ id }) => ids.has(id))).toMatchObject({ name: "customer 7", raw: { limit: 25 } });
    expect(await machine().plaintext("customer 7")).toMatch(/^sk-or-/);
  });

  it.each(["before", "after"] as const)("settles a create whose answer was lost %s its effect", async (when) => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const fleet = fleetOf(sandbox)();
    sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when });
    await expect(fleet.ensure("a", { name: "a" })).rejects.toMatchObject({ kind: "outcome-unknown" });
    const { id } = await fleet.ensure("a", { name: "a" });
    expect((await keysIn(sandbox)).map((key) => key.id)).toContain(id);
    expect(await keysIn(sandbox)).toHaveLength(before + 1);
    await fleet.settle();
    expect(await keysIn(sandbox)).toHaveLength(before + 1);
  });

  it("asks a person where a store that cannot be read back may have written, and settles it as it is told", async () => {
    for (const [next, holds] of [
      ["after", true],
      ["before", false],
    ] as const) {
      const sandbox = createSandbox();
      const before = (await keysIn(sandbox)).length;
      const { store, rows, fails } = blindStore();
      const fleet = fleetOf(sandbox, { store })();
      fails.next = next;
      await expect(fleet.ensure("a", { name: "a" })).rejects.toThrow("does not answer");
      const doubt = await fleet.ensure("a", { name: "a" }).catch((error: unknown) => error);
      expect(doubt).toBeInstanceOf(InDoubtError);
      const { doubt: count, open } = await fleet.status();
      expect([count, open[0]?.customer, open[0]?.state, open[0]?.unsettled.length]).toEqual([1, "a", "doubt", 1]);
      expect(open[0]?.problem).toContain('settle("a", { holds: ID })');
      expect(await fleet.settle("a", { holds: rows.get("a") })).toBe(holds ? 0 : 1);
      const { id } = await fleet.ensure("a", { name: "a" });
      expect(rows.get("a")).toBe(id);
      expect(await keysIn(sandbox)).toHaveLength(before + 1);
      expect((await fleet.status()).open).toEqual([]);
    }
  });
});

describe("ensure of a customer whose key", () => {
  it("somebody has revoked says how to make another one, which does", async () => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const fleet = fleetOf(sandbox)();
    const { id } = await fleet.ensure("a", { name: "a" });
    await openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch }).revoke(id);
    const doubt: unknown = await fleet.ensure("a", { name: "a" }).catch((error: unknown) => error);
    expect(doubt).toBeInstanceOf(InDoubtError);
    expect(doubt).toMatchObject({ remedy: "remove", message: expect.stringContaining('remove("a")') as string });
    expect(await fleet.status()).toMatchObject({ doubt: 1 });
    await fleet.remove("a");
    await fleet.ensure("a", { name: "a" });
    expect(await keysIn(sandbox)).toHaveLength(before + 1);
    expect(await fleet.status()).toMatchObject({ idle: 1, open: [] });
  });

  it("somebody has disabled is in doubt until it is enabled", async () => {
    const sandbox = createSandbox();
    const keys = openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
    const fleet = fleetOf(sandbox)();
    const { id } = await fleet.ensure("a", { name: "a" });
    await keys.update(id, { disabled: true });
    await expect(fleet.ensure("a", { name: "a" })).rejects.toThrow("enable it at the provider");
    expect(await fleet.status()).toMatchObject({ doubt: 1 });
    await keys.update(id, { disabled: false });
    expect(await fleet.ensure("a", { name: "a" })).toMatchObject({ id });
    expect(await fleet.status()).toMatchObject({ idle: 1, open: [] });
  });
});

describe("a first key whose store", () => {
  it("gives a response that is not ok may be in it: nothing says that it is, and it is not revoked", async () => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const write: FleetStore["write"] = (_, secret) => {
      secret.reveal();
      // What compiles for whoever writes no types.
      return Promise.resolve(new Response("denied", { status: 403 }) as unknown as undefined);
    };
    const fleet = fleetOf(sandbox, { store: { write } })();
    await expect(fleet.ensure("a", { name: "a" })).rejects.toThrow(
      "store.write gave an answer that says it failed (403)",
    );
    await expect(fleet.ensure("a", { name: "a" })).rejects.toThrow(InDoubtError);
    expect(await keysIn(sandbox)).toHaveLength(before + 1);
  });

  it("never asks for the plaintext is revoked, and said to be so", async () => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const rows = new Map<string, string>();
    const write: FleetStore["write"] = (customer, secret) =>
      Promise.resolve(void rows.set(customer, secret.toString()));
    const fleet = fleetOf(sandbox, { store: { write } })();
    await expect(fleet.ensure("a", { name: "a" })).rejects.toThrow("never asked for the plaintext of a's key");
    expect(await keysIn(sandbox)).toHaveLength(before);
  });

  it("throws what quotes the plaintext is told without it", async () => {
    const sandbox = createSandbox();
    const seen: string[] = [];
    const write: FleetStore["write"] = (_, secret) => {
      seen.push(secret.reveal());
      throw Object.assign(new Error(`PUT ${secret.reveal()}`), { body: secret.reveal() });
    };
    const fleet = fleetOf(sandbox, { store: { write } })();
    const error: unknown = await fleet.ensure("a", { name: "a" }).catch((thrown: unknown) => thrown);
    expect(inspect(error)).toContain("PUT [secret]");
    expect(inspect(error)).not.toContain(seen[0]);
  });
});

describe("work", () => {
  it("rotates what is due, tells of each, and leaves one key a customer", async () => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const fleet = fleetOf(sandbox)();
    const customers = ["a", "b", "c"];
    const first = await Promise.all(customers.map((name) => fleet.ensure(name, { name })));
    expect(await fleet.rotate({ olderThan: "1h" })).toBe(0);
    expect(await fleet.rotate({ olderThan: "1us" })).toBe(3);
    expect(await fleet.rotate({ olderThan: "1us" })).toBe(3);
    const told: string[] = [];
    const done = await fleet.work({ onEvent: ({ type, customer }) => told.push(`${type} ${customer}`) });
    expect(done).toEqual({ rotated: 3, healed: 0, failed: 0, ended: "empty" });
    expect(told.sort()).toEqual(customers.map((name) => `rotated ${name}`));
    const keys = await keysIn(sandbox);
    expect(keys).toHaveLength(before + 3);
    expect(keys.filter(({ id }) => first.some((key) => key.id === id))).toEqual([]);
    expect(await fleet.status()).toMatchObject({ customers: 3, idle: 3, open: [] });
  });

  it.each(["before", "after"] as const)("heals a store that failed %s it wrote", async (next) => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const { store, rows, fails } = blindStore();
    const readable = { ...store, read: (customer: string) => Promise.resolve(rows.get(customer)) };
    const fleet = fleetOf(sandbox, { store: readable })();
    await fleet.ensure("a", { name: "a" });
    await queued(fleet);
    fails.next = next;
    expect(await fleet.work()).toMatchObject({ failed: 1, ended: "empty", ...(next === "after" && { healed: 1 }) });
    const keys = await keysIn(sandbox);
    expect(keys).toHaveLength(before + 1);
    expect(keys.map(({ id }) => id)).toContain(rows.get("a"));
  });

  it("ends after so many failures, and says which customers failed and why", async () => {
    const sandbox = createSandbox();
    const broken: FleetStore<"openrouter"> = { write: () => Promise.reject(new NotStoredError("the disk is full.")) };
    const { store, rows } = blindStore();
    let isBroken = false;
    const fleet = fleetOf(sandbox, {
      store: {
        write: (...args) => (isBroken ? broken : store).write(...args),
        read: (customer) => Promise.resolve(rows.get(customer)),
      },
    })();
    for (const name of ["a", "b", "c"]) await fleet.ensure(name, { name });
    const before = await keysIn(sandbox);
    await queued(fleet);
    isBroken = true;
    const done = await fleet.work({ maxFailures: 2, maxAttempts: 1, concurrency: 1 });
    expect(done).toMatchObject({ rotated: 0, failed: 2, ended: "failures" });
    expect(await fleet.status()).toMatchObject({ failed: 2, waiting: 1 });
    expect((await fleet.status()).open.map(({ problem }) => problem ?? "").join()).toContain("the disk is full");
    expect((await keysIn(sandbox)).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    isBroken = false;
    expect(await fleet.rotate({ olderThan: "1us" })).toBe(3);
    expect(await fleet.work()).toMatchObject({ rotated: 3, failed: 0 });
  });

  it("stops where the provider refuses the credential, and says nothing against the customers", async () => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const credential = { isRevoked: false };
    let asked = 0;
    const keys = openrouter({
      apiKey: sandbox.credentials.openrouter,
      fetch: (input, init) => {
        asked++;
        const headers = new Headers(init.headers);
        const isIts = headers.get("authorization") === `Bearer ${sandbox.credentials.openrouter}`;
        if (credential.isRevoked && isIts) headers.set("authorization", "Bearer of-nobody");
        return sandbox.fetch(input, { ...init, headers });
      },
    });
    const fleet = fleetOf(sandbox, { keys })();
    const customers = Array.from({ length: 30 }, (_, number) => `customer ${number}`);
    for (const name of customers) await fleet.ensure(name, { name });
    await queued(fleet);
    const onEvent = ({ type }: { type: string }) => {
      if (type === "rotated") credential.isRevoked = true;
    };
    const { rotated, ...done } = await fleet.work({ concurrency: 2, onEvent });
    expect(rotated).toBeGreaterThan(0);
    expect(done.ended).toBe("refused");
    // The two that are in work, and two more that they may begin before the first of them is told.
    expect(done.failed).toBeLessThanOrEqual(4);
    expect(await fleet.status()).toMatchObject({ waiting: customers.length - rotated, failed: 0, doubt: 0 });
    asked = 0;
    expect(await fleet.work({ maxAttempts: 1 })).toMatchObject({ rotated: 0, ended: "refused" });
    expect(asked).toBeLessThanOrEqual(4);
    expect((await fleet.status()).failed).toBe(0);
    credential.isRevoked = false;
    const last = await fleet.work();
    // The one that was in work at the same time may have come far enough to be only finished.
    expect(last).toMatchObject({ failed: 0, ended: "empty" });
    expect(last.rotated + last.healed).toBe(customers.length - rotated);
    expect(await keysIn(sandbox)).toHaveLength(before + customers.length);
  });

  it("says what it has done where it cannot look for a create that was never answered, and looks again later", async () => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const lists = { areRefused: false };
    const keys = openrouter({
      apiKey: sandbox.credentials.openrouter,
      fetch: (input, init) => {
        const isList = init.method === "GET" && new URL(input).pathname.endsWith("/keys");
        if (!isList || !lists.areRefused) return sandbox.fetch(input, init);
        return Promise.resolve(Response.json({ error: { code: 403, message: "Not now." } }, { status: 403 }));
      },
    });
    const fleet = fleetOf(sandbox, { keys })();
    await fleet.ensure("a", { name: "a" });
    await queued(fleet);
    sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "after" });
    await expect(fleet.ensure("b", { name: "b" })).rejects.toMatchObject({ kind: "outcome-unknown" });
    await fleet.ensure("b", { name: "b" });
    // The list is asked for by that look alone: a rotation under a lease knows its keys by their ids.
    lists.areRefused = true;
    const done = await fleet.work();
    expect(done).toMatchObject({
      rotated: 1,
      ended: "empty",
      problem: expect.stringContaining("Not now.") as string,
    });
    lists.areRefused = false;
    expect(await fleet.work()).toEqual({ rotated: 0, healed: 0, failed: 0, ended: "empty" });
    expect(await keysIn(sandbox)).toHaveLength(before + 2);
  });

  it.each(["a\0b", "cut in its middle: \ud83d"])(
    "counts a failure whose text the database cannot hold: %j",
    async (text) => {
      const sandbox = createSandbox();
      const { store, rows } = blindStore();
      const fleet = fleetOf(sandbox, {
        leaseMs: 1_000,
        store: {
          read: (customer) => Promise.resolve(rows.get(customer)),
          write: async (...args) => {
            if (args[0] === "a" && rows.has("a")) throw new NotStoredError(text);
            await store.write(...args);
          },
        },
      })();
      for (const name of ["a", "b"]) await fleet.ensure(name, { name });
      await queued(fleet);
      expect(await fleet.work({ maxAttempts: 2 })).toMatchObject({ rotated: 1, failed: 2, ended: "empty" });
      const [failed] = (await fleet.status()).open;
      expect(failed).toMatchObject({ customer: "a", state: "failed" });
      expect(failed?.problem).toContain(text.replace(/[\0\ud83d]/, "\ufffd"));
    },
  );

  it("goes on where the database has transactions fail that meet each other", async () => {
    const client = new pg.Client(postgres.url);
    await client.connect();
    await client.query("create database strict");
    await client.query("alter database strict set default_transaction_isolation = 'serializable'");
    await client.end();
    const url = new URL(postgres.url);
    url.pathname = "strict";
    const machine = fleetOf(createSandbox(), { database: url.href });
    const first = machine();
    const machines = [first, machine(), machine()];
    const customers = Array.from({ length: 30 }, (_, number) => `customer ${number}`);
    await Promise.all(customers.map((name) => first.ensure(name, { name })));
    await queued(first);
    const done = await Promise.all(machines.map((one) => one.work({ concurrency: 6 })));
    const total = (what: "rotated" | "failed") => done.reduce((sum, one) => sum + one[what], 0);
    expect([total("rotated"), total("failed")]).toEqual([customers.length, 0]);
  });

  it("warns of no leak where many wait on one machine", async () => {
    const warnings: string[] = [];
    const hear = ({ message }: Error) => warnings.push(message);
    process.on("warning", hear);
    onTestFinished(() => void process.off("warning", hear));
    const fleet = fleetOf(createSandbox())();
    await fleet.pause();
    expect(await fleet.work({ concurrency: 20, signal: AbortSignal.timeout(300) })).toMatchObject({ ended: "aborted" });
    expect(warnings).toEqual([]);
  });

  it("goes on with the others where the store refuses one customer always", async () => {
    const sandbox = createSandbox();
    const { store, rows } = blindStore();
    const fleet = fleetOf(sandbox, {
      leaseMs: 1_000,
      store: {
        read: (customer) => Promise.resolve(rows.get(customer)),
        write: async (customer, secret, key, where) => {
          if (customer === "b" && where.replaces !== undefined) throw new NotStoredError("it has no place for b.");
          await store.write(customer, secret, key, where);
        },
      },
    })();
    for (const name of ["a", "b", "c"]) await fleet.ensure(name, { name });
    const before = await keysIn(sandbox);
    await queued(fleet);
    expect(await fleet.work({ maxAttempts: 2 })).toMatchObject({ rotated: 2, failed: 2, ended: "empty" });
    const { failed, open } = await fleet.status();
    expect([failed, open[0]?.customer, open[0]?.problem]).toEqual([1, "b", expect.stringContaining("no place for b")]);
    expect(await keysIn(sandbox)).toHaveLength(before.length);
  });

  it.each([-5, 5])("goes by the database's clock where the machine's is %d hours off", async (hours) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const fleet = fleetOf(sandbox)();
    for (const name of ["a", "b"]) await fleet.ensure(name, { name });
    expect(await fleet.rotate({ olderThan: "1h" })).toBe(0);
    await queued(fleet);
    expect(await fleet.work()).toMatchObject({ rotated: 2, failed: 0, ended: "empty" });
    expect(await keysIn(sandbox)).toHaveLength(before + 2);
  });

  it("begins nothing while it is paused, on any machine", async () => {
    const sandbox = createSandbox();
    const machine = fleetOf(sandbox);
    const [one, other] = [machine(), machine()];
    await one.ensure("a", { name: "a" });
    await queued(one);
    await other.pause();
    const ending = new AbortController();
    const working = one.work({ signal: ending.signal });
    expect(await other.status()).toMatchObject({ paused: true, waiting: 1 });
    ending.abort();
    expect(await working).toMatchObject({ rotated: 0, ended: "aborted" });
    await other.resume();
    expect(await one.work()).toMatchObject({ rotated: 1, ended: "empty" });
  });

  it("of a worker that slept beyond its lease writes nothing over its successor's work", async () => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const { store, rows } = blindStore();
    const sleeper = { wake: (): void => undefined, asleep: (): void => undefined, isTired: false };
    const asleep = new Promise<void>((resolve) => (sleeper.asleep = resolve));
    const machine = fleetOf(sandbox, {
      store: {
        read: (customer) => Promise.resolve(rows.get(customer)),
        write: async (...args) => {
          if (sleeper.isTired) {
            sleeper.isTired = false;
            await new Promise<void>((resolve) => {
              sleeper.wake = resolve;
              sleeper.asleep();
            });
          }
          await store.write(...args);
        },
      },
    });
    // A machine of its own knows nothing of the keys that are in work on another one.
    const copies = await bundled("src/fleet/index.ts");
    onTestFinished(copies.remove);
    const copy = (await import(join(copies.folder, "index.mjs"))) as typeof import("../../src/fleet/index.js");
    const [one, other] = [machine(), machine(copy.createFleet)];
    await one.ensure("a", { name: "a" });
    await queued(one);
    sleeper.isTired = true;
    const slept = one.work({ concurrency: 1 });
    await asleep;
    // Its lease and its job run out meanwhile.
    expect(await other.work()).toMatchObject({ rotated: 1 });
    const held = rows.get("a");
    sleeper.wake();
    await slept;
    expect(rows.get("a")).toBe(held);
    const keys = await keysIn(sandbox);
    expect(keys).toHaveLength(before + 1);
    expect(keys.map(({ id }) => id)).toContain(held);
  });
});

describe("remove", () => {
  it("revokes and forgets, and what was queued is done", async () => {
    const sandbox = createSandbox();
    const before = (await keysIn(sandbox)).length;
    const fleet = fleetOf(sandbox)();
    await fleet.ensure("a", { name: "a" });
    await queued(fleet);
    await fleet.remove("a");
    expect(await keysIn(sandbox)).toHaveLength(before);
    expect(await fleet.plaintext("a")).toBeUndefined();
    expect(await fleet.status()).toMatchObject({ customers: 0, open: [] });
    expect(await fleet.work()).toMatchObject({ rotated: 0, failed: 0, ended: "empty" });
    await fleet.ensure("a", { name: "a" });
    expect(await keysIn(sandbox)).toHaveLength(before + 1);
  });
});

describe("settle", () => {
  it("makes no customer of a name that is none", async () => {
    const fleet = fleetOf(createSandbox())();
    await expect(fleet.settle("typo", { holds: undefined })).rejects.toThrow('has no customer "typo"');
    expect(await fleet.status()).toMatchObject({ customers: 0 });
  });
});

describe("a customer", () => {
  it.each(["Robert'); drop table customer;--", "a\nb", "../../etc", "日本 ü", "%", "x".repeat(1_000)])(
    "may be called %j",
    async (customer) => {
      const sandbox = createSandbox();
      const fleet = fleetOf(sandbox)();
      const { id } = await fleet.ensure(customer, { name: "a" });
      await queued(fleet);
      expect(await fleet.work()).toMatchObject({ rotated: 1, failed: 0 });
      expect(await fleet.ensure(customer, { name: "a" })).not.toMatchObject({ id });
      expect(await fleet.plaintext(customer)).toMatch(/^sk-or-/);
      await fleet.remove(customer);
      expect(await fleet.status()).toMatchObject({ customers: 0 });
    },
  );

  it.each(["", "a\0b", "\ud800", "x".repeat(1_001)])("may not be called %j", async (customer) => {
    const fleet = fleetOf(createSandbox())();
    await expect(fleet.ensure(customer, { name: "a" })).rejects.toThrow("A customer is a text of 1 to 1000 bytes");
  });
});

describe("a database that refuses", () => {
  const at = (user: string, name: string) => {
    const url = new URL(postgres.url);
    url.username = user;
    url.pathname = name;
    return url.href;
  };

  it("is told with what to do, and nothing is sent", async () => {
    const client = new pg.Client(postgres.url);
    await client.connect();
    await client.query("create role poor login");
    await client.query("create database theirs");
    await client.end();
    for (const { database, code, want } of [
      { database: at("keysmith", "nowhere"), code: "3D000", want: 'database "nowhere" does not exist. Make it' },
      { database: at("nobody", "theirs"), code: "28000", want: 'role "nobody" does not exist' },
      { database: at("poor", "theirs"), code: "42501", want: "needs the right to make a schema" },
      { database: `${at("keysmith", "theirs")}?ssl=true`, code: undefined, want: "does not support SSL connections" },
    ]) {
      const sandbox = createSandbox();
      const fleet = fleetOf(sandbox, { database })();
      const error = await fleet.ensure("a", { name: "a" }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(DatabaseError);
      expect(error).toMatchObject({ code, message: expect.stringContaining(want) as string });
      expect(sandbox.requests).toEqual([]);
    }
  });

  it("takes the password of its URL, and says where one is missing or wrong", async () => {
    const password = "p@ss word/%41";
    const client = new pg.Client(postgres.url);
    await client.connect();
    await client.query(`create role ${LOCKED} login superuser password '${password}'`);
    await client.end();
    const ensure = (password: string) => {
      const url = new URL(at(LOCKED, "postgres"));
      url.password = encodeURIComponent(password);
      return fleetOf(createSandbox(), { database: url.href })().ensure("a", { name: "a" });
    };
    expect(await ensure(password)).toMatchObject({ name: "a" });
    await expect(ensure("")).rejects.toThrow("it asks for a password. Put it into its URL, or into PGPASSWORD.");
    const wrong = await ensure("not-the-password").catch((reason: unknown) => reason);
    expect(wrong).toMatchObject({
      code: "28P01",
      message: expect.stringContaining("has to hold the password") as string,
    });
    expect(inspect(wrong, { depth: 9 })).not.toContain("not-the-password");
  });

  it("lets a user who has made the tables use them without the right to make a schema, and no other", async () => {
    const client = new pg.Client(postgres.url);
    await client.connect();
    await client.query("create role maker login; create role other login");
    await client.query("create database made");
    await client.query("grant create on database made to maker");
    const status = (user: string) => fleetOf(createSandbox(), { database: at(user, "made") })().status();
    await status("maker");
    await client.query("revoke create on database made from maker");
    await client.end();
    expect(await status("maker")).toMatchObject({ customers: 0 });
    await expect(status("other")).rejects.toThrow("All machines have the same user.");
  });

  it("is told of one that can only be read", async () => {
    const client = new pg.Client(postgres.url);
    await client.connect();
    await client.query("create database standby");
    await client.query("alter database standby set default_transaction_read_only = on");
    await client.end();
    const fleet = fleetOf(createSandbox(), { database: at("keysmith", "standby") })();
    await expect(fleet.status()).rejects.toThrow("name the primary server");
  });

  it("is told of tables that somebody has changed", async () => {
    const client = new pg.Client(postgres.url);
    await client.connect();
    await client.query("create database changed");
    await client.end();
    const fleet = fleetOf(createSandbox(), { database: at("keysmith", "changed") })();
    await fleet.status();
    const theirs = new pg.Client(at("keysmith", "changed"));
    await theirs.connect();
    await theirs.query("alter table keysmith_fleet.customer drop column worker");
    await theirs.end();
    await expect(fleet.ensure("a", { name: "a" })).rejects.toThrow("Somebody has changed the fleet's tables");
  });

  it("is waited for where it is not there, and that is told once", async () => {
    const told: string[] = [];
    const proxy = await proxied(postgres.url);
    onTestFinished(() => proxy.stop());
    proxy.cut();
    const onOutage = (error: Error) => {
      told.push(error.message);
      setTimeout(proxy.mend, 100);
    };
    const fleet = fleetOf(createSandbox(), { database: proxy.url, onOutage })();
    expect(await fleet.status()).toMatchObject({ customers: 0 });
    expect(told).toHaveLength(1);
  });
});

describe("a fleet", () => {
  it("refuses another lease than that of the machines at work", async () => {
    const sandbox = createSandbox();
    const { store } = blindStore();
    let refusal: unknown;
    const name = "a fleet of two leases";
    const machine = fleetOf(sandbox, {
      name,
      store: {
        write: async (...args) => {
          const other = fleetOf(sandbox, { name, leaseMs: 9_000 })();
          refusal = await other.status().catch((error: unknown) => error);
          await store.write(...args);
        },
      },
    });
    await machine().ensure("a", { name: "a" });
    expect(String(refusal)).toContain("leaseMs is 9000 here and 2000 on the machines");
  });

  it("has a table that does all that a store has to", async () => {
    const { tableStore } = await import("../../src/fleet/store.js");
    const { connectionsTo, databaseOver, prepared } = await import("../../src/fleet/database.js");
    const open = async () => {
      const database = databaseOver(await connectionsTo(postgres.url), undefined);
      onTestFinished(() => database.end());
      await prepared(database);
      return tableStore(() => Promise.resolve(database), "a table", seal);
    };
    const reader = await open();
    const plaintext = (customer: string) => reader.plaintext(customer);
    expect(await problemsOf({ open, plaintext, watchMs: 20 })).toEqual([]);
  });
});
