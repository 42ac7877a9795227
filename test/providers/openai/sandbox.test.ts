import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.js";
import { callerOf, frozen, HOUR, rows, text } from "../../sandbox/calls.js";

const NOON = Date.parse("2026-01-14T12:00:00Z") / 1000;
const path = "/organization/admin_api_keys";

async function namesOf(sandbox: Sandbox, query = ""): Promise<string[]> {
  const { body } = await callerOf(sandbox, "openai")("GET", path + query);
  return rows(body, "data").map((key) => text(key, "name"));
}

describe("creating an admin key of OpenAI", () => {
  it("answers with every field, the times in seconds, and the plaintext in it", async () => {
    const { sandbox } = frozen("2026-01-14T12:00:00.987Z");
    const call = callerOf(sandbox, "openai");
    const { status, body } = await call("POST", path, { body: { name: "ci", expires_in_seconds: 3600 } });
    expect(status).toBe(200);
    const [id, value] = [text(body, "id"), text(body, "value")];
    expect(value).toMatch(/^sk-admin-\w{48}$/);
    const key = {
      object: "organization.admin_api_key",
      id,
      name: "ci",
      redacted_value: `sk-admin...${value.slice(-3)}`,
      created_at: NOON,
      expires_at: NOON + 3600,
      last_used_at: null,
      owner: expect.objectContaining({ type: "user", role: "owner" }) as unknown,
    };
    expect(body).toEqual({ ...key, value });
    const read = await call("GET", `${path}/${id}`);
    expect(read.body).toEqual(key);
    expect(read.text).not.toContain(value);
  });

  it.each([
    { body: "{", says: "the body" },
    { body: "[]", says: "the body" },
    { body: {}, says: "name" },
    { body: { name: "" }, says: "name" },
    { body: { name: 7 }, says: "name" },
    { body: { name: "x", expires_in_seconds: 0 }, says: "expires_in_seconds" },
    { body: { name: "x", expires_in_seconds: 1.5 }, says: "expires_in_seconds" },
    { body: { name: "x", expires_in_seconds: "60" }, says: "expires_in_seconds" },
    { body: { name: "x", expires_in_seconds: 31_536_001 }, says: "expires_in_seconds" },
  ])("answers $body with 400 and makes no key", async ({ body, says }) => {
    const { sandbox } = frozen();
    const answer = await callerOf(sandbox, "openai")("POST", path, { body });
    expect(answer.status).toBe(400);
    const param = says === "the body" ? null : says;
    const message = expect.stringMatching(`^${says} (must|is)`) as unknown;
    expect(answer.body).toEqual({ error: { message, type: "invalid_request_error", param, code: null } });
    expect(sandbox.keys("openai")).toHaveLength(1);
  });
});

describe("listing the admin keys of OpenAI", () => {
  const three = () => {
    const { sandbox } = frozen();
    const ids = ["a", "b", "c"].map((name) => sandbox.issue("openai", { name }).id);
    return { sandbox, ids };
  };

  it("gives pages by creation, each behind the id that is given", async () => {
    const { sandbox, ids } = three();
    const [a = "", , c = ""] = ids;
    sandbox.issue("openai", { name: "old", createdAt: "2020-01-01T00:00:00Z" });
    expect(await namesOf(sandbox)).toEqual(["old", "sandbox", "a", "b", "c"]);
    expect(await namesOf(sandbox, "?order=desc")).toEqual(["c", "b", "a", "sandbox", "old"]);
    expect(await namesOf(sandbox, `?after=${a}`)).toEqual(["b", "c"]);
    expect(await namesOf(sandbox, `?after=${c}&order=desc&limit=1`)).toEqual(["b"]);
    const { body } = await callerOf(sandbox, "openai")("GET", `${path}?after=${a}&limit=1`);
    expect(body).toMatchObject({ object: "list", first_id: ids[1], last_id: ids[1], has_more: true });
    const last = await callerOf(sandbox, "openai")("GET", `${path}?after=${c}`);
    expect(last.body).toEqual({ object: "list", data: [], first_id: null, last_id: null, has_more: false });
  });

  it("goes on behind a key that is gone", async () => {
    const { sandbox, ids } = three();
    await callerOf(sandbox, "openai")("DELETE", `${path}/${ids[1] ?? ""}`);
    expect(await namesOf(sandbox, `?after=${ids[1] ?? ""}`)).toEqual(["c"]);
    expect(await namesOf(sandbox, `?after=${ids[1] ?? ""}&order=desc`)).toEqual(["a", "sandbox"]);
  });

  it.each(["?limit=0", "?limit=many", "?order=newest"])("answers %s with 400", async (query) => {
    const { sandbox } = frozen();
    expect((await callerOf(sandbox, "openai")("GET", path + query)).status).toBe(400);
  });
});

describe("the credential of OpenAI's administration", () => {
  it("is quoted with its middle masked where it is not accepted", async () => {
    const { sandbox } = frozen();
    const { status, body } = await callerOf(sandbox, "openai")("GET", path, { as: "sk-admin-unknown-0000" });
    expect(status).toBe(401);
    const message = expect.stringMatching(/^Incorrect API key provided: sk-admin\*{9}0000\. /) as unknown;
    expect(body).toEqual({ error: { message, type: "invalid_request_error", param: null, code: "invalid_api_key" } });
    expect((await callerOf(sandbox, "openai")("GET", path, { as: null })).status).toBe(401);
  });

  it("is refused with a bare text where it may do nothing here", async () => {
    const { sandbox } = frozen();
    const { secret } = sandbox.issue("openai", { restricted: true });
    const { status, body } = await callerOf(sandbox, "openai")("GET", path, { as: secret });
    expect({ status, body }).toEqual({
      status: 403,
      body: { error: expect.stringContaining("Missing scopes") as unknown },
    });
  });

  it("stops working when it expires, and when it is deleted, by itself too; and its use is recorded", async () => {
    const { sandbox, clock } = frozen();
    const call = callerOf(sandbox, "openai");
    const brief = sandbox.issue("openai", { expiresAt: new Date(clock.ms + HOUR) });
    expect((await call("GET", `${path}/${brief.id}`, { as: brief.secret })).body).toMatchObject({ last_used_at: NOON });
    clock.ms += HOUR;
    expect((await call("GET", path, { as: brief.secret })).status).toBe(401);
    const own = sandbox.issue("openai");
    expect((await call("DELETE", `${path}/${own.id}`, { as: own.secret })).body).toEqual({
      id: own.id,
      object: "organization.admin_api_key.deleted",
      deleted: true,
    });
    expect((await call("GET", path, { as: own.secret })).status).toBe(401);
    expect((await call("DELETE", `${path}/${own.id}`)).status).toBe(404);
  });
});
