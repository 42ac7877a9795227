import { apis } from "../../generated/apis.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  cockroach,
  ConnectionError,
  CreateOutcomeUnknownError,
  openrouter,
  TimeoutError,
  type OpenRouterKeys,
} from "../../src/index.js";
import type { Fault } from "../../src/sandbox/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { closedPort } from "../helpers/loopback.js";
import { answer, cutJson, faultyServer, reset, silence, truncated } from "./faulty-server.js";
import { count, failureOf, providers, table, through, until } from "../helpers/providers.js";

afterEach(() => vi.useRealTimers());

type Kind = Fault extends infer Each ? (Each extends Fault ? Omit<Each, "operation"> : never) : never;

describe.each(providers)("a create is never sent twice ($provider):", ({ provider, create, connect }) => {
  const doubts: { fault: Kind; made: boolean }[] = [
    { fault: { kind: "status", status: 500 }, made: false },
    { fault: { kind: "status", status: 502 }, made: false },
    { fault: { kind: "status", status: 503, retryAfter: 0 }, made: false },
    { fault: { kind: "status", status: 408 }, made: false },
    { fault: { kind: "lost", when: "before" }, made: false },
    { fault: { kind: "lost", when: "after" }, made: true },
    { fault: { kind: "truncated" }, made: true },
    { fault: { kind: "garbage" }, made: true },
    { fault: { kind: "html" }, made: true },
    { fault: { kind: "empty" }, made: true },
    { fault: { kind: "redirect", location: "https://elsewhere.example" }, made: false },
  ];
  for (const { fault, made } of doubts) {
    it(`after ${JSON.stringify(fault)} the outcome is unknown, and candidates() ${made ? "has the orphan" : "is empty"}`, async () => {
      const sandbox = createSandbox();
      const keys = connect(through(sandbox, provider));
      await keys.create("another");
      sandbox.requests.length = 0;
      sandbox.fail({ ...fault, operation: create });
      const error = await failureOf(keys.create("ci"));
      if (!(error instanceof CreateOutcomeUnknownError)) throw error;
      expect(error).toMatchObject({
        name: "CreateOutcomeUnknownError",
        kind: "outcome-unknown",
        provider,
        retryable: false,
      });
      expect(count(sandbox, create)).toBe(1);

      const orphans = sandbox
        .keys(provider)
        .filter((key) =>
          Object.entries(key).some(([what, is]) => /^(label|name|tokenName)$/.test(what) && is === "ci"),
        );
      expect(orphans).toHaveLength(made ? 1 : 0);
      const candidates = await error.candidates();
      expect(candidates.map(({ key }) => key.name)).toEqual(made ? ["ci"] : []);
      for (const { reason } of candidates)
        expect(reason).toMatch(/^It has the same (name|label), and .+|created at .+\.$/);
    });
  }

  it("nor after no answer came in time", async () => {
    const sandbox = createSandbox({ faults: [{ kind: "hang", when: "after", operation: create }] });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const failing = failureOf(connect(through(sandbox, provider)).create("ci"));
    await until(() => count(sandbox, create) === 1);
    await vi.advanceTimersByTimeAsync(30_000);
    vi.useRealTimers();
    const error = await failing;
    if (!(error instanceof CreateOutcomeUnknownError)) throw error;
    expect(error.cause).toBeInstanceOf(TimeoutError);
    expect(count(sandbox, create)).toBe(1);
    expect((await error.candidates()).map(({ key }) => key.name)).toEqual(["ci"]);
  });

  it("nor after the caller aborted it, whose reason is the cause", async () => {
    const sandbox = createSandbox({ faults: [{ kind: "hang", when: "after", operation: create }] });
    const controller = new AbortController();
    const reason = new Error("enough");
    const failing = failureOf(connect(through(sandbox, provider)).create("ci", { signal: controller.signal }));
    await until(() => count(sandbox, create) === 1);
    controller.abort(reason);
    const error = await failing;
    if (!(error instanceof CreateOutcomeUnknownError)) throw error;
    expect(error.cause).toBe(reason);
    expect((await error.candidates()).map(({ key }) => key.name)).toEqual(["ci"]);
  });

  it("aborted before it is sent, it throws the reason itself", async () => {
    const sandbox = createSandbox();
    const reason = new Error("enough");
    expect(
      await failureOf(connect(through(sandbox, provider)).create("ci", { signal: AbortSignal.abort(reason) })),
    ).toBe(reason);
    expect(sandbox.requests).toEqual([]);
  });

  it("a credential that comes after the abort, or too late, sends nothing any more", async () => {
    for (const limit of [{ signal: AbortSignal.timeout(5) }, { timeoutMs: 5 }]) {
      let give: (credential: string) => void = () => undefined;
      const apiKey = () => new Promise<string>((resolve) => (give = resolve));
      let sent = 0;
      const fetch = () => Promise.resolve(Response.json({ sent: ++sent }));
      const error = await failureOf(connect({ apiKey, baseUrl: apis[provider].baseUrl, fetch }).create("ci", limit));
      expect(error).not.toBeInstanceOf(CreateOutcomeUnknownError);
      give("not-a-real-key");
      await new Promise((resolve) => setImmediate(resolve));
      expect(sent).toBe(0);
    }
  });

  it("after a 429 it waits as long as it is told, and makes one key", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    const sandbox = createSandbox({ faults: [{ kind: "status", status: 429, retryAfter: 7, operation: create }] });
    const waits: (number | undefined)[] = [];
    const keys = connect({
      ...through(sandbox, provider),
      onEvent: ({ type, durationMs }) => type === "wait" && waits.push(durationMs),
    });
    const creating = keys.create("ci");
    await until(() => waits.length === 1);
    await vi.advanceTimersByTimeAsync(6_999);
    expect(count(sandbox, create)).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    expect((await creating).secret.reveal()).toMatch(table[provider].plaintext);
    expect(waits).toEqual([7_000]);
    expect(count(sandbox, create)).toBe(2);
  });

  it("a connection that was never made is tried again", async () => {
    const sandbox = createSandbox({
      faults: [
        { kind: "refused", operation: create },
        { kind: "status", status: 429, retryAfter: 0, operation: create },
      ],
    });
    vi.spyOn(Math, "random").mockReturnValue(0);
    const created = await connect(through(sandbox, provider)).create("ci");
    expect(created.name).toBe("ci");
  });

  it.each([
    { status: 400, name: "BadRequestError", retryable: false },
    { status: 429, name: "RateLimitError", retryable: true },
    { status: 499, name: "BadRequestError", retryable: false },
  ])("a definite refusal is that refusal: $status", async (want) => {
    const sandbox = createSandbox({ faults: [{ kind: "status", status: want.status, operation: create, times: 9 }] });
    const error = await failureOf(connect({ ...through(sandbox, provider), maxRetries: 0 }).create("ci"));
    expect(error).toMatchObject(want);
  });

  const sockets = [
    { title: "the connection is reset", behaviour: reset },
    { title: "the answer breaks off", behaviour: truncated },
    { title: "the JSON breaks off in a body that ends properly", behaviour: cutJson },
    {
      title: "a proxy answers 502 in HTML",
      behaviour: answer(502, "<html>Bad Gateway</html>", { "content-type": "text/html" }),
    },
    { title: "200 holds garbage", behaviour: answer(200, "garbage") },
    { title: "200 holds JSON without a key", behaviour: answer(200, '{"data":{}}') },
    { title: "nothing comes", behaviour: silence },
  ];
  for (const { title, behaviour } of sockets) {
    it(`over a real socket: ${title}, and the server counts one POST`, async () => {
      const server = await faultyServer(behaviour);
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const keys = connect({ apiKey: "not-a-real-key", baseUrl: server.url, timeoutMs: 5_000 });
      const failing = failureOf(keys.create("ci"));
      await until(() => server.requests.length > 0);
      if (behaviour === silence) await vi.advanceTimersByTimeAsync(5_000);
      expect(await failing).toBeInstanceOf(CreateOutcomeUnknownError);
      expect(server.requests.map(({ method }) => method)).toEqual(["POST"]);
    });
  }

  it("over a real socket: a refused connection is known to have made nothing", async () => {
    const keys = connect({
      apiKey: "not-a-real-key",
      baseUrl: `http://127.0.0.1:${await closedPort()}`,
      maxRetries: 0,
    });
    const error = await failureOf(keys.create("ci"));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ retryable: true, cause: { code: "ECONNREFUSED" } });
  });
});

describe("a create to a host of several addresses", () => {
  const refused = { code: "ECONNREFUSED" };
  const reset = { code: "ECONNRESET" };
  it.each([
    { title: "was not sent where each of them refused the connection", errors: [refused, refused], want: "connection" },
    { title: "may have been sent where one did not", errors: [refused, reset], want: "outcome-unknown" },
    { title: "may have been sent where nothing is known of any", errors: [], want: "outcome-unknown" },
  ])("$title", async ({ errors, want }) => {
    const cause = new AggregateError(errors);
    const fetch = () => Promise.reject(new TypeError("fetch failed", { cause }));
    const keys = openrouter({ apiKey: "not-a-real-key", fetch, maxRetries: 0 });
    expect(await failureOf(keys.create({ name: "ci" }))).toMatchObject({ kind: want });
  });
});

describe("an error proves that nothing was sent only where it is known to:", () => {
  const refused = { code: "ECONNREFUSED" };
  const tunnel = "Proxy response (407) !== 200 when HTTP Tunneling";
  const deep = (depth: number): unknown => (depth === 0 ? refused : { cause: deep(depth - 1) });
  const cyclic: { cause?: unknown } = {};
  cyclic.cause = cyclic;
  const own = new Error("reset");
  own.cause = own;
  it.each<{ given: string; cause: unknown; want: string }>([
    { given: "the system's connect", cause: { syscall: "connect" }, want: "connection" },
    { given: "a look-up of the name", cause: { syscall: "getaddrinfo" }, want: "connection" },
    { given: "a certificate that nobody trusts", cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, want: "connection" },
    { given: "a certificate of another time", cause: { code: "CERT_HAS_EXPIRED" }, want: "connection" },
    { given: "a proxy's refusal", cause: new Error(tunnel), want: "connection" },
    { given: "a proxy that hung up instead of answering", cause: { code: "UND_ERR_PRX_CONN" }, want: "connection" },
    { given: "a cause of causes", cause: deep(3), want: "connection" },
    { given: "one of too many causes", cause: deep(9), want: "outcome-unknown" },
    { given: "a cause of itself", cause: cyclic, want: "outcome-unknown" },
    { given: "an error that is its own cause", cause: own, want: "outcome-unknown" },
    {
      given: "an error of errors of itself",
      cause: Object.assign(cyclic, { errors: [cyclic] }),
      want: "outcome-unknown",
    },
    { given: "a disconnect", cause: { syscall: "disconnect" }, want: "outcome-unknown" },
    { given: "what begins as a system call does", cause: { syscall: "connected" }, want: "outcome-unknown" },
    { given: "what begins as a look-up does", cause: { syscall: "getaddrinfos" }, want: "outcome-unknown" },
    { given: "a code within another", cause: { code: "NOT_ECONNREFUSED" }, want: "outcome-unknown" },
    { given: "a word that begins like a certificate", cause: { code: "UNCERTAIN" }, want: "outcome-unknown" },
    { given: "a code that is no text", cause: { code: ["ECONNREFUSED"] }, want: "outcome-unknown" },
    { given: "a refusal told of by another", cause: new Error(`upstream: ${tunnel}`), want: "outcome-unknown" },
    { given: "a refusal, and more", cause: new Error(`${tunnel}, then reset`), want: "outcome-unknown" },
    { given: "a message that is no text", cause: { message: [tunnel] }, want: "outcome-unknown" },
  ])("$given: $want", async ({ cause, want }) => {
    const fetch = () => Promise.reject(new TypeError("fetch failed", { cause }));
    const keys = openrouter({ apiKey: "not-a-real-key", fetch, maxRetries: 0 });
    expect(await failureOf(keys.create({ name: "ci" }))).toMatchObject({ kind: want });
  });
});

describe("a 2xx that holds the secret delivers the secret, however odd the rest:", () => {
  const odd = [
    { provider: "estuary", body: { token: "EST-odd-ARY" } },
    {
      provider: "estuary",
      body: { token: "EST-odd-ARY", tokenHash: null, label: 7, expiry: null, isSession: "no" },
    },
    { provider: "openrouter", body: { key: "sk-or-odd" } },
    { provider: "openrouter", body: { key: "sk-or-odd", data: null } },
    { provider: "openrouter", body: { key: "sk-or-odd", data: [{ hash: 1 }] } },
    { provider: "cockroach", body: { secret: "CCDB1_odd_secret", api_key: "none" } },
    { provider: "cockroach", body: { secret: "CCDB1_odd_secret" } },
  ] as const;
  for (const { provider, body } of odd) {
    it(`${provider} ${JSON.stringify(body)}`, async () => {
      const fetch = () =>
        Promise.resolve(new Response(JSON.stringify(body), { headers: { "content-type": "text/html" } }));
      const created = await table[provider].connect({ apiKey: "not-a-real-key", fetch }).create("ci");
      expect(created.secret.reveal()).toMatch(/odd/);
    });
  }
});

describe("an answer that is nested more deeply than any stack", () => {
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const row = `{"hash":"h1","name":"ci","more":${deep}}`;
  const answering = (body: string): OpenRouterKeys =>
    openrouter({ apiKey: "not-a-real-key", fetch: () => Promise.resolve(new Response(body)) });

  it("delivers the secret of a create", async () => {
    const created = await answering(`{"key":"sk-or-odd","data":${row}}`).create({ name: "ci" });
    expect([created.secret.reveal(), created.raw]).toEqual(["sk-or-odd", {}]);
  });

  it.each([
    { what: "list of keys", call: (keys: OpenRouterKeys) => keys.list().toArray(), body: `{"data":[${row}]}` },
    { what: "key", call: (keys: OpenRouterKeys) => keys.get("h1"), body: `{"data":${row}}` },
    {
      what: "update of a key",
      call: (keys: OpenRouterKeys) => keys.update("h1", { name: "ci" }),
      body: `{"data":${row}}`,
    },
  ])("is no $what", async ({ call, body }) => {
    expect(await failureOf(call(answering(body)))).toMatchObject({ kind: "invalid-response" });
  });
});

it("a candidate of an API that tells no time of creation is known by its name alone, and says so", async () => {
  const sandbox = createSandbox();
  const keys = cockroach({
    ...through(sandbox, "cockroach"),
    fetch: async (input, init) => {
      const response = await sandbox.fetch(input, init);
      const text = await response.text();
      return new Response(text.replace(/"created_at":"[^"]*",?|,"created_at":"[^"]*"/g, ""), response);
    },
  });
  sandbox.fail({ operation: "cockroach.createApiKey", kind: "lost", when: "after" });
  const failure = await failureOf(keys.create({ name: "ci", serviceAccountId: sandbox.serviceAccounts.none }));
  if (!(failure instanceof CreateOutcomeUnknownError)) throw failure;
  const reason = "It has the same name; this API does not tell when a key was created.";
  expect(await failure.candidates()).toMatchObject([{ key: { name: "ci" }, reason }]);
});

it.each(["2026-11-26 08:24 Uhr", "26/11/2026", ""])(
  "a key of the same name whose time of creation cannot be read, such as %j, is a candidate",
  async (createdAt) => {
    const sandbox = createSandbox();
    const keys = openrouter({
      ...through(sandbox, "openrouter"),
      fetch: async (input, init) => {
        const response = await sandbox.fetch(input, init);
        const text = await response.text();
        return new Response(text.replace(/"created_at":"[^"]*"/g, `"created_at":"${createdAt}"`), response);
      },
    });
    sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "after" });
    const failure = await failureOf(keys.create({ name: "ci" }));
    if (!(failure instanceof CreateOutcomeUnknownError)) throw failure;
    const reason = "It has the same name; when it was created cannot be read.";
    expect(await failure.candidates()).toMatchObject([{ key: { name: "ci" }, reason }]);
  },
);

it.each([
  { asked: " ci ", kept: "ci" },
  { asked: "cafe\u0301", kept: "caf\u00e9" },
])("a key whose name the server keeps as $kept, asked for $asked, is a candidate", async ({ asked, kept }) => {
  const sandbox = createSandbox();
  for (const provider of ["openrouter", "estuary"] as const) {
    const options = through(sandbox, provider);
    const fetch: typeof sandbox.fetch = async (input, init) => {
      const response = await sandbox.fetch(input, init);
      const text = await response.text();
      return new Response(text.replaceAll(JSON.stringify(asked), JSON.stringify(kept)), response);
    };
    const keys = table[provider].connect({ ...options, fetch });
    sandbox.fail({ operation: `${provider}.createApiKey`, kind: "lost", when: "after" });
    const failure = await failureOf(keys.create(asked));
    if (!(failure instanceof CreateOutcomeUnknownError)) throw failure;
    expect(await failure.candidates()).toMatchObject([{ key: { name: kept } }]);
  }
});

it.each([
  { how: "in small letters", kept: "deploy of the shop" },
  { how: "shortened", kept: "Deploy of" },
  { how: "shortened and in small letters", kept: "deploy o" },
])(
  "a key whose name the server keeps $how is a candidate where it is new, and an older one is none",
  async ({ kept }) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const sandbox = createSandbox();
    const options = through(sandbox, "openrouter");
    const fetch: typeof sandbox.fetch = async (input, init) => {
      const response = await sandbox.fetch(input, init);
      return new Response((await response.text()).replaceAll("Deploy of the Shop", kept), response);
    };
    sandbox.issue("openrouter", { name: kept });
    vi.advanceTimersByTime(3_600_000);
    sandbox.issue("openrouter", { name: "another" });
    sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "after" });
    const failure = await failureOf(openrouter({ ...options, fetch }).create({ name: "Deploy of the Shop" }));
    if (!(failure instanceof CreateOutcomeUnknownError)) throw failure;
    const candidates = await failure.candidates();
    expect(candidates.map(({ key, reason }) => [key.name, reason])).toEqual([
      [kept, `Its name is a part of this one and it was created at ${candidates[0]?.key.createdAt}.`],
    ]);
  },
);

it("a clock that is set right between a lost create and the look for candidates hides none of them", async () => {
  const sandbox = createSandbox();
  const keys = openrouter(through(sandbox, "openrouter"));
  sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "after" });
  const now = Date.now.bind(Date);
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now() + 7_200_000);
  const failure = await failureOf(keys.create({ name: "ci" })).finally(() => clock.mockRestore());
  if (!(failure instanceof CreateOutcomeUnknownError)) throw failure;
  expect(await failure.candidates()).toMatchObject([{ key: { name: "ci" } }]);
});

it("a key of the same name that was there long before a lost create is no candidate for it", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const sandbox = createSandbox();
  sandbox.issue("openrouter", { name: "ci" });
  vi.advanceTimersByTime(3_600_000);
  sandbox.fail({ operation: "openrouter.createApiKey", kind: "lost", when: "after" });
  const failure = await failureOf(openrouter(through(sandbox, "openrouter")).create({ name: "ci" }));
  if (!(failure instanceof CreateOutcomeUnknownError)) throw failure;
  const candidates = await failure.candidates();
  expect(candidates.map(({ key }) => key.id)).toEqual(
    sandbox
      .keys("openrouter")
      .slice(-1)
      .map(({ hash }) => hash),
  );
});
