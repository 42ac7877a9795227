import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import createCockroach from "../../src/providers/cockroach/sandbox.js";
import createEstuary from "../../src/providers/estuary/sandbox.js";
// Not the one that is checked against the specs, which would take most of the time.
import { createSandbox } from "../../src/sandbox/index.js";
import createOpenRouter from "../../src/providers/openrouter/sandbox.js";
import { Refusal, type Server } from "../../src/sandbox/provider.js";
import { callerOf, rows, text } from "./calls.js";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("the log of requests", () => {
  it.each([
    { given: { maxLoggedRequests: 3 }, sent: 5, want: ["2", "3", "4"] },
    { given: { maxLoggedRequests: 3 }, sent: 2, want: ["0", "1"] },
    { given: { maxLoggedRequests: 0 }, sent: 2, want: [] },
    { given: {}, sent: 1_100, want: numbers(1_100).map(String) },
  ])("keeps the latest with $given, after $sent requests", async ({ given, sent, want }) => {
    const sandbox = createSandbox(given);
    const { requests } = sandbox;
    for (const i of numbers(sent)) await callerOf(sandbox, "estuary")("GET", `/user/stats?i=${i}`);
    expect(requests.map(({ query }) => query["i"])).toEqual(want);
    expect(requests.every(({ status }) => status === 200)).toBe(true);
    expect(sandbox.requests).toBe(requests);
  });

  it.each([
    { what: "of its own", given: {}, want: 1_000 },
    { what: "that it is given, if that keeps all", given: { sandbox: createSandbox() }, want: 1_100 },
  ])("of a server keeps $want of the sandbox $what", async ({ given, want }) => {
    const { sandbox, close } = await serveSandbox(given);
    await close();
    for (const i of numbers(1_100)) await callerOf(sandbox, "estuary")("GET", `/user/stats?i=${i}`);
    expect(sandbox.requests).toHaveLength(want);
    expect(sandbox.requests.at(-1)?.query).toEqual({ i: "1099" });
  });
});

interface Sent {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  as?: string;
}

/** Asks a provider without any HTTP, which would take most of the time, too. */
function askingOf<Key, NewKey>(provider: Server<Key, NewKey>) {
  return (operation: string, { params = {}, query = {}, body, as = provider.credential }: Sent = {}) => {
    const headers = new Headers({ authorization: `Bearer ${as}` });
    const call = { params, query: new URLSearchParams(query), headers, body: JSON.stringify(body ?? {}) };
    const { status, body: answer } = answerTo(() => provider.answer(operation, call));
    return { status, body: JSON.parse(answer === null || answer === "" ? "null" : answer) as unknown };
  };
}

function answerTo(ask: () => ReturnType<Server<unknown, unknown>["answer"]>) {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

describe("a provider that is asked for long", () => {
  const name = "x".repeat(2_000);

  it.each<{ what: string; begun: (now: () => number) => () => unknown }>([
    {
      what: "Estuary's revoked keys",
      begun: (now) => {
        const ask = askingOf(createEstuary(now, {}));
        return () => {
          const { body } = ask("createApiKey", { query: { label: name } });
          ask("getUserStats", { as: text(body, "token") });
          ask("deleteApiKey", { params: { key_or_hash: text(body, "tokenHash") } });
        };
      },
    },
    {
      what: "OpenRouter's deleted keys",
      begun: (now) => {
        const ask = askingOf(createOpenRouter(now, {}));
        return () => {
          const { body } = ask("createApiKey", { body: { name } });
          ask("getCurrentApiKey", { as: text(body, "key") });
          ask("deleteApiKey", { params: { hash: text(body, "data.hash") } });
        };
      },
    },
    {
      what: "OpenRouter's workspaces that were listed",
      begun: (now) => {
        const ask = askingOf(createOpenRouter(now, {}));
        return () => ask("listApiKeys", { query: { workspace_id: crypto.randomUUID() } });
      },
    },
  ])("does not go on holding $what", ({ begun }) => {
    let time = 0;
    const ask = begun(() => (time += 1_000));
    const heapAfterMore = () => {
      for (let i = 0; i < 3_000; i++) ask();
      return heapUsed();
    };
    const before = heapAfterMore();
    // One of them takes 300 bytes or more, and the runtime itself comes and goes by some 100,000.
    expect(heapAfterMore() - before).toBeLessThan(3_000 * 150);
  });

  it("remembers 5,000 deleted keys of CockroachDB Cloud at least, and says so when it is asked of a time before", () => {
    const clock = { ms: Date.parse("2026-01-14T12:00:00Z") };
    const cockroach = createCockroach(() => clock.ms);
    const ask = askingOf(cockroach);
    const asOf = (ms: number) => {
      const time = new Date(ms).toISOString();
      return ask("listApiKeys", { query: { "pagination.limit": "20000", "pagination.as_of_time": time } });
    };
    const ids = numbers(10_001).map(() => cockroach.issue({}).id);
    // No two keys share a microsecond, so these took ten milliseconds.
    const beginning = (clock.ms += 20);
    for (const id of ids.slice(0, 10_000)) {
      clock.ms += 1;
      expect(ask("deleteApiKey", { params: { id } }).status).toBe(200);
    }
    expect(rows(asOf(beginning).body, "api_keys")).toHaveLength(10_002);

    clock.ms += 1;
    ask("deleteApiKey", { params: { id: ids.at(-1) ?? "" } });
    for (const ms of [beginning, beginning + 5_000]) {
      const refused = asOf(ms);
      expect({ status: refused.status, says: text(refused.body, "message") }).toEqual({
        status: 400,
        says: "pagination.as_of_time is too long ago: more than 5000 keys were deleted since",
      });
    }
    expect(rows(asOf(beginning + 5_001).body, "api_keys")).toHaveLength(5_001);
    expect(rows(ask("listApiKeys").body, "api_keys")).toHaveLength(1);
  });
});

/** In bytes, after garbage collection. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
