import { describe, expect, it, vi } from "vitest";
import {
  isKeysmithError,
  openaiproject,
  rotate,
  type CreateOutcomeUnknownError,
  type Secret,
} from "../../../src/index.js";
import { failureOf, through } from "../../helpers/providers.js";
import { DAY, frozen } from "../../sandbox/calls.js";

const serviceAccountId = "svc_acct_main";
const store = (next: Secret) => void next.reveal();

function connected() {
  const { sandbox, clock } = frozen("2026-01-14T12:00:00Z");
  return { sandbox, clock, keys: openaiproject(through(sandbox, "openaiproject")) };
}

describe("the keys of an OpenAI project", () => {
  it("are those of the project that is given, or that the environment names", async () => {
    const { sandbox } = connected();
    const { project, ...options } = { project: "proj_other", ...through(sandbox, "openaiproject") };
    expect(project).toBe("proj_main");
    const { id } = sandbox.issue("openaiproject", { project: "proj_other" });
    expect((await openaiproject({ ...options, project: "proj_other" }).get(id)).id).toBe(id);
    expect(() => openaiproject(options)).toThrow(/there is no project\. .*OPENAI_PROJECT_ID/);
    vi.stubEnv("OPENAI_PROJECT_ID", "proj_other");
    const keys = openaiproject(options);
    expect(await keys.list().toArray()).toHaveLength(1);
    // What is changed keeps the project.
    expect(
      await keys
        .with((same) => same)
        .list()
        .toArray(),
    ).toHaveLength(1);
  });

  it("are made for a service account that is there, with scopes and a lifetime", async () => {
    const { sandbox, keys } = connected();
    const made = await keys.create({ name: "ci", serviceAccountId, scopes: ["api.all.read"], expiresIn: "90d" });
    expect(sandbox.requests.at(-1)).toMatchObject({
      path: `/organization/projects/proj_main/service_accounts/${serviceAccountId}/api_keys`,
      body: { name: "ci", scopes: ["api.all.read"], expires_in_seconds: 90 * 86_400 },
    });
    expect(made).toMatchObject({ name: "ci", expiresAt: "2026-04-14T12:00:00.000Z" });
    expect((await keys.get(made.id)).raw.owner.service_account?.id).toBe(serviceAccountId);
  });

  it("are made together with a new service account, which cannot have scopes", async () => {
    const { sandbox, keys } = connected();
    const made = await keys.create({ name: "App", expiresIn: "1h" });
    expect(made.id).toMatch(/^key_/);
    expect(made.secret.reveal()).toMatch(/^sk-/);
    expect((await keys.get(made.id)).raw.owner.service_account?.name).toBe("App");
    const before = sandbox.requests.length;
    const failure = await failureOf(keys.create({ name: "App", scopes: [] }));
    expect(failure).toMatchObject({
      kind: "bad-request",
      message: expect.stringContaining("serviceAccountId") as string,
    });
    expect(sandbox.requests).toHaveLength(before);
  });

  it("that were made with an account by a create whose answer was lost are found by the account's name", async () => {
    const { sandbox, keys } = connected();
    sandbox.issue("openaiproject", { name: "App" });
    sandbox.fail({ operation: "openaiproject.createServiceAccount", kind: "lost", when: "after" });
    const failure = await failureOf(keys.create({ name: "App" }));
    if (!isKeysmithError(failure) || failure.kind !== "outcome-unknown") throw failure;
    const candidates = await (failure as CreateOutcomeUnknownError<"openaiproject">).candidates();
    expect(candidates.map(({ key }) => key.raw.owner.service_account?.name)).toEqual(["App"]);
    expect(candidates[0]?.key.name).toBe("Secret Key");
  });

  it("are given another lifetime and other scopes", async () => {
    const { sandbox, keys } = connected();
    const { id } = sandbox.issue("openaiproject");
    expect(await keys.update(id, { expiresIn: "24h" })).toMatchObject({ expiresAt: "2026-01-15T12:00:00.000Z" });
    await keys.update(id, { scopes: [] });
    expect(sandbox.requests.at(-1)?.body).toEqual({ scopes: [] });
    expect(await failureOf(keys.update(id, { expiresIn: "soon" }))).toMatchObject({ kind: "bad-request" });
    expect(await failureOf(keys.update(id, {}))).toMatchObject({ kind: "bad-request" });
    expect(sandbox.requests).toHaveLength(2);
  });

  it("come in pages of a hundred, all that are enabled where it is asked", async () => {
    const { sandbox, keys } = connected();
    for (let index = 0; index < 150; index++) sandbox.issue("openaiproject", { ownerHasAccess: index > 0 });
    expect(await keys.list({ ownerProjectAccess: "any" }).toArray()).toHaveLength(151);
    expect(sandbox.requests.map(({ query }) => query["limit"])).toEqual(["100", "100"]);
    expect(await keys.list({ pageSize: 60 }).toArray()).toHaveLength(150);
    expect(sandbox.requests).toHaveLength(5);
  });
});

describe("rotating a key of an OpenAI project", () => {
  it("makes another key of the same service account, with what is left of its life", async () => {
    const { sandbox, clock, keys } = connected();
    const expiresAt = new Date(clock.ms + 10 * DAY);
    const { id } = sandbox.issue("openaiproject", { name: "worker", expiresAt });
    const other = sandbox.issue("openaiproject");
    const { new: made } = await rotate(keys, id, { store, overrides: { scopes: ["api.all.read"] } });
    const successor = await keys.get(made.id);
    expect(successor).toMatchObject({ name: "worker", expiresAt: expiresAt.toISOString() });
    expect(successor.raw.owner.service_account?.id).toBe(serviceAccountId);
    const creates = sandbox.requests.filter(({ operation }) => operation === "createApiKey");
    expect(creates).toMatchObject([{ body: { scopes: ["api.all.read"] } }]);
    const left = sandbox.keys("openaiproject").map((key) => key.id);
    expect(left).toContain(other.id);
    expect(left).not.toContain(id);
  });

  it.each([
    { of: "a user", key: { ofUser: true }, overrides: { scopes: [] }, says: /no key of a service account/ },
    { of: "unknown scopes", key: {}, overrides: {}, says: /does not tell what a key may do.*overrides\.scopes/ },
  ])("is refused for one of $of, and changes nothing", async ({ key, overrides, says }) => {
    const { sandbox, keys } = connected();
    const { id } = sandbox.issue("openaiproject", key);
    // Without types, they can be left out.
    const failure = await failureOf(rotate(keys, id, { store, overrides: overrides as { scopes: string[] } }));
    expect(failure).toMatchObject({ step: "read", message: expect.stringMatching(says) as string });
    expect(sandbox.keys("openaiproject")).toHaveLength(2);
  });
});
