/** What programs of any language ask a served sandbox itself: over HTTP, below `/_sandbox`. */
import { describe, expect, it, onTestFinished } from "vitest";
import { controlOf, RestartableSandbox, type Beginning } from "../../src/cli/sandbox-control.js";
import { seedsOf } from "../../src/cli/sandbox-seeds.js";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { text } from "./calls.js";

const DAY_MS = 86_400_000;

async function scene(beginning: Partial<Beginning> = {}, fromAnywhere = false) {
  const sandbox = new RestartableSandbox({ seeds: [], faults: [], rateLimit: undefined, now: undefined, ...beginning });
  const control = controlOf(sandbox, () => ({ LEADS: "there" }), fromAnywhere);
  const fetching: typeof sandbox.current.fetch = (...request) => sandbox.current.fetch(...request);
  const { url, close } = await serveSandbox({ sandbox: { ...sandbox.current, fetch: fetching }, control });
  onTestFinished(() => close());
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) as unknown };
  };
  const keys = (as = sandbox.current.credentials.openrouter) =>
    send("GET", "/openrouter/api/v1/key", undefined, { authorization: `Bearer ${as}` });
  return { sandbox, send, keys, control };
}

describe("a sandbox is told over HTTP", () => {
  it("what goes wrong, one fault or several", async () => {
    const { send, keys } = await scene();
    expect((await send("POST", "/_sandbox/faults", { operation: "*", kind: "status", status: 503 })).status).toBe(200);
    const more = { operation: "openrouter.getCurrentApiKey", kind: "status", status: 429, times: 2 };
    await send("POST", "/_sandbox/faults/", [more]);
    const statuses = [await keys(), await keys(), await keys(), await keys()].map(({ status }) => status);
    expect(statuses).toEqual([503, 429, 429, 200]);
  });

  it("how far its clock is, and keys expire", async () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    const { sandbox, send, keys } = await scene({ now });
    const added = await send("POST", "/_sandbox/keys", { openrouter: [{ name: "short", expiresAt: { in: "10d" } }] });
    expect(added).toMatchObject({ status: 200, body: [{ provider: "openrouter" }] });
    const secret = text((added.body as unknown[])[0], "secret");
    expect((await keys(secret)).status).toBe(200);
    expect((await send("POST", "/_sandbox/clock", { advance: "11d" })).status).toBe(200);
    expect((await keys(secret)).status).toBe(401);
    expect(sandbox.now() - now).toBeGreaterThanOrEqual(11 * DAY_MS);
    const moved = await send("POST", "/_sandbox/clock", { now: "2030-06-01" });
    expect(text(moved.body, "now")).toMatch(/^2030-06-01T00:00:/);
    // It does not stand still.
    expect(sandbox.now()).toBeGreaterThanOrEqual(Date.parse("2030-06-01T00:00:00Z"));
  });

  it("to say what reached it, without secrets", async () => {
    const { send, keys, sandbox } = await scene();
    await keys();
    const { body } = await send("GET", "/_sandbox/requests");
    expect(body).toMatchObject([{ provider: "openrouter", operation: "getCurrentApiKey", method: "GET", status: 200 }]);
    expect(JSON.stringify(body)).not.toContain(sandbox.current.credentials.openrouter);
  });

  it("to begin anew: keys, faults, log and clock", async () => {
    const seeds = seedsOf({ openrouter: [{ name: "old", createdAt: { ago: "40d" }, variable: "APP_KEY" }] });
    const { send, keys, sandbox } = await scene({ seeds });
    const first = sandbox.variables["APP_KEY"];
    await send("POST", "/_sandbox/clock", { advance: "400d" });
    await send("POST", "/_sandbox/keys", { estuary: [{ label: "more" }] });
    await send("POST", "/_sandbox/faults", { operation: "*", kind: "hang", times: "always" });
    const { body } = await send("POST", "/_sandbox/reset");
    expect(body).toMatchObject({ variables: { LEADS: "there", APP_KEY: sandbox.variables["APP_KEY"] } });
    expect(sandbox.variables["APP_KEY"]).not.toBe(first);
    expect((await keys()).status).toBe(200);
    expect((await keys(first)).status).toBe(401);
    expect((await send("GET", "/_sandbox/requests")).body).toHaveLength(2);
    expect(sandbox.current.keys("estuary")).toHaveLength(1);
    expect(Math.abs(sandbox.now() - Date.now())).toBeLessThan(DAY_MS);
  });
});

describe("what a sandbox cannot be told is refused, and nothing is done", () => {
  it.each([
    { path: "/faults", body: { operation: "none.list", kind: "html" }, says: "There is no operation none.list" },
    { path: "/faults", body: { operation: "*", kind: "fire" }, says: "kind is not one of status, lost" },
    { path: "/faults", body: { operation: 1, kind: "html" }, says: "operation of html is not that" },
    { path: "/faults", body: [null], says: "a fault is an object" },
    {
      path: "/faults",
      body: { operation: "*", kind: "status", status: 429, retryAfter: "1\n" },
      says: "retryAfter of status",
    },
    { path: "/clock", body: { advance: "soon" }, says: "advance is no duration" },
    { path: "/clock", body: { now: "9000-01-01" }, says: "it is no time of the years 1970 to 8999" },
    { path: "/clock", body: { now: 0 }, says: "it is no time: give one such as" },
    { path: "/clock", body: { now: "2027-01-01", advance: "1d" }, says: 'give {"advance": "30d"} or' },
    { path: "/clock", body: undefined, says: 'give {"advance": "30d"} or' },
    { path: "/keys", body: { nobody: [] }, says: "nobody is no provider" },
    { path: "/keys", body: { openrouter: [{}, { limit: -1 }] }, says: "openrouter[1]: limit is not a number" },
    { path: "/keys", body: "{", says: "the body is no JSON" },
  ])("$path $body", async ({ path, body, says }) => {
    const { send, keys } = await scene();
    expect(await send("POST", `/_sandbox${path}`, body)).toEqual({
      status: 400,
      body: { error: expect.stringContaining(says) as string },
    });
    expect((await keys()).status).toBe(200);
  });

  it("a route that there is not", async () => {
    const { send } = await scene();
    expect(await send("POST", "/_sandbox/requests", {})).toMatchObject({
      status: 404,
      body: { error: expect.stringContaining("GET /_sandbox/requests, POST /_sandbox/faults") as string },
    });
  });

  it("more keys and faults than memory should be filled with", async () => {
    const { sandbox } = await scene();
    const seeds = seedsOf({ estuary: Array.from({ length: 20_001 }, () => ({})) });
    expect(() => sandbox.plant(seeds)).toThrow("estuary has more than 20000 keys");
    const add = () => sandbox.current.fail({ operation: "*", kind: "html" });
    for (let i = 0; i < 10_000; i++) add();
    expect(add).toThrow("10000 faults are waiting already");
  });
});

describe("a sandbox is told nothing", () => {
  const reset = (host: string, more: Record<string, string> = {}) =>
    new Request("http://sandbox/_sandbox/reset", { method: "POST", headers: { host, ...more } });

  it.each([
    { by: "another machine", address: "192.168.1.9", request: () => reset("192.168.1.5:4010") },
    { by: "another machine, over IPv6", address: "fe80::1", request: () => reset("[fe80::2]:4010") },
    {
      by: "a page of another origin",
      address: "127.0.0.1",
      request: () => reset("127.0.0.1:4010", { origin: "http://a.example" }),
    },
    { by: "a page whose name leads here", address: "127.0.0.1", request: () => reset("rebound.example:4010") },
  ])("by $by, unless it is to", async ({ address, request }) => {
    expect((await (await scene()).control(request(), address)).status).toBe(403);
    expect((await (await scene({}, true)).control(request(), address)).status).toBe(200);
  });

  it.each([
    { address: "127.0.0.1", host: "localhost:4010" },
    { address: "::1", host: "[::1]:4010" },
    { address: "::ffff:127.0.0.1", host: "127.0.0.1" },
  ])("but by this machine, $host", async ({ address, host }) => {
    expect((await (await scene()).control(reset(host), address)).status).toBe(200);
  });
});
