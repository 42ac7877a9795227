import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ProviderName } from "../../src/sandbox/index.js";
import { listPath, names, table, through } from "../helpers/providers.js";
import { callerOf, createSandbox, frozen } from "./calls.js";

describe("the sandbox's fetch", () => {
  it.each([
    { provider: "estuary", url: "https://api.estuary.tech/user/stats", status: 200 },
    { provider: "estuary", url: "http://127.0.0.1:4010/estuary/user/stats", status: 200 },
    { provider: "openrouter", url: "https://openrouter.ai/api/v1/key", status: 200 },
    { provider: "openrouter", url: "http://any.example/openrouter/api/v1/key?x=1", status: 200 },
    { provider: "cockroach", url: "https://cockroachlabs.cloud/api/v1/api-keys", status: 200 },
    { provider: "cockroach", url: "http://[::1]/cockroach/api/v1/api-keys", status: 200 },
    { provider: "openai", url: "https://api.openai.com/v1/organization/admin_api_keys", status: 200 },
    { provider: "openai", url: "http://any.example/openaiproject/v1/organization/admin_api_keys", status: 200 },
    {
      provider: "openaiproject",
      url: "https://api.openai.com/v1/organization/projects/proj_main/api_keys",
      status: 200,
    },
    {
      provider: "openaiproject",
      url: "http://a.example/openai/v1/organization/projects/proj_main/api_keys",
      status: 200,
    },
    { provider: "openai", url: "https://api.openai.com/v1/organization/nothing", status: 404 },
    { provider: "openrouter", url: "https://openrouter.ai/key", status: 404 },
    { provider: "openrouter", url: "http://any.example/openrouter/key", status: 404 },
    { provider: "openrouter", url: "https://openrouter.ai/api/v1/keys/", status: 200 },
    { provider: "openrouter", url: "https://openrouter.ai/api/v1/keys//", status: 404 },
    { provider: "openrouter", url: "https://openrouter.ai/api/v1/auth/key", status: 200 },
    { provider: "estuary", url: "https://api.estuary.tech/user/api-keys/", status: 200 },
    { provider: "openrouter", url: "https://openrouter.ai/api/v1/keys/a/b", status: 404 },
    { provider: "cockroach", url: "https://cockroachlabs.cloud/api/v1/api-keys/", status: 404 },
    { provider: "estuary", url: "http://any.example/", status: 404 },
    { provider: "estuary", url: "http://any.example/estuaryuser/stats", status: 404 },
  ] as const)("answers $url with $status", async ({ provider, url, status }) => {
    const sandbox = createSandbox();
    const init = { headers: { authorization: `Bearer ${sandbox.credentials[provider]}` } };
    expect((await sandbox.fetch(url, init)).status).toBe(status);
    expect((await sandbox.fetch(new URL(url), init)).status).toBe(status);
    expect((await sandbox.fetch(new Request(url, init))).status).toBe(status);
  });

  it.each([
    { provider: "estuary", path: "/user/api-keys", body: { error: { code: 404 } }, status: 404 },
    {
      provider: "openrouter",
      path: "/keys",
      body: { error: { code: 405, message: "Method Not Allowed" } },
      status: 405,
    },
    { provider: "cockroach", path: "/api/v1/api-keys", body: { code: 12, details: [] }, status: 405 },
  ] as const)(
    "answers a method that $provider does not know with $status",
    async ({ provider, path, body, status }) => {
      const answer = await callerOf(createSandbox(), provider)("PUT", path, { body: {} });
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject(body);
    },
  );

  it("reads a path parameter back as it was before it was encoded", async () => {
    const sandbox = createSandbox();
    const id = "CCDB1_Sandbox%53andboxSandbox0";
    const { status } = await callerOf(sandbox, "cockroach")("GET", `/api/v1/api-keys/${id}`);
    expect(status).toBe(200);
    expect((await callerOf(sandbox, "cockroach")("GET", "/api/v1/api-keys/100%")).status).toBe(404);
  });

  it("keeps sandboxes apart", async () => {
    const [one, other] = [createSandbox(), createSandbox()];
    one.issue("estuary");
    await callerOf(one, "estuary")("POST", "/user/api-keys");
    expect(one.keys("estuary")).toHaveLength(3);
    expect(other.keys("estuary")).toHaveLength(1);
    expect(other.requests).toEqual([]);
  });

  it("takes its time from nowhere but `now`", async () => {
    const { sandbox } = frozen("2001-02-03T04:05:06.789Z");
    const time = /2001-02-03T04:05:06|2101-01-10T04:05:06|2001-03-05T04:05:06|:981173106\b/;
    for (const provider of names) {
      sandbox.issue(provider);
      for (const key of sandbox.keys(provider)) expect(JSON.stringify(key)).toMatch(time);
    }
    expect((await callerOf(sandbox, "estuary")("GET", "/user/export")).text).toMatch(time);
  });

  it.each([
    { provider: "estuary", key: { expiry: "soon" } },
    { provider: "openrouter", key: { expiresAt: new Date(NaN) } },
    { provider: "cockroach", key: { createdAt: "2026-13-01T00:00:00Z" } },
  ] as const)("refuses to issue a key of $provider with a time that is none", ({ provider, key }) => {
    expect(() => createSandbox().issue<ProviderName>(provider, key)).toThrow(RangeError);
  });
});

describe("the keys that a sandbox holds", () => {
  it.each(names)("show no plaintext: %s", (provider) => {
    const sandbox = createSandbox();
    const { secret } = sandbox.issue(provider);
    const keys = JSON.stringify(sandbox.keys(provider));
    expect(sandbox.keys(provider)).toHaveLength(2);
    expect(keys).not.toContain(secret);
    expect(keys).not.toContain(sandbox.credentials[provider]);
  });
});

describe("the log of requests", () => {
  it("tells what reached which operation", async () => {
    const sandbox = createSandbox();
    const call = callerOf(sandbox, "openrouter");
    await call("POST", "/keys", { body: { name: "new", limit: 5 } });
    await call("GET", "/keys?offset=0&workspace_id=main");
    await call("PATCH", "/keys/none", { body: "{" });
    await call("GET", "/nowhere/at%20all");
    expect(sandbox.requests).toEqual([
      {
        provider: "openrouter",
        operation: "createApiKey",
        method: "POST",
        path: "/keys",
        query: {},
        body: { name: "new", limit: 5 },
        status: 201,
      },
      {
        provider: "openrouter",
        operation: "listApiKeys",
        method: "GET",
        path: "/keys",
        query: { offset: "0", workspace_id: "main" },
        body: undefined,
        status: 400,
      },
      {
        provider: "openrouter",
        operation: "updateApiKey",
        method: "PATCH",
        path: "/keys/none",
        query: {},
        body: "{",
        status: 400,
      },
      {
        provider: "openrouter",
        operation: undefined,
        method: "GET",
        path: "/nowhere/at%20all",
        query: {},
        body: undefined,
        status: 404,
      },
    ]);
  });

  it("names the key that is revoked at Estuary by its hash, and never by its token", async () => {
    const sandbox = createSandbox();
    const call = callerOf(sandbox, "estuary");
    const { id, secret } = sandbox.issue("estuary");
    for (const name of [id, secret, encodeURIComponent("any other secret")])
      await call("DELETE", `/user/api-keys/${name}`);
    expect(sandbox.requests.map(({ path }) => path)).toEqual([
      `/user/api-keys/${id}`,
      "/user/api-keys/[secret]",
      "/user/api-keys/[secret]",
    ]);
  });

  it("holds no key, wherever a client put one", async () => {
    const sandbox = createSandbox();
    const secrets = [
      sandbox.issue("estuary").secret,
      sandbox.issue("openrouter").secret,
      sandbox.issue("cockroach").secret,
      sandbox.issue("cloudflare").secret,
      sandbox.issue("unleash").secret,
      "a-credential-of-no-known-shape",
    ];
    for (const secret of secrets) {
      for (const provider of names) {
        const call = callerOf(sandbox, provider);
        // What has no shape is known by being the credential.
        const as = secret.startsWith("a-") ? secret : null;
        const path = listPath(sandbox, provider);
        await call("GET", path, { as: secret });
        await call("GET", `${path}/${secret}?q=${secret}`, { as });
        await call("POST", `/elsewhere/${secret}`, { body: `broken ${secret}`, as });
        await call("POST", `${path}?${secret}`, { body: [{ deep: [secret], [secret]: "x" }], as });
      }
    }
    const log = JSON.stringify(sandbox.requests);
    for (const secret of secrets) expect(log).not.toContain(secret);
    expect(log.match(/\[secret\]/g)).toHaveLength(secrets.length * names.length * 7);
  });

  it("leaves out what the spec declares secret in a body", async () => {
    const sandbox = createSandbox();
    const body = { name: "x", external: { user: "u", api_key: "a-customers-own-key-0000000000000000" } };
    expect((await callerOf(sandbox, "openrouter")("POST", "/keys", { body })).status).toBe(201);
    expect(sandbox.requests).toMatchObject([{ body: { name: "x", external: { user: "u", api_key: "[secret]" } } }]);
  });
});

it("the sandbox imports nothing from Node, and runs wherever `fetch` does", () => {
  const src = new URL("../../src/", import.meta.url);
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
    /^(sandbox\/[\w-]+|providers\/\w+\/sandbox[\w-]*|go-duration|sha256)\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    const source = readFileSync(new URL(file, src), "utf8");
    const imports = Array.from(source.matchAll(/(?:from|import) *\(?"([^"]+)"/g), ([, name]) => name);
    for (const name of imports)
      expect(name).toMatch(
        /^[./]*\/(([\w-]+\/)?sandbox[\w-]*|sandbox\/[\w-]+|[\w-]+)\.js$|^[./]*\/generated\/|^[./]*\/providers\//,
      );
    expect(source).not.toMatch(/\bprocess\.|\bBuffer\b|setTimeout/);
  }
});

// Their credentials are mostly zeros, and so are ids of workspaces, users and accounts.
it.each(names)("no id of %s is taken for a part of the sandbox's credential", async (provider) => {
  const sandbox = createSandbox();
  sandbox.issue(provider, {});
  const listed = await table[provider].factory(through(sandbox, provider)).list().toArray();
  expect(listed).not.toEqual([]);
  expect(JSON.stringify(listed)).not.toContain("[secret]");
});
