import { describe, expect, it } from "vitest";
import type { ProviderName, SandboxOptions } from "../../src/sandbox/index.js";
import { listPath, names } from "../helpers/providers.js";
import type { Api } from "../../src/api.js";
import { apiOf } from "../../src/registry.js";
import { callerOf, createSandbox, frozen, rows, text } from "./calls.js";

const times = (count: number) => Array.from({ length: count }, (_, i) => i);

const published = names.flatMap((provider) => {
  const { rateLimit }: Api = apiOf(provider);
  // More requests take too long, and tell no more.
  return rateLimit && rateLimit.requests <= 20 ? [{ provider, ...rateLimit }] : [];
});

describe("a rate limit", () => {
  it.each(published)("that $provider publishes is $requests requests in $seconds s", async (limit) => {
    const { provider, requests, seconds } = limit;
    const { clock, sandbox } = frozen(undefined, { rateLimit: "published" });
    const call = callerOf(sandbox, provider);
    const ask = () => call("GET", listPath(sandbox, provider));
    const statuses = await Promise.all(times(requests).map(async () => (await ask()).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe(String(seconds));
    expect(sandbox.requests.at(-1)).toMatchObject({ status: 429 });
    clock.ms += seconds * 1_000;
    expect((await ask()).status).toBe(200);
  });

  it("of one's own is for each provider, meets no fault, and does nothing", async () => {
    const { clock, sandbox } = frozen(undefined, { rateLimit: { requests: 1, seconds: 90 } });
    const call = callerOf(sandbox, "openrouter");
    expect((await call("GET", "/keys")).status).toBe(200);
    sandbox.fail({ operation: "*", kind: "status", status: 500 });
    clock.ms += 29_500;
    const refused = await call("POST", "/keys", { body: { name: "new" } });
    expect({ status: refused.status, retry: refused.headers.get("retry-after") }).toEqual({ status: 429, retry: "61" });
    expect(sandbox.keys("openrouter")).toHaveLength(1);
    expect((await callerOf(sandbox, "estuary")("GET", "/user/stats")).status).toBe(500);
    // Of how long to wait, Estuary says nothing.
    const silent = await callerOf(sandbox, "estuary")("GET", "/user/stats");
    expect({ status: silent.status, retry: silent.headers.get("retry-after") }).toEqual({ status: 429, retry: null });
  });

  it.each([
    { requests: 0, seconds: 1 },
    { requests: 1, seconds: 0 },
    { requests: NaN, seconds: 1 },
  ])("is not $requests in $seconds s", (rateLimit) => {
    expect(() => createSandbox({ rateLimit })).toThrow(RangeError);
  });
});

describe("what a provider holds at most", () => {
  it("is refused more than, until something is revoked; what is refused counts for nothing", async () => {
    const sandbox = createSandbox({ maxBytes: 20_000 });
    const call = callerOf(sandbox, "openrouter");
    const create = () => call("POST", "/keys", { body: { name: "n".repeat(3_000) } });
    const ids: string[] = [];
    let last = await create();
    while (last.status === 201) {
      ids.push(text(last.body, "data.hash"));
      last = await create();
    }
    expect({ status: last.status, says: text(last.body, "error.message") }).toEqual({
      status: 400,
      says: "the sandbox holds 20000 bytes already, which is all that it may: revoke keys",
    });
    expect(ids.length).toBeGreaterThan(3);
    expect((await create()).status).toBe(400);
    expect(rows((await call("GET", "/keys")).body, "data")).toHaveLength(ids.length + 1);
    expect((await call("DELETE", `/keys/${ids[0]}`)).status).toBe(200);
    expect((await create()).status).toBe(201);
  });

  it("is remembered of a body that is long", async () => {
    const sandbox = createSandbox({ maxLoggedRequests: 2 });
    const call = callerOf(sandbox, "openrouter");
    for (const length of [4_000, 4_001]) await call("POST", "/keys", { body: `"${"x".repeat(length - 2)}"` });
    expect(sandbox.requests.map(({ body }) => String(body).length)).toEqual([3_998, 17]);
    expect(sandbox.requests[1]?.body).toBe("[4001 characters]");
  });
});

describe("a key that is put there", () => {
  it("has spent what is said", () => {
    const sandbox = createSandbox();
    sandbox.issue("openrouter", { name: "spent", limit: 20, spent: 19.5 });
    expect(sandbox.keys("openrouter")).toContainEqual(
      expect.objectContaining({ name: "spent", limit_remaining: 0.5, usage: 19.5, usage_daily: 19.5 }),
    );
  });

  it.each<{ provider: ProviderName; key: object; says: string }>([
    { provider: "openrouter", key: { Name: "x" }, says: "Name is no field: name, limit, " },
    { provider: "openrouter", key: { constructor: "x" }, says: "constructor is no field" },
    { provider: "openrouter", key: { limit: "20" }, says: "limit is not a number of at least 0" },
    { provider: "openrouter", key: { limit: NaN }, says: "limit is not a number" },
    { provider: "openrouter", key: { limitReset: "yearly" }, says: "limitReset is not daily or weekly or monthly" },
    { provider: "cockroach", key: { serviceAccountId: "admin" }, says: "serviceAccountId is not a UUID" },
    { provider: "estuary", key: { legacy: "yes" }, says: "legacy is not true or false" },
    { provider: "cloudflare", key: { policies: [1] }, says: "policies is not a list of objects" },
    { provider: "unleash", key: { projects: "default" }, says: "projects is not a list of texts" },
    { provider: "openai", key: { expiresAt: "soon" }, says: "expiresAt is not a Date or RFC 3339 text" },
    { provider: "openaiproject", key: { project: "none" }, says: "project is not proj_main or " },
  ])("is nothing else than $provider has: $key", ({ provider, key, says }) => {
    expect(() => createSandbox().issue<ProviderName>(provider, key)).toThrow(says);
  });

  it("has nothing said where that is null", () => {
    const sandbox = createSandbox();
    expect(sandbox.issue("openai", { expiresAt: null }).id).toMatch(/^key_/);
  });
});

it("the options that bound a sandbox change nothing where they are not given", async () => {
  const options: SandboxOptions = { rateLimit: undefined, maxBytes: undefined, maxLoggedRequests: undefined };
  const sandbox = createSandbox(options);
  const call = callerOf(sandbox, "cockroach");
  for (const _ of times(30)) expect((await call("GET", "/api/v1/api-keys")).status).toBe(200);
});
