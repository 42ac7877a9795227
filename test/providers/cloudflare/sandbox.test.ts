import { describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../../../src/sandbox/index.js";
import { callerOf, DAY, frozen, HOUR, rows, text } from "../../sandbox/calls.js";

const account = "023e105f4ecef8ad9ca31a8372d0c353";
const policies = [
  {
    effect: "allow",
    resources: { [`com.cloudflare.api.account.${account}`]: { "com.cloudflare.api.account.zone.*": "*" } },
    permission_groups: [{ id: "c8fed203ed3043cba015a93ad1616f1f" }, { id: "82e64a83756745bbbb1c9c2701bf816b" }],
  },
];
const refusal = (code: unknown) => ({
  success: false,
  errors: [{ code, message: expect.any(String) as string }],
  messages: [],
  result: null,
});

const owners = [
  { whose: "the user's", base: "/user/tokens", prefix: "cfut_", quota: 50, owner: {} },
  { whose: "an account's", base: `/accounts/${account}/tokens`, prefix: "cfat_", quota: 500, owner: { account } },
] as const;

describe.each(owners)("a Cloudflare token, $whose:", ({ base, prefix, quota, owner }) => {
  it("has permission groups that a client finds by their names, and creates with", async () => {
    // Not held against the spec, which knows the operations of keys alone and would take this path for a key's.
    const sandbox = createSandbox();
    const call = callerOf(sandbox, "cloudflare");
    const { status, body } = await call("GET", `${base}/permission_groups?name=DNS+Read`);
    const [group, ...others] = rows(body, "result");
    expect({ status, others }).toEqual({ status: 200, others: [] });
    expect(group).toMatchObject({ name: "DNS Read", scopes: ["com.cloudflare.api.account.zone"] });
    const { name, id } = group as Record<string, string>;
    const given = { name, policies: [{ ...policies[0], permission_groups: [{ id }] }] };
    expect((await call("POST", base, { body: given })).status).toBe(200);
    const all = rows((await call("GET", `${base}/permission_groups`)).body, "result").map((one) =>
      text(one, "scopes.0"),
    );
    expect(all).toContain("com.cloudflare.api.account");
    const secret = sandbox.issue("cloudflare", owner).secret;
    expect((await call("GET", `${base}/permission_groups`, { as: secret })).status).toBe(403);
    expect((await call("POST", `${base}/permission_groups`, { body: {} })).status).toBe(405);
    expect((await call("PATCH", base, { body: {} })).status).toBe(405);
    // An account's tokens do nothing in a user's name.
    expect(all.filter((scope) => scope === "com.cloudflare.api.user")).toHaveLength("account" in owner ? 0 : 2);
  });

  it("is created with a value of its owner's kind, and listed without it", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "cloudflare");
    const given = {
      name: "ci",
      policies,
      condition: { request_ip: { in: ["192.0.2.0/24"], not_in: ["192.0.2.1/32"] } },
      not_before: "2026-01-01T00:00:00Z",
      expires_on: "2027-01-01T00:00:00Z",
    };
    const { status, body } = await call("POST", base, { body: given });
    expect(status).toBe(200);
    const value = text(body, "result.value");
    expect(value).toMatch(new RegExp(`^${prefix}\\w{48}$`));
    const { policies: _, ...rest } = given;
    const id = text(body, "result.id");
    const { body: one } = await call("GET", `${base}/${id}`);
    expect(one).toMatchObject({ success: true, errors: [], messages: [], result: { ...rest, id, status: "active" } });
    // In the order and by the ids of the server.
    expect(one).toMatchObject({
      result: {
        policies: [
          {
            id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
            effect: "allow",
            permission_groups: [{ id: "82e64a83756745bbbb1c9c2701bf816b" }, { id: "c8fed203ed3043cba015a93ad1616f1f" }],
          },
        ],
      },
    });
    const list = await call("GET", base);
    expect(list.text).toContain(id);
    expect(list.text).not.toContain(value);
  });

  it.each([
    { title: "no JSON", body: "{", code: 1001 },
    { title: "no name", body: { policies }, code: 1001 },
    { title: "a name of 121 characters", body: { name: "x".repeat(121), policies }, code: 1001 },
    { title: "no policy", body: { name: "x", policies: [] }, code: 1001 },
    { title: "a policy with an id", body: { name: "x", policies: [{ ...policies[0], id: "1" }] }, code: 1001 },
    { title: "a policy on nothing", body: { name: "x", policies: [{ ...policies[0], resources: {} }] }, code: 1001 },
    { title: "a time without seconds", body: { name: "x", policies, expires_on: "2027-01-01" }, code: 1001 },
    {
      title: "a range that is none",
      body: { name: "x", policies, condition: { request_ip: { in: ["here"] } } },
      code: 1001,
    },
    { title: "an unknown condition", body: { name: "x", policies, condition: { country: "CH" } }, code: 1001 },
  ])("is not created from $title", async ({ body, code }) => {
    const { sandbox } = frozen();
    const answer = await callerOf(sandbox, "cloudflare")("POST", base, { body });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body: refusal(code) });
    expect(sandbox.keys("cloudflare")).toHaveLength(1);
  });

  it("is not created once there are as many as there may be", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "cloudflare");
    const there = "account" in owner ? 0 : 1;
    for (let i = there; i < quota; i++) sandbox.issue("cloudflare", owner);
    const { status, body } = await call("POST", base, { body: { name: "ci", policies } });
    expect({ status, body }).toEqual({ status: 400, body: refusal(1005) });
    expect(text(body, "errors.0.message")).toContain(String(quota));
  });

  it("is replaced as a whole: what an update leaves out is gone", async () => {
    const { sandbox, clock } = frozen();
    const call = callerOf(sandbox, "cloudflare");
    const { id, secret } = sandbox.issue("cloudflare", {
      ...owner,
      status: "disabled",
      condition: { request_ip: { in: ["192.0.2.0/24"] } },
      expiresAt: "2027-01-01T00:00:00Z",
    });
    clock.ms += HOUR;
    expect((await call("PUT", `${base}/${id}`, { body: { name: "new" } })).status).toBe(400);
    const { body } = await call("PUT", `${base}/${id}`, { body: { name: "new", policies } });
    expect(body).toMatchObject({ result: { name: "new", status: "active", modified_on: "2026-01-14T13:00:00Z" } });
    expect(Object.keys((body as { result: object }).result)).not.toContain("condition");
    expect(Object.keys((body as { result: object }).result)).not.toContain("expires_on");
    expect((await call("GET", `${base}/verify`, { as: secret })).status).toBe(200);
  });

  it("opens nothing while it is disabled, not yet valid, expired, rolled or deleted", async () => {
    const { sandbox, clock } = frozen();
    const call = callerOf(sandbox, "cloudflare");
    const verified = async (secret: string) => (await call("GET", `${base}/verify`, { as: secret })).status;
    const issued = (more: object) => sandbox.issue("cloudflare", { ...owner, ...more });

    expect(await verified(issued({ status: "disabled" }).secret)).toBe(401);
    expect(await verified(issued({ status: "revoked (exposed)" }).secret)).toBe(401);
    const bounded = issued({ notBefore: "2026-01-15T12:00:00Z", expiresAt: "2026-01-16T12:00:00Z" });
    expect(await verified(bounded.secret)).toBe(401);
    clock.ms += DAY;
    expect(await verified(bounded.secret)).toBe(200);
    clock.ms += DAY;
    expect(await verified(bounded.secret)).toBe(401);

    const token = issued({});
    const { body } = await call("PUT", `${base}/${token.id}/value`, { body: {} });
    expect(await verified(token.secret)).toBe(401);
    expect(await verified(text(body, "result"))).toBe(200);
    expect((await call("DELETE", `${base}/${token.id}`)).body).toMatchObject({ result: { id: token.id } });
    expect(await verified(text(body, "result"))).toBe(401);
    for (const method of ["GET", "DELETE"]) expect((await call(method, `${base}/${token.id}`)).status).toBe(404);
  });

  it("may verify itself, and manages tokens by its policies alone", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "cloudflare");
    const { id, secret } = sandbox.issue("cloudflare", owner);
    expect((await call("GET", `${base}/verify`, { as: secret })).body).toMatchObject({
      result: { id, status: "active" },
    });
    for (const path of [base, `${base}/${id}`]) expect((await call("GET", path, { as: secret })).status).toBe(403);
    expect((await call("PUT", `${base}/${id}/value`, { as: secret, body: {} })).status).toBe(403);
  });
});

describe("Cloudflare's tokens of the user and of accounts", () => {
  it("are apart: neither list, id nor verification of one knows the other", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "cloudflare");
    const { id, secret } = sandbox.issue("cloudflare", { account });
    const other = `/accounts/${"0".repeat(32)}/tokens`;
    for (const base of ["/user/tokens", other]) {
      expect((await call("GET", base)).text).not.toContain(id);
      expect((await call("GET", `${base}/${id}`)).status).toBe(404);
      expect((await call("GET", `${base}/verify`, { as: secret })).body).toEqual(refusal(1000));
    }
  });
});

describe("listing Cloudflare's tokens", () => {
  const ids = async (sandbox: Sandbox, query: string) => {
    const { body } = await callerOf(sandbox, "cloudflare")("GET", `/user/tokens${query}`);
    return {
      ids: rows(body, "result").map((row) => text(row, "id")),
      info: (body as { result_info: object }).result_info,
    };
  };

  it("gives numbered pages, of 20 unless asked for 5 to 50", async () => {
    const { sandbox } = frozen();
    for (let i = 1; i < 22; i++) sandbox.issue("cloudflare");
    const first = await ids(sandbox, "");
    expect(first.info).toEqual({ page: 1, per_page: 20, count: 20, total_count: 22, total_pages: 2 });
    const second = await ids(sandbox, "?page=2");
    expect(second.info).toMatchObject({ page: 2, count: 2 });
    expect((await ids(sandbox, "?per_page=50")).ids).toEqual([...first.ids, ...second.ids]);
    expect((await ids(sandbox, "?per_page=50&direction=desc")).ids).toEqual([...first.ids, ...second.ids].reverse());
    expect((await ids(sandbox, "?page=3")).ids).toEqual([]);
  });

  it.each(["?page=0", "?per_page=4", "?per_page=51", "?per_page=all", "?direction=up"])("refuses %s", async (query) => {
    const { sandbox } = frozen();
    expect((await callerOf(sandbox, "cloudflare")("GET", `/user/tokens${query}`)).status).toBe(400);
  });

  it("leaves out what has expired, unless asked for it", async () => {
    const { sandbox, clock } = frozen();
    const { id } = sandbox.issue("cloudflare", { expiresAt: "2026-01-15T00:00:00Z" });
    expect((await ids(sandbox, "")).ids).toContain(id);
    clock.ms += DAY;
    expect((await ids(sandbox, "")).ids).not.toContain(id);
    expect((await ids(sandbox, "?include_expired=true")).ids).toContain(id);
  });
});
