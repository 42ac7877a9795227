import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request, type IncomingMessage } from "node:http";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { serveSandbox, type ServeOptions } from "../../src/cli/serve-sandbox.js";
import { type FaultKind } from "../../src/sandbox/index.js";
import { inProcess } from "../cli/in-process.js";
import { listen } from "../helpers/loopback.js";
import { until } from "../helpers/providers.js";
import { createSandbox } from "./calls.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serve(options: ServeOptions = {}) {
  const served = await serveSandbox(options);
  cleanups.push(served.close);
  return served;
}

const create = (url: string, init: RequestInit = {}) =>
  fetch(`${url}/openrouter/api/v1/keys`, {
    method: "POST",
    body: '{"name":"new"}',
    headers: { authorization: `Bearer ${createSandbox().credentials.openrouter}` },
    redirect: "manual",
    ...init,
  });

/** One request by node:http, over the agent's connections. */
function send(agent: Agent, method: string, url: string, headers: Record<string, string> = {}) {
  return new Promise<{ answer: IncomingMessage; body: string; reused: boolean }>((resolve, reject) => {
    const sent = request(url, { agent, method, headers }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      answer.on("end", () => resolve({ answer, body, reused: sent.reusedSocket }));
    });
    sent.on("error", reject).end();
  });
}

/** What the server answers to these bytes, until it ends the connection. */
function exchange(url: string, bytes: string) {
  return new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

describe("the served sandbox", () => {
  it("listens on loopback alone, at a free port unless one is given", async () => {
    const { url, sandbox } = await serve();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await create(url);
    expect(response.status).toBe(201);
    expect(response.headers.get("content-length")).toBe(String((await response.text()).length));
    expect(sandbox.keys("openrouter")).toHaveLength(2);
  });

  it("answers a revoke at Estuary with an empty body and no Content-Type, and keeps the connection", async () => {
    const { url, sandbox } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanups.push(() => agent.destroy());
    const headers = { authorization: `Bearer ${sandbox.credentials.estuary}` };
    const first = await send(agent, "DELETE", `${url}/estuary/user/api-keys/x`, headers);
    expect(first).toMatchObject({ answer: { statusCode: 200 }, body: "" });
    expect(first.answer.headers).toMatchObject({ "content-length": "0", "x-appversion": "v0.4.3" });
    expect(first.answer.headers).not.toHaveProperty("content-type");
    const head = await send(agent, "HEAD", `${url}/estuary/user/stats`, headers);
    expect(head).toMatchObject({ answer: { statusCode: 404 }, body: "", reused: true });
    const last = await send(agent, "GET", `${url}/estuary/user/stats`, headers);
    expect(last).toMatchObject({ answer: { statusCode: 200 }, body: '{"totalSize":0,"numPins":0}\n', reused: true });
  });

  it.each([
    { host: "openrouter.ai", path: "/api/v1/key", provider: "openrouter" },
    { host: "OpenRouter.ai:4010", path: "/api/v1/key", provider: "openrouter" },
    { host: "openrouter.ai.:443", path: "/api/v1/key", provider: "openrouter" },
    { host: "api.estuary.tech", path: "/user/stats", provider: "estuary" },
    { host: "sandbox.internal:4010", path: "/estuary/user/stats", provider: "estuary" },
  ] as const)("is asked for a provider by its host: $host $path", async ({ host, path, provider }) => {
    const { url, sandbox } = await serve();
    const headers = `host: ${host}\r\nauthorization: Bearer ${sandbox.credentials[provider]}`;
    const answer = await exchange(url, `GET ${path} HTTP/1.1\r\n${headers}\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it("says where the providers are", async () => {
    const { url } = await serve();
    const response = await fetch(url);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("/estuary, /openrouter/api/v1, /cockroach");
  });

  it.each([
    { bytes: 100_000, status: 201 },
    { bytes: 100_001, status: 413 },
    { bytes: 3_000_000, status: 413 },
  ])("answers a body of $bytes bytes with $status", async ({ bytes, status }) => {
    const { url } = await serve();
    const body = '{"name":"new"}'.padEnd(bytes);
    expect((await create(url, { body })).status).toBe(status);
    const chunks = new Blob([body]).stream();
    expect((await create(url, { body: chunks, duplex: "half" } as RequestInit)).status).toBe(status);
  });

  const named = Buffer.from('{"name":"new"}');
  it.each([
    { coding: "gzip", body: gzipSync(named), status: 201 },
    { coding: "GZIP", body: gzipSync(named), status: 201 },
    { coding: "deflate", body: deflateSync(named), status: 201 },
    { coding: "br", body: brotliCompressSync(named), status: 201 },
    { coding: "identity", body: named, status: 201 },
    { coding: "gzip", body: named, status: 415 },
    { coding: "compress", body: named, status: 415 },
    { coding: "toString", body: named, status: 415 },
    // A few hundred bytes that unfold into many.
    { coding: "gzip", body: gzipSync(Buffer.alloc(100_001, " ")), status: 415 },
  ])("answers $body.length bytes in the coding $coding with $status", async ({ coding, body, status }) => {
    const { url, sandbox } = await serve();
    const authorization = `Bearer ${sandbox.credentials.openrouter}`;
    const response = await create(url, { body, headers: { authorization, "content-encoding": coding } });
    expect(response.status).toBe(status);
  });

  it.each(["GET http://[ HTTP/1.1", "TRACE /estuary HTTP/1.1"])("answers %s with 400", async (line) => {
    const { url } = await serve();
    expect(await exchange(url, `${line}\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each<{ fault: FaultKind; keys: number }>([
    { fault: { kind: "lost", when: "before" }, keys: 0 },
    { fault: { kind: "lost", when: "after" }, keys: 1 },
    { fault: { kind: "refused" }, keys: 0 },
  ])("ends the connection without an answer for $fault", async ({ fault, keys }) => {
    const { url, sandbox } = await serve();
    sandbox.fail({ operation: "*", ...fault });
    await expect(create(url)).rejects.toThrow("fetch failed");
    expect(sandbox.keys("openrouter")).toHaveLength(keys + 1);
    expect((await create(url)).status).toBe(201);
  });

  it("ends the connection in the middle of a truncated body", async () => {
    const { url, sandbox } = await serve();
    sandbox.fail({ operation: "*", kind: "truncated" });
    const headers = `authorization: Bearer ${sandbox.credentials.estuary}\r\nconnection: close`;
    const answer = await exchange(url, `GET /estuary/user/stats HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/content-length: 28\r\n/);
    expect(answer).toMatch(/\r\n\r\n\{"totalSize":0$/);
    sandbox.fail({ operation: "*", kind: "truncated" });
    const response = await create(url);
    expect(response.status).toBe(201);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it.each<{ fault: FaultKind; status: number; body: RegExp }>([
    { fault: { kind: "garbage" }, status: 201, body: /^}/ },
    { fault: { kind: "html" }, status: 201, body: /^<!doctype html>/ },
    { fault: { kind: "empty" }, status: 201, body: /^$/ },
    { fault: { kind: "redirect", location: "https://elsewhere.example/" }, status: 307, body: /^$/ },
    { fault: { kind: "status", status: 429, retryAfter: 3 }, status: 429, body: /"code":429/ },
  ])("sends what $fault makes of the answer", async ({ fault, status, body }) => {
    const { url, sandbox } = await serve();
    sandbox.fail({ operation: "openrouter.createApiKey", ...fault });
    const response = await create(url);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(body);
    expect(response.headers.get("location")).toBe(fault.kind === "redirect" ? fault.location : null);
    expect(response.headers.get("retry-after")).toBe(fault.kind === "status" ? "3" : null);
  });

  it("hangs until the client goes, and notices that", async () => {
    const sandbox = createSandbox({ faults: [{ operation: "*", kind: "hang", when: "after" }] });
    const signals: AbortSignal[] = [];
    const watched: typeof sandbox.fetch = (input, init) => {
      if (init?.signal) signals.push(init.signal);
      return sandbox.fetch(input, init);
    };
    const { url } = await serve({ sandbox: { ...sandbox, fetch: watched } });
    const controller = new AbortController();
    const failed = expect(create(url, { signal: controller.signal })).rejects.toThrow("enough");
    await until(() => sandbox.requests.length === 1);
    expect(signals).toMatchObject([{ aborted: false }]);
    controller.abort(new Error("enough"));
    await failed;
    await until(() => signals[0]?.aborted === true);
    expect(sandbox.keys("openrouter")).toHaveLength(2);
  });

  it("closes while a request hangs", async () => {
    const { url, sandbox, close } = await serveSandbox();
    sandbox.fail({ operation: "*", kind: "hang" });
    const failed = expect(create(url)).rejects.toThrow("fetch failed");
    await until(() => sandbox.requests.length === 1);
    await close();
    await failed;
    await expect(create(url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });
});

it.each([
  { host: "0.0.0.0", url: /^http:\/\/127\.0\.0\.1:\d+$/ },
  { host: "::1", url: /^http:\/\/\[::1\]:\d+$/ },
])("a sandbox that listens on $host is reached where its URL says", async ({ host, url }) => {
  const served = await serve({ host });
  expect(served.url).toMatch(url);
  expect((await create(served.url)).status).toBe(201);
});

describe("keysmith sandbox", () => {
  it.each([
    { args: ["--port", "x"], says: "--port is x" },
    { args: ["--port", "65536"], says: "--port is 65536" },
    { args: ["--port="], says: "--port is " },
    { args: ["--speed", "9"], says: "--speed" },
    { args: ["--rate-limit", "10"], says: '--rate-limit is "10": give REQUESTS/SECONDS' },
    { args: ["--rate-limit", "0/1"], says: "--rate-limit is" },
    { args: ["--now", "soon"], says: "--now soon: it is no time: give one such as 2027-12-31" },
    { args: ["--now", "9999-12-31"], says: "it is no time of the years 1970 to 8999" },
    {
      args: ["--fault", "openrouter.listApiKeys"],
      says: "--fault openrouter.listApiKeys: kind is not one of status, lost",
    },
    { args: ["--fault", "openrouter.none=html"], says: "There is no operation openrouter.none" },
    { args: ["--fault", "*=lost"], says: "when of lost is missing: give before or after" },
    { args: ["--fault", "*=429,times=0"], says: "times is 0" },
    { args: ["--fault", "*=200"], says: "status is 200: give one from 400 to 599" },
    { args: ["--fault", "*=html,when=after"], says: "when is nothing that html has: operation, times" },
    { args: ["--fault", "*=429,__proto__=1"], says: "__proto__ is nothing that status has" },
    { args: ["--fault", "*=redirect,location=elsewhere"], says: "location of redirect is not that: give a URL" },
    { args: ["--seed", "nowhere.yaml"], says: "--seed nowhere.yaml: no such file or directory" },
    { args: ["--", ""], says: "The command is empty" },
  ])("refuses $args with exit code 2 and says why", async ({ args, says }) => {
    const { code, stdout, stderr } = await inProcess(["sandbox", ...args], { env: {} });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });

  it.each([
    { text: "[]", says: "it is no object of lists of keys, by provider" },
    { text: "", says: "input is empty" },
    { text: "openroter: []", says: "openroter is no provider: estuary, openrouter" },
    { text: "openrouter: { name: x }", says: "openrouter is no list of keys" },
    { text: "openrouter: [x]", says: "openrouter[0] is no object" },
    { text: "openrouter:\n  - {}\n  - limit: twenty\n", says: "openrouter[1]: limit is not a number of at least 0" },
    { text: "openrouter: [{ createdAt: { ago: long } }]", says: "openrouter[0].createdAt is no duration" },
    { text: "openrouter: [{ createdAt: 2026-13-01 }]", says: "openrouter[0]: createdAt is not a Date" },
    { text: "openrouter: [{ variable: A-B }]", says: "openrouter[0].variable is no name" },
    { text: "openrouter: [{ __proto__: { a: 1 } }]", says: "openrouter[0]: __proto__ is no field" },
    { text: "a: [\n", says: "(" },
    { text: "openrouter: []\nopenrouter: []\n", says: "duplicated" },
  ])("refuses a seed of $text, and says where", async ({ text, says }) => {
    const cwd = await mkdtemp(join(tmpdir(), "keysmith-"));
    cleanups.push(() => rm(cwd, { recursive: true }));
    await writeFile(join(cwd, "seed.yaml"), text);
    const { code, stderr } = await inProcess(["sandbox", "--seed", "seed.yaml"], { env: {}, cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });

  it("says so when the port is in use, with exit code 1", async () => {
    const other = await listen(createServer());
    cleanups.push(other.close);
    const port = String(other.port);
    const { code, stderr } = await inProcess(["sandbox", "--port", port], { env: {} });
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use.`);
  });
});
