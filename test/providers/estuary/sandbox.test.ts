import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { callerOf, createSandbox, DAY, frozen, HOUR, rows, text } from "../../sandbox/calls.js";

const operations = [
  { method: "GET", path: "/user/api-keys" },
  { method: "POST", path: "/user/api-keys" },
  { method: "DELETE", path: "/user/api-keys/anything" },
  { method: "GET", path: "/user/export" },
  { method: "GET", path: "/user/stats" },
];

const sha256 = (token: string): string => createHash("sha256").update(token).digest("base64url");
const isError = (code: number, reason: string, details: unknown = expect.any(String)) => ({
  error: { code, reason, details },
});

describe("creating an Estuary key", () => {
  it("gives token, hash, label and an expiry in 30 days, to the nanosecond", async () => {
    const { sandbox, clock } = frozen();
    const { status, headers, body, text: sent } = await callerOf(sandbox, "estuary")("POST", "/user/api-keys?label=ci");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json; charset=UTF-8");
    expect(headers.get("x-appversion")).toBe("v0.4.3");
    expect(sent).toMatch(/}\n$/);
    const token = text(body, "token");
    expect(token).toMatch(/^EST[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}ARY$/);
    const { expiry, ...rest } = body as Record<string, unknown>;
    expect(rest).toEqual({ token, tokenHash: sha256(token), label: "ci", isSession: false });
    expect(expiry).toMatch(/^2026-02-13T12:00:00\.000\d{0,6}Z$|^2026-02-13T12:00:00Z$/);
    expect(Date.parse(String(expiry))).toBe(clock.ms + 30 * DAY);
  });

  it.each([
    { expiry: "", ms: 30 * DAY },
    { expiry: "720h", ms: 720 * HOUR },
    { expiry: "1h30m", ms: 1.5 * HOUR },
    { expiry: "%2B1h", ms: HOUR },
    { expiry: "false", ms: 100 * 365 * DAY },
    { expiry: "0", ms: 0 },
    { expiry: "-1h", ms: -HOUR },
  ])("takes the expiry '$expiry'", async ({ expiry, ms }) => {
    const { sandbox, clock } = frozen();
    const call = callerOf(sandbox, "estuary");
    const { status, body } = await call("POST", `/user/api-keys?expiry=${expiry}`);
    expect(status).toBe(200);
    expect(Date.parse(text(body, "expiry")) - clock.ms).toBe(ms);
    const use = await call("GET", "/user/stats", { as: text(body, "token") });
    expect(use.status).toBe(ms > 0 ? 200 : 401);
  });

  it.each([
    { query: "expiry=30d", details: 'time: unknown unit "d" in duration "30d"' },
    { query: "expiry=30", details: 'time: missing unit in duration "30"' },
    { query: "expiry=x", details: 'time: invalid duration "x"' },
    { query: "expiry=+1h", details: 'time: invalid duration " 1h"' },
    { query: "perms=read", details: 'invalid perm: "read"' },
    { query: "perms=all,upload", details: "invalid perms" },
  ])("answers ?$query with 500 and makes no key", async ({ query, details }) => {
    const { sandbox } = frozen();
    const { status, body } = await callerOf(sandbox, "estuary")("POST", `/user/api-keys?${query}`);
    expect(status).toBe(500);
    expect(body).toEqual(isError(500, "Internal Server Error", details));
    expect(sandbox.keys("estuary")).toHaveLength(1);
  });
});

describe("listing Estuary keys", () => {
  it("has expired keys and sessions in it, without plaintext and to the microsecond, and revoked keys not", async () => {
    const { sandbox } = frozen("2026-01-14T12:00:00.123Z");
    const call = callerOf(sandbox, "estuary");
    const created = (await call("POST", "/user/api-keys?label=new")).body;
    sandbox.issue("estuary", { label: "old", expiry: "2020-01-01T00:00:00.123456789Z" });
    sandbox.issue("estuary", { label: "login", isSession: true });
    const gone = sandbox.issue("estuary", { label: "gone" });
    await call("DELETE", `/user/api-keys/${gone.id}`);
    const list = rows((await call("GET", "/user/api-keys")).body);
    const labels = list.map((key) => text(key, "label"));
    expect(labels.sort()).toEqual(["login", "new", "old", "sandbox"]);
    for (const key of list) expect(text(key, "token")).toBe("");
    expect(list).toContainEqual({
      token: "",
      tokenHash: text(created, "tokenHash"),
      label: "new",
      expiry: text(created, "expiry")
        .replace(/(\.\d{6})\d+/, "$1")
        .replace(/0+Z/, "Z"),
      isSession: false,
    });
    expect(list).toContainEqual(expect.objectContaining({ label: "old", expiry: "2020-01-01T00:00:00.123456Z" }));
    expect(list).toContainEqual(expect.objectContaining({ label: "login", isSession: true }));
  });

  it("shows the plaintext and no hash of a key made before v0.1.11", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "estuary");
    const { secret, id } = sandbox.issue("estuary", { label: "legacy", legacy: true });
    expect(id).toBe(sha256(secret));
    const list = rows((await call("GET", "/user/api-keys")).body);
    expect(list).toContainEqual(expect.objectContaining({ label: "legacy", token: secret, tokenHash: "" }));
    await call("DELETE", `/user/api-keys/${id}`);
    expect(sandbox.keys("estuary")).toHaveLength(2);
    await call("DELETE", `/user/api-keys/${secret}`);
    expect(sandbox.keys("estuary")).toHaveLength(1);
  });
});

describe("revoking an Estuary key", () => {
  it.each([{ by: "token" }, { by: "tokenHash" }])("takes its $by", async ({ by }) => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "estuary");
    const created = (await call("POST", "/user/api-keys")).body;
    const { status, headers, text: sent } = await call("DELETE", `/user/api-keys/${text(created, by)}`);
    expect({ status, sent, type: headers.get("content-type") }).toEqual({ status: 200, sent: "", type: null });
    expect(sandbox.keys("estuary")).toHaveLength(1);
    const use = await call("GET", "/user/stats", { as: text(created, "token") });
    expect(use.body).toEqual(isError(401, "ERR_INVALID_TOKEN", "api key does not exist"));
  });

  it("answers 200 for what is not there, and for a second time", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "estuary");
    const { id } = sandbox.issue("estuary");
    for (const name of ["nothing", id, id]) {
      expect(await call("DELETE", `/user/api-keys/${name}`)).toMatchObject({ status: 200, text: "" });
    }
  });

  it("leaves a key that was just used working until ten seconds after that", async () => {
    const { sandbox, clock } = frozen();
    const call = callerOf(sandbox, "estuary");
    const { id, secret } = sandbox.issue("estuary");
    const use = async () => (await call("GET", "/user/stats", { as: secret })).status;
    expect(await use()).toBe(200);
    await call("DELETE", `/user/api-keys/${id}`);
    clock.ms += 9_999;
    expect(await use()).toBe(200);
    clock.ms += 1;
    expect(await use()).toBe(401);
  });

  it("does not find an empty name", async () => {
    const { sandbox } = frozen();
    const { status, body } = await callerOf(sandbox, "estuary")("DELETE", "/user/api-keys/");
    expect({ status, body }).toEqual({ status: 404, body: isError(404, "Not Found", "Not Found") });
  });
});

describe("authenticating at Estuary", () => {
  const { sandbox } = frozen();
  const expired = sandbox.issue("estuary", { expiry: "2026-01-14T11:59:59.5Z" }).secret;
  const upload = sandbox.issue("estuary", { permissions: "upload" }).secret;
  const good = sandbox.credentials.estuary;

  it.each([
    { header: undefined, status: 401, reason: "ERR_AUTH_MISSING" },
    { header: "undefined", status: 401, reason: "ERR_AUTH_MISSING" },
    { header: good, status: 401, reason: "ERR_AUTH_MISSING_BEARER" },
    { header: `bearer ${good}`, status: 401, reason: "ERR_AUTH_MISSING_BEARER" },
    { header: "Bearer", status: 401, reason: "ERR_INVALID_AUTH" },
    { header: `Bearer  ${good}`, status: 401, reason: "ERR_INVALID_AUTH" },
    { header: `Bearer ${good} more`, status: 401, reason: "ERR_INVALID_AUTH" },
    { header: "Bearer ESTnoARY", status: 401, reason: "ERR_INVALID_TOKEN" },
    { header: `Bearer ${expired}`, status: 401, reason: "ERR_TOKEN_EXPIRED" },
    { header: `Bearer ${upload}`, status: 403, reason: "ERR_NOT_AUTHORIZED" },
  ])("answers '$header' with $reason, whatever is asked for", async ({ header, status, reason }) => {
    for (const { method, path } of operations) {
      const headers: Record<string, string> = header === undefined ? {} : { authorization: header };
      const answer = await callerOf(sandbox, "estuary")(method, path, { as: null, headers });
      expect({ status: answer.status, body: answer.body }).toEqual({ status, body: isError(status, reason) });
      expect(answer.headers.get("x-appversion")).toBe("v0.4.3");
    }
  });

  it("says when an expired key expired, as Go prints a time", async () => {
    const { body } = await callerOf(sandbox, "estuary")("GET", "/user/stats", { as: expired });
    expect(text(body, "error.details")).toMatch(/expired 2026-01-14 11:59:59\.5 \+0000 UTC$/);
  });
});

describe("what the Estuary server does around its operations", () => {
  it.each([
    { method: "GET", path: "/user/nowhere", as: undefined, status: 404 },
    { method: "GET", path: "/user/nowhere", as: null, status: 401 },
    { method: "PUT", path: "/user/api-keys", as: undefined, status: 404 },
    { method: "PUT", path: "/user/api-keys", as: null, status: 401 },
    { method: "DELETE", path: "/user/api-keys/", as: undefined, status: 404 },
    { method: "GET", path: "/nowhere", as: null, status: 404 },
    { method: "GET", path: "/user/api-keys/", as: undefined, status: 200 },
    { method: "GET", path: "/user/api-keys//", as: undefined, status: 404 },
  ])("$method $path is $status with the credential $as", async ({ method, path, as, status }) => {
    const call = callerOf(createSandbox(), "estuary");
    expect((await call(method, path, as === undefined ? {} : { as })).status).toBe(status);
  });

  it("a slash at the end of a revocation changes nothing", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("estuary");
    expect((await callerOf(sandbox, "estuary")("DELETE", `/user/api-keys/${id}/`)).status).toBe(200);
    expect(sandbox.keys("estuary").map((key) => key.tokenHash)).not.toContain(id);
  });

  it.each(["/user/api-keys", "/user/nowhere", "/nowhere"])("lets pages of any origin ask for %s", async (path) => {
    const call = callerOf(createSandbox(), "estuary");
    const origin = { origin: "https://app.example" };
    const asking = { ...origin, "access-control-request-headers": "authorization" };
    const preflight = await call("OPTIONS", path, { as: null, headers: asking });
    expect(preflight).toMatchObject({ status: 204, text: "" });
    expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("DELETE");
    for (const as of [null, "no key"]) {
      const { headers } = await call("GET", path, { as, headers: origin });
      expect(headers.get("access-control-allow-origin")).toBe("*");
    }
  });
});

describe("an older Estuary server", () => {
  it("knows tokens and expiries alone up to v0.1.10", async () => {
    const { sandbox } = frozen(undefined, { estuaryVersion: "v0.1.10" });
    const call = callerOf(sandbox, "estuary");
    const { body, headers } = await call("POST", "/user/api-keys?label=ci");
    expect(headers.get("x-appversion")).toBe("v0.1.10");
    const token = text(body, "token");
    expect(body).toEqual({ token, expiry: text(body, "expiry") });
    const list = rows((await call("GET", "/user/api-keys")).body);
    expect(list.map((key) => text(key, "token"))).toContain(token);
    for (const key of list) expect(Object.keys(Object(key) as object)).toEqual(["token", "expiry"]);
    await call("DELETE", `/user/api-keys/${sha256(token)}`);
    expect(sandbox.keys("estuary")).toHaveLength(2);
    await call("DELETE", `/user/api-keys/${token}`);
    expect(sandbox.keys("estuary")).toHaveLength(1);
    expect((await call("GET", "/user/stats", { as: token })).status).toBe(401);
  });

  it("adds hash and label with v0.1.11, still lists plaintext, and caches no authentication", async () => {
    const { sandbox } = frozen(undefined, { estuaryVersion: "v0.1.11" });
    const call = callerOf(sandbox, "estuary");
    const created = (await call("POST", "/user/api-keys?label=ci")).body;
    const token = text(created, "token");
    const list = rows((await call("GET", "/user/api-keys")).body);
    expect(list).toContainEqual({ token, tokenHash: sha256(token), label: "ci", expiry: expect.any(String) as string });
    expect((await call("GET", "/user/stats", { as: token })).status).toBe(200);
    await call("DELETE", `/user/api-keys/${sha256(token)}`);
    expect((await call("GET", "/user/stats", { as: token })).status).toBe(401);
  });
});

it("Estuary exports and counts for a user who stored nothing", async () => {
  const { sandbox } = frozen();
  const call = callerOf(sandbox, "estuary");
  expect((await call("GET", "/user/stats")).body).toEqual({ totalSize: 0, numPins: 0 });
  expect((await call("GET", "/user/export")).body).toEqual({
    Version: "v0.0.1",
    Date: expect.stringMatching(/^2026-01-14T12:00:00/) as string,
    Version1: { Contents: [], Deals: [] },
  });
});
