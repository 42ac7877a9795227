/** What is peculiar to the simulated Unleash. `npm run test:live` holds its answers against those of a real one. */
import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.js";
import { sha256 } from "../../../src/sha256.js";
import { callerOf, frozen, HOUR, MINUTE, rows, text } from "../../sandbox/calls.js";

const path = "/api/admin/api-tokens";
const json = { "content-type": "application/json" };
const token = { tokenName: "ci", type: "client" };
const created = (sandbox: Sandbox, body: unknown = token) =>
  callerOf(sandbox, "unleash")("POST", path, { body, headers: json });
const at = (secret: string) => `${path}/${encodeURIComponent(secret)}`;
/** How an application is answered that has this token. */
const statusFor = async (sandbox: Sandbox, as: string) =>
  (await callerOf(sandbox, "unleash")("GET", "/api/client/features", { as })).status;

describe("an Unleash token of the sandbox", () => {
  it("is made with every field but seenAt, and listed with its plaintext", async () => {
    const { sandbox } = frozen("2026-01-14T12:00:00.987Z", { unleashProjects: ["a", "b"] });
    const body = { ...token, type: "Frontend", projects: ["a", "b"], expiresAt: "2030-01-01T00:00:00+01:00" };
    const { status, headers, body: made } = await created(sandbox, body);
    expect({ status, location: headers.get("location") }).toEqual({ status: 201, location: "api-tokens" });
    const secret = text(made, "secret");
    expect(secret).toMatch(/^\[\]:development\.[0-9a-f]{56}$/);
    const shown = {
      secret,
      tokenName: "ci",
      type: "frontend",
      environment: "development",
      projects: ["a", "b"],
      project: "a,b",
      expiresAt: "2029-12-31T23:00:00.000Z",
      createdAt: "2026-01-14T12:00:00.987Z",
      alias: null,
    };
    expect(made).toEqual(shown);
    const listed = await callerOf(sandbox, "unleash")("GET", path);
    expect(rows(listed.body, "tokens")).toContainEqual({ ...shown, seenAt: null });
    expect(JSON.stringify([sandbox.keys("unleash"), sandbox.requests])).not.toContain(secret);
  });

  it("is listed as client where it was made as backend, and has a plaintext that says its project", async () => {
    const { sandbox } = frozen();
    expect((await created(sandbox, { ...token, type: "backend", projects: ["default"] })).body).toMatchObject({
      type: "backend",
      secret: expect.stringMatching(/^default:development\./) as string,
    });
    expect(sandbox.keys("unleash").at(-1)).toMatchObject({ type: "client", projects: ["default"] });
  });

  it("is changed and deleted with 200, there or not", async () => {
    const { sandbox } = frozen();
    const call = callerOf(sandbox, "unleash");
    const { secret } = sandbox.issue("unleash");
    for (const place of [at(secret), at("*:development.none")]) {
      const change = await call("PUT", place, { body: { expiresAt: "2030-01-01T00:00:00Z" }, headers: json });
      expect([change.status, change.text]).toEqual([200, ""]);
    }
    expect(sandbox.keys("unleash").at(-1)).toMatchObject({ expiresAt: "2030-01-01T00:00:00.000Z" });
    for (const place of [at(secret), at(secret)]) expect((await call("DELETE", place)).status).toBe(200);
    expect(sandbox.keys("unleash")).toHaveLength(1);
  });

  it("works for up to a minute after it was deleted, or has expired", async () => {
    const { sandbox, clock } = frozen();
    const deleted = sandbox.issue("unleash");
    const brief = sandbox.issue("unleash", { expiresAt: new Date(clock.ms + MINUTE / 2) });
    expect(await statusFor(sandbox, deleted.secret)).toBe(200);
    await callerOf(sandbox, "unleash")("DELETE", at(deleted.secret));
    clock.ms += MINUTE - 1;
    expect(await statusFor(sandbox, deleted.secret)).toBe(200);
    expect(await statusFor(sandbox, brief.secret)).toBe(200);
    clock.ms += 1;
    expect(await statusFor(sandbox, deleted.secret)).toBe(401);
    expect(await statusFor(sandbox, brief.secret)).toBe(401);
  });

  it("was last seen by what is written every three minutes", async () => {
    const { sandbox, clock } = frozen();
    const { secret } = sandbox.issue("unleash");
    await statusFor(sandbox, secret);
    expect(sandbox.keys("unleash").at(-1)).toMatchObject({ seenAt: null });
    const used = new Date(clock.ms).toISOString();
    clock.ms += 3 * MINUTE;
    await statusFor(sandbox, sandbox.credentials.unleash);
    expect(sandbox.keys("unleash").at(-1)).toMatchObject({ seenAt: used });
  });

  it("is not made where there are as many as there may be", async () => {
    const { sandbox } = frozen();
    for (let there = 1; there < 2000; there++) sandbox.issue("unleash");
    const { status, body } = await created(sandbox);
    expect({ status, body }).toMatchObject({ status: 400, body: { name: "ExceedsLimitError" } });
  });
});

describe("the credential of the sandbox's Unleash", () => {
  it.each([
    { who: "nobody's", as: null, status: 401, name: "AuthenticationRequired" },
    { who: "unknown", as: "*:*.none", status: 401, name: "UnauthorizedError" },
    { who: "an application's", as: "client", status: 403, name: undefined },
    { who: "expired", as: "expired", status: 401, name: "UnauthorizedError" },
  ])("is refused where it is $who", async ({ as, status, name }) => {
    const { sandbox, clock } = frozen();
    const secrets = new Map([
      ["client", sandbox.issue("unleash").secret],
      ["expired", sandbox.issue("unleash", { type: "admin", expiresAt: new Date(clock.ms + HOUR) }).secret],
    ]);
    clock.ms += HOUR;
    const answer = await callerOf(sandbox, "unleash")("GET", path, { as: as && (secrets.get(as) ?? as) });
    expect(answer.status).toBe(status);
    expect(Object(answer.body)).toMatchObject({ message: expect.any(String) as string, ...(name && { name }) });
  });

  it("is an admin token, alone or as a bearer token, and stands in the list with the others", async () => {
    const { sandbox } = frozen();
    const { unleash } = sandbox.credentials;
    for (const authorization of [unleash, `Bearer ${unleash}`]) {
      const { body } = await callerOf(sandbox, "unleash")("GET", path, { as: null, headers: { authorization } });
      expect(rows(body, "tokens")).toEqual([expect.objectContaining({ secret: unleash, type: "admin" })]);
    }
    expect(sandbox.issue("unleash").id).not.toBe(sha256(unleash));
  });
});
