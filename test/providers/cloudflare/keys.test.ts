import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { cloudflare, rotate, RotationError, type CloudflareOptions, type Secret } from "../../../src/index.js";
import copy from "../../../src/providers/cloudflare/copy.js";
import type { Sandbox } from "../../../src/sandbox/index.js";
import { createSandbox } from "../../conformance/sandbox.js";
import { failureOf } from "../../helpers/providers.js";

const account = "023e105f4ecef8ad9ca31a8372d0c353";
const readDns = "82e64a83756745bbbb1c9c2701bf816b";
const readZones = "c8fed203ed3043cba015a93ad1616f1f";
const policies = [
  {
    effect: "allow" as const,
    resources: { [`com.cloudflare.api.account.${account}`]: { "com.cloudflare.api.account.zone.*": "*" } },
    permission_groups: [{ id: readZones }, { id: readDns }],
  },
  {
    effect: "deny" as const,
    resources: { "com.cloudflare.api.account.zone.eb78d65290b24279ba6f44721b3ea3c4": "*" },
    permission_groups: [{ id: readDns }],
  },
];
const condition = { request_ip: { in: ["192.0.2.0/24", "2001:db8::/32"], not_in: ["192.0.2.1/32"] } };
const restricted = { name: "ci", policies, condition, expiresAt: "2099-01-01T00:00:00Z" };
const store = (secret: Secret) => void secret.reveal();

function keysOf(sandbox: Sandbox, more: CloudflareOptions = {}) {
  return cloudflare({ apiKey: sandbox.credentials.cloudflare, fetch: sandbox.fetch, maxRetries: 0, ...more });
}

/** Changes the answers of one method as they come by. */
function altering(sandbox: Sandbox, method: string, alter: (result: Record<string, unknown>) => void) {
  return async (url: string, init: RequestInit) => {
    const response = await sandbox.fetch(url, init);
    if (init.method !== method) return response;
    const body = (await response.json()) as { result: Record<string, unknown> };
    alter(body.result);
    return Response.json(body, response);
  };
}

const bodies = (sandbox: Sandbox, operation: string) =>
  sandbox.requests.filter((one) => one.operation === operation).map(({ body }) => body);

describe.each([
  { whose: "the user's", options: {}, base: "/user/tokens", operation: "updateApiKey", owner: {} },
  {
    whose: "an account's",
    options: { account },
    base: `/accounts/${account}/tokens`,
    operation: "updateAccountApiKey",
    owner: { account },
  },
])("a Cloudflare token, $whose:", ({ options, base, operation, owner }) => {
  it("lives its life at its owner's path", async () => {
    const sandbox = createSandbox();
    const keys = keysOf(sandbox, options);
    const { secret, ...made } = await keys.create(restricted);
    expect(made).toMatchObject({
      provider: "cloudflare",
      name: "ci",
      disabled: false,
      expiresAt: restricted.expiresAt,
    });
    expect(await keys.with((client) => ({ ...client, apiKey: secret })).current()).toMatchObject({
      id: made.id,
      status: "active",
    });
    expect(await keys.get(made.id)).toEqual({
      ...made,
      lastUsedAt: expect.any(String) as string,
      raw: expect.any(Object) as object,
    });
    expect((await keys.list().toArray()).map(({ id }) => id)).toContain(made.id);
    expect(await keys.update(made.id, { name: "renamed" })).toMatchObject({ id: made.id, name: "renamed" });
    await keys.revoke(made.id);
    expect(await failureOf(keys.get(made.id))).toMatchObject({ kind: "not-found" });
    for (const { path } of sandbox.requests) expect(path.startsWith(base)).toBe(true);
  });

  it("keeps what an update does not name, though the API replaces all of it", async () => {
    const sandbox = createSandbox();
    const keys = keysOf(sandbox, options);
    const { id } = sandbox.issue("cloudflare", {
      ...restricted,
      ...owner,
      status: "disabled",
      notBefore: "2026-01-01T00:00:00Z",
    });
    const before = await keys.get(id);
    await keys.update(id, { name: "new" });
    const after = await keys.get(id);
    expect(after).toMatchObject({ name: "new", disabled: true });
    for (const field of ["condition", "not_before", "expires_on", "status", "issued_on"] as const) {
      expect(after.raw[field]).toEqual(before.raw[field]);
    }
    const told = (raw: typeof after.raw) =>
      raw.policies?.map(({ effect, resources, permission_groups }) => ({
        effect,
        resources,
        groups: permission_groups.map(({ id }) => id).sort(),
      }));
    expect(told(after.raw)).toEqual(expect.arrayContaining(told(before.raw) ?? []));
    expect(after.raw.policies).toHaveLength(2);
    // The server gives policies their ids.
    expect(JSON.stringify(bodies(sandbox, operation))).not.toContain(before.raw.policies?.[0]?.id);
    expect((await keys.update(id, { disabled: false })).raw.condition).toEqual(condition);
  });

  it("is rotated to one that may do the same, and no more", async () => {
    const sandbox = createSandbox();
    const keys = keysOf(sandbox, options);
    const { id } = sandbox.issue("cloudflare", { ...restricted, ...owner, notBefore: "2026-01-01T00:00:00Z" });
    const { new: successor } = await rotate(keys, id, { store });
    expect(successor.raw).toMatchObject({
      condition,
      not_before: "2026-01-01T00:00:00Z",
      expires_on: restricted.expiresAt,
    });
    expect(successor.raw.policies).toHaveLength(2);
    const held = sandbox.keys("cloudflare").map((one) => one.id);
    expect(held).toContain(successor.id);
    expect(held).not.toContain(id);
    expect((await keys.get(successor.id)).name).toBe("ci");
  });

  it("is rolled in place: the old plaintext is dead, the new one is delivered, and it is sent once", async () => {
    const sandbox = createSandbox();
    const keys = keysOf(sandbox, options);
    const { id, secret: old } = sandbox.issue("cloudflare", { ...restricted, ...owner });
    const secret = await keys.roll(id);
    expect(await keys.with((client) => ({ ...client, apiKey: secret })).current()).toMatchObject({ id });
    expect(await failureOf(keys.with((client) => ({ ...client, apiKey: old })).current())).toMatchObject({
      kind: "authentication",
    });
    expect((await keys.get(id)).raw.condition).toEqual(condition);
    expect(sandbox.requests.filter(({ method }) => method === "PUT")).toHaveLength(1);
  });
});

describe("whose tokens Cloudflare's are", () => {
  const listed = async (options: CloudflareOptions) => {
    const sandbox = createSandbox();
    await keysOf(sandbox, options)
      .with((client) => client)
      .list()
      .toArray();
    return sandbox.requests[0]?.path;
  };

  it("says the option, or else the environment", async () => {
    expect(await listed({})).toBe("/user/tokens");
    vi.stubEnv("CLOUDFLARE_ACCOUNT_ID", account);
    expect(await listed({})).toBe(`/accounts/${account}/tokens`);
    expect(await listed({ account: "f".repeat(32) })).toBe(`/accounts/${"f".repeat(32)}/tokens`);
    expect(await listed({ account: null })).toBe("/user/tokens");
  });

  it.each(["", "..", `cfat_${"0".repeat(48)}`])("is no account that could lead elsewhere: %j", (account) => {
    expect(() => cloudflare({ apiKey: "not-a-real-key", account })).toThrow(/account/);
  });
});

describe("an update of a Cloudflare token", () => {
  it("takes away what it names as null", async () => {
    const sandbox = createSandbox();
    const keys = keysOf(sandbox);
    const { id } = sandbox.issue("cloudflare", { ...restricted, notBefore: "2026-01-01T00:00:00Z" });
    const { raw } = await keys.update(id, { condition: null, notBefore: null, expiresAt: null });
    expect(Object.keys(raw)).not.toEqual(expect.arrayContaining(["condition"]));
    expect([raw.condition, raw.not_before, raw.expires_on]).toEqual([undefined, undefined, undefined]);
  });

  it("that names nothing is not sent", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("cloudflare");
    expect(await failureOf(keysOf(sandbox).update(id, {}))).toMatchObject({ kind: "bad-request" });
    expect(sandbox.requests).toEqual([]);
  });

  it("sends back a setting that is not known here", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("cloudflare");
    const sent: unknown[] = [];
    const fetch = altering(sandbox, "GET", (result) => (result["max_uses"] = 7));
    const keys = keysOf(sandbox, {
      fetch: (url, init) => {
        if (init.method !== "PUT") return fetch(url, init);
        const { max_uses, ...known } = JSON.parse(init.body as string) as Record<string, unknown>;
        sent.push({ max_uses, ...known });
        return fetch(url, { ...init, body: JSON.stringify(known) });
      },
    });
    await keys.update(id, { name: "new" });
    expect(sent).toMatchObject([{ name: "new", max_uses: 7 }]);
    expect(Object.keys(sent[0] as object)).not.toContain("issued_on");
  });

  it("is refused where the server does not tell what would be lost", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("cloudflare");
    const keys = keysOf(sandbox, { fetch: altering(sandbox, "GET", (result) => delete result["policies"]) });
    expect(await failureOf(keys.update(id, { name: "new" }))).toMatchObject({ kind: "invalid-response" });
    expect(bodies(sandbox, "updateApiKey")).toEqual([]);
  });

  it.each([
    { field: "policies", alter: (one: Record<string, unknown>) => (one["policies"] as unknown[]).pop() },
    { field: "condition", alter: (one: Record<string, unknown>) => delete one["condition"] },
    { field: "expires_on", alter: (one: Record<string, unknown>) => delete one["expires_on"] },
  ])("fails where the answer shows another $field than was sent", async ({ field, alter }) => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("cloudflare", restricted);
    const keys = keysOf(sandbox, { fetch: altering(sandbox, "PUT", alter) });
    const error = await failureOf(keys.update(id, { name: "new" }));
    expect(error).toMatchObject({ kind: "invalid-response", message: expect.stringContaining(field) as string });
  });

  it("of two at once, the later one wins, and undoes what the other set", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("cloudflare", restricted);
    const other = keysOf(sandbox);
    // The other one narrows what the token may do between the read and the write of the first.
    const keys = keysOf(sandbox, {
      fetch: async (url, init) => {
        if (init.method === "PUT") await other.update(id, { policies: policies.slice(1) });
        return sandbox.fetch(url, init);
      },
    });
    expect((await keys.update(id, { name: "new" })).raw.policies).toHaveLength(2);
  });
});

describe("a roll of a Cloudflare token", () => {
  it.each([
    { title: "its answer is lost after the effect", fault: { kind: "lost", when: "after" } },
    { title: "its answer is lost before the effect", fault: { kind: "lost", when: "before" } },
    { title: "the server fails", fault: { kind: "status", status: 500 } },
    { title: "its answer is no JSON", fault: { kind: "garbage" } },
    { title: "its answer is empty", fault: { kind: "empty" } },
  ] as const)("is in doubt where $title, and not sent again", async ({ fault }) => {
    const sandbox = createSandbox({ faults: [{ operation: "cloudflare.rollApiKey", ...fault }] });
    const { id, secret } = sandbox.issue("cloudflare");
    const error = await failureOf(keysOf(sandbox, { maxRetries: 2 }).roll(id));
    expect(error).toMatchObject({ name: "RollOutcomeUnknownError", kind: "roll-outcome-unknown", retryable: false });
    expect(inspect(error, { depth: null })).not.toContain(secret);
    expect(bodies(sandbox, "rollApiKey")).toHaveLength(1);
  });

  it("is sent again after a 429, which changed nothing", async () => {
    const sandbox = createSandbox({
      faults: [{ operation: "cloudflare.rollApiKey", kind: "status", status: 429, retryAfter: 0 }],
    });
    const { id } = sandbox.issue("cloudflare");
    expect((await keysOf(sandbox, { maxRetries: 2 }).roll(id)).reveal()).toMatch(/^cfut_/);
  });

  it("that is refused has changed nothing", async () => {
    const sandbox = createSandbox();
    const { id, secret } = sandbox.issue("cloudflare");
    const keys = keysOf(sandbox);
    expect(await failureOf(keys.with((client) => ({ ...client, apiKey: secret })).roll(id))).toMatchObject({
      kind: "permission",
    });
    expect(await failureOf(keys.roll("0".repeat(32)))).toMatchObject({ kind: "not-found" });
  });
});

describe("a rotation of a Cloudflare token", () => {
  it.each([
    { field: "condition", alter: (one: Record<string, unknown>) => delete one["condition"] },
    {
      field: "policies",
      alter: (one: Record<string, unknown>) =>
        (one["policies"] = (one["policies"] as { effect: string }[]).filter(({ effect }) => effect === "allow")),
    },
    { field: "policies", alter: (one: Record<string, unknown>) => delete one["policies"] },
    { field: "expires_on", alter: (one: Record<string, unknown>) => delete one["expires_on"] },
  ])("stops where the new token has another $field, and takes it back", async ({ field, alter }) => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("cloudflare", restricted);
    const keys = keysOf(sandbox, { fetch: altering(sandbox, "POST", alter) });
    const error = await failureOf(rotate(keys, id, { store }));
    expect(error).toMatchObject({ step: "create", valid: [id], message: expect.stringContaining(field) as string });
    expect(sandbox.keys("cloudflare").map((one) => one.id)).toContain(id);
    expect(sandbox.keys("cloudflare")).toHaveLength(2);
  });

  it("knows a condition by the name of the provider's guide", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("cloudflare", { ...restricted, condition: { "request.ip": condition.request_ip } });
    const fetch = altering(sandbox, "POST", (result) => (result["condition"] = condition));
    expect((await rotate(keysOf(sandbox, { fetch }), id, { store })).new.id).not.toBe(id);
  });

  it("says so where there is no room for another token", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("cloudflare", restricted);
    while (sandbox.keys("cloudflare").length < 50) sandbox.issue("cloudflare");
    const error = await failureOf(rotate(keysOf(sandbox), id, { store }));
    expect(error).toBeInstanceOf(RotationError);
    expect(error).toMatchObject({ step: "create", valid: [id] });
    expect((error as Error).message).toContain("There are 50 tokens: a user may have 50");
  });

  it.each([
    { title: "does not work yet", key: { notBefore: "2098-01-01T00:00:00Z" }, says: "does not work before 2098" },
    { title: "is disabled", key: { status: "disabled" }, says: "it is disabled" },
    { title: "was found in public", key: { status: "revoked (exposed)" }, says: "it is disabled" },
  ])("is refused for one that $title", async ({ key, says }) => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("cloudflare", key);
    const error = await failureOf(rotate(keysOf(sandbox), id, { store }));
    expect(error).toMatchObject({ step: "read", message: expect.stringContaining(says) as string });
    expect(bodies(sandbox, "createApiKey")).toEqual([]);
  });

  it("asks with the plaintext in the store which token it is of", async () => {
    const sandbox = createSandbox();
    const { id, secret } = sandbox.issue("cloudflare", restricted);
    let stored = secret;
    const failing = async (next: Secret) => {
      stored = next.reveal();
      return Promise.reject(new Error("the answer of the vault was lost"));
    };
    const error = await failureOf(rotate(keysOf(sandbox), id, { store: failing, read: () => Promise.resolve(stored) }));
    // It was stored all the same, and nothing is revoked.
    expect(error).toMatchObject({ step: "store" });
    const current = await keysOf(sandbox, { apiKey: stored }).current();
    expect((error as RotationError).valid).toContain(current.id);
  });

  it("takes no token for working that is known and not active", async () => {
    const sandbox = createSandbox();
    const fetch = altering(sandbox, "GET", (result) => (result["status"] = "disabled"));
    const error = await failureOf(Promise.resolve(copy.authenticate?.(keysOf(sandbox, { fetch }), {})));
    expect(error).toMatchObject({ kind: "authentication" });
  });
});
