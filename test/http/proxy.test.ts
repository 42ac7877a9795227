/** Through a proxy, where one request more than a provider's own can be refused. */
import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ProxyAgent } from "undici";
import { openrouter } from "../../src/index.js";
import { listen } from "../helpers/loopback.js";
import { failureOf } from "../helpers/providers.js";

type Tunnel = (client: Socket, request: IncomingMessage) => void;

/** A create through a proxy that does this with the tunnel that it is asked for, and how often it was asked. */
async function throughProxy(tunnel: Tunnel, baseUrl?: string) {
  let asked = 0;
  const server = createServer().on("connect", (request: IncomingMessage, client: Socket) => {
    asked++;
    client.on("error", () => undefined);
    tunnel(client, request);
  });
  const { url, close } = await listen(server);
  const dispatcher = new ProxyAgent(url);
  onTestFinished(async () => {
    await dispatcher.destroy();
    await close();
  });
  const keys = openrouter({
    apiKey: "not-a-real-key",
    baseUrl,
    allowInsecure: true,
    maxRetries: 0,
    // As the guide has it.
    fetch: (url, init) => fetch(url, Object.assign({}, init, { dispatcher })),
  });
  return { failure: await failureOf(keys.create({ name: "ci" })), asked: () => asked };
}

describe("a create through a proxy", () => {
  it.each([403, 407, 502])("that answers CONNECT with %i was never sent: that is no doubt", async (status) => {
    const { failure, asked } = await throughProxy((client) =>
      client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`),
    );
    expect(failure).toMatchObject({ name: "ConnectionError" });
    expect(String(failure)).toContain(String(status));
    expect(asked()).toBe(1);
  });

  it.each<{ when: string; tunnel: Tunnel }>([
    { when: "it is asked for a tunnel", tunnel: (client) => client.resetAndDestroy() },
    {
      when: "the request was in the tunnel",
      tunnel: (client) => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        client.once("data", () => client.resetAndDestroy());
      },
    },
  ])("that breaks off when $when is a doubt: nobody knows what went through", async ({ tunnel }) => {
    const { failure } = await throughProxy(tunnel);
    expect(failure).toMatchObject({ name: "CreateOutcomeUnknownError" });
  });

  it("that opens the tunnel reaches the server", async () => {
    const server = await listen(
      createServer((_request, response) => response.writeHead(403).end('{"error":{"message":"a refusal of its own"}}')),
    );
    onTestFinished(server.close);
    const tunnel: Tunnel = (client) => {
      const there = connect(server.port, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
      there.on("error", () => undefined);
      client.pipe(there).pipe(client);
    };
    const { failure, asked } = await throughProxy(tunnel, server.url);
    expect(failure).toMatchObject({ name: "PermissionError" });
    expect(String(failure)).toContain("a refusal of its own");
    expect(asked()).toBe(1);
  });
});
