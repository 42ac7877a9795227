/** What key APIs are made of, each said by a spec alone and obeyed by what every facade is made of. */
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect } from "../../src/connection.js";
import { createChosen } from "../../src/chosen.js";
import { sameName } from "../../src/create.js";
import { isKeysmithError, type CallOptions } from "../../src/index.js";
import { toApiKey } from "../../src/key.js";
import type { OwnOptions } from "../../src/settings.js";
import { listen } from "../helpers/loopback.js";
import { changedSpec, tableOf } from "../helpers/specs.js";

type Json = Record<string, unknown>;

const SCHEMAS = "/components/schemas";
const FIELDS = `${SCHEMAS}/ApiKey/x-key-fields`;
const PROPERTIES = `${SCHEMAS}/ApiKey/properties`;
const LIST = "/paths/~1keys/get";
const CREATE = "/paths/~1keys/post";

interface Asked {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

interface Answered {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

let asked: Asked[];
let answer: (request: Asked) => Answered;
let server: Awaited<ReturnType<typeof listen>>;

beforeEach(async () => {
  asked = [];
  server = await listen(
    createServer((request, response) => {
      void text(request).then((body) => {
        const { method = "", url = "", headers } = request;
        const one = { method, url, headers, body };
        asked.push(one);
        const { status = 200, headers: more = {}, body: answered } = answer(one);
        response.writeHead(status, more).end(answered === undefined ? "" : JSON.stringify(answered));
      });
    }),
  );
});
afterEach(() => server.close());

function connected(changes: Json, own?: OwnOptions, apiKey = "not-a-real-key") {
  const api = tableOf("openrouter", changes);
  const connection = connect(api, { apiKey, baseUrl: server.url, maxRetries: 0 }, own);
  const toKey = (row: Json) => toApiKey(api, row);
  const list = (query = {}) => connection.list("listApiKeys", {}, query, toKey);
  return {
    api,
    list,
    get: (key: string) => connection.call("getApiKey", {}, { key, result: (body) => body }),
    revoke: (key: string) => connection.call("deleteApiKey", {}, { key, result: () => undefined }),
    create: (body: Json) =>
      connection.create("createApiKey", {}, { body, toKey, list: () => list(), matches: () => undefined }),
  };
}

async function failureOf(promise: Promise<unknown>): Promise<{ kind: string; message: string }> {
  const error = await promise.then(
    () => new Error("did not fail"),
    (error: unknown) => error,
  );
  return isKeysmithError(error)
    ? { kind: error.kind, message: error.message }
    : { kind: "none", message: String(error) };
}

describe("parents in the path", () => {
  const parent = (name: string, more = {}) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
    "x-option": name,
    ...more,
  });
  /** Every path below an account, and a get below a project, too. */
  function below(): Json {
    const paths = changedSpec("openrouter", {})["paths"] as Record<string, Json>;
    const moved = Object.entries(paths).map(([path, item]) => [
      `/accounts/{account}${path}`,
      { ...item, parameters: [parent("account", { "x-env": "SOME_ACCOUNT" }), ...((item["parameters"] ?? []) as [])] },
    ]);
    return Object.fromEntries(moved) as Json;
  }

  it("are given when the facade is made, and stand before the id, each encoded", async () => {
    answer = () => ({ body: { data: {} } });
    const { get, revoke } = connected({ "/paths": below() }, { account: "a/b?" });
    await get("k 1");
    await revoke("k2");
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /accounts/a%2Fb%3F/keys/k%201",
      "DELETE /accounts/a%2Fb%3F/keys/k2",
    ]);
  });

  it("come from the environment, too", async () => {
    answer = () => ({ body: { data: [] } });
    vi.stubEnv("SOME_ACCOUNT", "acme");
    await connected({ "/paths": below() }).list().toArray();
    expect(asked.map(({ url }) => url)).toEqual(["/accounts/acme/keys"]);
  });

  it.each(["", ".", "..", "\ud800", `sk-or-v1-${"a".repeat(64)}`])("are refused where they are %j", (account) => {
    expect(() => connected({ "/paths": below() }, { account })).toThrow(/account/);
    expect(asked).toEqual([]);
  });

  it("are asked for at once where every path has them", () => {
    expect(() => connected({ "/paths": below() })).toThrow("there is no account. Pass account, or set SOME_ACCOUNT.");
  });

  it("are asked for when they are needed, where not every path has them", async () => {
    const { list, get } = connected({
      "/paths/~1keys~1{hash}": undefined,
      "/paths/~1projects~1{project}~1keys~1{hash}": {
        get: {
          operationId: "getApiKey",
          parameters: [parent("project"), { name: "hash", in: "path", required: true, schema: { type: "string" } }],
          responses: { 200: { description: "A key.", content: { "application/json": { schema: {} } } } },
        },
      },
    });
    answer = () => ({ body: { data: [] } });
    await list().toArray();
    expect(await failureOf(get("k1"))).toMatchObject({
      kind: "configuration",
      message: expect.stringContaining("no project") as string,
    });
    expect(asked).toHaveLength(1);
  });
});

describe("keys whose fields are of other kinds", () => {
  it("have ids as text, also where they are numbers", async () => {
    answer = () => ({ body: { data: [{ hash: 7 }, { hash: 8 }].slice(asked.length > 1 ? 1 : 0) } });
    const { list } = connected({ [`${PROPERTIES}/hash/type`]: "integer" });
    expect((await list().toArray()).map(({ id }) => id)).toEqual(["7", "8"]);
  });

  it.each([2 ** 53, 1.5, -Number.MAX_VALUE, true, null])(
    "are no keys where the id is %j: another one could be meant",
    async (hash) => {
      answer = () => ({ body: { data: [{ hash }] } });
      const { list } = connected({ [`${PROPERTIES}/hash/type`]: "integer" });
      expect(await failureOf(list().toArray())).toMatchObject({ kind: "invalid-response" });
    },
  );

  it.each([
    { format: "unixtime", given: 1_800_000_000, want: "2027-01-15T08:00:00.000Z" },
    { format: "unixtime-ms", given: 1_800_000_000_123, want: "2027-01-15T08:00:00.123Z" },
    { format: "unixtime", given: 1e300, want: undefined },
    { format: "unixtime", given: null, want: undefined },
    { format: "unixtime", given: 0, want: "1970-01-01T00:00:00.000Z" },
  ])("tell times as RFC 3339: $given of $format is $want", ({ format, given, want }) => {
    const api = tableOf("openrouter", { [`${PROPERTIES}/created_at`]: { type: ["integer", "null"], format } });
    expect(toApiKey(api, { hash: "h", created_at: given }).createdAt).toBe(want);
  });

  it.each([
    { status: "active", want: false },
    { status: "disabled", want: true },
    { status: "blocked", want: true },
    { status: 7, want: undefined },
  ])("say by a word whether they are switched off: $status is $want", ({ status, want }) => {
    const api = tableOf("openrouter", {
      [`${PROPERTIES}/status`]: { type: "string", enum: ["active", "disabled", "blocked"] },
      [FIELDS]: { id: "/hash", disabled: "/status", disabledWhen: ["disabled", "blocked"] },
    });
    expect(toApiKey(api, { hash: "h", status }).disabled).toBe(want);
  });
});

describe("several secrets", () => {
  const password = { type: "string", format: "password" };
  const changes = {
    [`${SCHEMAS}/CreateApiKeyResponse/properties/client_secret`]: password,
    [`${CREATE}/x-key-secret`]: "/client_secret",
  };

  it("come each as a secret: the key's own, and the others by their names", async () => {
    answer = () => ({
      status: 201,
      body: {
        key: "not-a-real-first",
        client_secret: "not-a-real-second",
        data: { hash: "h", name: "not-a-real-first" },
      },
    });
    const { create } = connected(changes);
    const created = await create({ name: "ci" });
    expect(created.secret.reveal()).toBe("not-a-real-second");
    expect(created.secrets?.["key"]?.reveal()).toBe("not-a-real-first");
    expect(JSON.stringify(created)).not.toContain("not-a-real");
  });

  it("are a doubt where the key's own is missing", async () => {
    answer = () => ({ status: 201, body: { key: "not-a-real-first", data: { hash: "h" } } });
    expect(await failureOf(connected(changes).create({ name: "ci" }))).toMatchObject({
      kind: "outcome-unknown",
    });
  });
});

describe("a create whose caller chooses what the key will be", () => {
  const password = { type: "string", format: "password" };
  const REQUEST = `${SCHEMAS}/CreateApiKeyRequest/properties`;
  const SHOWN = { [`${PROPERTIES}/value`]: password, [`${CREATE}/x-key-secret`]: "/key" };
  const BOTH = {
    [`${REQUEST}/value`]: password,
    [`${REQUEST}/uid`]: { type: "string" },
    [`${CREATE}/x-key-chosen`]: { secret: "/value", id: "/uid" },
    [`${SCHEMAS}/CreateApiKeyResponse/properties/key`]: password,
  };
  const body = { name: "ci", value: "not-a-real-value", uid: "u1" };

  function creating(changes: Json, options?: CallOptions) {
    const api = tableOf("openrouter", { ...BOTH, ...changes });
    const connection = connect(api, { apiKey: "not-a-real-key", baseUrl: server.url, maxRetries: 0 });
    return createChosen(connection, api, "createApiKey", options, {
      body,
      toKey: ({ data, ...row }) => toApiKey(api, data === undefined ? row : (data as Json)),
      list: (options, toKey) => connection.list("listApiKeys", options, {}, toKey),
      matches: sameName("ci"),
    });
  }

  /** Every create's answer is lost; the list has these rows, and then no more. */
  function losing(rows: Json[]): void {
    answer = ({ method, url }) =>
      method === "POST" ? { status: 502 } : { body: { data: url.includes("offset") ? [] : rows } };
  }

  /** Made when it is listed, not when the table was, which may be long before. */
  const row = (more: Json) => ({
    hash: "h1",
    name: "ci",
    get created_at() {
      return new Date().toISOString();
    },
    ...more,
  });
  const posts = () => asked.filter(({ method }) => method === "POST").length;

  it.each([
    {
      given: "the list shows the plaintext",
      rows: [row({ value: body.value }), row({ hash: "h2", value: "another" })],
      changes: SHOWN,
      id: "h1",
    },
    { given: "the list has the id", rows: [row({ hash: "u1" }), row({ hash: "h2" })], changes: {}, id: "u1" },
    {
      given: "the id was chosen, and the list shows the plaintext",
      rows: [row({ hash: "u1", value: body.value })],
      changes: { ...SHOWN, [`${CREATE}/x-key-chosen`]: { id: "/uid" } },
      id: "u1",
    },
  ])("ends the doubt of a lost answer where $given, and is sent once", async ({ rows, changes, id }) => {
    losing(rows);
    const { data, status } = await creating(changes).withResponse();
    expect([data.id, data.name, data.secret.reveal(), status]).toEqual([id, "ci", body.value, 502]);
    expect(JSON.stringify(data)).not.toContain(body.value);
    expect(posts()).toBe(1);
  });

  it.each([
    { given: "nothing is listed", rows: [], changes: SHOWN },
    {
      given: "a key shows another plaintext, though it has the id",
      rows: [row({ hash: "u1", value: "another" })],
      changes: SHOWN,
    },
    { given: "only the name is the same", rows: [row({})], changes: {} },
    { given: "the id was there before", rows: [row({ hash: "u1", created_at: "2020-01-01T00:00:00Z" })], changes: {} },
    {
      given: "nothing tells when the key of the id was made",
      rows: [row({ hash: "u1", created_at: null })],
      changes: {},
    },
    {
      given: "the id alone was chosen, and no list shows the plaintext",
      rows: [row({ hash: "u1" })],
      changes: { [`${CREATE}/x-key-chosen`]: { id: "/uid" } },
    },
    { given: "the list cannot be read", rows: [{}], changes: SHOWN },
  ])("stays a doubt where $given", async ({ rows, changes }) => {
    losing(rows);
    const failure = await failureOf(creating(changes));
    expect(failure.kind).toBe("outcome-unknown");
    expect(failure.message).not.toContain(body.value);
    expect(posts()).toBe(1);
  });

  it("is not looked for once its caller has given up", async () => {
    const controller = new AbortController();
    answer = () => {
      controller.abort();
      return { status: 502 };
    };
    expect((await failureOf(creating(SHOWN, { signal: controller.signal }))).kind).toBe("outcome-unknown");
    expect(asked.map(({ method }) => method)).toEqual(["POST"]);
  });

  it("gives what the answer has where it came", async () => {
    answer = () => ({ status: 201, body: { key: body.value, data: row({ hash: "u1" }) } });
    const { data, status } = await creating({}).withResponse();
    expect([data.id, data.secret.reveal(), status, asked.length]).toEqual(["u1", body.value, 201, 1]);
  });
});

describe("credentials", () => {
  const SCHEMES = "/components/securitySchemes";

  it("go as user and password", async () => {
    answer = () => ({ body: { data: [] } });
    const basic = { [`${SCHEMES}/bearerAuth`]: { type: "http", scheme: "basic" } };
    await connected(basic, {}, "müller:not a real: password").list().toArray();
    const sent = Buffer.from(String(asked[0]?.headers.authorization).replace("Basic ", ""), "base64").toString();
    expect(sent).toBe("müller:not a real: password");
    expect(() => connected(basic, {}, "not-a-real-key")).toThrow("is not user:password");
  });

  it.each(["notarealpassword", "notapw"])("are in no error, not the password %s alone either", async (password) => {
    answer = () => ({ status: 400, body: { error: { message: `no ${password} here` } } });
    const basic = { [`${SCHEMES}/bearerAuth`]: { type: "http", scheme: "basic" } };
    const { message } = await failureOf(connected(basic, {}, `user:${password}`).list().toArray());
    expect(message).not.toContain(password);
  });

  it("go in several headers", async () => {
    answer = () => ({ body: { data: [] } });
    const two = {
      [`${SCHEMES}/bearerAuth`]: { type: "apiKey", in: "header", name: "X-Api-Key" },
      [`${SCHEMES}/app`]: {
        type: "apiKey",
        in: "header",
        name: "X-App-Key",
        "x-option": "appKey",
        "x-env": "SOME_APP_KEY",
      },
      "/security": [{ bearerAuth: [], app: [] }],
    };
    await connected(two, { appKey: "not-a-real-app" }).list().toArray();
    expect(asked[0]?.headers).toMatchObject({ "x-api-key": "not-a-real-key", "x-app-key": "not-a-real-app" });
    expect(() => connected(two)).toThrow("there is no credential. Pass appKey, or set SOME_APP_KEY.");
    vi.stubEnv("SOME_APP_KEY", "not-a-real-app");
    expect(() => connected(two)).not.toThrow();
  });

  it("are never sent to a server that only an example names", () => {
    const api = tableOf("openrouter", { "/servers/0/x-self-hosted": true });
    expect(() => connect(api, { apiKey: "not-a-real-key" })).toThrow("Pass baseUrl, or set OPENROUTER_BASE_URL.");
  });
});

describe("bodies", () => {
  it("go as a form where that is what is taken", async () => {
    answer = () => ({ status: 201, body: { key: "not-a-real-secret", data: { hash: "h" } } });
    const schema = { type: "object", properties: { name: { type: "string" }, limit: { type: "number" } } };
    const form = { "application/x-www-form-urlencoded": { schema } };
    const { create } = connected({ [`${CREATE}/requestBody/content`]: form });
    await create({ name: "a & b", limit: 5, more: undefined });
    expect(asked[0]).toMatchObject({
      body: "name=a+%26+b&limit=5",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  });
});

describe("an envelope", () => {
  const changes = {
    "/x-envelope": { success: "/success", result: "/result" },
    ...Object.fromEntries(
      ["keys/get", "keys/post", "key/get", "keys~1{hash}/get", "keys~1{hash}/patch", "keys~1{hash}/delete"].map(
        (operation) => [
          `/paths/~1${operation}/responses`,
          {
            [operation === "keys/post" ? 201 : 200]: {
              description: "Done.",
              content: {
                "application/json": {
                  schema: {
                    type: "object",
                    properties: {
                      success: { type: "boolean" },
                      result:
                        operation === "keys/get"
                          ? { type: "array", items: { $ref: "#/components/schemas/ApiKey" } }
                          : { type: "object", properties: { value: { type: "string", format: "password" } } },
                    },
                  },
                },
              },
            },
          },
        ],
      ),
    ),
    [`${LIST}/x-redoclyPagination`]: undefined,
  };
  const refused = { success: false, errors: [{ code: 1001, message: "too many tokens" }], result: null };

  it("is taken off", async () => {
    answer = () => ({ body: { success: true, result: { name: "a", value: "not-a-real-secret" } } });
    expect(await connected(changes).get("k1")).toEqual({ name: "a" });
  });

  it("that says no is an error with the server's words, and of a create no doubt", async () => {
    answer = () => ({ body: refused });
    const { create, get, revoke } = connected(changes);
    for (const call of [() => create({ name: "ci" }), () => get("k1"), () => revoke("k1")]) {
      const failure = await failureOf(call());
      expect(failure).toMatchObject({
        kind: "bad-request",
        message: expect.stringContaining("too many tokens") as string,
      });
    }
  });

  it.each([{ success: true }, { success: "true", result: {} }, { result: {} }, {}, []])(
    "that is %j of a create is a doubt",
    async (body) => {
      answer = () => ({ body });
      expect(await failureOf(connected(changes).create({ name: "ci" }))).toMatchObject({
        kind: "outcome-unknown",
      });
    },
  );

  it.each([{ body: {} }, { status: 204 }])("that is missing says nothing of a revocation: %j", async (missing) => {
    answer = () => missing;
    expect(await failureOf(connected(changes).revoke("k1"))).toMatchObject({ kind: "invalid-response" });
  });
});

describe("lists", () => {
  const rowsOf = (ids: string[]) => ids.map((hash) => ({ hash, name: hash }));
  const number = (name: string, more = {}) => ({ name, in: "query", schema: { type: "integer", ...more } });
  const answers = `${SCHEMAS}/ListApiKeysResponse`;
  const query = ({ url }: Asked) => new URL(url, "http://localhost").searchParams;
  const styles = {
    cursor: {
      [`${LIST}/parameters`]: [{ name: "after", in: "query", schema: { type: "string" } }],
      [`${LIST}/x-redoclyPagination`]: {
        style: "cursor",
        cursorParam: "after",
        nextCursor: "/data/-1/hash",
        hasMore: "/more",
        items: "/data",
      },
      [`${answers}/properties/more`]: { type: "boolean" },
    },
    page: {
      [`${LIST}/parameters`]: [number("page"), number("per_page", { maximum: 50 })],
      [`${LIST}/x-redoclyPagination`]: { style: "page", offsetParam: "page", limitParam: "per_page", items: "/data" },
    },
    link: { [`${LIST}/x-redoclyPagination`]: { style: "link", items: "/data" } },
    "body-link": {
      [`${LIST}/x-redoclyPagination`]: { style: "body-link", nextLink: "/next", items: "/data" },
      [`${answers}/properties/next`]: { type: ["string", "null"] },
    },
  };

  it("go on behind the last row, as long as there is more", async () => {
    const all = ["a", "b", "c", "d", "e"];
    answer = (request) => {
      const from = all.indexOf(query(request).get("after") ?? "") + 1;
      return { body: { data: rowsOf(all.slice(from, from + 2)), more: from + 2 < all.length } };
    };
    expect((await connected(styles.cursor).list().toArray()).map(({ id }) => id)).toEqual(all);
    expect(asked.map(({ url }) => url)).toEqual(["/keys", "/keys?after=b", "/keys?after=d"]);
  });

  it.each([
    {
      given: "a header",
      style: "link",
      next: (url: string) => ({ headers: { link: `<https://x.test/>; rel="first", <${url}>; rel="next"` } }),
    },
    {
      given: "a header without quotes",
      style: "link",
      next: (url: string) => ({ headers: { link: `<${url}>;rel=next` } }),
    },
    { given: "the body", style: "body-link", next: (url: string) => ({ body: { next: url } }) },
  ] as const)("follow the link of $given, at their own place alone", async ({ style, next }) => {
    answer = (request) => {
      const place = query(request).get("at") ?? "0";
      // Whoever leads elsewhere is not followed there.
      const more = place === "2" ? undefined : next(`https://elsewhere.test/other?at=${Number(place) + 1}&tag=x&tag=y`);
      return {
        headers: more && "headers" in more ? more.headers : {},
        body: { data: rowsOf([place]), ...(more && "body" in more ? more.body : {}) },
      };
    };
    const { list } = connected(styles[style]);
    expect((await list({ include_disabled: true }).toArray()).map(({ id }) => id)).toEqual(["0", "1", "2"]);
    expect(asked.map(({ url }) => url)).toEqual([
      "/keys?include_disabled=true",
      "/keys?include_disabled=true&at=1&tag=x&tag=y",
      "/keys?include_disabled=true&at=2&tag=x&tag=y",
    ]);
  });

  it.each(["link", "body-link"] as const)("that lead round in circles by %s are an error", async (style) => {
    answer = () => ({ headers: { link: "</keys?at=1>; rel=next" }, body: { data: rowsOf(["a"]), next: "/keys?at=1" } });
    expect(await failureOf(connected(styles[style]).list().toArray())).toMatchObject({ kind: "invalid-response" });
    expect(asked.length).toBeLessThan(4);
  });

  it("ask for the largest pages, unless they are told another size", async () => {
    answer = () => ({ body: { data: [] } });
    const { list } = connected(styles.page);
    await list().toArray();
    await list({ per_page: 5 }).toArray();
    expect(asked.map(({ url }) => url)).toEqual(["/keys?per_page=50", "/keys?per_page=5"]);
  });

  describe.each([
    { least: 1, most: 20, given: 20 },
    { least: 5, most: 50, given: 50 },
    { least: 10, most: 100, given: 25 },
  ])("by page number, of $least to $most rows a page, of which $given are given,", ({ least, most, given }) => {
    /** Pages of what is held, which each request may change. */
    function paged(held: string[], change: (held: string[], request: number) => string[]) {
      answer = (request) => {
        held = change(held, asked.length);
        const size = Number(query(request).get("per_page") ?? 1);
        if (size < least || size > most) return { status: 400, body: { error: { message: `no size: ${size}` } } };
        const page = Number(query(request).get("page") ?? 1);
        const rows = Math.min(size, given);
        return { body: { data: rowsOf(held.slice((page - 1) * rows, page * rows)) } };
      };
      return connected({
        ...styles.page,
        [`${LIST}/parameters`]: [number("page"), number("per_page", { minimum: least, maximum: most })],
      }).list();
    }

    it.each([0, 1, 2, 19, 20, 21, 25, 50, 59, 60, 200, 420])("are whole with %i keys", async (count) => {
      const all = Array.from({ length: count }, (_, index) => `k${index}`);
      expect((await paged(all, (held) => held).toArray()).map(({ id }) => id)).toEqual(all);
    });

    it("hold every key that stays, while others come and go", async () => {
      const random = seeded(7);
      for (let round = 0; round < 10; round++) {
        const stay = new Set(Array.from({ length: 2 + random(90) }, (_, index) => `stay ${index}`));
        const all = [...stay, ...Array.from({ length: random(40) }, (_, index) => `go ${index}`)].sort(
          () => random(3) - 1,
        );
        const newestFirst = random(2) === 0;
        const list = paged(all, (held, request) => {
          const [leaves] = random(2) === 0 ? held.filter((id) => !stay.has(id)).slice(random(20)) : [];
          const comes = random(3) === 0 && request < 20 ? [`new ${request}`] : [];
          const left = held.filter((id) => id !== leaves);
          return newestFirst ? [...comes, ...left] : [...left, ...comes];
        });
        const found = (await list.toArray()).map(({ id }) => id);
        expect(new Set(found).size).toBe(found.length);
        expect(
          [...stay].filter((id) => !found.includes(id)),
          `round ${round}`,
        ).toEqual([]);
        asked.length = 0;
      }
    });
  });
});

/** Whole numbers below a bound, the same ones for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}
