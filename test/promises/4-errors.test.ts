import { describe, expect, it } from "vitest";
import { apis } from "../../generated/apis.js";
import * as keysmith from "../../src/index.js";
import { cockroach, estuary, isKeysmithError, openrouter } from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { createSandbox as uncheckedSandbox } from "../../src/sandbox/index.js";
import { answer, faultyServer } from "./faulty-server.js";
import { failureOf, providers, through } from "../helpers/providers.js";

describe.each(providers)("every failure is typed ($provider):", ({ provider, read, connect }) => {
  it.each([
    { status: 400, name: "BadRequestError", kind: "bad-request" },
    { status: 401, name: "AuthenticationError", kind: "authentication" },
    { status: 402, name: "BadRequestError", kind: "bad-request" },
    { status: 403, name: "PermissionError", kind: "permission" },
    { status: 404, name: "NotFoundError", kind: "not-found" },
    { status: 408, name: "ServerError", kind: "server" },
    { status: 409, name: "ConflictError", kind: "conflict" },
    { status: 410, name: "NotFoundError", kind: "not-found" },
    { status: 412, name: "ConflictError", kind: "conflict" },
    { status: 422, name: "BadRequestError", kind: "bad-request" },
    { status: 429, name: "RateLimitError", kind: "rate-limit" },
    { status: 500, name: "ServerError", kind: "server" },
    { status: 503, name: "ServerError", kind: "server" },
    { status: 599, name: "ServerError", kind: "server" },
  ])("$status is $name", async ({ status, name, kind }) => {
    const sandbox = createSandbox({ faults: [{ kind: "status", status, operation: read }] });
    const error = await failureOf(connect({ ...through(sandbox, provider), maxRetries: 0 }).read());
    expect(error).toBeInstanceOf(keysmith[name as keyof typeof keysmith]);
    expect(error).toMatchObject({ name, kind, provider, operation: read.split(".")[1], status });
    expect(isKeysmithError(error)).toBe(true);
  });

  it.each([
    { body: "", title: "an empty body" },
    { body: "<html><h1>Nothing here</h1></html>", title: "HTML" },
    { body: '{"error":', title: "truncated JSON" },
    { body: "null", title: "null" },
    { body: "[[[", title: "garbage" },
  ])("a 404 with $title is an error all the same", async ({ body }) => {
    // Where an API promises what its errors have, or it is a page for people, it is not the API's.
    const foreign = body.startsWith("<") || "error" in apis[provider];
    const name = foreign ? "InvalidResponseError" : "NotFoundError";
    for (const headers of [{}, { "content-length": String(body.length) }]) {
      const fetch = () => Promise.resolve(new Response(body, { status: 404, headers }));
      const error = await failureOf(
        connect({ apiKey: "not-a-real-key", baseUrl: apis[provider].baseUrl, fetch }).read(),
      );
      expect(error).toMatchObject({ name, status: 404 });
    }
  });

  it.each([
    { body: "", title: "empty" },
    { body: "<html>Welcome to the hotel's network</html>", title: "HTML" },
    { body: '{"data":{"na', title: "truncated" },
    { body: "[1,2", title: "garbage" },
    { body: '"text"', title: "another type" },
    { body: "{}", title: "without what the API gives", not: "cockroach" },
  ])("a 200 that is $title is an InvalidResponseError, never a SyntaxError", async ({ body }) => {
    for (const type of ["application/json", "text/html"]) {
      const fetch = () => Promise.resolve(new Response(body, { headers: { "content-type": type } }));
      const keys = connect({ apiKey: "not-a-real-key", baseUrl: apis[provider].baseUrl, fetch });
      const reading = body === "{}" && provider === "estuary" ? keys.list().toArray() : keys.read();
      expect(await failureOf(reading)).toMatchObject({
        name: "InvalidResponseError",
        kind: "invalid-response",
        retryable: false,
      });
    }
  });

  it.each([
    { title: "that says so", behaviour: answer(200, `"${"x".repeat(2_000)}"`) },
    {
      title: "that does not",
      behaviour: answer(200, `7d0\r\n${"x".repeat(2_000)}\r\n`, {
        "content-length": "",
        "transfer-encoding": "chunked",
      }),
    },
  ])("a body that is too large, $title, is not read to its end", async ({ behaviour }) => {
    const server = await faultyServer(behaviour);
    const keys = connect({ apiKey: "not-a-real-key", baseUrl: server.url, maxBodyBytes: 1_000 });
    expect(await failureOf(keys.read())).toMatchObject({
      name: "InvalidResponseError",
      message: expect.stringContaining("larger than 1000 bytes") as string,
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe("an error tells the server's own code, words and request id:", () => {
  it.each([
    {
      body: { error: { code: 401, reason: "ERR_INVALID_TOKEN", details: "api key does not exist" } },
      code: "ERR_INVALID_TOKEN",
      serverMessage: "api key does not exist",
    },
    {
      body: { error: { code: 401, reason: "ERR_INVALID_TOKEN", details: "" } },
      code: "ERR_INVALID_TOKEN",
      serverMessage: "ERR_INVALID_TOKEN",
    },
    {
      body: { error: "ERR_INVALID_TOKEN", details: "of servers before v0.1.1" },
      code: "ERR_INVALID_TOKEN",
      serverMessage: "of servers before v0.1.1",
    },
    { body: { error: "ERR_INVALID_TOKEN" }, code: "ERR_INVALID_TOKEN", serverMessage: "ERR_INVALID_TOKEN" },
    {
      body: { error: { code: 401, message: "No auth credentials found", metadata: null } },
      code: 401,
      serverMessage: "No auth credentials found",
    },
    { body: { code: 16, message: "unauthenticated", details: [] }, code: 16, serverMessage: "unauthenticated" },
    { body: { code: null, message: 7 }, code: undefined, serverMessage: undefined },
  ])("$body", async ({ body, code, serverMessage }) => {
    const fetch = () => Promise.resolve(Response.json(body, { status: 401, headers: { "x-request-id": "req_1" } }));
    const options = { apiKey: "not-a-real-key", fetch };
    const nested = "error" in body;
    const reading = nested ? estuary(options).stats() : cockroach(options).list().toArray();
    const error = await failureOf(reading);
    expect(error).toMatchObject({ name: "AuthenticationError", code, serverMessage, requestId: "req_1" });
    expect((error as Error).message).toBe(
      `${nested ? "estuary getUserStats" : "cockroach listApiKeys"}: 401${serverMessage ? ` ${serverMessage}` : ""}. Check that the credential is whole, enabled and not expired.`,
    );
  });

  it("without a second full stop", async () => {
    const fetch = () => Promise.resolve(Response.json({ error: { message: "User not found." } }, { status: 401 }));
    const error = await failureOf(openrouter({ apiKey: "not-a-real-key", fetch }).current());
    expect(error).toMatchObject({
      serverMessage: "User not found.",
      message: expect.stringContaining("401 User not found. Check") as string,
    });
  });

  it("at most 300 characters of them", async () => {
    const fetch = () => Promise.resolve(Response.json({ error: { message: "long ".repeat(1_000) } }, { status: 400 }));
    const error = await failureOf(openrouter({ apiKey: "not-a-real-key", fetch }).current());
    expect((error as keysmith.KeysmithError).serverMessage).toHaveLength(300);
  });
});

describe("isKeysmithError", () => {
  it.each([
    { value: new keysmith.TimeoutError("late", { provider: "estuary" }), want: true },
    // Another copy of the package has classes of its own, and the same brand.
    { value: Object.defineProperty(new Error(), Symbol.for("keysmith.error"), { value: true }), want: true },
    { value: new Error("no"), want: false },
    { value: null, want: false },
    { value: "keysmith.error", want: false },
  ])("$value: $want", ({ value, want }) => {
    expect(isKeysmithError(value)).toBe(want);
  });
});

describe("a client that cannot work is not made:", () => {
  it.each([
    {
      title: "without a credential",
      options: {},
      says: "there is no credential. Pass apiKey, or set OPENROUTER_MANAGEMENT_KEY.",
    },
    { title: "with an empty one", options: { apiKey: "" }, says: "there is no credential" },
    { title: "with a line break in it", options: { apiKey: "a\nb" }, says: "a line break" },
    { title: "with quotes around it", options: { apiKey: '"a"' }, says: "the credential is in quotes" },
    {
      title: "with a base URL that is none",
      options: { apiKey: "a", baseUrl: "openrouter.ai" },
      says: "the base URL must be https",
    },
    {
      title: "with a password in the base URL",
      options: { apiKey: "a", baseUrl: "https://u:p@x.example" },
      says: "without user, query and fragment",
    },
    { title: "with a time that is none", options: { apiKey: "a", timeoutMs: NaN }, says: "timeoutMs must be a number" },
    { title: "with negative retries", options: { apiKey: "a", maxRetries: -1 }, says: "maxRetries must be a number" },
  ])("$title", ({ options, says }) => {
    expect(() => openrouter(options)).toThrow(keysmith.ConfigurationError);
    expect(() => openrouter(options)).toThrow(says);
  });

  it("as JSON they have their message and what they tell, and no cause", async () => {
    const sandbox = createSandbox();
    const error = await failureOf(openrouter({ apiKey: "not-a-real-key", fetch: sandbox.fetch }).current());
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: {
        message: expect.stringMatching(/^openrouter getCurrentApiKey: 401 /) as string,
        name: "AuthenticationError",
        kind: "authentication",
        provider: "openrouter",
        operation: "getCurrentApiKey",
        status: 401,
        code: 401,
        serverMessage: expect.any(String) as string,
        retryable: false,
      },
    });
    const refused = await failureOf(
      openrouter({ apiKey: () => Promise.reject(new Error("not-a-real-key")), fetch: sandbox.fetch }).current(),
    );
    expect(JSON.stringify(refused)).not.toContain("not-a-real-key");
  });

  it("nor in a browser, unless that is wanted", () => {
    const page = globalThis as { window?: unknown; document?: unknown };
    page.window = page.document = {};
    try {
      expect(() => openrouter({ apiKey: "not-a-real-key" })).toThrow("dangerouslyAllowBrowser");
      openrouter({ apiKey: "not-a-real-key", dangerouslyAllowBrowser: true });
      // What a test simulates a browser for has no secret to lose.
      const sandbox = uncheckedSandbox();
      openrouter({ apiKey: sandbox.credentials.openrouter, fetch: sandbox.fetch });
      const { fetch } = sandbox;
      const options = { fetch, dangerouslyAllowBrowser: false };
      expect(() => openrouter({ apiKey: sandbox.credentials.openrouter, ...options })).toThrow(
        "dangerouslyAllowBrowser",
      );
    } finally {
      delete page.window;
      delete page.document;
    }
  });

  it("a function that fails to give a credential is a ConfigurationError with its cause, and nothing is sent", async () => {
    const sandbox = createSandbox();
    const cause = new Error("the vault is sealed");
    const keys = openrouter({ apiKey: () => Promise.reject(cause), fetch: sandbox.fetch });
    expect(await failureOf(keys.current())).toMatchObject({ name: "ConfigurationError", cause });
    expect(sandbox.requests).toEqual([]);
  });
});

describe("the environment", () => {
  it("gives what is left out, and only that", async () => {
    const sandbox = createSandbox();
    const { env } = process;
    process.env = {
      OPENROUTER_MANAGEMENT_KEY: `${sandbox.credentials.openrouter}\n`,
      OPENROUTER_BASE_URL: "http://127.0.0.1:9/openrouter/api/v1",
    };
    try {
      await openrouter({ fetch: sandbox.fetch }).current();
      expect(await failureOf(openrouter({ apiKey: "another", fetch: sandbox.fetch }).current())).toMatchObject({
        status: 401,
      });
    } finally {
      process.env = env;
    }
  });

  it("that may not be read counts as unset", () => {
    const { env } = process;
    Object.defineProperty(process, "env", {
      configurable: true,
      get: () => {
        throw new Error("NotCapable");
      },
    });
    try {
      expect(() => openrouter()).toThrow("there is no credential");
    } finally {
      Object.defineProperty(process, "env", { configurable: true, writable: true, enumerable: true, value: env });
    }
  });
});
