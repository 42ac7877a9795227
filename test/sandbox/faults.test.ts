import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { type Fault, type FaultKind, type ProviderName, type Sandbox } from "../../src/sandbox/index.js";
import { names, table } from "../helpers/providers.js";
import { prefixOf } from "../../src/sandbox/routes.js";
import { callerOf, createSandbox } from "./calls.js";

function create(sandbox: Sandbox, provider: ProviderName, init: RequestInit = {}): Promise<Response> {
  const { path, body } = table[provider].creation;
  const headers = { authorization: `Bearer ${sandbox.credentials[provider]}`, "content-type": "application/json" };
  return sandbox.fetch(`http://localhost${prefixOf(provider)}${path}`, { method: "POST", body, headers, ...init });
}

const words = { error: { message: expect.any(String) as string } };

/** What an error has, by provider. */
const refusals: Record<ProviderName, (status: number) => object> = {
  estuary: (code) => ({ error: { code } }),
  openrouter: (code) => ({ error: { code } }),
  cockroach: () => ({ code: expect.any(Number) as number }),
  cloudflare: () => ({ success: false, errors: [{ code: expect.any(Number) as number }], result: null }),
  openai: () => words,
  openaiproject: () => words,
  unleash: () => ({ message: expect.any(String) as string }),
};

/** How many keys the request left behind. */
const made = (sandbox: Sandbox, provider: ProviderName): number => sandbox.keys(provider).length - 1;

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error,
  );

describe.each(names)("a fault of %s", (provider) => {
  const operation = `${provider}.createApiKey` as const;
  const broken = (kind: FaultKind) => createSandbox({ faults: [{ operation, ...kind }] });

  it.each([
    { when: "before", kind: "lost", keys: 0 },
    { when: "after", kind: "lost", keys: 1 },
  ] as const)("loses the answer $when the effect", async ({ keys, ...fault }) => {
    const sandbox = broken(fault);
    const error = await failure(create(sandbox, provider));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "fetch failed", cause: { code: "ECONNRESET" } });
    expect(made(sandbox, provider)).toBe(keys);
    expect(sandbox.requests).toHaveLength(1);
    expect(sandbox.requests[0]).not.toHaveProperty("status");
  });

  it("refuses the connection, and nothing arrives", async () => {
    const sandbox = broken({ kind: "refused" });
    const error = await failure(create(sandbox, provider));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "fetch failed", cause: { code: "ECONNREFUSED", syscall: "connect" } });
    expect(made(sandbox, provider)).toBe(0);
    expect(sandbox.requests).toEqual([]);
  });

  it.each([
    { fault: { kind: "hang" }, keys: 0 },
    { fault: { kind: "hang", when: "before" }, keys: 0 },
    { fault: { kind: "hang", when: "after" }, keys: 1 },
  ] as const)("hangs until the caller aborts: $fault", async ({ fault, keys }) => {
    const sandbox = broken(fault);
    const reason = new Error("enough");
    const controller = new AbortController();
    const failed = failure(create(sandbox, provider, { signal: controller.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(sandbox.requests).toHaveLength(1);
    expect(made(sandbox, provider)).toBe(keys);
    controller.abort(reason);
    expect(await failed).toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("cuts the body off in the middle", async () => {
    const sandbox = broken({ kind: "truncated" });
    const response = await create(sandbox, provider);
    expect(response.status).toBe(table[provider].creation.status);
    const announced = Number(response.headers.get("content-length"));
    let received = 0;
    const failed = await failure(
      (async () => {
        const reader = response.body?.getReader();
        for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read())
          received += chunk.value.length;
      })(),
    );
    expect(failed).toBeInstanceOf(TypeError);
    expect(failed).toMatchObject({ message: "terminated" });
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(announced);
    expect(made(sandbox, provider)).toBe(1);
  });

  it.each([
    { kind: "garbage", type: /^application\/json/, body: /^}/ },
    { kind: "html", type: /^text\/html/, body: /^<!doctype html>/ },
    { kind: "empty", type: /^application\/json/, body: /^$/ },
  ] as const)("succeeds with a body that is $kind", async ({ kind, type, body }) => {
    const sandbox = broken({ kind });
    const response = await create(sandbox, provider);
    expect(response.status).toBe(table[provider].creation.status);
    expect(response.headers.get("content-type")).toMatch(type);
    expect(await response.text()).toMatch(body);
    expect(made(sandbox, provider)).toBe(1);
  });

  it("redirects, and does not follow", async () => {
    const sandbox = broken({ kind: "redirect", location: "https://elsewhere.example/" });
    const response = await create(sandbox, provider, { redirect: "manual" });
    expect(response.status).toBe(307);
    expect(response.headers.get("location")).toBe("https://elsewhere.example/");
    expect(made(sandbox, provider)).toBe(0);
    sandbox.fail({ operation: "*", kind: "redirect", location: "/" });
    expect(await failure(create(sandbox, provider, { redirect: "error" }))).toBeInstanceOf(TypeError);
  });

  it.each([
    { status: 429, retryAfter: 7, header: "7" },
    { status: 503, retryAfter: "Wed, 14 Jan 2026 12:00:00 GMT", header: "Wed, 14 Jan 2026 12:00:00 GMT" },
    { status: 500, retryAfter: undefined, header: null },
    { status: 418, retryAfter: undefined, header: null },
  ])("answers $status and does nothing", async ({ status, retryAfter, header }) => {
    const sandbox = broken({ kind: "status", status, retryAfter });
    const response = await create(sandbox, provider);
    expect(response.status).toBe(status);
    expect(response.headers.get("retry-after")).toBe(header);
    expect(await response.json()).toMatchObject(refusals[provider](status));
    expect(made(sandbox, provider)).toBe(0);
    expect(sandbox.requests).toMatchObject([{ status }]);
  });
});

it.each([
  { status: 400, code: 3, message: "bad request" },
  { status: 401, code: 16, message: "unauthenticated" },
  { status: 403, code: 7, message: "permission denied" },
  { status: 404, code: 5, message: "not found" },
  { status: 429, code: 8, message: "rate limit exceeded" },
  { status: 500, code: 13, message: "internal error" },
  { status: 503, code: 14, message: "unavailable" },
  { status: 418, code: 2, message: "status 418" },
])("CockroachDB Cloud answers $status with the gRPC code $code", async ({ status, ...rest }) => {
  const sandbox = createSandbox({ faults: [{ operation: "cockroach.createApiKey", kind: "status", status }] });
  expect(await (await create(sandbox, "cockroach")).json()).toEqual({ ...rest, details: [] });
});

describe("faults", () => {
  it("are met in their order, each as often as it says, and then no more", async () => {
    const sandbox = createSandbox({
      faults: [
        { operation: "openrouter.createApiKey", kind: "status", status: 500, times: 2 },
        { operation: "openrouter.listApiKeys", kind: "status", status: 502 },
        { operation: "*", kind: "status", status: 503 },
      ],
    });
    sandbox.fail({ operation: "openrouter.createApiKey", kind: "status", status: 504 });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await create(sandbox, "openrouter")).status);
    expect(statuses).toEqual([500, 500, 503, 504, 201, 201]);
    const list = await callerOf(sandbox, "openrouter")("GET", "/keys");
    expect(list.status).toBe(502);
  });

  it("go on for ever when they are to, and reach unknown paths too", async () => {
    const sandbox = createSandbox({ faults: [{ operation: "*", kind: "status", status: 503, times: Infinity }] });
    for (const path of ["/keys", "/keys", "/nowhere"]) {
      expect((await callerOf(sandbox, "openrouter")("GET", path)).status).toBe(503);
    }
  });

  it("are named in the log, by the request that met each", async () => {
    const kinds: FaultKind[] = [
      { kind: "status", status: 503 },
      { kind: "lost", when: "after" },
      { kind: "refused" },
      { kind: "truncated" },
      { kind: "garbage" },
      { kind: "html" },
      { kind: "empty" },
      { kind: "redirect", location: "https://elsewhere.example" },
    ];
    const sandbox = createSandbox({ faults: kinds.map((kind) => ({ operation: "openrouter.createApiKey", ...kind })) });
    await callerOf(sandbox, "openrouter")("GET", "/keys");
    // And one that meets none.
    for (let sent = 0; sent <= kinds.length; sent++) await create(sandbox, "openrouter").catch(() => undefined);
    const met = sandbox.requests.map(({ operation, fault }) => [operation, fault]);
    expect(met).toEqual([
      ["listApiKeys", undefined],
      // A connection that was never made is in no log.
      ...kinds.flatMap(({ kind }) => (kind === "refused" ? [] : [["createApiKey", kind]])),
      ["createApiKey", undefined],
    ]);
    expect(sandbox.requests[0]).not.toHaveProperty("fault");
  });

  it.each([
    { fault: { operation: "openrouter.createKey", kind: "empty" }, says: /openrouter\.createKey/ },
    { fault: { operation: "*", kind: "empty", times: 0 }, says: /times/ },
    { fault: { operation: "*", kind: "empty", times: NaN }, says: /times/ },
    { fault: { operation: "*", kind: "status", status: 200 }, says: /status/ },
    { fault: { operation: "*", kind: "status", status: 600 }, says: /status/ },
  ])("that could never happen are refused: $fault", ({ fault, says }) => {
    const add = () => createSandbox({ faults: [fault as Fault] });
    expect(add).toThrow(RangeError);
    expect(add).toThrow(says);
  });
});

describe("a caller's signal", () => {
  it("that has aborted stops the request before it arrives", async () => {
    const sandbox = createSandbox();
    const reason = new Error("too late");
    expect(await failure(create(sandbox, "openrouter", { signal: AbortSignal.abort(reason) }))).toBe(reason);
    const request = new Request("https://openrouter.ai/api/v1/keys", { signal: AbortSignal.abort(reason) });
    expect(await failure(sandbox.fetch(request))).toBe(reason);
    expect(sandbox.requests).toEqual([]);
  });

  it("stops a body that never ends", async () => {
    const sandbox = createSandbox();
    const controller = new AbortController();
    const init = { body: new ReadableStream(), duplex: "half", signal: controller.signal };
    const failed = failure(create(sandbox, "openrouter", init));
    controller.abort(new Error("enough"));
    expect(await failed).toMatchObject({ message: "enough" });
    expect(sandbox.requests).toEqual([]);
  });

  it("is left without listeners", async () => {
    const sandbox = createSandbox();
    const { signal } = new AbortController();
    for (let i = 0; i < 100; i++) await create(sandbox, "estuary", { signal });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
