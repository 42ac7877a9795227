/** Answers that are not what they seem: errors in a success, pages of others, bodies that break off, odd `Retry-After`. */
import { createServer, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  cloudflare,
  cockroach,
  estuary,
  openai,
  openaiproject,
  openrouter,
  type ClientOptions,
} from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { listen } from "../helpers/loopback.js";
import { meansSame } from "../../src/wire.js";
import { failureOf, until } from "../helpers/providers.js";

afterEach(() => vi.useRealTimers());

const answering = (...answers: (() => Response)[]): ClientOptions => ({
  apiKey: "not-a-real-key",
  fetch: () => Promise.resolve((answers.length > 1 ? answers.shift() : answers[0])?.() ?? Response.error()),
});
const json = (body: unknown, status = 200) => answering(() => Response.json(body, { status }));
const refused = { error: { code: 403, message: "not with this key" } };

describe("a success that holds an error is an error, with the server's words:", () => {
  it.each<{ what: string; call: () => Promise<unknown> }>([
    { what: "list", call: () => openrouter(json(refused)).list().toArray() },
    { what: "get", call: () => openrouter(json(refused)).get("abc") },
    { what: "create", call: () => openrouter(json(refused)).create({ name: "ci" }) },
    { what: "revoke", call: () => openrouter(json(refused)).revoke("abc") },
    { what: "stats", call: () => estuary(json(refused)).stats() },
    { what: "export", call: () => estuary(json(refused)).export() },
    { what: "revoke of CockroachDB", call: () => cockroach(json(refused.error)).revoke("abc") },
  ])("$what", async ({ call }) => {
    expect(String(await failureOf(call()))).toContain("not with this key");
  });

  it.each([
    { errors: [{ message: "no such field" }], data: null },
    { detail: [{ loc: ["query"], msg: "no such field" }] },
    { detail: "no such field" },
    { error: "invalid_request", error_description: "no such field" },
    { error: { code: 404, message: "no such field", status: "NOT_FOUND" } },
    { code: 5, message: "no such field", details: [] },
    { success: false, errors: [{ code: 1000, message: "no such field" }], result: null },
  ])("whatever form it has: %j", async (body) => {
    const options = { ...json(body), baseUrl: "http://127.0.0.1:1" };
    const calls = [
      openrouter(options).list().toArray(),
      cockroach(options).list().toArray(),
      estuary(options).list().toArray(),
      openrouter(options).get("abc"),
      cockroach(options).revoke("abc"),
      openrouter(options).create({ name: "ci" }),
    ];
    for (const call of calls) expect(String(await failureOf(call))).toContain("no such field");
  });

  it("a deletion that the server says it has not done", async () => {
    const error = await failureOf(openrouter(json({ deleted: false })).revoke("abc"));
    expect(String(error)).toContain("the server says that it has not deleted the key");
  });

  it("a deletion that is answered with something other than the deleted key", async () => {
    const error = await failureOf(cockroach(json({ message: "it works" })).revoke("abc"));
    expect(error).toMatchObject({ kind: "invalid-response" });
  });

  it("but for a create's that holds the secret, which is delivered", async () => {
    const answer = { key: "not-a-real-secret", data: { hash: "h" }, ...refused };
    const created = await openrouter(json(answer)).create({ name: "ci" });
    expect(created.secret.reveal()).toBe("not-a-real-secret");
  });

  it("a deletion that is answered with another key", async () => {
    const error = await failureOf(cockroach(json({ id: "def", name: "other" })).revoke("abc"));
    expect(error).toMatchObject({ kind: "invalid-response" });
  });
});

/** How the keys are revoked of those who answer a deletion in words, and what they say where it is done, and where there is none. */
const deletions: Record<string, { revoke: (options: ClientOptions) => Promise<void>; done: object; absent: object }> = {
  openrouter: {
    revoke: (options) => openrouter(options).revoke("abc"),
    done: { deleted: true },
    absent: { error: { code: 404, message: "Resource not found" } },
  },
  cockroach: {
    revoke: (options) => cockroach(options).revoke("abc"),
    done: { id: "abc", name: "ci" },
    absent: { code: 5, message: "not found", details: [] },
  },
  openai: {
    revoke: (options) => openai(options).revoke("abc"),
    done: { id: "abc", deleted: true },
    absent: { error: { message: "No such admin API key", type: "invalid_request_error", param: null, code: null } },
  },
  openaiproject: {
    revoke: (options) => openaiproject({ ...options, project: "proj_abc" }).revoke("abc"),
    done: { id: "abc", deleted: true },
    absent: { error: { message: "No such API key", type: "invalid_request_error", param: null, code: null } },
  },
  cloudflare: {
    revoke: (options) => cloudflare({ ...options, account: null }).revoke("abc"),
    done: { success: true, errors: [], messages: [], result: { id: "abc" } },
    absent: { success: false, errors: [{ code: 1001, message: "no such token" }], messages: [], result: null },
  },
};

describe.each(Object.entries(deletions))("a deletion at %s", (_, { revoke, done, absent }) => {
  it("is done where the server says so in its own words", async () => {
    await revoke(json(done));
  });

  it.each([
    new Response(null, { status: 204 }),
    ...["", "{}", "[]", "null", "true", '"ok"'].map((text) => new Response(text)),
    ...[{ deleted: "false" }, { deleted: null }, { data: { deleted: true } }, { success: false }].map((body) =>
      Response.json(body),
    ),
    ...[{ status: "error" }, { message: "Forbidden" }, { errors: [{ message: "no" }] }, { errorCode: 7 }].map((body) =>
      Response.json(body),
    ),
    Response.json({ id: "another", deleted: true, success: false, result: { id: "another" } }),
    Response.json({ id: "another", success: true, result: { id: "another" } }),
    Response.json({ message: "queued" }, { status: 202 }),
  ])("is not taken for done where it says anything else: %#", async (response) => {
    expect(await failureOf(revoke(answering(() => response)))).toMatchObject({
      kind: expect.stringMatching(/^(invalid-response|server|bad-request)$/) as string,
    });
  });

  // Of Kong, AWS' API Gateway, Spring, Fastify, Apigee, APISIX, Vercel, Kubernetes, KrakenD and others.
  const pages = [
    "default backend - 404",
    "",
    ...[{}, { message: "no Route matched with those values" }, { message: "Not Found" }].map((one) =>
      JSON.stringify(one),
    ),
    ...[
      { timestamp: "2026-11-26T00:00:00Z", status: 404, error: "Not Found", path: "/x" },
      { message: "Route DELETE:/x not found", error: "Not Found", statusCode: 404 },
      { fault: { faultstring: "no", detail: { errorcode: "x" } } },
      { error_msg: "404 Route Not Found" },
      { error: { code: "404", message: "The page could not be found" } },
      { kind: "Status", status: "Failure", message: "could not find the requested resource", code: 404 },
      { error: {} },
      { error: true },
      { success: false, errors: [] },
      { detail: "Not Found" },
    ].map((one) => JSON.stringify(one)),
  ];
  const late = () => new Response("", { status: 503, headers: { "retry-after": "0" } });

  it.each(pages)("is not taken for done by a gateway's 404, be it the first answer or not: %s", async (page) => {
    const gateway = () => new Response(page, { status: 404 });
    for (const options of [answering(gateway), answering(late, gateway)]) {
      expect(await failureOf(revoke(options))).toMatchObject({ kind: "invalid-response", status: 404 });
    }
  });

  it("is done by the server's own 404 behind an attempt that may have done it, and by no other", async () => {
    const gone = () => Response.json(absent, { status: 404 });
    await revoke(answering(late, gone));
    expect(await failureOf(revoke(answering(gone)))).toMatchObject({ kind: "not-found", status: 404 });
  });
});

describe("the secret of a create is delivered", () => {
  const secret = `sk-or-v1-${"a".repeat(64)}`;
  const whole = JSON.stringify({ data: { hash: "h1", name: "ci" }, key: secret });
  it.each<{ end: string; send: (response: ServerResponse) => void }>([
    { end: "breaks", send: (response) => response.write(whole, () => response.destroy()) },
    { end: "stalls", send: (response) => response.write(whole) },
    { end: "lacks its last byte", send: (response) => response.end(whole.slice(0, -1)) },
    { end: "goes on with something else", send: (response) => response.end(`${whole}<!-- a proxy's -->`) },
  ])("where the connection or the body $end", async ({ end, send }) => {
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(201, { "content-type": "application/json" });
        send(response);
      });
    });
    const { url: baseUrl, close } = await listen(server);
    onTestFinished(close);
    const arrived = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, stream) => {
        stream.enqueue(bytes);
        // What was begun with the bytes is done by then; the time of the attempt is up.
        if (end === "stalls") setImmediate(() => vi.advanceTimersByTime(30_000));
      },
    });
    const fetched: typeof fetch = async (input, init) => {
      const { body, status } = await fetch(input, init);
      return new Response(body?.pipeThrough(arrived), { status });
    };
    if (end === "stalls") vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const created = await openrouter({ apiKey: "not-a-real-key", baseUrl, fetch: fetched }).create({ name: "ci" });
    expect(created.secret.reveal()).toBe(secret);
    expect(created.id).toBe("h1");
  });

  it.each([
    String.raw`,"name":"quoted \"[{ and a backslash \\"`,
    ',"name":"}]","tags":[{"a":["b"]},"c"',
    ',"tags":[[["a",  \n',
  ])("where the body breaks behind it and %s", async (more) => {
    const part = () => new Response(`{"key":"${secret}","data":{"hash":"h1"${more}`, { status: 201 });
    const created = await openrouter(answering(part)).create({ name: "ci" });
    expect(created.secret.reveal()).toBe(secret);
    expect(created.id).toBe("h1");
  });

  it("but no part of it", async () => {
    const part = new Response(whole.slice(0, -3), { status: 201 });
    const error = await failureOf(openrouter(answering(() => part)).create({ name: "ci" }));
    expect(error).toMatchObject({ name: "CreateOutcomeUnknownError" });
  });

  it.each(["a stream of Node's", "a text alone", "a text, and whose headers cannot be gone through"])(
    "by a fetch whose bodies are %s",
    async (kind) => {
      const sandbox = createSandbox();
      const events: string[] = [];
      const keys = openrouter({
        apiKey: sandbox.credentials.openrouter,
        onEvent: ({ type }) => events.push(type),
        fetch: async (url, init) => {
          const response = await sandbox.fetch(url, init);
          const text = await response.text();
          const { status, ok } = response;
          const body = kind === "a stream of Node's" ? Readable.from([Buffer.from(text)]) : undefined;
          const get = (name: string) => response.headers.get(name);
          const headers = kind.endsWith("gone through") ? { get } : response.headers;
          return { status, ok, headers, body, text: () => Promise.resolve(text) } as unknown as Response;
        },
      });
      expect((await keys.create({ name: "ci" })).secret.reveal()).toMatch(/^sk-or-/);
      expect(await keys.list().toArray()).toHaveLength(2);
      expect(events.slice(0, 2)).toEqual(["request", "response"]);
    },
  );
});

it("a character whose bytes come apart is read as one", async () => {
  const bytes = new TextEncoder().encode(JSON.stringify({ data: { hash: "h1", name: "café" } }));
  const middle = bytes.indexOf(0xc3) + 1;
  const pieces = new ReadableStream<Uint8Array>({
    start: (stream) => {
      for (const piece of [bytes.slice(0, middle), bytes.slice(middle)]) stream.enqueue(piece);
      stream.close();
    },
  });
  const keys = openrouter(answering(() => new Response(pieces)));
  expect(await keys.get("h1")).toMatchObject({ name: "café" });
});

it.each(["Node's", "the web's"])(
  "a body that is too large, a stream of %s, is read no further and closed",
  async (kind) => {
    let closed = false;
    const value = new Uint8Array(600);
    const rows = { next: () => ({ value }), return: () => ((closed = true), { value }) };
    const body =
      kind === "Node's"
        ? Readable.from({ [Symbol.iterator]: () => rows })
        : new ReadableStream({ pull: (stream) => stream.enqueue(value), cancel: () => void (closed = true) });
    const response = { status: 200, ok: true, headers: new Headers(), body } as unknown as Response;
    const keys = openrouter({ ...answering(() => response), maxBodyBytes: 1_000 });
    expect(String(await failureOf(keys.current()))).toContain("larger than 1000 bytes");
    await until(() => closed);
  },
);

it.each([
  ["5, 10", undefined],
  ["try 5", undefined],
  ["1e3", undefined],
  ["-5", undefined],
  ["+5", undefined],
  ["0x10", undefined],
  ["12.5", undefined],
  ["12.", undefined],
  ["Monday", undefined],
  ["2026-01-01T00:00:00Z", undefined],
  ["Infinity", undefined],
  ["not before Fri, 01 Jan 2027 00:00:20 GMT", undefined],
  ["Fri, 01 Jan 2027 00:00:20 GMT or later", undefined],
  ["Fri Jan  1 00:00:20 2027 or later", undefined],
  ["Fri Jan x1 00:00:20 2027", undefined],
  ["7", 7_000],
  ["2026", 2_026_000],
  ["Fri, 01 Jan 2027 00:00:20 GMT", 20_000],
  ["Friday, 01-Jan-27 00:00:20 GMT", 20_000],
  ["Fri Jan  1 00:00:20 2027", 20_000],
])("Retry-After %j asks for %j ms", async (value, want) => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const headers = { "retry-after": value, date: "Fri, 01 Jan 2027 00:00:00 GMT" };
  const options = answering(() => new Response("{}", { status: 429, headers }));
  const error = await failureOf(openrouter({ ...options, maxRetries: 0 }).current());
  expect((error as { retryAfterMs?: number }).retryAfterMs).toBe(want);
});

describe("what JSON cannot say is refused before anything is sent:", () => {
  const sent: string[] = [];
  const options: ClientOptions = {
    apiKey: "not-a-real-key",
    fetch: (url) => (sent.push(url), Promise.resolve(Response.json({}))),
  };
  const odd = (value: unknown) => value as never;
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  it.each<{ field: string; call: () => Promise<unknown> }>([
    { field: "limit is NaN", call: () => openrouter(options).create({ name: "a", limit: NaN }) },
    { field: "limit is Infinity", call: () => openrouter(options).update("a", { limit: Infinity }) },
    {
      field: "expires_at is an invalid date",
      call: () => openrouter(options).create({ name: "a", expiresAt: odd(new Date("31.12.2027")) }),
    },
    { field: "limit is a bigint", call: () => openrouter(options).create({ name: "a", limit: odd(5n) }) },
    { field: "name is a function", call: () => openrouter(options).create({ name: odd(() => "a") }) },
    { field: "name is a symbol", call: () => openrouter(options).create({ name: odd(Symbol("a")) }) },
    {
      field: "expires_at is a date whose year has not four digits",
      call: () => openrouter(options).create({ name: "a", expiresAt: odd(new Date(8.64e15)) }),
    },
    {
      field: "external.user.self.self.self is nested too deep, or within itself",
      call: () => openrouter(options).create({ name: "a", external: { user: odd(circular) } }),
    },
    { field: "name is a Map", call: () => openrouter(options).create({ name: odd(new Map()) }) },
    {
      field: "external.user is NaN",
      call: () => openrouter(options).create({ name: "a", external: { user: odd(NaN) } }),
    },
    { field: "name.0 is undefined", call: () => openrouter(options).create({ name: odd([undefined]) }) },
    { field: "name is NaN", call: () => cockroach(options).create({ name: odd(NaN), serviceAccountId: "a" }) },
    { field: "name is NaN", call: () => cockroach(options).update("a", { name: odd(NaN) }) },
    { field: "pagination.limit is NaN", call: () => cockroach(options).list({ pageSize: NaN }).toArray() },
    { field: "label is NaN", call: () => estuary(options).create({ name: odd(Infinity) }) },
  ])("$field", async ({ field, call }) => {
    expect(await failureOf(call())).toMatchObject({
      name: "BadRequestError",
      message: expect.stringContaining(field.replace("label is NaN", "label is Infinity")) as string,
    });
    expect(sent).toEqual([]);
  });
});

it("lists of many objects that a server gives in another order are compared in few steps", () => {
  let reads = 0;
  const row = (id: number) => ({
    get id() {
      reads++;
      return `r${id}`;
    },
    effect: "allow",
  });
  const sent = Array.from({ length: 500 }, (_, id) => row(id));
  const found = sent.map(({ id, effect }) => ({ own: id.length, id, effect })).reverse();
  reads = 0;
  expect(meansSame(sent, found)).toBe(true);
  expect(reads).toBeLessThan(10 * sent.length);
  expect(meansSame(sent, [{ own: 1, id: "another", effect: "allow" }, ...found.slice(1)])).toBe(false);
});

it("a call that began before a create and ends after it forgets no plaintext", async () => {
  const secret = `sk-or-v1-${"ab".repeat(32)}`;
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const keys = openrouter({
    apiKey: "not-a-real-key",
    fetch: async (url, { method }) => {
      if (method === "POST") return Response.json({ data: { hash: "h1", name: "n" }, key: secret }, { status: 201 });
      if (!url.endsWith("/key"))
        return Response.json({ error: { code: 404, message: `no ${secret}` } }, { status: 404 });
      await gate;
      return Response.json({ data: { label: "l" } });
    },
  });
  const slow = keys.current();
  await keys.create({ name: "n" });
  release();
  await slow;
  expect(String(await failureOf(keys.get("h1")))).toContain("no [secret]");
});

describe("plaintext that the client knows", () => {
  it.each(["listed", "read", "changed", "created"] as const)(
    "is masked in a key that is %s, wherever the server repeats it",
    async (how) => {
      const credential = `sk-or-v1-${"c0ffee".repeat(10)}`;
      const row = {
        hash: "h1",
        name: credential,
        note: { [credential]: `Bearer ${credential}` },
        tail: credential.slice(-40),
      };
      const data = how === "listed" ? [row] : row;
      // Of one page, the list asks for a second to see that it was the last.
      const bodies = [{ data, key: "not-a-real-secret" }, { data: [] }];
      const keys = openrouter({ ...answering(() => Response.json(bodies.shift())), apiKey: credential });
      const calls = {
        listed: () => keys.list().toArray(),
        read: () => keys.get("h1"),
        changed: () => keys.update("h1", { limit: 1 }),
        created: () => keys.create({ name: "n" }),
      };
      const text = JSON.stringify(await calls[how]());
      expect(text).toContain("h1");
      expect(text).not.toContain("c0ffee".repeat(2));
    },
  );

  it("of a new key is in no event, though a header of the answer quotes it", async () => {
    const secret = `sk-or-v1-${"ab".repeat(32)}`;
    const events: unknown[] = [];
    const headers = { "x-made": `a key, ${secret}` };
    const keys = openrouter({
      ...answering(() => Response.json({ data: { hash: "h1", name: "n" }, key: secret }, { status: 201, headers })),
      onEvent: (event) => events.push(event),
    });
    expect((await keys.create({ name: "n" })).secret.reveal()).toBe(secret);
    expect(JSON.stringify(events)).toContain('"x-made":"a key, [secret]"');
  });

  it("that is a short word masks nothing of a key", async () => {
    const keys = openrouter({ ...json({ data: { hash: "h1", name: "credit" } }), apiKey: "cred" });
    expect(await keys.get("h1")).toMatchObject({ name: "credit" });
  });
});

describe("what came is what was asked for, or it is an error:", () => {
  const shown = (change: object) => json({ data: { hash: "h1", name: "ci", disabled: false, ...change } });
  it.each<{ what: string; call: () => Promise<unknown>; says: string }>([
    { what: "another key", call: () => openrouter(shown({})).get("abc"), says: "the answer is about another key" },
    { what: "another key", call: () => cockroach(json({ id: "zzz", name: "n" })).get("abc"), says: "another key" },
    { what: "another key", call: () => openrouter(shown({})).update("abc", { name: "ci" }), says: "another key" },
    {
      what: "a key that is still enabled",
      call: () => openrouter(shown({})).update("h1", { disabled: true }),
      says: "the server answered as if done, and disabled is still false",
    },
    {
      what: "a key of the old name",
      call: () => openrouter(shown({})).update("h1", { name: "new" }),
      says: 'the server answered as if done, and name is still "ci"',
    },
    {
      what: "a key of the old name",
      call: () => cockroach(json({ id: "h1", name: "ci" })).update("h1", { name: "new" }),
      says: 'name is still "ci"',
    },
  ])("$what ($says)", async ({ call, says }) => {
    expect(await failureOf(call())).toMatchObject({
      name: "InvalidResponseError",
      message: expect.stringContaining(says) as string,
    });
  });

  const day = "2027-12-31T23:59:59Z";
  const space = "11111111-1111-4111-8111-11111111111a";
  it.each<{ sent: object; told: object; differs?: string }>([
    { sent: { limit: 50 }, told: { limit: 5 }, differs: "limit is still 5" },
    { sent: { limit: 50 }, told: { limit: null }, differs: "limit is still null" },
    { sent: { limit: null }, told: { limit: 5 }, differs: "limit is still 5" },
    { sent: { limit: 12.5 }, told: { limit: "12.50" } },
    { sent: { limit: 0.1 + 0.2 }, told: { limit: 0.3 } },
    { sent: { limitReset: "monthly" }, told: { limit_reset: "daily" }, differs: 'limit_reset is still "daily"' },
    { sent: { limitReset: null }, told: { limit_reset: "daily" }, differs: "limit_reset is still" },
    { sent: { includeByokInLimit: true }, told: { include_byok_in_limit: false }, differs: "include_byok_in_limit" },
    { sent: { includeByokInLimit: true }, told: { include_byok_in_limit: null } },
    { sent: { workspaceId: space }, told: { workspace_id: space.replace("a", "b") }, differs: "workspace_id" },
    { sent: { workspaceId: space }, told: { workspace_id: space.toUpperCase() } },
    { sent: { expiresAt: day }, told: { expires_at: "2028-01-01T00:59:59.000+01:00" } },
    { sent: { expiresAt: new Date(day) }, told: { expires_at: Date.parse(day) / 1000 } },
    { sent: { expiresAt: day }, told: { expires_at: "2027-12-30T23:59:59Z" }, differs: "expires_at is still" },
    { sent: { scopes: ["a", "b"] }, told: { scopes: ["b", "a"] } },
    { sent: { scopes: ["a", "b"] }, told: { scopes: ["a", "a"] }, differs: "scopes is still" },
    { sent: { rule: { cidr: "a" } }, told: { rule: { cidr: "a", note: "its own" } } },
    { sent: { rule: { cidr: "a" } }, told: { rule: { cidr: "b" } }, differs: "rule is still" },
  ])("an update of $sent that comes back as $told", async ({ sent, told, differs }) => {
    const updated = openrouter(shown(told)).update("h1", sent);
    if (differs === undefined) expect(await updated).toMatchObject({ id: "h1" });
    else expect(await failureOf(updated)).toMatchObject({ message: expect.stringContaining(differs) as string });
  });

  it("but a field that the answer does not tell is no other", async () => {
    expect(
      await openrouter(json({ data: { hash: "h1" } })).update("h1", { name: "new", disabled: true }),
    ).toMatchObject({
      id: "h1",
    });
  });
});

describe("a page that is not the API's is told apart from its errors:", () => {
  const page = (status: number, body = "<html>Sign in</html>") => answering(() => new Response(body, { status }));
  const notTheApi = "This page is not the API's: check the base URL, https://";
  it.each<{ what: string; call: () => Promise<unknown>; kind: string; foreign?: false }>([
    { what: "401", call: () => openrouter(page(401)).current(), kind: "authentication" },
    { what: "401 of JSON", call: () => openrouter(page(401, '{"message":"no"}')).current(), kind: "authentication" },
    { what: "403", call: () => estuary(page(403)).stats(), kind: "permission" },
    { what: "403", call: () => cockroach(page(403)).list().toArray(), kind: "permission" },
    { what: "404 to a deletion", call: () => openrouter(page(404)).revoke("abc"), kind: "invalid-response" },
    { what: "404 to a read", call: () => openrouter(page(404, "no backend")).get("abc"), kind: "invalid-response" },
    { what: "404 to a deletion", call: () => cockroach(page(404)).revoke("abc"), kind: "invalid-response" },
    {
      what: "the API's own",
      call: () => openrouter(page(404, '{"error":{"code":404,"message":"no key"}}')).revoke("abc"),
      kind: "not-found",
      foreign: false,
    },
  ])("$what: $kind", async ({ call, kind, foreign = true }) => {
    const error = await failureOf(call());
    expect(error).toMatchObject({ kind });
    if (foreign) expect(String(error)).toContain(notTheApi);
    else expect(String(error)).not.toContain("page");
  });
});

describe("errors say what can be done:", () => {
  const own = (status: number) => json({ error: { code: status, message: "no" } }, status);

  it.each<{ status: number; call: (options: ClientOptions) => Promise<unknown>; want: RegExp; not: RegExp }>([
    { status: 404, call: (o) => openrouter(o).list().toArray(), want: /check the base URL/, not: /id/ },
    { status: 404, call: (o) => openrouter(o).get("abc"), want: /Check the id/, not: /base URL/ },
    { status: 402, call: (o) => openrouter(o).create({ name: "a" }), want: /paid/, not: /input|later/ },
    { status: 423, call: (o) => openrouter(o).update("a", { name: "a" }), want: /locked/, not: /input/ },
    { status: 425, call: (o) => openrouter(o).get("a"), want: /too early/, not: /input/ },
    { status: 422, call: (o) => openrouter(o).create({ name: "a" }), want: /Correct the input/, not: /later/ },
    ...[408, 500, 503, 522].map((status) => ({
      status,
      call: (o: ClientOptions) => openrouter(o).create({ name: "a" }),
      want: /nobody knows whether a key was created.*look at candidates\(\) first/,
      not: /[Tt]ry again|later|asks to wait/,
    })),
  ])("$status, $want", async ({ status, call, want, not }) => {
    const error = await failureOf(call({ ...own(status), maxRetries: 0 }));
    expect(String(error)).toMatch(want);
    expect(String(error)).not.toMatch(not);
  });

  it("of a base URL, which it is, and where it comes from", async () => {
    const html = answering(() => new Response("<html></html>"));
    const words = async (baseUrl?: string) => String(await failureOf(openrouter({ ...html, baseUrl }).current()));
    expect(await words()).toMatch(/check the base URL, https:\/\/[^ ]+ \(the default\)\.$/);
    expect(await words("https://a.test/x/")).toContain("check the base URL, https://a.test/x (the option baseUrl).");
    vi.stubEnv("OPENROUTER_BASE_URL", "https://b.test/");
    expect(await words()).toContain("check the base URL, https://b.test (from OPENROUTER_BASE_URL).");
  });

  it("problem details are told, as many as there is room for, without secrets", async () => {
    const problem = {
      type: "about:blank",
      title: "Invalid",
      detail: "not with not-a-real-key",
      errors: [{ pointer: "#/limit", detail: "must be 0 or more" }, "and more", { message: "x".repeat(400) }],
    };
    const { serverMessage } = (await failureOf(cockroach(json(problem, 400)).get("abc"))) as { serverMessage: string };
    expect(serverMessage).toContain("Invalid: not with [secret]; #/limit: must be 0 or more; and more; xxx");
    expect(serverMessage).toHaveLength(300);
  });
});

it("a proxy that refuses to connect has sent nothing on, so a create is not in doubt", async () => {
  const refusal = Object.assign(new Error("Proxy response (407) !== 200 when HTTP Tunneling"), {
    code: "UND_ERR_ABORTED",
  });
  const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: refusal }));
  const error = await failureOf(openrouter({ apiKey: "not-a-real-key", fetch, maxRetries: 0 }).create({ name: "ci" }));
  expect(error).toMatchObject({ kind: "connection", retryable: true });
});

it.each([520, 521, 525, 530])("%i of a CDN is tried again where that is safe, and a create is not", async (status) => {
  const first = () => new Response("", { status, headers: { "retry-after": "0" } });
  const then = () => Response.json({ data: { hash: "h1", name: "ci" } });
  expect(await openrouter(answering(first, then)).get("h1")).toMatchObject({ id: "h1" });
  expect(await failureOf(openrouter(answering(first, then)).create({ name: "ci" }))).toMatchObject({
    kind: "outcome-unknown",
    status,
  });
});
