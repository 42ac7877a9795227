import { apis } from "../../generated/apis.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createClient } from "../../generated/openrouter/index.js";
import {
  ConnectionError,
  NotFoundError,
  openrouter,
  RateLimitError,
  ServerError,
  TimeoutError,
  type KeysmithEvent,
} from "../../src/index.js";
import type { Fault } from "../../src/sandbox/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { answer, faultyServer, reset, truncated, type Behaviour } from "./faulty-server.js";
import { count, failureOf, providers, through, until } from "../helpers/providers.js";

afterEach(() => vi.useRealTimers());

/** A request that arrives lets so much time pass, in milliseconds, once what was written has been read. */
const letsPass =
  (ms: number): Behaviour =>
  () =>
    void setImmediate(() => vi.advanceTimersByTime(ms));

/** The wait that is about to begin is over at once. */
const waitsPass = ({ type, durationMs = 0 }: KeysmithEvent): unknown =>
  type === "wait" && setImmediate(() => vi.advanceTimersByTime(durationMs));

const fakeClock = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });

describe.each(providers)(
  "what is idempotent is retried, within bounds ($provider):",
  ({ provider, read, revoke, connect }) => {
    const passing: Omit<Extract<Fault, { kind: "status" }>, "operation">[] = [408, 429, 500, 502, 503, 504].map(
      (status) => ({ kind: "status", status, retryAfter: 0 }),
    );
    for (const fault of passing) {
      it(`a read answered with ${fault.status} is sent again`, async () => {
        const sandbox = createSandbox({ faults: [{ ...fault, operation: read, times: 2 }] });
        await connect(through(sandbox, provider)).read();
        expect(count(sandbox, read)).toBe(3);
      });
    }

    it("a status that time does not change is not", async () => {
      for (const status of [400, 401, 403, 404, 409, 422, 501, 505]) {
        const sandbox = createSandbox({ faults: [{ kind: "status", status, operation: read }] });
        expect(await failureOf(connect(through(sandbox, provider)).read())).toMatchObject({ status, retryable: false });
        expect(count(sandbox, read)).toBe(1);
      }
    });

    it("it ends with the last failure after maxRetries, of the call before that of the client", async () => {
      const sandbox = createSandbox({
        faults: [{ kind: "status", status: 503, retryAfter: 0, operation: read, times: Infinity }],
      });
      const keys = connect({ ...through(sandbox, provider), maxRetries: 3 });
      expect(await failureOf(keys.read())).toBeInstanceOf(ServerError);
      expect(count(sandbox, read)).toBe(4);
      await failureOf(keys.read({ maxRetries: 0 }));
      expect(count(sandbox, read)).toBe(5);
    });

    const sockets: { title: string; behaviour: Behaviour; error: typeof ConnectionError | typeof TimeoutError }[] = [
      { title: "a reset connection", behaviour: reset, error: ConnectionError },
      { title: "an answer that breaks off", behaviour: truncated, error: ConnectionError },
      { title: "an answer that does not come", behaviour: letsPass(30_000), error: TimeoutError },
    ];
    for (const { title, behaviour, error } of sockets) {
      it(`over a real socket: ${title} is tried again`, async () => {
        fakeClock();
        const server = await faultyServer(behaviour);
        const keys = connect({ apiKey: "not-a-real-key", baseUrl: server.url, maxRetries: 1, onEvent: waitsPass });
        expect(await failureOf(keys.read())).toBeInstanceOf(error);
        expect(server.requests).toHaveLength(2);
      });
    }

    it("a wait beyond the bound throws at once and says how long the server asked for", async () => {
      const sandbox = createSandbox({
        faults: [{ kind: "status", status: 429, retryAfter: 3600, operation: read, times: 2 }],
      });
      const error = await failureOf(connect(through(sandbox, provider)).read());
      expect(error).toBeInstanceOf(RateLimitError);
      expect(error).toMatchObject({
        retryAfterMs: 3_600_000,
        retryable: true,
        message: expect.stringContaining("wait 3600 s") as string,
      });
      expect(count(sandbox, read)).toBe(1);
    });

    it("a revocation whose answer is lost after the effect succeeds", async () => {
      vi.spyOn(Math, "random").mockReturnValue(0);
      const sandbox = createSandbox({ faults: [{ kind: "lost", when: "after", operation: revoke }] });
      const keys = connect(through(sandbox, provider));
      const key = await keys.create("ci");
      await keys.revoke(key);
      expect(count(sandbox, revoke)).toBe(2);
      expect((await keys.list().toArray()).map(({ id }) => id)).not.toContain(key.id);
    });

    it("a revocation of what was never there fails, even after an attempt that certainly did nothing", async () => {
      const sandbox = createSandbox({ faults: [{ kind: "status", status: 429, retryAfter: 0, operation: revoke }] });
      expect(await failureOf(connect(through(sandbox, provider)).revoke("a".repeat(32)))).toBeInstanceOf(NotFoundError);
    });

    it("an abort ends a wait at once with the signal's reason", async () => {
      const sandbox = createSandbox({ faults: [{ kind: "status", status: 429, retryAfter: 30, operation: read }] });
      const controller = new AbortController();
      const reason = { not: "even an error" };
      let waiting = false;
      const keys = connect({ ...through(sandbox, provider), onEvent: ({ type }) => (waiting ||= type === "wait") });
      const failing = failureOf(keys.read({ signal: controller.signal }));
      await until(() => waiting);
      controller.abort(reason);
      expect(await failing).toBe(reason);
      expect(count(sandbox, read)).toBe(1);
    });

    it("an abort ends an attempt at once, even one whose fetch does not listen", async () => {
      const controller = new AbortController();
      let asked = false;
      const fetch = () => {
        asked = true;
        return new Promise<Response>(() => undefined);
      };
      const failing = failureOf(
        connect({ apiKey: "not-a-real-key", baseUrl: apis[provider].baseUrl, fetch }).read({
          signal: controller.signal,
        }),
      );
      await until(() => asked);
      controller.abort("enough");
      expect(await failing).toBe("enough");
    });
  },
);

describe("Retry-After", () => {
  const now = Date.UTC(2027, 0, 1);
  const httpDate = (ms: number) => new Date(ms).toUTCString();
  it.each([
    { given: { "retry-after": "3" }, want: 3_000 },
    { given: { "retry-after": "1.5" }, want: 500 },
    { given: { "retry-after": " 0 " }, want: 0 },
    { given: { "retry-after": "-5" }, want: 500 },
    { given: { "retry-after": httpDate(now + 20_000) }, want: 20_000 },
    { given: { "retry-after": httpDate(now - 20_000) }, want: 0 },
    // The server's clock is ten seconds ahead: its dates are measured by it.
    { given: { "retry-after": httpDate(now + 12_000), date: httpDate(now + 10_000) }, want: 2_000 },
    { given: { "retry-after": "soon" }, want: 500 },
    { given: { "retry-after": "" }, want: 500 },
    { given: {}, want: 500 },
  ])("$given waits $want ms", async ({ given, want }) => {
    fakeClock().setSystemTime(now);
    vi.spyOn(Math, "random").mockReturnValue(1);
    let attempts = 0;
    const waits: unknown[] = [];
    const keys = openrouter({
      apiKey: "not-a-real-key",
      fetch: () =>
        Promise.resolve(
          new Response("{}", attempts++ ? { status: 404 } : { status: 503, headers: given as Record<string, string> }),
        ),
      onEvent: ({ type, durationMs }) => type === "wait" && waits.push(durationMs),
    });
    const failing = failureOf(keys.current());
    await until(() => waits.length === 1);
    await vi.advanceTimersByTimeAsync(want);
    await failing;
    expect(waits).toEqual([want]);
  });

  it.each([21, 400])("of %i digits is a long wait, which throws at once", async (digits) => {
    let attempts = 0;
    const fetch = () => {
      attempts++;
      return Promise.resolve(new Response("{}", { status: 503, headers: { "retry-after": "9".repeat(digits) } }));
    };
    const error = await failureOf(openrouter({ apiKey: "not-a-real-key", fetch }).current());
    expect(error).toMatchObject({ message: expect.stringMatching(/asks to wait \d{13} s\./) as string });
    expect(attempts).toBe(1);
  });

  it("of a month can be waited for, longer than a timer counts", async () => {
    fakeClock();
    const month = 30 * 86_400_000;
    let attempts = 0;
    const keys = openrouter({
      apiKey: "not-a-real-key",
      maxRetryWaitMs: Infinity,
      timeoutMs: Infinity,
      fetch: () =>
        Promise.resolve(
          attempts++
            ? Response.json({ data: {} })
            : new Response("{}", { status: 429, headers: { "retry-after": String(month / 1000) } }),
        ),
    });
    const reading = keys.current();
    await vi.advanceTimersByTimeAsync(month - 1);
    expect(attempts).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await reading;
    expect(attempts).toBe(2);
  });
});

describe("without Retry-After, waits", () => {
  it("double, with jitter, and stay below 8 seconds", async () => {
    fakeClock();
    const waits: number[] = [];
    const keys = openrouter({
      apiKey: "not-a-real-key",
      maxRetries: 7,
      fetch: () => Promise.resolve(new Response("{}", { status: 500 })),
      onEvent: ({ type, durationMs = 0 }) => type === "wait" && waits.push(durationMs),
    });
    const failing = failureOf(keys.current());
    await vi.runAllTimersAsync();
    await failing;
    const ceilings = [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];
    expect(waits).toHaveLength(ceilings.length);
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual((ceilings[index] ?? 0) / 2);
      expect(wait).toBeLessThanOrEqual(ceilings[index] ?? 0);
    });
  });
});

describe("a timeout", () => {
  it("is for each attempt, body included", async () => {
    fakeClock();
    const half: Behaviour = (socket, request) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
      letsPass(30_000)(socket, request);
    };
    const whole: Behaviour = (socket, request) => {
      vi.advanceTimersByTime(20_000);
      answer(200, '{"data":{}}')(socket, request);
    };
    const server = await faultyServer(half, whole);
    await openrouter({ apiKey: "not-a-real-key", baseUrl: server.url, onEvent: waitsPass }).current();
    expect(server.requests).toHaveLength(2);
  });

  it("that is up within a body is none of an answer, though its status has come", async () => {
    fakeClock();
    const pull = () => void vi.advanceTimersByTime(30_000);
    const answers = [
      new Response(new ReadableStream({ pull }, { highWaterMark: 0 })),
      Response.json({ data: { label: "l" } }),
    ];
    const fetch = () => Promise.resolve(answers.shift() ?? Response.error());
    await openrouter({ apiKey: "not-a-real-key", fetch, onEvent: waitsPass }).current();
    expect(answers).toEqual([]);
  });

  it("says what it waited for and how long", async () => {
    const fetch = () => new Promise<Response>(() => undefined);
    const error = await failureOf(
      openrouter({ apiKey: "not-a-real-key", fetch, maxRetries: 0 }).current({ timeoutMs: 5 }),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      message: "openrouter getCurrentApiKey: no whole answer within 5 ms.",
      retryable: true,
    });
  });
});

describe("events", () => {
  it("tell of each request, response, retry and wait, in order, with redacted headers", async () => {
    const sandbox = createSandbox({
      faults: [{ kind: "status", status: 429, retryAfter: 0, operation: "openrouter.getCurrentApiKey" }],
    });
    const events: unknown[] = [];
    const keys = openrouter({
      apiKey: sandbox.credentials.openrouter,
      fetch: sandbox.fetch,
      headers: { "X-Trace": "abc", "X-Api-Key": "not-a-real-key" },
      onEvent: (event) => events.push(event),
    });
    await keys.current();
    const call = events.map((event) => (event as { call: number }).call)[0];
    const base = { provider: "openrouter", operation: "getCurrentApiKey", method: "GET", path: "/key", call };
    const shown = { authorization: "[secret]", "x-api-key": "[secret]", "x-trace": "abc" };
    expect(events).toEqual([
      { ...base, type: "request", attempt: 1, headers: shown },
      {
        ...base,
        type: "response",
        attempt: 1,
        status: 429,
        durationMs: expect.any(Number) as number,
        headers: expect.objectContaining({ "retry-after": "0" }) as object,
      },
      { ...base, type: "retry", attempt: 1, status: 429, reason: "429" },
      { ...base, type: "wait", attempt: 1, durationMs: 0, reason: "429" },
      { ...base, type: "request", attempt: 2, headers: shown },
      {
        ...base,
        type: "response",
        attempt: 2,
        status: 200,
        durationMs: expect.any(Number) as number,
        headers: expect.any(Object) as object,
      },
    ]);
  });

  it("tell two calls apart, and name no key", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("openrouter", { name: "ci" });
    const events: KeysmithEvent[] = [];
    const keys = openrouter({
      apiKey: sandbox.credentials.openrouter,
      fetch: sandbox.fetch,
      onEvent: (event) => events.push(event),
    });
    await Promise.all([keys.get(id), keys.get(id)]);
    expect(new Set(events.map(({ call }) => call)).size).toBe(2);
    expect(new Set(events.map(({ path }) => path))).toEqual(new Set(["/keys/{hash}"]));
    expect(JSON.stringify(events)).not.toContain(id);
  });

  it("say why there is another attempt where no answer came", async () => {
    const sandbox = createSandbox({ faults: [{ kind: "refused", operation: "openrouter.getCurrentApiKey" }] });
    const events: KeysmithEvent[] = [];
    const onEvent = (event: KeysmithEvent) => events.push(event);
    await openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch, onEvent }).current();
    expect(events.find(({ type }) => type === "wait")?.reason).toMatch(/^openrouter getCurrentApiKey: .*ECONNREFUSED/);
  });

  it.each([
    {
      title: "throws",
      onEvent: () => {
        throw new Error("listener");
      },
    },
    { title: "rejects", onEvent: () => Promise.reject(new Error("listener")) },
  ])("cannot break a request: a listener that $title", async ({ onEvent }) => {
    const sandbox = createSandbox();
    await openrouter({
      apiKey: sandbox.credentials.openrouter,
      fetch: sandbox.fetch,
      onEvent: onEvent,
    }).current();
  });
});

describe("10,000 calls that share one signal", () => {
  it("leave no listener on it", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    const seen: unknown[] = [];
    const keys = openrouter({
      apiKey: "not-a-real-key",
      fetch: (_url, init) => {
        if (init.signal === signal) seen.push("the caller's signal was handed on");
        return Promise.resolve(Response.json({ data: {} }));
      },
    });
    for (let call = 0; call < 10_000; call++) await keys.current({ signal });
    await keys.client(createClient).GET("/key", { signal });
    expect({ listeners, seen }).toEqual({ listeners: 0, seen: [] });
  });
});

it("a wait of the caller's before an attempt ends with the signal, whether it looks at that or not", async () => {
  const controller = new AbortController();
  const fetch = () => Promise.reject(new Error("was sent"));
  const beforeAttempt = () => {
    setTimeout(() => controller.abort(new Error("enough")));
    return new Promise<void>(() => undefined);
  };
  const keys = openrouter({ apiKey: "not-a-real-key", fetch, beforeAttempt });
  await expect(keys.current({ signal: controller.signal })).rejects.toThrow("enough");
});

it("how long an attempt waited for a rate limit is told before it is sent", async () => {
  const { fetch, credentials } = createSandbox();
  const told: [string, boolean][] = [];
  let waited = 0;
  const beforeAttempt = async () => {
    const since = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    waited = performance.now() - since;
  };
  const onEvent = ({ type, durationMs = -1 }: KeysmithEvent) => told.push([type, durationMs >= waited]);
  await openrouter({ apiKey: credentials.openrouter, fetch, beforeAttempt, onEvent }).current();
  expect(told.map(([type]) => type)).toEqual(["waited", "request", "response"]);
  expect(told[0]).toEqual(["waited", true]);
});
