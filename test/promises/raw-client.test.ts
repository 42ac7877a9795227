import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { createClient, type Client } from "../../generated/openrouter/index.js";
import { openrouter, type ClientOptions } from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { listen } from "../helpers/loopback.js";
import { failureOf, through } from "../helpers/providers.js";

const BASE_URL = "https://example.test/api/v1";

/** A raw client, and the URLs that it sends something to. */
function recording(options: ClientOptions = {}) {
  const urls: string[] = [];
  const fetch: ClientOptions["fetch"] = (url) => {
    urls.push(url);
    return Promise.resolve(Response.json({ data: {} }, { headers: { "x-kept": "yes" } }));
  };
  const keys = openrouter({ apiKey: "not-a-real-key", baseUrl: BASE_URL, fetch, ...options });
  return { keys, client: keys.client(createClient), urls };
}

describe("a raw client sends the credential nowhere but below the base URL:", () => {
  const elsewhere = "http://elsewhere.example/api/v1";
  const hash = (value: string) => ({ params: { path: { hash: value } } });
  it.each<{ title: string; send: (client: Client) => Promise<unknown> }>([
    { title: "another base URL", send: (client) => client.GET("/keys", { baseUrl: elsewhere }) },
    {
      title: "a host that begins alike",
      send: (client) => client.GET("/keys", { baseUrl: `${BASE_URL}.evil.example` }),
    },
    { title: "an empty id", send: (client) => client.DELETE("/keys/{hash}", hash("")) },
    { title: "the id .", send: (client) => client.DELETE("/keys/{hash}", hash(".")) },
    { title: "the id ..", send: (client) => client.DELETE("/keys/{hash}", hash("..")) },
    { title: "an encoded ..", send: (client) => client.request("get", "/keys/%2E%2e" as "/keys") },
    {
      title: "a middleware's request",
      send: (client) => {
        client.use({ onRequest: () => new Request(`${elsewhere}/keys`) });
        return client.GET("/keys");
      },
    },
  ])("not to $title", async ({ send }) => {
    const { client, urls } = recording();
    expect(await failureOf(send(client))).toMatchObject({ name: "BadRequestError", provider: "openrouter" });
    expect(urls).toEqual([]);
  });

  it("nor where createClient was told to", async () => {
    const { keys, urls } = recording();
    const client = keys.client((transport) => createClient({ ...transport, baseUrl: elsewhere }));
    expect(await failureOf(client.GET("/keys"))).toMatchObject({ name: "BadRequestError" });
    expect(urls).toEqual([]);
  });

  it.each(["HTTPS://Example.test/api/v1", "https://example.test:443/api/v1/"])(
    "but to where a base URL leads that is written as %s",
    async (baseUrl) => {
      const { client, urls } = recording({ baseUrl });
      await client.GET("/keys/{hash}", hash("a/../b?c#d"));
      client.use({ onRequest: ({ request }) => new Request(request) });
      await client.GET("/key");
      expect(urls).toEqual([`${BASE_URL}/keys/a%2F..%2Fb%3Fc%23d`, `${BASE_URL}/key`]);
    },
  );
});

describe("a raw client is openapi-fetch's, with", () => {
  it("every way to read an answer", async () => {
    const { client } = recording();
    expect((await client.GET("/key", { parseAs: "text" })).data).toBe('{"data":{}}');
    expect(await (await client.GET("/key", { parseAs: "blob" })).data?.text()).toBe('{"data":{}}');
    expect((await client.GET("/key", { parseAs: "arrayBuffer" })).data?.byteLength).toBe(11);
    const { data } = await client.GET("/key", { parseAs: "stream" });
    expect(await new Response(data).text()).toBe('{"data":{}}');
  });

  it("middlewares that read and replace requests and answers", async () => {
    const sandbox = createSandbox();
    const client = openrouter(through(sandbox, "openrouter")).client(createClient);
    const seen: unknown[] = [];
    client.use({
      onRequest: async ({ request }) => {
        seen.push(request.headers.get("authorization"), await request.clone().text());
        const body = request.method === "POST" ? JSON.stringify({ name: "by a middleware" }) : null;
        return new Request(request.url, { method: request.method, headers: request.headers, body });
      },
      onResponse: async ({ response }) => {
        seen.push(((await response.clone().json()) as { data?: { name?: string } }).data?.name);
        return new Response(response.body, { status: response.status, headers: { "x-seen": "yes" } });
      },
    });
    const { data, response } = await client.POST("/keys", { body: { name: "asked" } });
    expect(data?.data.name).toBe("by a middleware");
    expect(response.headers.get("x-seen")).toBe("yes");
    const read = await client.GET("/keys/{hash}", { params: { path: { hash: data?.data.hash ?? "" } } });
    expect(read.data?.data.name).toBe("by a middleware");
    expect(seen).toEqual([null, '{"name":"asked"}', "by a middleware", null, "", "by a middleware"]);
  });

  it("the caller's signal", async () => {
    const { client } = recording();
    const reason = new Error("enough");
    await expect(client.GET("/key", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("answers without a body", async () => {
    const fetch = () => Promise.resolve(new Response(null, { status: 204 }));
    const { client } = recording({ fetch });
    const { data, error, response } = await client.GET("/key");
    expect({ data, error, status: response.status }).toEqual({ data: undefined, error: undefined, status: 204 });
  });
});

it("a create that a raw client lost is not called worth a repetition", async () => {
  let posts = 0;
  const server = createServer((request) => {
    posts++;
    request.resume().on("end", () => request.socket.destroy());
  });
  const { url, close } = await listen(server);
  onTestFinished(close);
  const client = openrouter({ apiKey: "not-a-real-key", baseUrl: url }).client(createClient);
  const error = await failureOf(client.POST("/keys", { body: { name: "a" } }));
  expect(error).toMatchObject({ name: "ConnectionError", retryable: false });
  expect(posts).toBe(1);
});
