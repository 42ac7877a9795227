import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.js";
import { callerOf, frozen, HOUR, rows, text } from "../../sandbox/calls.js";

const NOON = Date.parse("2026-01-14T12:00:00Z") / 1000;
const projects = "/organization/projects";
const path = `${projects}/proj_main/api_keys`;
const accounts = `${projects}/proj_main/service_accounts`;

async function namesOf(sandbox: Sandbox, query = "", at = path): Promise<string[]> {
  const { body } = await callerOf(sandbox, "openaiproject")("GET", at + query);
  return rows(body, "data").map((key) => text(key, "name"));
}

describe("creating a key of an OpenAI project", () => {
  it("makes an account and its first key, and then another key of it", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "openaiproject");
    const made = await call("POST", accounts, { body: { name: "App", expires_in_seconds: 60 } });
    const account = text(made.body, "id");
    const first = { id: text(made.body, "api_key.id"), value: text(made.body, "api_key.value") };
    const object = "organization.project.service_account.api_key";
    expect(made.body).toEqual({
      object: "organization.project.service_account",
      id: account,
      name: "App",
      role: "member",
      created_at: NOON,
      api_key: { object, ...first, name: "Secret Key", created_at: NOON, expires_at: NOON + 60 },
    });
    const other = await call("POST", `${accounts}/${account}/api_keys`, {
      body: { name: "ci", scopes: ["api.all.read"] },
    });
    const second = { id: text(other.body, "id"), value: text(other.body, "value") };
    expect(other.body).toEqual({ object, ...second, name: "ci", created_at: NOON, expires_at: null });
    const { body, text: sent } = await call("GET", `${path}/${second.id}`);
    expect(body).toMatchObject({
      object: "organization.project.api_key",
      redacted_value: `${second.value.slice(0, 6)}...${second.value.slice(-3)}`,
      owner: { type: "service_account", service_account: { id: account, name: "App" } },
    });
    expect(sent).not.toContain(second.value);
  });

  it("makes an account without a key where that is asked for", async () => {
    const { sandbox } = frozen();
    const body = { name: "App", create_service_account_only: true };
    const made = await callerOf(sandbox, "openaiproject")("POST", accounts, { body });
    expect(made.body).toMatchObject({ role: "none", api_key: null });
    expect(sandbox.keys("openaiproject")).toHaveLength(1);
  });

  it.each([
    { at: accounts, body: {}, status: 400 },
    { at: accounts, body: { name: "x", expires_in_seconds: 0 }, status: 400 },
    { at: accounts, body: { name: "x", create_service_account_only: true, expires_in_seconds: 1 }, status: 400 },
    { at: `${accounts}/svc_acct_main/api_keys`, body: { scopes: "all" }, status: 400 },
    { at: `${accounts}/svc_acct_nobody/api_keys`, body: {}, status: 404 },
    { at: `${accounts}/svc_acct_other/api_keys`, body: {}, status: 404 },
    { at: `${projects}/proj_archived/service_accounts`, body: { name: "x" }, status: 400 },
    { at: `${projects}/proj_nothing/service_accounts`, body: { name: "x" }, status: 404 },
  ])("answers $body to $at with $status, and makes nothing", async ({ at, body, status }) => {
    const { sandbox } = frozen();
    expect((await callerOf(sandbox, "openaiproject")("POST", at, { body })).status).toBe(status);
    expect(sandbox.keys("openaiproject")).toHaveLength(1);
  });
});

describe("listing the keys of an OpenAI project", () => {
  it("gives those of the project alone, and all that are enabled only where it is asked", async () => {
    const { sandbox } = frozen();
    for (const name of ["a", "b", "c"]) sandbox.issue("openaiproject", { name, ownerHasAccess: name !== "b" });
    sandbox.issue("openaiproject", { name: "elsewhere", project: "proj_other" });
    expect(await namesOf(sandbox)).toEqual(["sandbox", "a", "c"]);
    expect(await namesOf(sandbox, "?owner_project_access=inactive")).toEqual(["b"]);
    expect(await namesOf(sandbox, "?owner_project_access=any")).toEqual(["sandbox", "a", "b", "c"]);
    expect(await namesOf(sandbox, "", `${projects}/proj_other/api_keys`)).toEqual(["elsewhere"]);
    const page = await callerOf(sandbox, "openaiproject")("GET", `${path}?owner_project_access=any&limit=2`);
    expect(page.body).toMatchObject({ has_more: true });
    const after = `?owner_project_access=any&after=${text(page.body, "last_id")}`;
    expect(await namesOf(sandbox, after)).toEqual(["b", "c"]);
  });

  it.each(["?limit=0", "?limit=101", "?owner_project_access=all"])("answers %s with 400", async (query) => {
    const { sandbox } = frozen();
    expect((await callerOf(sandbox, "openaiproject")("GET", path + query)).status).toBe(400);
  });

  it("says which project is not there", async () => {
    const { sandbox } = frozen();
    const { status, body } = await callerOf(sandbox, "openaiproject")("GET", `${projects}/proj_no/api_keys`);
    expect({ status, body }).toMatchObject({ status: 404, body: { error: { code: "project_not_found" } } });
  });
});

describe("a key of an OpenAI project", () => {
  it("is given another expiry, but not once it has expired", async () => {
    const { sandbox, clock } = frozen();
    const call = callerOf(sandbox, "openaiproject");
    const { id } = sandbox.issue("openaiproject");
    const update = (body: unknown) => call("POST", `${path}/${id}`, { body });
    expect((await update({ expires_in_seconds: 3600 })).body).toMatchObject({ id, expires_at: NOON + 3600 });
    expect((await update({ scopes: [] })).body).toMatchObject({ id, expires_at: NOON + 3600 });
    for (const body of [{}, { scopes: null }, { expires_in_seconds: 0 }]) expect((await update(body)).status).toBe(400);
    clock.ms += HOUR;
    expect((await update({ expires_in_seconds: 3600 })).status).toBe(400);
  });

  it("of a service account is deleted alone: the account and its other keys remain", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "openaiproject");
    const [one, other] = [sandbox.issue("openaiproject"), sandbox.issue("openaiproject")];
    const deleted = { object: "organization.project.api_key.deleted", id: one.id, deleted: true };
    expect((await call("DELETE", `${path}/${one.id}`)).body).toEqual(deleted);
    expect((await call("DELETE", `${path}/${one.id}`)).status).toBe(404);
    expect((await call("GET", `${path}/${other.id}`)).status).toBe(200);
    expect((await call("POST", `${accounts}/svc_acct_main/api_keys`, { body: {} })).status).toBe(200);
  });

  it("is not found in another project", async () => {
    const { sandbox } = frozen();
    const { id } = sandbox.issue("openaiproject", { project: "proj_other" });
    expect((await callerOf(sandbox, "openaiproject")("GET", `${path}/${id}`)).status).toBe(404);
    expect((await callerOf(sandbox, "openaiproject")("DELETE", `${path}/${id}`)).status).toBe(404);
  });

  it("authenticates and may do nothing here; one that is gone does not authenticate", async () => {
    const { sandbox, clock } = frozen();
    const call = callerOf(sandbox, "openaiproject");
    const { id, secret } = sandbox.issue("openaiproject");
    const brief = sandbox.issue("openaiproject", { expiresAt: new Date(clock.ms) });
    expect((await call("GET", path, { as: secret })).status).toBe(403);
    expect((await call("GET", path, { as: brief.secret })).status).toBe(401);
    await call("DELETE", `${path}/${id}`);
    expect((await call("GET", path, { as: secret })).status).toBe(401);
  });
});
