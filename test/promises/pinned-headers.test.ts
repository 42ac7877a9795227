/** What the spec says to send with every request reaches the server, whoever makes the request. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import * as cloudflareClient from "../../generated/cloudflare/client.js";
import * as unleashClient from "../../generated/unleash/client.js";
import * as cockroachClient from "../../generated/cockroach/client.js";
import * as estuaryClient from "../../generated/estuary/client.js";
import * as openaiClient from "../../generated/openai/client.js";
import * as openaiprojectClient from "../../generated/openaiproject/client.js";
import * as openrouterClient from "../../generated/openrouter/client.js";
import {
  cloudflare,
  unleash,
  cockroach,
  estuary,
  openai,
  openaiproject,
  openrouter,
  type ClientOptions,
  type Secret,
} from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, providers, rotated, through } from "../helpers/providers.js";

/** A server that refuses everything, and keeps the headers of what it was sent. */
async function listening(): Promise<{ baseUrl: string; seen: IncomingHttpHeaders[] }> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume().on("end", () => response.writeHead(400, { "content-type": "application/json" }).end("{}"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { baseUrl: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`, seen };
}

const PINNED: Record<string, Record<string, string>> = {
  estuary: {},
  openrouter: {},
  cockroach: { "cc-version": "2024-09-16" },
  cloudflare: {},
  unleash: {},
};

/** By provider, a call of a raw client. */
const raw: Record<string, (options: ClientOptions) => Promise<unknown>> = {
  estuary: (options) => estuary(options).client(estuaryClient.createClient).GET("/user/stats"),
  openrouter: (options) => openrouter(options).client(openrouterClient.createClient).GET("/key"),
  cockroach: (options) => cockroach(options).client(cockroachClient.createClient).GET("/api/v1/api-keys"),
  openai: (options) => openai(options).client(openaiClient.createClient).GET("/organization/admin_api_keys"),
  openaiproject: (options) => {
    const params = { path: { project_id: "proj_main" } };
    const keys = openaiproject({ project: params.path.project_id, ...options });
    return keys
      .client(openaiprojectClient.createClient)
      .GET("/organization/projects/{project_id}/api_keys", { params });
  },
  cloudflare: (options) => cloudflare(options).client(cloudflareClient.createClient).GET("/user/tokens"),
  unleash: (options) => unleash(options).client(unleashClient.createClient).GET("/api/admin/api-tokens"),
};

describe.each(providers)("of $provider,", ({ provider, connect }) => {
  const calls: [string, (options: ClientOptions) => Promise<unknown>][] = [
    ["a list", (options) => failureOf(connect(options).list().toArray())],
    ["a create", (options) => failureOf(connect(options).create("ci"))],
    ["a revocation", (options) => failureOf(connect(options).revoke("abc"))],
    ["a read", (options) => failureOf(connect(options).read())],
    ["a raw client", (options) => raw[provider]?.(options) ?? Promise.resolve()],
  ];
  it.each(calls)(
    "%s carries what the spec says to send, and a caller's header of that name instead",
    async (_, call) => {
      const pinned = PINNED[provider] ?? {};
      const own = Object.fromEntries(Object.keys(pinned).map((name) => [name.toUpperCase(), "the caller's"]));
      const { baseUrl, seen } = await listening();
      await call({ apiKey: "not-a-real-key", baseUrl });
      expect(seen).toEqual([expect.objectContaining(pinned)]);
      await call({ apiKey: "not-a-real-key", baseUrl, headers: own });
      const wanted = Object.fromEntries(Object.keys(pinned).map((name) => [name, "the caller's"]));
      expect(seen[1]).toEqual(expect.objectContaining(wanted));
    },
  );

  it("a rotation sends it with every request: a sandbox that insists on it refuses none", async () => {
    const sandbox = createSandbox({ requireHeaders: true });
    const options = through(sandbox, provider);
    const { id } = sandbox.issue(provider, {});
    const store = (secret: Secret) => void secret.reveal();
    await rotated(provider, options, id, { store });
    expect(sandbox.keys(provider)).toHaveLength(2);
  });
});

it("a sandbox that insists on the headers of the spec refuses a request without them", async () => {
  const sandbox = createSandbox({ requireHeaders: true });
  const request = (headers: Record<string, string>) =>
    sandbox.fetch("https://cockroachlabs.cloud/api/v1/api-keys", {
      headers: { authorization: `Bearer ${sandbox.credentials.cockroach}`, ...headers },
    });
  expect((await request({ "cc-version": "2024-09-16" })).status).toBe(200);
  const refused = await request({});
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ message: "the header Cc-Version is missing" });
});
