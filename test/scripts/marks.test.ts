/** Each mark of a spec is obeyed, or refused with its place and a reason: nothing that a spec says is passed over. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { load } from "js-yaml";
import { render, requireSupported } from "../../scripts/render/index.js";
import { names } from "../helpers/providers.js";

type Name = "estuary" | "openrouter" | "cockroach";

/** A copy of a spec in which these places, by JSON pointer, hold something else; undefined takes a place out. */
function changed(name: Name, changes: Record<string, unknown>): unknown {
  const document: unknown = load(readFileSync(new URL(`../../spec/${name}.yaml`, import.meta.url), "utf8"));
  for (const [place, value] of Object.entries(changes)) {
    const tokens = place.split("/").slice(1);
    const [last = "", ...path] = tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")).reverse();
    const holder = path.reverse().reduce((node, token) => node[token] as Node, document as Node);
    if (value === undefined) Reflect.deleteProperty(holder, last);
    else holder[last] = value;
  }
  return document;
}

type Node = Record<string, unknown>;

const LIST = "/paths/~1keys/get";
const CREATE = "/paths/~1keys/post";
const GET = "/paths/~1keys~1{hash}/get";
const SCHEMAS = "/components/schemas";
const BEARER = "/components/securitySchemes/bearerAuth";
const PATTERN = `${SCHEMAS}/CreateApiKeyResponse/properties/key/pattern`;
const FIELDS = `${SCHEMAS}/ApiKey/x-key-fields`;
const PAGING = `${LIST}/x-redoclyPagination`;
const text = { type: "string" };

describe("generate refuses", () => {
  it.each<{ given: string; name?: Name; change: Record<string, unknown>; place: string; want: string }>([
    {
      given: "a secret without a place of its own among others",
      change: { [`${SCHEMAS}/CreateApiKeyResponse/properties/other`]: { type: "string", format: "password" } },
      place: CREATE,
      want: "answers with more than one secret (/key, /other): which is the key's?",
    },
    {
      given: "a list of secrets in place of one",
      change: { [`${SCHEMAS}/CreateApiKeyResponse/properties/key`]: { type: "array", items: { format: "password" } } },
      place: CREATE,
      want: "answers with more than one secret (/key/*)",
    },
    {
      given: "an idempotency that is neither",
      change: { [`${CREATE}/x-idempotent`]: "no" },
      place: CREATE,
      want: "x-idempotent must be true or false",
    },
    ...[
      { given: "a pattern that is none", pattern: "^sk-(", want: "is no regular expression" },
      { given: "a pattern without an anchor", pattern: "sk-or-", want: "must begin with ^" },
      { given: "a pattern of which a part has no anchor", pattern: "^sk-|or", want: "must begin with ^" },
      { given: "a pattern that repeats a repetition", pattern: "^(a+)+$", want: "at most one unbounded repetition" },
      { given: "a pattern with two repetitions", pattern: "^a+[^b]{2,}b", want: "at most one unbounded repetition" },
      {
        given: "a pattern that looks back",
        pattern: "^(a)\\1",
        want: "no repeated group, lookaround or back reference",
      },
      { given: "a pattern that looks around", pattern: "^(?=a)", want: "no repeated group, lookaround" },
    ].map(({ given, pattern, want }) => ({ given, change: { [PATTERN]: pattern }, place: CREATE, want })),
    {
      given: "a key of which nothing is said",
      change: { [FIELDS]: undefined },
      place: SCHEMAS,
      want: "the schema of a listed key must say in x-key-fields which of its fields is what",
    },
    {
      given: "a key without an id",
      change: { [FIELDS]: { name: "/name" } },
      place: FIELDS,
      want: "must be an object with an id",
    },
    {
      given: "a field of a key that is none of the kit's",
      change: { [`${FIELDS}/owner`]: "/creator_user_id" },
      place: FIELDS,
      want: 'unknown field "owner"; known are id, name, createdAt, expiresAt, lastUsedAt, disabled',
    },
    {
      given: "a field that the key does not have",
      change: { [`${FIELDS}/id`]: "/id" },
      place: `${FIELDS}/id`,
      want: '"/id" must lead to a string in the key',
    },
    {
      given: "a field without a pointer",
      change: { [`${FIELDS}/id`]: "hash" },
      place: `${FIELDS}/id`,
      want: "must be a JSON pointer into the key",
    },
    {
      given: "an id that is a number",
      change: { [`${SCHEMAS}/ApiKey/properties/hash/type`]: "integer" },
      place: `${FIELDS}/id`,
      want: '"/hash" must lead to a string in the key',
    },
    {
      given: "a time that is a number",
      change: { [`${SCHEMAS}/ApiKey/properties/created_at/type`]: "integer" },
      place: `${FIELDS}/createdAt`,
      want: '"/created_at" must lead to a string in the key',
    },
    {
      given: "two schemas of a listed key",
      change: { [`${SCHEMAS}/KeyBudget/x-key-fields`]: { id: "/budget_id" } },
      place: SCHEMAS,
      want: "x-key-fields stands at more than one schema",
    },
    ...[
      { given: "Basic", scheme: { type: "http", scheme: "basic" } },
      { given: "OAuth", scheme: { type: "oauth2", flows: {} } },
      { given: "OpenID Connect", scheme: { type: "openIdConnect", openIdConnectUrl: "https://example.test" } },
      { given: "a credential in the query", scheme: { type: "apiKey", in: "query", name: "key" } },
      { given: "a credential in a cookie", scheme: { type: "apiKey", in: "cookie", name: "key" } },
    ].map(({ given, scheme }) => ({
      given,
      change: { [BEARER]: scheme },
      place: "/security",
      want: "the credential must be sent by one scheme: http bearer, or an apiKey in a header",
    })),
    {
      given: "two schemes at once",
      change: { "/security": [{ bearerAuth: [], other: [] }] },
      place: "/security",
      want: "the credential must be sent by one scheme",
    },
    {
      given: "no credential",
      change: { "/security": undefined },
      place: "/security",
      want: "must be sent by one scheme",
    },
    {
      given: "an operation with a credential of its own",
      change: { [`${GET}/security`]: [{ other: [] }] },
      place: GET,
      want: "security of its own is not used",
    },
    {
      given: "an operation without a credential",
      change: { [`${GET}/security`]: [] },
      place: GET,
      want: "security of its own is not used",
    },
    {
      given: "a server that is not the document's",
      change: { [`${GET}/servers`]: [{ url: "https://example.test" }] },
      place: GET,
      want: "servers of its own are not used",
    },
    {
      given: "a path's own server",
      change: { "/paths/~1key/servers": [{ url: "https://example.test" }] },
      place: "/paths/~1key/get",
      want: "servers of its own are not used",
    },
    { given: "no server", change: { "/servers": undefined }, place: "/servers", want: "must have an https URL" },
    {
      given: "a server below another's address",
      change: { "/servers": [{ url: "/api/v1" }] },
      place: "/servers",
      want: "must have an https URL",
    },
    {
      given: "a server with a variable that has no value",
      change: { "/servers": [{ url: "https://{region}.example.test" }] },
      place: "/servers",
      want: "with a default for each variable",
    },
    {
      given: "two parameters in a path",
      change: {
        "/paths/~1a~1{a}~1b~1{b}": { delete: { operationId: "deleteB", "x-idempotent": true, responses: {} } },
      },
      place: "/paths/~1a~1{a}~1b~1{b}/delete",
      want: "the path has more than one parameter: {a}, {b}",
    },
    ...[
      { given: "a cookie", parameter: { name: "a", in: "cookie", schema: text }, want: "is a cookie" },
      {
        given: "a parameter of JSON",
        parameter: { name: "a", in: "query", content: {} },
        want: "is described by content",
      },
      {
        given: "a header that has to have a value",
        parameter: { name: "X-A", in: "header", required: true, schema: text },
        want: "is a header that is required, and nothing says its value: give it x-send",
      },
      {
        given: "a list with another separator",
        parameter: { name: "a", in: "query", explode: false, schema: { type: "array", items: text } },
        want: "has a style that is not sent",
      },
      {
        given: "another style",
        parameter: { name: "a", in: "query", style: "deepObject", schema: { type: "object" } },
        want: "has a style that is not sent",
      },
      {
        given: "reserved characters",
        parameter: { name: "a", in: "query", allowReserved: true, schema: text },
        want: "asks for reserved characters",
      },
      {
        given: "an object in a query",
        parameter: { name: "a", in: "query", schema: { type: "object" } },
        want: "is an object, which is not sent in a parameter",
      },
      {
        given: "a value that is always sent, but in a query",
        parameter: { name: "a", in: "query", schema: text, "x-send": "1" },
        want: 'x-send of the parameter "a" must be text, and it a header',
      },
      {
        given: "a value that no header holds",
        parameter: { name: "a", in: "header", schema: text, "x-send": "1\n2" },
        want: 'x-send of the parameter "a" must be text, and it a header',
      },
    ].map(({ given, parameter, want }) => ({
      given,
      change: { [`${GET}/parameters`]: [parameter] },
      place: GET,
      want,
    })),
    {
      given: "a header that one operation sends and another does not",
      name: "cockroach",
      change: { "/paths/~1api~1v1~1api-keys~1{id}/get/parameters": [] },
      place: "/paths/~1api~1v1~1api-keys~1{id}/get",
      want: 'lacks the header "Cc-Version" with x-send: "2024-09-16"',
    },
    ...["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "application/merge-patch+json"].map(
      (type) => ({
        given: `a body of ${type}`,
        change: { [`${CREATE}/requestBody/content`]: { [type]: { schema: text } } },
        place: `${CREATE}/requestBody`,
        want: `bodies are sent as application/json, not as ${type}`,
      }),
    ),
    {
      given: "the body of a GET",
      change: { [`${GET}/requestBody`]: { content: { "application/json": { schema: text } } } },
      place: `${GET}/requestBody`,
      want: "a GET has no body",
    },
    {
      given: "an answer in another form",
      change: { [`${GET}/responses/200/content`]: { "text/csv": { schema: text } } },
      place: `${GET}/responses/200`,
      want: "a success is read as JSON, not as text/csv",
    },
    {
      given: "a method that is not sent",
      change: { "/paths/~1key/head": { operationId: "headKey", "x-idempotent": true, responses: {} } },
      place: "/paths/~1key/head",
      want: "the method head is not sent",
    },
    ...[
      { style: "page", offsetParam: "offset", items: "/data" },
      { style: "link", items: "/data" },
    ].map((rule) => ({
      given: `a list of the style ${rule.style}`,
      change: { [PAGING]: rule },
      place: PAGING,
      want: `the style ${rule.style} is not walked; cursor and offset are`,
    })),
    {
      given: "a page size that nobody asks for",
      name: "cockroach",
      change: { "/paths/~1api~1v1~1api-keys/get/x-redoclyPagination/limitParam": "pagination.limit" },
      place: "/paths/~1api~1v1~1api-keys/get/x-redoclyPagination",
      want: "limitParam is not used",
    },
    {
      given: "a rate limit that is none",
      change: { "/x-rate-limit": { requests: 10 } },
      place: "/x-rate-limit",
      want: "must be {requests, seconds}, both numbers above 0",
    },
  ])("$given", async ({ name = "openrouter", change, place, want }) => {
    const document = changed(name, change);
    await expect(render(document, name).then(() => requireSupported(document))).rejects.toMatchObject({
      name: "SpecError",
      place: `#${place}`,
      message: expect.stringContaining(want) as string,
    });
  });

  it.each(names)("nothing that spec/%s.yaml says", (name) => {
    expect(() => requireSupported(changed(name, {}))).not.toThrow();
  });
});
