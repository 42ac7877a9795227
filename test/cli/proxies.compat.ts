/** The command behind a proxy that the environment names: a real one, on loopback. */
import http, { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { useProxies } from "../../src/cli/proxies.js";
import { listen } from "../helpers/loopback.js";
import { idsOf, keysmith, served, temporaryFolder, useCommand, type Environment } from "./keysmith.js";

useCommand();

/** Whether Node can use a proxy by itself: nothing is loaded then. */
const ABLE = "setGlobalProxyFromEnv" in http;

/** A proxy that opens a tunnel to wherever it is asked for one, refuses with a status, or hangs up; and what it was asked for. */
async function proxy(refusal?: number | "none") {
  const asked: string[] = [];
  const server = createServer().on("connect", (request: IncomingMessage, client: Socket) => {
    asked.push(request.url ?? "");
    client.on("error", () => undefined);
    if (refusal === "none") {
      client.destroy();
      return;
    }
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const [host = "", port] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
  });
  const { url, close } = await listen(server);
  onTestFinished(() => close());
  return { url, asked };
}

const cases: { given: string; env: (url: string) => Environment; through: boolean }[] = [
  { given: "HTTP_PROXY", env: (url) => ({ HTTP_PROXY: url }), through: true },
  { given: "http_proxy", env: (url) => ({ http_proxy: url }), through: true },
  { given: "a host that NO_PROXY names", env: (url) => ({ HTTP_PROXY: url, NO_PROXY: "127.0.0.1" }), through: false },
  { given: "NO_PROXY=*", env: (url) => ({ HTTP_PROXY: url, NO_PROXY: "*" }), through: false },
  { given: "nothing", env: () => ({}), through: false },
];

describe("the command", () => {
  it.each(cases)("goes by $given", async ({ env, through }) => {
    const { env: place } = await served();
    const { url, asked } = await proxy();
    const { code, stderr } = await keysmith(["list", "openrouter"], { env: { ...place, ...env(url) } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { host } = new URL(place["OPENROUTER_BASE_URL"] ?? "");
    expect(new Set(asked)).toEqual(new Set(through ? [host] : []));
  });

  it("knows that a create was not sent where the proxy refuses to connect", async () => {
    const { sandbox, env } = await served();
    const { url } = await proxy(403);
    const cwd = await temporaryFolder();
    const args = ["create", "openrouter", "--name", "ci", "--out", "new"];
    const { code, stderr } = await keysmith(args, { env: { ...env, HTTP_PROXY: url }, cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("Proxy response (403) !== 200 when HTTP Tunneling");
    expect(await idsOf(sandbox, "openrouter")).toEqual([]);
  });

  it.skipIf(ABLE)(
    "knows so, too, where the proxy ends the connection without a word, and asks it no more than any server",
    async () => {
      const { env } = await served();
      const { url, asked } = await proxy("none");
      const cwd = await temporaryFolder();
      const args = ["create", "openrouter", "--name", "ci", "--out", "new"];
      const { code, stderr } = await keysmith(args, { env: { ...env, HTTP_PROXY: url }, cwd });
      expect(code).toBe(1);
      expect(stderr).toContain("the proxy ended the connection");
      expect(asked).toHaveLength(3);
    },
  );

  it("refuses what is no proxy before anything is sent", async () => {
    const { sandbox, env } = await served();
    const { code, stderr } = await keysmith(["list", "openrouter"], { env: { ...env, HTTPS_PROXY: "::" } });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("HTTPS_PROXY names no proxy") as string,
    });
    expect(sandbox.requests).toEqual([]);
  });

  it("says what is missing where Node cannot use a proxy by itself, and sends nothing past it", async () => {
    const missing = () => Promise.reject(Object.assign(new Error("undici"), { code: "ERR_MODULE_NOT_FOUND" }));
    const using = useProxies({ https_proxy: "http://127.0.0.1:9" }, missing);
    await (ABLE
      ? using
      : expect(using).rejects.toThrow(/^https_proxy names a proxy, .*npm install undici@7 beside keysmith/));
  });
});
