import { describe, expect, inject, it } from "vitest";
import {
  audit,
  findOrphans,
  NotFoundError,
  revokeOrphans,
  rotate,
  unleash,
  type ApiKey,
  type ClientOptions,
} from "../../src/index.js";
import { sha256 } from "../../src/sha256.js";
import { failureOf } from "../helpers/providers.js";
import { startUnleash } from "./unleash.js";

const { url: baseUrl, credential: apiKey, databaseUrl } = inject("live");
const options: ClientOptions = { baseUrl, apiKey };
const keys = unleash(options);
const input = { type: "client", environment: "development" } as const;

/** How an application is answered that has this token. */
async function statusFor(token: string, server = baseUrl): Promise<number> {
  return (await fetch(`${server}/api/client/features`, { headers: { authorization: token } })).status;
}

async function listed(id: string): Promise<ApiKey<"unleash"> | undefined> {
  return (await keys.list().toArray()).find((key) => key.id === id);
}

describe("a token of a real Unleash", () => {
  it("is created, works, is listed without its plaintext, expires later, and is revoked", async () => {
    const { secret, ...key } = await keys.create({ name: "life", ...input, projects: ["default"] });
    expect(key).toMatchObject({ name: "life", id: sha256(secret.reveal()) });
    expect(await statusFor(secret.reveal())).toBe(200);

    expect(await listed(key.id)).toMatchObject({ id: key.id, name: "life", createdAt: key.createdAt });
    expect(JSON.stringify(await keys.list().toArray())).not.toContain(secret.reveal());

    const expiresAt = "2040-01-01T00:00:00.000Z";
    expect(await keys.update(key.id, { expiresAt })).toMatchObject({ id: key.id, expiresAt });
    await keys.revoke(key.id);
    expect(await listed(key.id)).toBeUndefined();
    expect(await failureOf(keys.revoke(key.id))).toBeInstanceOf(NotFoundError);
    expect(await failureOf(keys.update(key.id, { expiresAt }))).toBeInstanceOf(NotFoundError);
  });

  it("is revoked by its plaintext", async () => {
    const { secret, id } = await keys.create({ name: "life", ...input });
    await keys.revoke(secret.reveal());
    expect(await listed(id)).toBeUndefined();
  });

  it("that was revoked is refused by a server that has not seen it before", async () => {
    const { secret, id } = await keys.create({ name: "life", ...input });
    await keys.revoke(id);
    const other = await startUnleash(databaseUrl);
    try {
      expect(await statusFor(secret.reveal(), other.url)).toBe(401);
    } finally {
      await other.stop();
    }
  });

  it.each([
    { given: "an environment that is not there", change: { environment: "nowhere" }, want: "Environment=nowhere" },
    { given: "a project that is not there", change: { projects: ["none"] }, want: "Project=none" },
    { given: "a name that is empty", change: { name: "" }, want: "validation failed" },
    { given: "an expiry that is no time", change: { expiresAt: "soon" }, want: "validation failed" },
  ])("is not made with $given, and the server's words say so", async ({ change, want }) => {
    const failure = await failureOf(keys.create({ name: "refused", ...input, ...change }));
    expect(failure).toMatchObject({ kind: "bad-request", status: 400 });
    expect(JSON.stringify(failure)).toContain(want);
  });

  it.each([
    { who: "nobody knows", token: () => Promise.resolve("*:*.nobody-knows-this-token"), kind: "authentication" },
    {
      who: "is an application's",
      token: async () => (await keys.create({ name: "application", ...input })).secret,
      kind: "permission",
    },
  ])("is not listed to a credential that $who", async ({ token, kind }) => {
    expect(
      await failureOf(
        unleash({ ...options, apiKey: await token() })
          .list()
          .toArray(),
      ),
    ).toMatchObject({ kind });
  });
});

describe("rotating a token of a real Unleash", () => {
  it("gives one like it, and the old one is gone", async () => {
    const expiresAt = "2041-02-03T04:05:06.789Z";
    const old = await keys.create({
      name: "rotated",
      type: "frontend",
      environment: "production",
      projects: ["default"],
      expiresAt,
    });
    let stored = "";
    const { new: made } = await rotate(keys, old.id, { store: (secret) => void (stored = secret.reveal()) });
    expect(made.id).toBe(sha256(stored));
    const { type, environment, projects } = (await listed(made.id))?.raw ?? {};
    expect({ type, environment, projects }).toEqual({
      type: "frontend",
      environment: "production",
      projects: ["default"],
    });
    expect(await listed(made.id)).toMatchObject({ name: "rotated", expiresAt });
    expect(await listed(old.id)).toBeUndefined();
  });

  it("refuses the admin token, which the API cannot make", async () => {
    const failure = await failureOf(rotate(keys, sha256(apiKey), { store: () => undefined }));
    expect(failure).toMatchObject({ step: "read" });
    expect(String(failure)).toContain("INIT_ADMIN_API_TOKENS");
  });

  it("whose store fails leaves an orphan, which is found and revoked", async () => {
    const old = await keys.create({ name: "orphaned", ...input });
    const store = () => Promise.reject(new Error("The store is away."));
    const failure = await failureOf(rotate(keys, old.id, { store }));
    expect(failure).toMatchObject({ step: "store" });
    const held = (id: string) => id === old.id;
    // Its age is told by whole seconds.
    await expect
      .poll(async () => (await findOrphans(keys, { held, minAgeMs: 0 })).map(({ verdict }) => verdict), {
        timeout: 5_000,
      })
      .toContain("orphan");
    const revoked = await revokeOrphans(keys, { held, minAgeMs: 0 });
    expect(revoked.map(({ key }) => key.name)).toContain("orphaned");
    expect((await keys.list().toArray()).filter(({ name }) => name === "orphaned").map(({ id }) => id)).toEqual([
      old.id,
    ]);
  });
});

it("an audit of a real Unleash tells what it finds, and calls nothing unknown", async () => {
  await keys.create({ name: "twice", ...input });
  await keys.create({ name: "twice", ...input, expiresAt: "2020-01-01T00:00:00Z" });
  const findings = audit(await keys.list().toArray());
  const rules = findings.filter(({ name }) => name === "twice").map(({ rule }) => rule);
  expect(rules).toEqual(expect.arrayContaining(["duplicate-name", "expired"]));
  // Unleash tells of each token when it was made, when it expires and when it was last used.
  expect(findings.filter(({ status }) => status === "unknown").map(({ rule }) => rule)).toEqual([]);
});
