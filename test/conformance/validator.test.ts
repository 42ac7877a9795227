import { describe, expect, it } from "vitest";
import { createSandbox, type ProviderName } from "../../src/sandbox/index.js";
import { prefixOf } from "../../src/sandbox/routes.js";
import { POLICIES } from "../helpers/providers.js";
import { checkedFetch } from "./checked-fetch.js";
import { createSandbox as createChecked } from "./sandbox.js";
import { takeViolations } from "./violations.js";

const account = "00000000-0000-4000-8000-00000000000a";

interface Sent {
  /** Method and path below the base URL. */
  call: string;
  body?: unknown;
  headers?: Record<string, string>;
}

interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

const creating = {
  estuary: { call: "POST /user/api-keys?label=ci" },
  openrouter: { call: "POST /keys", body: { name: "ci", expires_at: "2027-12-31T23:59:59Z" } },
  cockroach: { call: "POST /api/v1/api-keys", body: { name: "ci", service_account_id: account } },
  openai: { call: "POST /organization/admin_api_keys", body: { name: "ci", expires_in_seconds: 60 } },
  openaiproject: { call: "POST /organization/projects/proj_main/service_accounts", body: { name: "ci" } },
  cloudflare: { call: "POST /user/tokens", body: { name: "ci", policies: POLICIES } },
  unleash: { call: "POST /api/admin/api-tokens", body: { tokenName: "ci", type: "client" } },
};

/** What the validator says of an exchange with a sandbox whose answer is changed on its way. */
async function violationsOf(
  provider: ProviderName,
  { call, body, headers = {} }: Sent,
  change: (answer: Answer) => void = () => undefined,
): Promise<string[]> {
  const sandbox = createSandbox();
  const changed = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const response = await sandbox.fetch(input, init);
    const answer = { status: response.status, headers: response.headers, body: await response.text() };
    change(answer);
    return new Response(answer.body === "" ? null : new TextEncoder().encode(answer.body), answer);
  };
  const found: string[] = [];
  const fetch = checkedFetch(changed, { report: (violations) => found.push(...violations) });
  const [method = "", path = ""] = call.split(" ");
  const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  await fetch(`http://sandbox${prefixOf(provider)}${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.credentials[provider]}`, ...type, ...headers },
    body: body === undefined || typeof body === "string" ? (body ?? null) : JSON.stringify(body),
  });
  return found;
}

/** Puts a value at a place such as `data/usage`; removes what is there where none is given. */
function put(answer: Answer, place: string, value: unknown): void {
  const names = place.split("/");
  const last = names.pop() ?? "";
  const body = JSON.parse(answer.body) as unknown;
  const at = names.reduce((at, name) => (at as Record<string, unknown>)[name], body) as Record<string, unknown>;
  at[last] = value; // JSON leaves out what is undefined
  answer.body = JSON.stringify(body);
}

describe("an exchange as the specs have it is not complained about:", () => {
  it.each(Object.entries(creating))("%s", async (provider, sent) => {
    expect(await violationsOf(provider as ProviderName, sent)).toEqual([]);
  });
});

describe.each([
  {
    provider: "estuary",
    at: "estuary.createApiKey, response 200: body",
    rows: [
      { given: "a required field is missing", place: "token", want: "must have required property 'token'" },
      { given: "a field has another type", place: "isSession", value: "no", want: "/isSession must be boolean" },
      { given: "a field is not documented", place: "perms", value: "all", want: "has perms, which is not documented" },
      { given: "a time is none", place: "expiry", value: "2027-12-31", want: '/expiry must match format "date-time"' },
      {
        given: "a time has no zone",
        place: "expiry",
        value: "2027-12-31T23:59:59",
        want: '/expiry must match format "date-time"',
      },
      {
        given: "a hash is none",
        place: "tokenHash",
        value: "abc",
        want: '/tokenHash must match pattern "^([A-Za-z0-9_-]{43})?$"',
      },
      { given: "null stands where it may not", place: "label", value: null, want: "/label must be string" },
    ],
  },
  {
    provider: "openrouter",
    at: "openrouter.createApiKey, response 201: body",
    rows: [
      { given: "a required field is missing", place: "key", want: "must have required property 'key'" },
      {
        given: "a required field of the key is missing",
        place: "data/usage",
        want: "/data must have required property 'usage'",
      },
      { given: "a field has another type", place: "data/usage", value: "0", want: "/data/usage must be number" },
      { given: "a field is not documented", place: "id", value: 1, want: "has id, which is not documented" },
      {
        given: "a field of the key is not documented",
        place: "data/key",
        value: "",
        want: "/data has key, which is not documented",
      },
      {
        given: "a time is none",
        place: "data/expires_at",
        value: "soon",
        want: '/data/expires_at must match format "date-time"',
      },
      { given: "null stands where it may not", place: "data/name", value: null, want: "/data/name must be string" },
    ],
  },
  {
    provider: "cockroach",
    at: "cockroach.createApiKey, response 200: body",
    rows: [
      { given: "a required field is missing", place: "secret", want: "must have required property 'secret'" },
      { given: "a field has another type", place: "api_key/name", value: 7, want: "/api_key/name must be string" },
      {
        given: "a field is not documented",
        place: "api_key/expires_at",
        value: "",
        want: "/api_key has expires_at, which is not documented",
      },
      {
        given: "a time is none",
        place: "api_key/created_at",
        value: "2027",
        want: '/api_key/created_at must match format "date-time"',
      },
      {
        given: "a UUID is none",
        place: "api_key/service_account_id",
        value: "a",
        want: '/api_key/service_account_id must match format "uuid"',
      },
      { given: "null stands where it may not", place: "api_key/id", value: null, want: "/api_key/id must be string" },
    ],
  },
] as const)("a response of $provider is wrong where", ({ provider, at, rows }) => {
  it.each<{ given: string; place: string; value?: unknown; want: string }>(rows)(
    "$given",
    async ({ place, value, want }) => {
      const found = await violationsOf(provider, creating[provider], (answer) => put(answer, place, value));
      expect(found).toEqual([`${at} ${want}`]);
    },
  );
});

describe("a response is wrong where", () => {
  const rows: { given: string; provider: ProviderName; sent?: Sent; change: (answer: Answer) => void; want: string }[] =
    [
      {
        given: "its status is not documented",
        provider: "estuary",
        change: (answer) => (answer.status = 201),
        want: "estuary.createApiKey: status 201 is not documented",
      },
      {
        given: "its status belongs to another operation",
        provider: "openrouter",
        change: (answer) => (answer.status = 200),
        want: "openrouter.createApiKey: status 200 is not documented",
      },
      {
        given: "its status is any other, and the body not that of an error",
        provider: "cockroach",
        change: (answer) => (answer.status = 201),
        want: "cockroach.createApiKey, response 201: body has api_key, which is not documented",
      },
      {
        given: "its Content-Type is not documented",
        provider: "openrouter",
        change: ({ headers }) => headers.set("content-type", "text/html"),
        want: "openrouter.createApiKey, response 201: Content-Type text/html is not documented",
      },
      {
        given: "it has no Content-Type",
        provider: "cockroach",
        change: ({ headers }) => headers.delete("content-type"),
        want: "cockroach.createApiKey, response 200: Content-Type none is not documented",
      },
      {
        given: "its body is not JSON",
        provider: "cockroach",
        change: (answer) => (answer.body = answer.body.slice(1)),
        want: "cockroach.createApiKey, response 200: the body is not JSON",
      },
      {
        given: "it has a body although none is documented",
        provider: "estuary",
        sent: { call: "DELETE /user/api-keys/some-hash" },
        change: (answer) => (answer.body = "{}"),
        want: "estuary.deleteApiKey, response 200: a body or a Content-Type is not documented",
      },
      {
        given: "a header is not documented",
        provider: "estuary",
        change: ({ headers }) => headers.set("x-request-id", "1"),
        want: "estuary.createApiKey, response 200: header x-request-id is not documented",
      },
      {
        given: "one row of a list is",
        provider: "cockroach",
        sent: { call: "GET /api/v1/api-keys" },
        change: (answer) => put(answer, "api_keys/0/name", undefined),
        want: "cockroach.listApiKeys, response 200: body /api_keys/0 must have required property 'name'",
      },
      {
        given: "an error has a field that is not documented",
        provider: "openrouter",
        sent: { call: "GET /keys/none" },
        change: (answer) => put(answer, "error/status", 404),
        want: "openrouter.getApiKey, response 404: body /error has status, which is not documented",
      },
    ];
  it.each(rows)("$given", async ({ provider, sent = creating[provider], change, want }) => {
    expect(await violationsOf(provider, sent, change)).toContain(want);
  });

  it("but not where the spec itself allows other fields", async () => {
    const add = (place: string) =>
      violationsOf("estuary", { call: "GET /user/export" }, (answer) => put(answer, place, [{ pinning: true }]));
    expect(await add("Version1/Contents")).toEqual([]);
    expect(await add("Version1/Pins")).toHaveLength(1);
  });
});

describe("a request is wrong where", () => {
  const rows: (Sent & { given: string; provider: ProviderName; want: string })[] = [
    {
      given: "there is no such operation",
      provider: "estuary",
      call: "GET /user/api-keys/some-hash",
      want: "GET /estuary/user/api-keys/some-hash is no operation",
    },
    {
      given: "a query parameter is not documented",
      provider: "estuary",
      call: "POST /user/api-keys?name=ci",
      want: "estuary.createApiKey, request: query parameter name is not documented",
    },
    {
      given: "a query parameter is given twice",
      provider: "openrouter",
      call: "GET /keys?offset=1&offset=2",
      want: "openrouter.listApiKeys, request: query parameter offset is given more than once",
    },
    {
      given: "a query parameter has another type",
      provider: "openrouter",
      call: "GET /keys?include_disabled=yes",
      want: "openrouter.listApiKeys, request: query parameter include_disabled must be boolean",
    },
    {
      given: "a query parameter is out of range",
      provider: "openrouter",
      call: "GET /keys?offset=-1",
      want: "openrouter.listApiKeys, request: query parameter offset must be >= 0",
    },
    {
      given: "a query parameter has no value that is documented",
      provider: "cockroach",
      call: "GET /api/v1/api-keys?pagination.sort_order=asc",
      want: "cockroach.listApiKeys, request: query parameter pagination.sort_order must be equal to one of the allowed values",
    },
    {
      given: "a field is not documented",
      provider: "openrouter",
      call: "POST /keys",
      body: { name: "ci", disabled: true },
      want: "openrouter.createApiKey, request: body has disabled, which is not documented",
    },
    {
      given: "a field within another is not documented",
      provider: "openrouter",
      call: "POST /keys",
      body: { name: "ci", external: { user: "u", name: "n" } },
      want: "openrouter.createApiKey, request: body /external has name, which is not documented",
    },
    {
      given: "a field has another type",
      provider: "cockroach",
      call: "PATCH /api/v1/api-keys/CCDB1_x",
      body: { name: null },
      want: "cockroach.updateApiKey, request: body /name must be string",
    },
    {
      given: "a field is missing",
      provider: "cockroach",
      call: "POST /api/v1/api-keys",
      body: { name: "ci" },
      want: "cockroach.createApiKey, request: body must have required property 'service_account_id'",
    },
    {
      given: "the body is missing",
      provider: "cockroach",
      call: "POST /api/v1/api-keys",
      headers: { "content-type": "application/json" },
      want: "cockroach.createApiKey, request: the body is not JSON",
    },
    {
      given: "a body is sent although none is documented",
      provider: "estuary",
      call: "POST /user/api-keys",
      body: { expiry: "720h" },
      want: "estuary.createApiKey, request: a body or a Content-Type is not documented",
    },
    {
      given: "the Content-Type is not documented",
      provider: "openrouter",
      ...creating.openrouter,
      headers: { "content-type": "text/plain" },
      want: "openrouter.createApiKey, request: Content-Type text/plain is not documented",
    },
    {
      given: "there is no credential",
      provider: "cockroach",
      call: "GET /api/v1/api-keys",
      headers: { authorization: "" },
      want: "cockroach.listApiKeys, request: there is no bearer credential",
    },
  ];
  it.each(rows)("$given", async ({ provider, want, ...sent }) => {
    expect(await violationsOf(provider, sent)).toContain(want);
  });
});

describe("a sandbox of these tests", () => {
  const listing = (sandbox: ReturnType<typeof createChecked>) =>
    sandbox.fetch("http://sandbox/cloudflare/client/v4/user/tokens", {
      headers: { authorization: `Bearer ${sandbox.credentials.cloudflare}` },
    });
  const wrong = "cloudflare.listApiKeys, response 200: body /result/1/policies/0 must have required property 'effect'";
  const withWrongKey: typeof createChecked = (...options) => {
    const sandbox = createChecked(...options);
    const policies = POLICIES.map((policy) => ({ ...policy, effect: undefined }));
    // Of JSON, what is undefined is left out.
    sandbox.issue("cloudflare", { policies: policies as never });
    return sandbox;
  };

  it("reports an answer that is wrong", async () => {
    await listing(withWrongKey());
    expect(takeViolations()).toEqual([wrong]);
  });

  it.fails("fails the test then", async () => {
    await listing(withWrongKey());
  });

  it("says nothing of an answer that a fault has made", async () => {
    const sandbox = withWrongKey({ faults: [{ operation: "cloudflare.listApiKeys", kind: "html" }] });
    sandbox.fail({ operation: "*", kind: "status", status: 418 });
    expect((await listing(sandbox)).headers.get("content-type")).toContain("text/html");
    expect((await listing(sandbox)).status).toBe(418);
    expect(takeViolations()).toEqual([]);
    await listing(sandbox);
    expect(takeViolations()).toEqual([wrong]);
  });

  it("does so while a fault waits for another operation", async () => {
    await listing(withWrongKey({ faults: [{ operation: "cloudflare.getApiKey", kind: "empty" }] }));
    expect(takeViolations()).toEqual([wrong]);
  });

  it("lets a test send what is malformed, if it says so", async () => {
    const sandbox = createChecked({}, { malformedRequests: true });
    const response = await sandbox.fetch("http://sandbox/openrouter/api/v1/keys?page=2", { method: "POST", body: "{" });
    expect(response.status).toBe(401);
    expect(takeViolations()).toEqual([]);
  });

  it("passes on what the sandbox gives and throws", async () => {
    const sandbox = createChecked({ faults: [{ operation: "*", kind: "lost", when: "before" }] });
    await expect(listing(sandbox)).rejects.toThrow("fetch failed");
    const reason = new Error("enough");
    const request = new Request("http://sandbox/estuary/user/stats", { signal: AbortSignal.abort(reason) });
    await expect(sandbox.fetch(request)).rejects.toBe(reason);
    takeViolations();
  });
});
