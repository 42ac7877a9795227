import { describe, expect, it } from "vitest";
import type { NewKeys, Sandbox } from "../../../src/sandbox/index.js";
import { HeldKey } from "../../../src/providers/openrouter/sandbox-key.js";
import { createKeyList } from "../../../src/providers/openrouter/sandbox-list.js";
import { callerOf, DAY, frozen, HOUR, rows, text } from "../../sandbox/calls.js";

const zeros = {
  usage: 0,
  usage_daily: 0,
  usage_weekly: 0,
  usage_monthly: 0,
  byok_usage: 0,
  byok_usage_daily: 0,
  byok_usage_weekly: 0,
  byok_usage_monthly: 0,
};
const plainKey = {
  ...zeros,
  created_at: "2026-01-14T12:00:00.000000+00:00",
  updated_at: null,
  disabled: false,
  creator_user_id: "user_00000000000000000000000000000",
  workspace_id: "00000000-0000-4000-8000-000000000001",
  expires_at: null,
  external_user: null,
  last_used_at: null,
  limit: null,
  limit_remaining: null,
  limit_reset: null,
  include_byok_in_limit: false,
};
const otherWorkspace = "0df9e665-d932-5740-b2c7-b52af166bc11";
const isError = (code: number, message: unknown) => ({ error: { code, message } });

async function namesOf(sandbox: Sandbox, query = ""): Promise<string[]> {
  const { body } = await callerOf(sandbox, "openrouter")("GET", `/keys${query}`);
  return rows(body, "data").map((key) => text(key, "name"));
}

describe("creating an OpenRouter key", () => {
  it("answers 201 with every field, and the plaintext beside them", async () => {
    const { sandbox } = frozen("2026-01-14T12:00:00.987Z");
    const call = callerOf(sandbox, "openrouter");
    const { status, headers, body } = await call("POST", "/keys", { body: { name: "My key" } });
    expect(status).toBe(201);
    expect(headers.get("content-type")).toBe("application/json");
    const key = text(body, "key");
    expect(key).toMatch(/^sk-or-v1-[0-9a-f]{64}$/);
    const hash = text(body, "data.hash");
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const label = `sk-or-v1-${key.slice(9, 12)}...${key.slice(-4)}`;
    // To the microsecond and with an offset, as the provider's guide shows it.
    const created = { ...plainKey, created_at: "2026-01-14T12:00:00.987000+00:00", hash, label, name: "My key" };
    expect(body).toEqual({ data: created, key });
    expect((await call("GET", `/keys/${hash}`)).body).toEqual({ data: created });
  });

  it("takes all fields, ignores unknown ones and never shows a user's own key", async () => {
    const { sandbox } = frozen();
    const {
      status,
      body,
      text: sent,
    } = await callerOf(sandbox, "openrouter")("POST", "/keys", {
      body: {
        name: "customer",
        limit: 5,
        limit_reset: "monthly",
        include_byok_in_limit: true,
        expires_at: "2027-12-31T23:59:59Z",
        creator_user_id: "user_1",
        workspace_id: otherWorkspace,
        external: { user: "4711", api_key: "not-a-real-key-0000000000000000000000" },
        disabled: true,
        colour: "green",
      },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      data: {
        name: "customer",
        limit: 5,
        limit_remaining: 5,
        limit_reset: "monthly",
        include_byok_in_limit: true,
        expires_at: "2027-12-31T23:59:59Z",
        creator_user_id: "user_1",
        workspace_id: otherWorkspace,
        external_user: "4711",
        disabled: false,
      },
    });
    expect(sent).not.toContain("not-a-real-key");
    expect(sent).not.toContain("colour");
  });

  it.each([
    { body: "{", says: "the body" },
    { body: "[]", says: "the body" },
    { body: "", says: "the body" },
    { body: {}, says: "name" },
    { body: { name: "" }, says: "name" },
    { body: { name: 7 }, says: "name" },
    { body: { name: "x", limit: -1 }, says: "limit" },
    { body: { name: "x", limit: "5" }, says: "limit" },
    { body: '{"name":"x","limit":1e999}', says: "limit" },
    { body: { name: "x", limit_reset: "yearly" }, says: "limit_reset" },
    { body: { name: "x", include_byok_in_limit: 1 }, says: "include_byok_in_limit" },
    { body: { name: "x", expires_at: "tomorrow" }, says: "expires_at" },
    { body: { name: "x", expires_at: "2027-12-31" }, says: "expires_at" },
    { body: { name: "x", expires_at: "2027-02-30T00:00:00Z" }, says: "expires_at" },
    { body: { name: "x", expires_at: "2027-12-31T23:59:59+02:00" }, says: "expires_at" },
    { body: { name: "x", creator_user_id: "" }, says: "creator_user_id" },
    { body: { name: "x", workspace_id: "main" }, says: "workspace_id" },
    { body: { name: "x", external: {} }, says: "external" },
    { body: { name: "x", external: { user: "" } }, says: "external" },
    { body: { name: "x", external: { user: "u".repeat(513) } }, says: "external" },
    { body: { name: "x", external: { user: "u", api_key: "s".repeat(31) } }, says: "external" },
    { body: { name: "x", external: { user: "u", api_key: "s".repeat(513) } }, says: "external" },
  ])("answers $body with 400 and makes no key", async ({ body, says }) => {
    const { sandbox } = frozen();
    const answer = await callerOf(sandbox, "openrouter")("POST", "/keys", { body });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(isError(400, expect.stringMatching(`^Invalid request parameters: ${says}`)));
    expect(sandbox.keys("openrouter")).toHaveLength(1);
  });
});

describe("listing OpenRouter keys", () => {
  const issued: NewKeys["openrouter"][] = [
    { name: "plain" },
    { name: "disabled", disabled: true },
    { name: "expired", expiresAt: "2026-01-14T12:00:00Z" },
    { name: "expires", expiresAt: "2026-01-14T13:00:00Z" },
    { name: "both", disabled: true, expiresAt: new Date(0) },
    { name: "elsewhere", workspaceId: otherWorkspace },
    { name: "off elsewhere", workspaceId: otherWorkspace, disabled: true },
  ];

  it.each([
    { query: "", names: ["expires", "plain", "sandbox"] },
    { query: "?include_disabled=false&include_expired=false&offset=0", names: ["expires", "plain", "sandbox"] },
    { query: "?include_disabled=true", names: ["expires", "disabled", "plain", "sandbox"] },
    { query: "?include_expired=true", names: ["expires", "expired", "plain", "sandbox"] },
    {
      query: "?include_disabled=true&include_expired=true",
      names: ["both", "expires", "expired", "disabled", "plain", "sandbox"],
    },
    { query: `?workspace_id=${otherWorkspace}`, names: ["elsewhere"] },
    {
      query: `?workspace_id=${otherWorkspace.toUpperCase()}&include_disabled=true`,
      names: ["off elsewhere", "elsewhere"],
    },
    { query: "?offset=1", names: ["plain", "sandbox"] },
    { query: "?offset=99", names: [] },
  ])("gives $names for '$query'", async ({ query, names }) => {
    const { sandbox } = frozen();
    for (const key of issued) sandbox.issue("openrouter", key);
    expect(await namesOf(sandbox, query)).toEqual(names);
  });

  it.each([
    "offset=-1",
    "offset=1.5",
    "offset=",
    "offset=x",
    "workspace_id=main",
    "include_disabled=1",
    "include_expired=yes",
  ])("answers ?%s with 400", async (query) => {
    const { sandbox } = frozen();
    const { status, body } = await callerOf(sandbox, "openrouter")("GET", `/keys?${query}`);
    expect({ status, body }).toEqual({
      status: 400,
      body: isError(400, expect.stringMatching(/^Invalid request parameters: /)),
    });
  });

  it("gives pages of 100, or as many as asked for, and ends with an empty one", async () => {
    for (const { pageSize, pages } of [
      { pageSize: undefined, pages: [100, 100, 6, 0] },
      { pageSize: 150, pages: [150, 56, 0] },
    ]) {
      const { sandbox } = frozen(undefined, { pageSize });
      for (let i = 0; i < 205; i++) sandbox.issue("openrouter", { name: String(i) });
      const seen = new Set<string>();
      for (const size of pages) {
        const names = await namesOf(sandbox, `?offset=${seen.size}`);
        expect(names).toHaveLength(size);
        for (const name of names) seen.add(name);
      }
      expect(seen.size).toBe(206);
    }
  });

  it("shifts during a walk, as offsets do", async () => {
    const first = ["e", "d"];
    for (const { change, then } of [
      { change: () => undefined, then: ["c", "b"] },
      { change: (sandbox: Sandbox) => sandbox.issue("openrouter", { name: "f" }), then: ["d", "c"] },
      { change: (sandbox: Sandbox, call: Call) => call("DELETE", `/keys/${hashOf(sandbox, "e")}`), then: ["b", "a"] },
      {
        change: (sandbox: Sandbox, call: Call) =>
          call("PATCH", `/keys/${hashOf(sandbox, "e")}`, { body: { disabled: true } }),
        then: ["b", "a"],
      },
    ]) {
      const { sandbox } = frozen(undefined, { pageSize: 2 });
      for (const name of ["a", "b", "c", "d", "e"]) sandbox.issue("openrouter", { name });
      expect(await namesOf(sandbox)).toEqual(first);
      await change(sandbox, callerOf(sandbox, "openrouter"));
      expect(await namesOf(sandbox, "?offset=2")).toEqual(then);
    }
  });

  it("shifts when a key expires during a walk", async () => {
    const { sandbox, clock } = frozen(undefined, { pageSize: 2 });
    for (const name of ["a", "b", "c"]) sandbox.issue("openrouter", { name });
    sandbox.issue("openrouter", { name: "d", expiresAt: new Date(clock.ms + HOUR) });
    expect(await namesOf(sandbox)).toEqual(["d", "c"]);
    clock.ms += HOUR;
    expect(await namesOf(sandbox, "?offset=2")).toEqual(["a", "sandbox"]);
  });

  it("looks at each key once in a walk, however many pages it has", () => {
    const list = createKeyList(100);
    let looks = 0;
    for (let i = 0; i < 1_000; i++) {
      const fields = { ...plainKey, limit_reset: null, hash: String(i), name: "", label: "" };
      const key = new HeldKey("", false, fields);
      list.add(Object.defineProperty(key, "expires", { get: () => (looks++, Infinity) }));
    }
    const scope = { workspaceId: plainKey.workspace_id, disabled: false, expired: false };
    const walk = (now: number) => {
      looks = 0;
      for (let offset = 0; offset < 1_000; offset += 100) {
        expect(list.page(scope, offset, now)).toHaveLength(100);
      }
      return looks;
    };
    const once = walk(0);
    expect(once).toBeGreaterThanOrEqual(1_000);
    expect(once).toBeLessThanOrEqual(2_000);
    expect(walk(1)).toBe(once);
    // Two walks, one of them ahead, in a list that nobody has walked since it changed.
    list.changed();
    looks = 0;
    for (let offset = 0; offset < 1_300; offset += 100) {
      if (offset < 1_000) list.page(scope, offset, 2);
      if (offset >= 300) list.page(scope, offset - 300, 2);
    }
    expect(looks).toBe(2 * once);
  });
});

type Call = ReturnType<typeof callerOf>;

function hashOf(sandbox: Sandbox, name: string): string {
  return text(
    sandbox.keys("openrouter").find((key) => key.name === name),
    "hash",
  );
}

describe("updating an OpenRouter key", () => {
  it.each([
    { body: { name: "new" }, now: { name: "new" } },
    { body: { disabled: true }, now: { disabled: true } },
    { body: { limit: 9, limit_reset: "daily" }, now: { limit: 9, limit_remaining: 9, limit_reset: "daily" } },
    { body: { limit: null }, now: { limit: null, limit_remaining: null } },
    { body: { include_byok_in_limit: true }, now: { include_byok_in_limit: true } },
    { body: { workspace_id: otherWorkspace }, now: { workspace_id: otherWorkspace } },
    {
      body: { name: "new", expires_at: null, colour: "green" },
      now: { name: "new", expires_at: "2027-01-01T00:00:00Z" },
    },
  ])("sets $body and nothing else", async ({ body, now }) => {
    const { sandbox, clock } = frozen();
    const call = callerOf(sandbox, "openrouter");
    const { id } = sandbox.issue("openrouter", { name: "old", limit: 5, expiresAt: "2027-01-01T00:00:00Z" });
    const before = (await call("GET", `/keys/${id}`)).body as { data: object };
    clock.ms += HOUR;
    const { status, body: after } = await call("PATCH", `/keys/${id}`, { body });
    expect(status).toBe(200);
    expect(after).toEqual({ data: { ...before.data, ...now, updated_at: "2026-01-14T13:00:00.000000+00:00" } });
    expect((await call("GET", `/keys/${id}`)).body).toEqual(after);
  });

  it("changes nothing where it names the workspace that the key is in", async () => {
    const { sandbox, clock } = frozen();
    const call = callerOf(sandbox, "openrouter");
    const { id } = sandbox.issue("openrouter", { workspaceId: otherWorkspace });
    const before = (await call("GET", `/keys/${id}`)).body;
    clock.ms += HOUR;
    const { status, body } = await call("PATCH", `/keys/${id}`, { body: { workspace_id: otherWorkspace } });
    expect({ status, body }).toEqual({ status: 200, body: before });
  });

  it.each([
    { body: {}, message: "No update fields provided" },
    { body: { expires_at: "2030-01-01T00:00:00Z" }, message: "No update fields provided" },
    { body: "{", message: expect.stringMatching("the body") as string },
    { body: { name: null }, message: expect.stringMatching("name") as string },
    { body: { disabled: "true" }, message: expect.stringMatching("disabled") as string },
    { body: { limit: -0.01 }, message: expect.stringMatching("limit") as string },
  ])("answers $body with 400 and changes nothing", async ({ body, message }) => {
    const { sandbox } = frozen();
    const { id } = sandbox.issue("openrouter", { name: "old" });
    const answer = await callerOf(sandbox, "openrouter")("PATCH", `/keys/${id}`, { body });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body: isError(400, message) });
    expect(sandbox.keys("openrouter")).toContainEqual(expect.objectContaining({ name: "old", updated_at: null }));
  });
});

it("OpenRouter deletes a key once and for all", async () => {
  const { sandbox } = frozen();
  const call = callerOf(sandbox, "openrouter");
  const { id, secret } = sandbox.issue("openrouter");
  expect((await call("DELETE", `/keys/${id}`)).body).toEqual({ deleted: true });
  const gone = { status: 404, body: isError(404, "Resource not found") };
  expect(await call("DELETE", `/keys/${id}`)).toMatchObject(gone);
  expect(await call("GET", `/keys/${id}`)).toMatchObject(gone);
  expect(await call("PATCH", `/keys/${id}`, { body: { name: "x" } })).toMatchObject(gone);
  expect((await call("GET", "/key", { as: secret })).status).toBe(401);
  expect(await namesOf(sandbox)).toEqual(["sandbox"]);
});

describe("authenticating at OpenRouter", () => {
  const { sandbox, clock } = frozen();
  const issue = (key: NewKeys["openrouter"]) => sandbox.issue("openrouter", key).secret;
  const notFound = "User not found.";

  it.each([
    { who: "nobody", as: null, key: "Missing Authentication header", keys: "Missing Authentication header" },
    { who: "an unknown key", as: `sk-or-v1-${"1".repeat(64)}`, key: notFound, keys: notFound },
    {
      who: "a disabled key",
      as: issue({ disabled: true }),
      key: "This API key is disabled.",
      keys: "This API key is disabled.",
    },
    {
      who: "an expired key",
      as: issue({ expiresAt: new Date(clock.ms) }),
      key: "This API key has expired.",
      keys: "This API key has expired.",
    },
    { who: "an inference key", as: issue({}), key: 200, keys: "Only management keys can perform this operation" },
    { who: "a management key", as: issue({ management: true }), key: 200, keys: 200 },
  ])("$who may do as much as at the provider", async ({ as, key, keys }) => {
    const call = callerOf(sandbox, "openrouter");
    const outcome = async (method: string, path: string, body?: unknown) => {
      const answer = await call(method, path, { as, body });
      return answer.status === 200 ? 200 : text(answer.body, "error.message");
    };
    expect(await outcome("GET", "/key")).toBe(key);
    const { id } = sandbox.issue("openrouter", {});
    expect(await outcome("GET", "/keys")).toBe(keys);
    expect(await outcome("GET", `/keys/${id}`)).toBe(keys);
    expect(await outcome("PATCH", `/keys/${id}`, { name: "x" })).toBe(keys);
    expect(await outcome("DELETE", `/keys/${id}`)).toBe(keys);
    if (keys !== 200) expect(await outcome("POST", "/keys", { name: "x" })).toBe(keys);
  });

  it("a management key may change and delete itself", async () => {
    const call = callerOf(sandbox, "openrouter");
    const { id, secret } = sandbox.issue("openrouter", { management: true });
    const sent = { as: secret, body: { name: "renamed" } };
    expect((await call("PATCH", `/keys/${id}`, sent)).status).toBe(200);
    expect((await call("DELETE", `/keys/${id}`, { as: secret })).status).toBe(200);
    expect((await call("DELETE", `/keys/${id}`, { as: secret })).status).toBe(401);
  });
});

describe("what an OpenRouter key spends", () => {
  it.each([
    { reset: "daily", until: "2026-01-15T00:00:00.000Z" },
    { reset: "weekly", until: "2026-01-19T00:00:00.000Z" }, // a Monday; the clock starts on a Wednesday
    { reset: "monthly", until: "2026-02-01T00:00:00.000Z" },
  ] as const)("counts against a $reset limit until $until", async ({ reset, until }) => {
    const { sandbox, clock } = frozen();
    const { id, secret } = sandbox.issue("openrouter", { limit: 10, limitReset: reset });
    sandbox.spend(id, 4);
    sandbox.spend(id, 2.5);
    const read = async () => (await callerOf(sandbox, "openrouter")("GET", "/key", { as: secret })).body;
    const spent = { usage: 6.5, usage_daily: 6.5, usage_weekly: 6.5, usage_monthly: 6.5, limit_remaining: 3.5 };
    expect(await read()).toMatchObject({
      data: {
        ...spent,
        effective_budget: { scope: "key_limit", resets_at: until, spend_usd: 6.5, remaining_usd: 3.5 },
      },
    });
    clock.ms = Date.parse(until) - 1;
    expect(await read()).toMatchObject({ data: { limit_remaining: 3.5, [`usage_${reset}`]: 6.5 } });
    clock.ms += 1;
    expect(await read()).toMatchObject({ data: { limit_remaining: 10, [`usage_${reset}`]: 0, usage: 6.5 } });
    sandbox.spend(id, 12);
    expect(await read()).toMatchObject({ data: { limit_remaining: -2, [`usage_${reset}`]: 12, usage: 18.5 } });
  });

  it("counts against a limit without reset for life, and shows when the key was last used", async () => {
    const { sandbox, clock } = frozen();
    const { id } = sandbox.issue("openrouter", { limit: 10 });
    sandbox.spend(id, 4);
    clock.ms += 400 * DAY;
    const { body } = await callerOf(sandbox, "openrouter")("GET", `/keys/${id}`);
    expect(body).toMatchObject({
      data: { usage: 4, usage_monthly: 0, limit_remaining: 6, last_used_at: "2026-01-14T12:00:00Z" },
    });
  });

  it("needs a key that is there", () => {
    expect(() => frozen().sandbox.spend("nothing", 1)).toThrow(RangeError);
  });
});

it("OpenRouter shows the key in use with every field", async () => {
  const { sandbox } = frozen();
  const { body } = await callerOf(sandbox, "openrouter")("GET", "/key");
  expect(body).toEqual({
    data: {
      ...zeros,
      creator_user_id: plainKey.creator_user_id,
      workspace_id: plainKey.workspace_id,
      expires_at: null,
      limit: null,
      limit_remaining: null,
      limit_reset: null,
      include_byok_in_limit: false,
      label: "sk-or-v1-000...0000",
      is_free_tier: false,
      is_management_key: true,
      is_provisioning_key: true,
      rate_limit: { requests: -1, interval: "10s", note: "Deprecated." },
      allowed_data_regions: ["global"],
      free_model_daily_requests: { limit: 1000, remaining: 1000, used: 0 },
      organization_id: null,
      budgets: [],
      effective_budget: null,
    },
  });
});
