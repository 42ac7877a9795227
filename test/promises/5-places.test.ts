import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { cockroach, estuary, openrouter, type ClientOptions } from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { listen } from "../helpers/loopback.js";
import { answer, faultyServer } from "./faulty-server.js";
import { failureOf, providers, through } from "../helpers/providers.js";
import { shown } from "../helpers/shown.js";

describe("what a request carries", () => {
  const sent = async (options: ClientOptions, act: (keys: ReturnType<typeof openrouter>) => Promise<unknown>) => {
    const requests: { url: string; headers: Record<string, string> }[] = [];
    const fetch: ClientOptions["fetch"] = (url, { headers }) => {
      requests.push({ url, headers: Object.fromEntries(new Headers(headers)) });
      return Promise.resolve(Response.json({ data: [] }));
    };
    await act(openrouter({ apiKey: "not-a-real-key", baseUrl: "https://example.test/v1", ...options, fetch }));
    return requests;
  };

  it("is under the base URL, whether or not that ends in a slash", async () => {
    for (const baseUrl of ["https://example.test/v1", "https://example.test/v1/"]) {
      const [request] = await sent({ baseUrl }, (keys) => keys.list().toArray());
      expect(request?.url).toBe("https://example.test/v1/keys");
    }
  });

  it("is a query that reads back as it was given, without what is left out", async () => {
    const workspaceId = "a b+c&d=é#%2F";
    const filter = { includeDisabled: true, includeExpired: undefined, workspaceId };
    const [request] = await sent({}, (keys) => keys.list(filter).toArray());
    const read = Object.fromEntries(new URL(request?.url ?? "").searchParams);
    expect(read).toEqual({ include_disabled: "true", workspace_id: workspaceId });
  });

  it("is the client's headers, replaced by the call's, however they are spelt", async () => {
    const headers = { "X-Trace": "client", "X-Other": "kept", authorization: "Bearer mine" };
    const [request] = await sent({ headers }, (keys) => keys.list({}, { headers: { "x-trace": "call" } }).toArray());
    expect(request?.headers).toEqual({
      authorization: "Bearer not-a-real-key",
      "x-other": "kept",
      "x-trace": "call",
    });
  });

  it.each([
    { title: "a value", headers: { "x-vault": "not-a-real\nvalue" }, names: '"x-vault"' },
    { title: "a name", headers: { "x vault": "not-a-real-value" }, names: '"x vault"' },
  ])(
    "has no header with $title that HTTP forbids: it is refused, and its value not shown",
    async ({ headers, names }) => {
      const sandbox = createSandbox();
      const error = await failureOf(openrouter(through(sandbox, "openrouter")).current({ headers }));
      expect(error).toMatchObject({ name: "ConfigurationError", operation: "getCurrentApiKey" });
      expect(String(error)).toContain(names);
      expect(shown(error).join("\n")).not.toContain("not-a-real");
      expect(sandbox.requests).toEqual([]);
    },
  );
});

describe("an id reaches the server as it was given, or is refused:", () => {
  const odd = [
    "a/b",
    "a?b#c",
    "../keys",
    "%2e%2e",
    "a b+c",
    "ключ",
    "😀",
    "a\\b",
    "$&$1",
    "{hash}",
    "...",
    " ",
    "\n",
    "'()*!~",
    "__proto__",
  ];
  it.each(odd)("%j", async (id) => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? "");
      response.writeHead(404).end("{}");
    });
    const { url: baseUrl, close } = await listen(server);
    onTestFinished(close);
    await failureOf(openrouter({ apiKey: "not-a-real-key", baseUrl }).get(id));
    await failureOf(cockroach({ apiKey: "not-a-real-key", baseUrl }).revoke(id));
    expect(paths.map((path) => decodeURIComponent(path.slice(path.lastIndexOf("/") + 1)))).toEqual([id, id]);
  });

  it.each(["", ".", "..", "\ud800", "a\udc00b", undefined, null, 7, {}])(
    "%j is refused before it is sent",
    async (id) => {
      const sandbox = createSandbox();
      const o = openrouter(through(sandbox, "openrouter"));
      const e = estuary(through(sandbox, "estuary"));
      for (const call of [o.get(id as string), o.revoke(id as string), e.revoke(id as string)]) {
        const error = await failureOf(call);
        expect(error).toMatchObject({ name: "BadRequestError" });
        expect(error).not.toHaveProperty("status");
      }
      expect(sandbox.requests).toEqual([]);
    },
  );
});

describe("plain http reaches only loopback", () => {
  it.each([
    { baseUrl: "http://localhost:4010/x", allowed: true },
    { baseUrl: "http://api.localhost", allowed: true },
    { baseUrl: "http://127.0.0.1", allowed: true },
    { baseUrl: "http://127.8.9.1:1", allowed: true },
    { baseUrl: "http://[::1]:4010", allowed: true },
    { baseUrl: "https://openrouter.ai/api/v1", allowed: true },
    { baseUrl: "http://openrouter.ai/api/v1", allowed: false },
    { baseUrl: "http://localhost.evil.example", allowed: false },
    { baseUrl: "http://127.0.0.1.evil.example", allowed: false },
    { baseUrl: "http://10.0.0.1", allowed: false },
    { baseUrl: "http://0.0.0.0", allowed: false },
    { baseUrl: "ftp://localhost", allowed: false },
    { baseUrl: "file:///etc", allowed: false },
  ])("$baseUrl: $allowed", ({ baseUrl, allowed }) => {
    const make = () => openrouter({ apiKey: "not-a-real-key", baseUrl });
    if (allowed) make();
    else expect(make).toThrow("must be https");
  });

  it("unless allowInsecure says otherwise", () => {
    openrouter({ apiKey: "not-a-real-key", baseUrl: "http://10.0.0.1", allowInsecure: true });
    expect(() => openrouter({ apiKey: "not-a-real-key", baseUrl: "ftp://10.0.0.1", allowInsecure: true })).toThrow(
      "must be https",
    );
  });
});

describe.each(providers)("redirects are refused ($provider):", ({ connect }) => {
  it.each([301, 302, 303, 307, 308])("%i", async (status) => {
    const elsewhere = await faultyServer(answer(200, "{}"));
    const server = await faultyServer(answer(status, "", { location: elsewhere.url }));
    const keys = connect({ apiKey: "not-a-real-key", baseUrl: server.url });
    expect(await failureOf(keys.read())).toMatchObject({
      name: "InvalidResponseError",
      status,
      message: expect.stringContaining("redirect") as string,
    });
    expect(server.requests).toHaveLength(1);
    expect(elsewhere.requests).toEqual([]);
  });
});

describe("an Estuary token never stands in a URL", () => {
  const hash = (token: string) => createHash("sha256").update(token).digest("base64url");
  const urlsOf = (sandbox: ReturnType<typeof createSandbox>) => {
    const urls: string[] = [];
    const fetch = (url: string, init: RequestInit) => {
      urls.push(url);
      return sandbox.fetch(url, init);
    };
    return { urls, keys: estuary({ apiKey: sandbox.credentials.estuary, fetch }) };
  };

  it.each([{ confirm: true }, { confirm: false }])(
    "when it is revoked by its plaintext ($confirm)",
    async ({ confirm }) => {
      const sandbox = createSandbox();
      const { urls, keys } = urlsOf(sandbox);
      const { secret } = await keys.create();
      await keys.revoke(secret.reveal(), { confirm });
      expect(urls.join(" ")).toContain(hash(secret.reveal()));
      expect(urls.join(" ")).not.toContain(secret.reveal());
      expect(sandbox.keys("estuary").map(({ tokenHash }) => tokenHash)).not.toContain(hash(secret.reveal()));
    },
  );

  it("but for a listed key of an old server that has no hash", async () => {
    const sandbox = createSandbox();
    const { secret } = sandbox.issue("estuary", { label: "old", legacy: true });
    const { urls, keys } = urlsOf(sandbox);
    const [old] = (await keys.list().toArray()).filter(({ name }) => name === "old");
    expect(old?.id).toBe(hash(secret));
    expect(JSON.stringify(old)).not.toContain(secret);
    await keys.revoke(old?.id ?? "");
    expect(urls.filter((url) => url.includes(secret))).toHaveLength(1);
    expect((await keys.list().toArray()).map(({ name }) => name)).not.toContain("old");
  });

  it("and a server of before v0.1.11, which knows no hash at all, is served", async () => {
    const sandbox = createSandbox({ estuaryVersion: "v0.1.10" });
    const { keys } = urlsOf(sandbox);
    const created = await keys.create({ expiresIn: "1h" });
    expect(created.id).toBe(hash(created.secret.reveal()));
    await keys.revoke(created);
    expect(await failureOf(keys.revoke(created))).toMatchObject({ name: "NotFoundError" });
  });
});

describe("Estuary's revoke looks, since every answer is 200:", () => {
  it("a key that is not there is an error, and nothing is sent to revoke it", async () => {
    const sandbox = createSandbox();
    expect(await failureOf(estuary(through(sandbox, "estuary")).revoke("A".repeat(43)))).toMatchObject({
      name: "NotFoundError",
    });
    expect(sandbox.requests.map(({ operation }) => operation)).toEqual(["listApiKeys"]);
  });

  it("a key that is still there is an error", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("estuary");
    const fetch = (url: string, init: RequestInit) =>
      init.method === "DELETE" ? Promise.resolve(new Response(null)) : sandbox.fetch(url, init);
    const error = await failureOf(estuary({ apiKey: sandbox.credentials.estuary, fetch }).revoke(id));
    expect(error).toMatchObject({ name: "ServerError", message: expect.stringContaining("still lists it") as string });
  });

  it("confirm: false does not look", async () => {
    const sandbox = createSandbox();
    await estuary(through(sandbox, "estuary")).revoke("A".repeat(43), { confirm: false });
    expect(sandbox.requests.map(({ operation }) => operation)).toEqual(["deleteApiKey"]);
  });

  it("a credential can revoke itself, after which it can no longer look", async () => {
    const sandbox = createSandbox();
    const { id, secret } = sandbox.issue("estuary", { label: "own" });
    let revoked = false;
    const fetch = async (url: string, init: RequestInit) => {
      // The server's cache of credentials has just expired.
      if (revoked)
        return Response.json({ error: { code: 401, reason: "ERR_INVALID_TOKEN", details: "" } }, { status: 401 });
      revoked = init.method === "DELETE";
      return sandbox.fetch(url, init);
    };
    await estuary({ apiKey: secret, fetch }).revoke(id);
    expect(sandbox.keys("estuary").map(({ tokenHash }) => tokenHash)).not.toContain(id);
  });
});

describe("what Estuary would answer with a 500, or an expired key, is refused before it is sent:", () => {
  it.each([
    "",
    "30",
    "0",
    "0h",
    "-1h",
    "1month",
    "1.2.3h",
    "1.5.5d",
    "false",
    "1e3h",
    "9999999999h",
    "d",
    "h30",
    "99999999999999999999999d",
  ])("%j", async (expiresIn) => {
    const sandbox = createSandbox();
    const error = await failureOf(estuary(through(sandbox, "estuary")).create({ expiresIn }));
    expect(error).toMatchObject({
      name: "BadRequestError",
      message: expect.stringContaining("no duration above zero") as string,
    });
    expect(sandbox.requests).toEqual([]);
  });

  it.each([
    { expiresIn: undefined, hours: 720 },
    { expiresIn: "720h", hours: 720 },
    { expiresIn: "30d", hours: 720 },
    { expiresIn: "2w", hours: 336 },
    { expiresIn: "1w2d3h30m", hours: 219.5 },
    { expiresIn: "1.5d", hours: 36 },
    { expiresIn: ".5h", hours: 0.5 },
    { expiresIn: "+1h", hours: 1 },
    { expiresIn: "60µm".replace("µm", "m"), hours: 1 },
    { expiresIn: "3600000000µs", hours: 1 },
    { expiresIn: "never", hours: 24 * 365 * 100 },
  ])("while $expiresIn lives for $hours hours", async ({ expiresIn, hours }) => {
    const now = Date.UTC(2027, 0, 1);
    const sandbox = createSandbox({ now: () => now });
    const { expiresAt = "" } = await estuary(through(sandbox, "estuary")).create({ expiresIn });
    const lived = (Date.parse(expiresAt) - now) / 3_600_000;
    expect(Math.abs(lived - hours)).toBeLessThan(expiresIn === "never" ? 24 * 31 : 0.001);
  });
});

describe("an update that changes nothing is refused before it is sent:", () => {
  it.each([{}, { name: undefined }])("%j", async (patch) => {
    const sandbox = createSandbox();
    const c = cockroach(through(sandbox, "cockroach"));
    const o = openrouter(through(sandbox, "openrouter"));
    for (const call of [c.update("a", patch as { name: string }), o.update("a", patch)]) {
      expect(await failureOf(call)).toMatchObject({
        name: "BadRequestError",
        message: expect.stringContaining("nothing to set") as string,
      });
    }
    expect(sandbox.requests).toEqual([]);
  });
});

it("src/ outside cli/, files/ and fleet/, which need a file system or a database, imports nothing from Node", () => {
  const src = new URL("../../src/", import.meta.url);
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !/^(cli|files|fleet)\//.test(file),
  );
  expect(files.length).toBeGreaterThan(15);
  const importing = files.filter((file) =>
    /from "node:|import\("node:|require\(/.test(readFileSync(new URL(file, src), "utf8")),
  );
  expect(importing).toEqual([]);
});
