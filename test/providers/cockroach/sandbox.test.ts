import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.js";
import { callerOf, frozen, HOUR, rows, text } from "../../sandbox/calls.js";

const path = "/api/v1/api-keys";
const account = "1234abcd-1234-1234-abcd-12345678abcd";
const isStatus = (code: number, message: unknown) => ({ code, message, details: [] });

interface Page {
  names: string[];
  next: string;
  previous: string;
}

async function list(sandbox: Sandbox, query: Record<string, string> = {}): Promise<Page> {
  const search = new URLSearchParams(query).toString();
  const { status, body } = await callerOf(sandbox, "cockroach")("GET", `${path}?${search}`);
  expect(status).toBe(200);
  return {
    names: rows(body, "api_keys").map((key) => text(key, "name")),
    next: text(body, "pagination.next_page"),
    previous: text(body, "pagination.previous_page"),
  };
}

/** Keys of these names, an hour apart, the last one now. */
function filled(names: string[]) {
  const { sandbox, clock } = frozen();
  const ids: Record<string, string> = {};
  for (const name of names) {
    clock.ms += HOUR;
    ids[name] = sandbox.issue("cockroach", { name }).id;
  }
  return {
    sandbox,
    clock,
    ids,
    remove: (name: string) => callerOf(sandbox, "cockroach")("DELETE", `${path}/${ids[name] ?? ""}`),
  };
}

describe("a CockroachDB Cloud key", () => {
  it("is created with a secret that begins with its id, and a time in microseconds", async () => {
    const { sandbox } = frozen("2026-01-14T12:00:00.123Z");
    const call = callerOf(sandbox, "cockroach");
    const { status, headers, body } = await call("POST", path, { body: { name: "ci", service_account_id: account } });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json");
    const id = text(body, "api_key.id");
    expect(id).toMatch(/^CCDB1_[0-9A-Za-z]{22}$/);
    const secret = text(body, "secret");
    expect(secret).toMatch(new RegExp(`^${id}_[0-9A-Za-z]{40}$`));
    const key = { id, name: "ci", service_account_id: account, created_at: text(body, "api_key.created_at") };
    expect(key.created_at).toMatch(/^2026-01-14T12:00:00\.123\d{3}Z$/);
    expect(body).toEqual({ api_key: key, secret });
    expect((await call("GET", `${path}/${id}`)).body).toEqual(key);
    expect((await call("GET", path, { as: secret })).status).toBe(200);
  });

  it.each([
    { body: "{" },
    { body: {} },
    { body: { name: "x" } },
    { body: { name: "", service_account_id: account } },
    { body: { name: 1, service_account_id: account } },
    { body: { name: "x", service_account_id: "admin" } },
  ])("is not created from $body", async ({ body }) => {
    const { sandbox } = frozen();
    const answer = await callerOf(sandbox, "cockroach")("POST", path, { body });
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 400,
      body: isStatus(3, expect.any(String)),
    });
    expect(sandbox.keys("cockroach")).toHaveLength(1);
  });

  it("is renamed, and an empty update changes nothing", async () => {
    const { sandbox, ids } = filled(["old"]);
    const call = callerOf(sandbox, "cockroach");
    const key = (await call("GET", `${path}/${ids["old"] ?? ""}`)).body as object;
    const update = async (body: unknown) => {
      const answer = await call("PATCH", `${path}/${ids["old"] ?? ""}`, { body });
      return { status: answer.status, body: answer.body };
    };
    expect(await update({})).toEqual({ status: 200, body: key });
    expect(await update({ name: "new", colour: "green" })).toEqual({ status: 200, body: { ...key, name: "new" } });
    expect(await update({ name: 7 })).toEqual({ status: 400, body: isStatus(3, expect.any(String)) });
    expect(await update("")).toEqual({ status: 400, body: isStatus(3, expect.any(String)) });
  });

  it("is answered with itself when it is deleted, and is not found after that", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "cockroach");
    const { id, secret } = sandbox.issue("cockroach", { name: "gone", createdAt: "2022-03-22T20:23:11.285067Z" });
    const { status, body } = await call("DELETE", `${path}/${id}`);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        id,
        name: "gone",
        service_account_id: sandbox.serviceAccounts.orgAdmin,
        created_at: "2022-03-22T20:23:11.285067Z",
      },
    });
    for (const method of ["DELETE", "GET", "PATCH"]) {
      const answer = await call(method, `${path}/${id}`, method === "PATCH" ? { body: {} } : {});
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 404, body: isStatus(5, "not found") });
    }
    expect((await call("GET", path, { as: secret })).status).toBe(401);
  });
});

describe("listing CockroachDB Cloud keys", () => {
  it("gives pages of 100, or of the limit, and an empty cursor at the end", async () => {
    const { sandbox } = frozen();
    for (let i = 0; i < 149; i++) sandbox.issue("cockroach", { name: String(i) });
    const first = await list(sandbox);
    expect(first.names).toHaveLength(100);
    expect(first.previous).toBe("");
    const second = await list(sandbox, { "pagination.page": first.next });
    expect({ size: second.names.length, next: second.next }).toEqual({ size: 50, next: "" });
    expect((await list(sandbox, { "pagination.limit": "2147483647" })).names).toEqual([
      ...first.names,
      ...second.names,
    ]);
    expect((await list(sandbox, { "pagination.limit": "150" })).next).toBe("");
  });

  it("never gives two keys the same time, so that no cursor stands between them", async () => {
    const { sandbox } = frozen();
    for (let i = 0; i < 3; i++) sandbox.issue("cockroach", { createdAt: "2020-01-01T00:00:00.000001Z" });
    for (let i = 0; i < 2_000; i++) sandbox.issue("cockroach");
    const { body } = await callerOf(sandbox, "cockroach")("GET", `${path}?pagination.limit=5000`);
    const times = rows(body, "api_keys").map((key) => text(key, "created_at"));
    expect(times).toHaveLength(2_004);
    expect([...new Set(times)].sort()).toEqual(times);
  });

  it("keeps the order of creation when the clock goes back", async () => {
    const { sandbox, clock } = frozen();
    for (const name of ["a", "b", "c"]) {
      clock.ms -= HOUR;
      sandbox.issue("cockroach", { name });
    }
    expect((await list(sandbox)).names).toEqual(["sandbox", "a", "b", "c"]);
  });

  it.each([
    { order: "ASC", pages: [["sandbox", "a"], ["b", "c"], ["d"]] },
    { order: "DESC", pages: [["d", "c"], ["b", "a"], ["sandbox"]] },
  ])("goes forth and back in $order order", async ({ order, pages }) => {
    const { sandbox } = filled(["a", "b", "c", "d"]);
    const query = { "pagination.sort_order": order, "pagination.limit": "2" };
    let page = await list(sandbox, query);
    const forth = [page];
    while (page.next !== "") {
      page = await list(sandbox, { ...query, "pagination.page": page.next });
      forth.push(page);
    }
    expect(forth.map(({ names }) => names)).toEqual(pages);
    const back = [page];
    while (page.previous !== "") {
      page = await list(sandbox, { ...query, "pagination.page": page.previous });
      back.unshift(page);
    }
    expect(back.map(({ names }) => names)).toEqual(pages);
  });

  it("neither skips nor repeats a key when others come and go during the walk", async () => {
    const { sandbox, clock, remove } = filled(["a", "b", "c", "d", "e"]);
    const query = { "pagination.limit": "2" };
    const first = await list(sandbox, query);
    expect(first.names).toEqual(["sandbox", "a"]);
    await remove("a");
    await remove("b");
    clock.ms += HOUR;
    sandbox.issue("cockroach", { name: "new" });
    const second = await list(sandbox, { ...query, "pagination.page": first.next });
    const third = await list(sandbox, { ...query, "pagination.page": second.next });
    expect([second.names, third.names, third.next]).toEqual([["c", "d"], ["e", "new"], ""]);
  });

  it("shows what was there at the time that is asked for", async () => {
    const { sandbox, clock, remove } = filled(["a", "b"]);
    const then = { "pagination.as_of_time": new Date(clock.ms).toISOString() };
    clock.ms += HOUR;
    sandbox.issue("cockroach", { name: "later" });
    await remove("a");
    expect((await list(sandbox, then)).names).toEqual(["sandbox", "a", "b"]);
    expect((await list(sandbox)).names).toEqual(["sandbox", "b", "later"]);
    const exact = sandbox.keys("cockroach").find(({ name }) => name === "b")?.created_at ?? "";
    sandbox.issue("cockroach", { name: "just after", createdAt: exact });
    expect((await list(sandbox, { "pagination.as_of_time": exact })).names).toEqual(["sandbox", "a", "b"]);
    const inZone = { "pagination.as_of_time": exact.replace("Z", "+05:00") };
    expect((await list(sandbox, inZone)).names).toEqual([]);
  });

  it("gives the keys of one service account", async () => {
    const { sandbox } = frozen();
    sandbox.issue("cockroach", { name: "a", serviceAccountId: account });
    sandbox.issue("cockroach", { name: "b" });
    sandbox.issue("cockroach", { name: "c", serviceAccountId: account.toUpperCase() });
    expect((await list(sandbox, { service_account_id: account })).names).toEqual(["a", "c"]);
  });

  it.each([
    "pagination.limit=0",
    "pagination.limit=-1",
    "pagination.limit=1.5",
    "pagination.limit=x",
    "pagination.limit=2147483648",
    "pagination.page=garbage",
    "pagination.page=Z2FyYmFnZQ",
    "pagination.page=%F0%9F%98%80",
    "pagination.as_of_time=yesterday",
    "pagination.sort_order=asc",
    "service_account_id=admin",
  ])("answers ?%s with 400", async (query) => {
    const { status, body } = await callerOf(frozen().sandbox, "cockroach")("GET", `${path}?${query}`);
    expect({ status, body }).toEqual({
      status: 400,
      body: isStatus(3, expect.stringMatching(query.split("=")[0] ?? "")),
    });
  });
});

describe("who may do what at CockroachDB Cloud", () => {
  const { sandbox } = frozen();
  const call = callerOf(sandbox, "cockroach");
  const { orgAdmin, clusterAdmin, auditor, none } = sandbox.serviceAccounts;

  it.each([
    { who: "an account with ORG_ADMIN", serviceAccountId: orgAdmin, reads: 200, writes: 200 },
    { who: "an account that the sandbox does not know", serviceAccountId: account, reads: 200, writes: 200 },
    { who: "an account with CLUSTER_ADMIN", serviceAccountId: clusterAdmin, reads: 200, writes: 403 },
    { who: "an account with AUDITOR", serviceAccountId: auditor, reads: 200, writes: 403 },
    { who: "an account without a role", serviceAccountId: none, reads: 403, writes: 403 },
  ])("$who: reading $reads, writing $writes", async ({ serviceAccountId, reads, writes }) => {
    const as = sandbox.issue("cockroach", { serviceAccountId }).secret;
    const { id } = sandbox.issue("cockroach");
    const body = { name: "x", service_account_id: account };
    expect((await call("GET", path, { as })).status).toBe(reads);
    expect((await call("GET", `${path}/${id}`, { as })).status).toBe(reads);
    expect((await call("POST", path, { as, body })).status).toBe(writes);
    expect((await call("PATCH", `${path}/${id}`, { as, body })).status).toBe(writes);
    const last = await call("DELETE", `${path}/${id}`, { as });
    expect(last.status).toBe(writes);
    if (writes === 403) expect(last.body).toEqual(isStatus(7, "permission denied"));
  });

  it.each([
    { as: null, header: {} },
    { as: null, header: { authorization: sandbox.credentials.cockroach } },
    { as: "CCDB1_unknown", header: {} },
    { as: "eyJhbGciOiJub25lIn0.e30.", header: {} },
  ])("a credential that is none gets 401", async ({ as, header }) => {
    const { status, body } = await call("GET", path, { as, headers: header });
    expect({ status, body }).toEqual({ status: 401, body: isStatus(16, "unauthenticated") });
  });

  it.each([
    { version: "2024-09-16", status: 200 },
    { version: "2023-04-10", status: 200 },
    { version: "2022-09-20", status: 200 },
    { version: "latest", status: 200 },
    { version: "2024-09-17", status: 400 },
    { version: "", status: 400 },
  ])("the version '$version' gets $status", async ({ version, status }) => {
    const answer = await call("GET", path, { headers: { "Cc-Version": version } });
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.body).toEqual(isStatus(3, "invalid Cc-Version."));
  });
});
