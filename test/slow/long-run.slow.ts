/**
 * A served sandbox and a program that uses it through the facades, each a process of its own, for a minute at 2,000 requests a
 * second, of which one in ten goes wrong. For a shorter one: LONG_RUN_SECONDS=10 LONG_RUN_RATE=500.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled } from "../helpers/bundled.js";
import { Child, DRIVEN, THERE_BEFORE, type Usage } from "./child.js";
import type { Client } from "./long-run-client.js";
import type { Server } from "./long-run-server.js";

const rate = Number(process.env["LONG_RUN_RATE"] ?? 2_000);
const seconds = Number(process.env["LONG_RUN_SECONDS"] ?? 60);
const WARM_UP_SECONDS = Math.min(15, seconds);
const FAULT_RATE = 0.1;

/**
 * What a heap may grow by, in bytes. Over a minute of 120,000 requests, 42 bytes that stay for each would show: less than an
 * object takes. The runtime comes and goes by some 500,000, and the sandbox's memory of deleted keys, which holds from
 * 5,000 to 10,000, by 2,000,000.
 */
const MAX_GROWTH = 5_000_000;

interface Run {
  driven: Awaited<ReturnType<Client["drive"]>>;
  server: Awaited<ReturnType<Server["report"]>>;
  client: ReturnType<Client["report"]>;
  /** What the client sees at the end. */
  listed: Awaited<ReturnType<Client["list"]>>;
  usage: Record<"server" | "client", { before: Usage; after: Usage }>;
  /** What the client wrote down of each key. */
  book: string[][];
}

let folder: string;
let run: Run;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keysmith-long-run-"));
  const { folder: programs, remove } = await bundled("test/slow/long-run-server.ts", "test/slow/long-run-client.ts");
  const book = join(folder, "book");
  const server = new Child<Server>(join(programs, "long-run-server.mjs"));
  const place = JSON.stringify(await server.ask("place"));
  const client = new Child<Client>(join(programs, "long-run-client.mjs"), [book, place]);
  try {
    await server.ask("fail", FAULT_RATE);
    await client.ask("drive", { rate, seconds: WARM_UP_SECONDS });
    const before = { server: await server.ask("usage"), client: await client.ask("usage") };
    const driven = await client.ask("drive", { rate, seconds });
    const after = { server: await server.ask("usage"), client: await client.ask("usage") };
    await server.ask("fail", 0);
    run = {
      driven,
      client: await client.ask("report"),
      server: await server.ask("report"),
      listed: await client.ask("list"),
      usage: {
        server: { before: before.server, after: after.server },
        client: { before: before.client, after: after.client },
      },
      book: (await readFile(book, "utf8"))
        .trim()
        .split("\n")
        .map((line) => line.split("\t")),
    };
  } finally {
    await Promise.all([client.end(), server.end()]);
    await remove();
  }
  console.log(summary(run));
});
afterAll(() => rm(folder, { recursive: true }));

function summary({ driven, server, client, usage, book }: Run): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const sides = Object.entries(usage).map(([name, { before, after }]) => {
    const heap = `${megabytes(before.heap)} → ${megabytes(after.heap)}`;
    const resident = `${megabytes(before.resident)} → ${megabytes(after.resident)}`;
    const cpu = `${(((after.cpu - before.cpu) / driven.requests) * 1_000).toFixed(2)} ms of CPU a request`;
    return `${name}: heap ${heap}, resident ${resident}, ${cpu}`;
  });
  const written: Record<string, number> = {};
  for (const [what = ""] of book) written[what] = (written[what] ?? 0) + 1;
  return [
    `${driven.requests} requests in ${driven.seconds.toFixed(1)} s: ${driven.rate.toFixed(0)} of ${rate} a second; at most ${driven.most} calls at once`,
    `with the warm-up: ${Object.values(server.answered).reduce((sum, count) => sum + count)} requests, ${client.calls} calls`,
    ...sides,
    `faults: ${JSON.stringify(server.faults)}`,
    `answers: ${JSON.stringify(server.answered)}`,
    `outcomes: ${JSON.stringify(client.outcomes)}`,
    `keys: ${JSON.stringify(written)}`,
  ].join("\n");
}

describe(`${seconds} s of ${rate} requests a second with faults`, () => {
  it("were driven at that rate", () => {
    const explanation =
      "the machine, or what else runs on it, lets it do less: say with LONG_RUN_RATE what it is to do";
    expect(run.driven.rate, explanation).toBeGreaterThan(0.95 * rate);
  });

  it("met every fault", () => {
    expect(Object.keys(run.server.faults)).toHaveLength(14);
  });

  it("left no failure untyped", () => expect(run.client.untyped).toEqual([]));

  it.each(["server", "client"] as const)("left nothing behind in the memory of the %s", (side) => {
    const { before, after } = run.usage[side];
    expect(after.heap - before.heap).toBeLessThan(MAX_GROWTH);
  });

  it("are counted alike by both sides", () => {
    const counts = ({ answered }: { answered: Record<string, number> }) => {
      // These answers have no body: where what it has none of breaks off, nothing of it arrives.
      const rest = { ...answered };
      for (const bodyless of ["DELETE estuary", "DELETE unleash", "PUT unleash"]) {
        const { [`${bodyless} 200`]: done = 0, [`${bodyless} none`]: none = 0 } = answered;
        Object.assign(rest, { [`${bodyless} 200`]: done + none, [`${bodyless} none`]: 0 });
      }
      return rest;
    };
    expect(counts(run.client)).toEqual(counts(run.server));
  });

  it("show in the log of the sandbox, which keeps the latest", () => expect(run.server.logged).toBe(1_000));

  it.each(DRIVEN)("neither lost nor duplicated a key of %s", (provider) => {
    const entries = run.book.filter(([, of]) => of === provider);
    const noted = (what: string, column: number) =>
      new Set(entries.filter(([name]) => name === what).map((entry) => entry[column] ?? ""));
    const created = noted("created", 3);
    const revoked = noted("revoked", 2);
    const undecided = noted("not revoked", 2);
    const doubtful = noted("doubtful", 2);
    const notCreated = noted("not created", 2);
    const there = run.server.keys[provider].filter(({ name }) => name !== THERE_BEFORE);
    const ids = new Set(there.map(({ id }) => id));

    // Not there when it was first revoked.
    expect(noted("missing", 2)).toEqual(new Set());
    expect(entries.filter(([what, , , , state]) => what === "created" && state !== "whole")).toEqual([]);
    // Lost: created, not revoked, and not there.
    expect([...created].filter((id) => !ids.has(id) && !revoked.has(id) && !undecided.has(id))).toEqual([]);
    // There although it was revoked, or was never created.
    expect(there.filter(({ id }) => revoked.has(id))).toEqual([]);
    expect(there.filter(({ name }) => notCreated.has(name))).toEqual([]);
    // There and unknown: only what the client was told to be in doubt of, and that once.
    const strangers = there.filter(({ id }) => !created.has(id));
    expect(strangers.filter(({ name }) => !doubtful.has(name))).toEqual([]);
    expect(new Set(there.map(({ name }) => name)).size).toBe(there.length);
    const found = entries.filter(([what]) => what === "found").map(([, , name]) => name);
    expect(new Set(found).size).toBe(found.length);

    const all = run.server.keys[provider].map(({ id }) => id);
    expect([...run.listed[provider]].sort()).toEqual(all.sort());
    expect(created.size).toBeGreaterThan(seconds);
  });
});
