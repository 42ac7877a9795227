import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../generated/openrouter/index.js";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { cockroach, estuary, openrouter, type ClientOptions } from "../../src/index.js";
import type { ProviderName } from "../../src/sandbox/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, through } from "../helpers/providers.js";
import { prefixOf } from "../../src/sandbox/routes.js";

const inProcess = createSandbox();
const served = createSandbox();
let server: Awaited<ReturnType<typeof serveSandbox>>;
beforeAll(async () => {
  server = await serveSandbox({ sandbox: served, port: 0 });
});
afterAll(() => server.close());

describe.each([
  {
    where: "in process",
    options: (provider: ProviderName): ClientOptions => through(inProcess, provider),
    sandbox: inProcess,
  },
  {
    where: "served",
    options: (provider: ProviderName): ClientOptions => ({
      apiKey: served.credentials[provider],
      baseUrl: server.url + prefixOf(provider),
    }),
    sandbox: served,
  },
])("the life of a key against the sandbox $where:", ({ options, sandbox }) => {
  it("estuary", async () => {
    const keys = estuary(options("estuary"));
    const before = await keys.list().toArray();
    const created = await keys.create({ name: "ci", expiresIn: "2d" });
    expect(created).toMatchObject({ provider: "estuary", name: "ci", raw: { label: "ci", tokenHash: created.id } });
    expect((await keys.list().toArray()).map(({ id }) => id)).toContain(created.id);

    const used = estuary({ ...options("estuary"), apiKey: created.secret });
    expect(await used.stats()).toEqual({ totalSize: 0, numPins: 0 });
    expect((await used.export()).Version).toBe("v0.0.1");

    const { status, data } = await keys.revoke(created).withResponse();
    expect({ status, data }).toEqual({ status: 200, data: undefined });
    expect(await keys.list().toArray()).toHaveLength(before.length);
    expect(await failureOf(keys.revoke(created))).toMatchObject({ name: "NotFoundError" });
  });

  it("an Estuary key that may only upload", async () => {
    const { secret } = await estuary(options("estuary")).create({ permissions: "upload" });
    expect(await failureOf(estuary({ ...options("estuary"), apiKey: secret }).stats())).toMatchObject({
      name: "PermissionError",
      code: "ERR_NOT_AUTHORIZED",
    });
  });

  it("openrouter", async () => {
    const keys = openrouter(options("openrouter"));
    const created = await keys.create({
      name: "customer 7",
      limit: 25,
      limitReset: "monthly",
      includeByokInLimit: true,
      expiresAt: "2099-12-31T23:59:59Z",
    });
    expect(await keys.get(created.id)).toMatchObject({
      name: "customer 7",
      expiresAt: expect.stringMatching(/^2099-12-31T23:59:59/) as string,
    });

    const used = openrouter({ ...options("openrouter"), apiKey: created.secret });
    sandbox.spend(created.id, 5);
    expect(await used.current()).toMatchObject({ limit: 25, limit_remaining: 20, is_management_key: false });
    expect(await failureOf(used.list().toArray())).toMatchObject({ name: "PermissionError", status: 403 });

    const { data, status, headers } = await keys.update(created.id, { disabled: true, limit: null }).withResponse();
    expect({ status, disabled: data.disabled, limit: data.raw.limit }).toEqual({
      status: 200,
      disabled: true,
      limit: null,
    });
    expect(headers.get("content-type")).toContain("application/json");
    expect(await failureOf(used.current())).toMatchObject({ name: "AuthenticationError" });

    await keys.revoke(created);
    expect(await failureOf(keys.get(created.id))).toMatchObject({ name: "NotFoundError" });
  });

  it("cockroach", async () => {
    const keys = cockroach(options("cockroach"));
    const created = await keys.create({ name: "ci", serviceAccountId: sandbox.serviceAccounts.auditor });
    expect(created.createdAt).toMatch(/\.\d{6}Z$/);
    expect(await keys.update(created.id, { name: "cd" })).toMatchObject({ id: created.id, name: "cd" });

    const used = cockroach({ ...options("cockroach"), apiKey: created.secret });
    expect((await used.get(created.id)).name).toBe("cd");
    expect(await failureOf(used.revoke(created))).toMatchObject({ name: "PermissionError", code: 7 });

    await keys.revoke(created.id);
    expect(await failureOf(keys.get(created.id))).toMatchObject({ name: "NotFoundError", code: 5 });
  });

  it("the typed client speaks the wire's own names over the same transport", async () => {
    const told = new Set<string>();
    const onEvent: ClientOptions["onEvent"] = ({ operation }) => told.add(operation);
    const client = openrouter({ ...options("openrouter"), onEvent }).client(createClient);
    const { data } = await client.POST("/keys", { body: { name: "raw", limit_reset: "daily" } });
    expect(data?.key).toMatch(/^sk-or-v1-/);
    const { error, response } = await client.GET("/keys/{hash}", { params: { path: { hash: "none" } } });
    expect(error?.error.message).toBe("Resource not found");
    expect(response.status).toBe(404);
    expect([...told]).toEqual(["createApiKey", "getApiKey"]);
  });
});
