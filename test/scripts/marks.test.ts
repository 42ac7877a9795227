/** Each mark of a spec is obeyed, or refused with its place and a reason: nothing that a spec says is passed over. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { render, requireSupported } from "../../scripts/render/index.js";
import type { Api } from "../../src/api.js";
import { connect } from "../../src/connection.js";
import { toApiKey, type ProviderName } from "../../src/key.js";
import { throttled } from "../../src/rotation/rotate-all.js";
import { failureOf, names } from "../helpers/providers.js";
import { listen } from "../helpers/loopback.js";
import { changedSpec, tableOf } from "../helpers/specs.js";

type Name = ProviderName;

const LIST = "/paths/~1keys/get";
const CREATE = "/paths/~1keys/post";
const GET = "/paths/~1keys~1{hash}/get";
const SCHEMAS = "/components/schemas";
const BEARER = "/components/securitySchemes/bearerAuth";
const PATTERN = `${SCHEMAS}/CreateApiKeyResponse/properties/key/pattern`;
const FIELDS = `${SCHEMAS}/ApiKey/x-key-fields`;
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
      given: "a secret that is all of an answer",
      change: { [`${CREATE}/responses/201/content/application~1json/schema`]: { type: "string", format: "password" } },
      place: CREATE,
      want: "answers with a secret alone, and no key that it is of",
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
      want: '"/id" must lead to a string or integer in the key',
    },
    {
      given: "a field without a pointer",
      change: { [`${FIELDS}/id`]: "hash" },
      place: `${FIELDS}/id`,
      want: "must be a JSON pointer into the key",
    },
    {
      given: "an id that is a fraction",
      change: { [`${SCHEMAS}/ApiKey/properties/hash/type`]: "number" },
      place: `${FIELDS}/id`,
      want: '"/hash" must lead to a string or integer in the key',
    },
    {
      given: "a time that is a number of nobody knows what",
      change: { [`${SCHEMAS}/ApiKey/properties/created_at`]: { type: "integer" } },
      place: `${FIELDS}/createdAt`,
      want: "a time that is an integer needs a format, unixtime or unixtime-ms",
    },
    {
      given: "a switch that says nothing of its values",
      change: { [`${FIELDS}/disabled`]: "/name" },
      place: `${FIELDS}/disabled`,
      want: '"/name" must lead to a boolean in the key',
    },
    ...[
      { given: "a value that is none of the switch's", values: ["gone"] },
      { given: "a switch without a value that means off", values: [] },
    ].map(({ given, values }) => ({
      given,
      change: {
        [`${SCHEMAS}/ApiKey/properties/status`]: { type: "string", enum: ["on", "off"] },
        [FIELDS]: { id: "/hash", disabled: "/status", disabledWhen: values },
      },
      place: `${FIELDS}/disabledWhen`,
      want: "must be a list of values of the enum that `disabled` leads to",
    })),
    {
      given: "two schemas of a listed key",
      change: { [`${SCHEMAS}/KeyBudget/x-key-fields`]: { id: "/budget_id" } },
      place: SCHEMAS,
      want: "x-key-fields stands at more than one schema",
    },
    ...[
      { given: "Digest", scheme: { type: "http", scheme: "digest" } },
      { given: "OAuth", scheme: { type: "oauth2", flows: {} } },
      { given: "OpenID Connect", scheme: { type: "openIdConnect", openIdConnectUrl: "https://example.test" } },
      { given: "a credential in the query", scheme: { type: "apiKey", in: "query", name: "key" } },
      { given: "a credential in a cookie", scheme: { type: "apiKey", in: "cookie", name: "key" } },
    ].map(({ given, scheme }) => ({
      given,
      change: { [BEARER]: scheme },
      place: "/security",
      want: "the credential must be sent by http bearer, http basic, or an apiKey in a header",
    })),
    {
      given: "a second scheme that no option is said for",
      change: {
        "/security": [{ bearerAuth: [], other: [] }],
        "/components/securitySchemes/other": { type: "apiKey", in: "header", name: "X-App" },
      },
      place: "/security",
      want: "each scheme behind the first needs an x-option",
    },
    {
      given: "no credential",
      change: { "/security": undefined },
      place: "/security",
      want: "the credential must be sent by",
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
      want: "the path has more than one parameter (a, b): give an x-option to each but the key's id",
    },
    {
      given: "a path whose braces enclose nothing",
      change: { "/paths/~1a~1{a": { delete: { operationId: "deleteB", "x-idempotent": true, responses: {} } } },
      place: "/paths/~1a~1{a/delete",
      want: "the path has braces that enclose no name of their own",
    },
    ...[
      { given: "an option in a query", parameter: { name: "a", in: "query", schema: text, "x-option": "account" } },
      { given: "an option without a name", parameter: { name: "hash", in: "path", schema: text, "x-option": "No!" } },
    ].map(({ given, parameter }) => ({
      given,
      change: { [`${GET}/parameters`]: [parameter] },
      place: GET,
      want: "must be the name of an option, such as account, and it a parameter of the path",
    })),
    {
      given: "a parameter that is one option here and another there",
      change: {
        [`${GET}/parameters`]: [{ name: "hash", in: "path", schema: text, "x-option": "a" }],
        "/paths/~1keys~1{hash}/delete/parameters": [{ name: "hash", in: "path", schema: text, "x-option": "b" }],
      },
      place: "/paths/~1keys~1{hash}/delete",
      want: 'the parameter "hash" has another x-option or x-env elsewhere',
    },
    ...[
      {
        given: "an envelope without a place for success",
        envelope: { result: "/data" },
        want: "must be {success, result}",
      },
      {
        given: "a member that envelopes do not have",
        envelope: { success: "/ok", result: "/data", errors: "/errors" },
        want: "must be {success, result}",
      },
    ].map(({ given, envelope, want }) => ({ given, change: { "/x-envelope": envelope }, place: "/x-envelope", want })),
    {
      given: "an envelope that an answer does not have",
      change: { "/x-envelope": { success: "/ok", result: "/data" } },
      place: "/paths/~1key/get",
      want: "x-envelope: /ok must lead to a boolean in the answer, and /data to something",
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
    ...["multipart/form-data", "text/plain", "application/merge-patch+json"].map((type) => ({
      given: `a body of ${type}`,
      change: { [`${CREATE}/requestBody/content`]: { [type]: { schema: text } } },
      place: `${CREATE}/requestBody`,
      want: `bodies are sent as application/json or application/x-www-form-urlencoded, not as ${type}`,
    })),
    {
      given: "a form with a list in it",
      change: {
        [`${CREATE}/requestBody/content`]: {
          "application/x-www-form-urlencoded": {
            schema: { type: "object", properties: { name: text, scopes: { type: "array", items: text } } },
          },
        },
      },
      place: `${CREATE}/requestBody`,
      want: 'the field "scopes" of a form must be text, a number or a boolean',
    },
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
    {
      given: "a page size of which nobody knows the largest",
      name: "cockroach",
      change: { "/paths/~1api~1v1~1api-keys/get/x-redoclyPagination/limitParam": "pagination.limit" },
      place: "/paths/~1api~1v1~1api-keys/get/x-redoclyPagination",
      want: 'limitParam "pagination.limit" needs a maximum in its schema',
    },
    {
      given: "pages by number of which nobody knows how large they are",
      change: { [`${LIST}/x-redoclyPagination`]: { style: "page", offsetParam: "offset", items: "/data" } },
      place: `${LIST}/x-redoclyPagination`,
      want: "the style page needs limitParam",
    },
    ...[
      { given: "a key's secret that is no secret", own: "/data/hash" },
      { given: "a key's secret where there is one only", own: "/key" },
    ].map(({ given, own }) => ({
      given,
      change: { [`${CREATE}/x-key-secret`]: own },
      place: `${CREATE}/x-key-secret`,
      want: "must be one of several secrets of the answer: /key",
    })),
    ...[
      { given: "nothing that is chosen", chosen: {}, want: "must be {secret}, {id} or both" },
      { given: "something else that is chosen", chosen: { name: "/name" }, want: "must be {secret}, {id} or both" },
      {
        given: "a chosen secret that is none",
        chosen: { secret: "/name" },
        want: "secret must be one of the body's secrets",
      },
      { given: "a chosen id that is no text", chosen: { id: "/limit" }, want: "id must lead to a text in the body" },
    ].map(({ given, chosen, want }) => ({
      given,
      change: { [`${CREATE}/x-key-chosen`]: chosen },
      place: `${CREATE}/x-key-chosen`,
      want,
    })),
    {
      given: "two secrets of one name",
      change: {
        [`${CREATE}/x-key-secret`]: "/key",
        [`${SCHEMAS}/CreateApiKeyResponse/properties/other`]: {
          type: "object",
          properties: { key: { type: "string", format: "password" } },
        },
      },
      place: CREATE,
      want: "answers with secrets of one name (/key, /other/key), which could not be told apart",
    },
    ...[
      { given: "a time that is a text of HTTP's", format: "http-date" },
      { given: "a time that is a number in a text", format: "unixtime" },
    ].map(({ given, format }) => ({
      given,
      change: { [`${SCHEMAS}/ApiKey/properties/created_at`]: { type: "string", format } },
      place: `${FIELDS}/createdAt`,
      want: `a time that is text is read as date-time or date, not as ${format}`,
    })),
    ...["dependentSchemas", "then"].map((at) => ({
      given: `a second secret below ${at}`,
      change: {
        [`${SCHEMAS}/CreateApiKeyResponse/${at}`]: { properties: { other: { format: "password" } } },
        ...(at === "dependentSchemas" && {
          [`${SCHEMAS}/CreateApiKeyResponse/${at}`]: { data: { properties: { other: { format: "password" } } } },
        }),
      },
      place: CREATE,
      want: "answers with more than one secret (/key, /other)",
    })),
    ...["contains", "unevaluatedItems"].map((at) => ({
      given: `a second secret below ${at}`,
      change: {
        [`${SCHEMAS}/CreateApiKeyResponse/properties/others`]: { type: "array", [at]: { format: "password" } },
      },
      place: CREATE,
      want: "answers with more than one secret (/key, /others/*)",
    })),
    {
      given: "a second secret below unevaluatedProperties",
      change: { [`${SCHEMAS}/CreateApiKeyResponse/unevaluatedProperties`]: { format: "password" } },
      place: CREATE,
      want: "answers with more than one secret (/key, /*)",
    },
    ...["$dynamicRef", "$recursiveRef", "contentSchema"].map((key) => ({
      given: `a schema that only ${key} leads to`,
      change: { [`${SCHEMAS}/ApiKey/properties/other`]: { type: "string", [key]: key.startsWith("$") ? "#a" : {} } },
      place: LIST,
      want: `a schema has ${key}, which is not followed: a secret in it would be shown`,
    })),
    {
      given: "a secret in a header of an answer",
      change: { [`${CREATE}/responses/201/headers`]: { "X-Key": { schema: { type: "string", format: "password" } } } },
      place: `${CREATE}/responses/201/headers/X-Key`,
      want: "secrets are read from bodies, not from headers",
    },
    ...["query", "additionalOperations"].map((method) => ({
      given: `a method of OpenAPI 3.2: ${method}`,
      change: { [`/paths/~1key/${method}`]: { operationId: "queryKey", responses: {} } },
      place: `/paths/~1key/${method}`,
      want: "this method is not sent",
    })),
    ...["/key?type=api", "key", "/../key"].map((path) => ({
      given: `the path ${path}`,
      change: { [`/paths/${path.replaceAll("/", "~1")}`]: { get: { operationId: "getOther", responses: {} } } },
      place: `/paths/${path.replaceAll("/", "~1")}/get`,
      want: "the path must begin with a slash, and have no query, no fragment and no steps such as ..",
    })),
    {
      given: "a server with a user",
      change: { "/servers": [{ url: "https://user:pass@example.test/api" }] },
      place: "/servers",
      want: "must have an https URL, without user and query",
    },
    {
      given: "a server that is everybody's own, in a word",
      change: { "/servers/0/x-self-hosted": "yes" },
      place: "/servers/0/x-self-hosted",
      want: "must be true or false",
    },
    ...["X-Key:", "Content-Type"].map((name) => ({
      given: `a credential in the header ${name}`,
      change: { [BEARER]: { type: "apiKey", in: "header", name } },
      place: "/security",
      want: "the credential must be sent by http bearer, http basic, or an apiKey in a header",
    })),
    {
      given: "a credential behind what no header holds",
      change: { [BEARER]: { type: "apiKey", in: "header", name: "X-Key", "x-prefix": "a\nb" } },
      place: "/security",
      want: "the credential must be sent by",
    },
    {
      given: "a form in an encoding of its own",
      change: {
        [`${CREATE}/requestBody/content`]: {
          "application/x-www-form-urlencoded": {
            schema: { type: "object", properties: { name: text } },
            encoding: { name: { allowReserved: true } },
          },
        },
      },
      place: `${CREATE}/requestBody`,
      want: "the fields of a form are sent in the encoding that OpenAPI assumes",
    },
    ...[
      {
        given: "an object in a query, by a name",
        schema: { $ref: "#/components/schemas/ApiKey" },
        want: "is an object, which is not sent in a parameter",
      },
      {
        given: "an object in a query, or a text",
        schema: { oneOf: [text, { type: "object" }] },
        want: "is an object, which is not sent in a parameter",
      },
      {
        given: "a list with another separator, or null",
        schema: { type: ["array", "null"], items: text },
        want: "has a style that is not sent",
      },
    ].map(({ given, schema, want }) => ({
      given,
      change: { [`${GET}/parameters`]: [{ name: "a", in: "query", explode: false, schema }] },
      place: GET,
      want,
    })),
    {
      given: "a list in a path",
      change: { [`${GET}/parameters`]: [{ name: "hash", in: "path", schema: { type: "array", items: text } }] },
      place: GET,
      want: "has a style that is not sent",
    },
    {
      given: "a rate limit with more to it",
      change: { "/x-rate-limit": { requests: 10, seconds: 1, burst: 20 } },
      place: "/x-rate-limit",
      want: "must be {requests, seconds}, both numbers above 0",
    },
    ...[
      { given: "a rate limit of one operation", mark: "x-rate-limit", at: GET, want: "at the top of the document" },
      { given: "an envelope of one answer", mark: "x-envelope", at: `${GET}/responses/200`, want: "at the top of the" },
      { given: "an idempotency of a whole path", mark: "x-idempotent", at: "/paths/~1keys", want: "at an operation" },
      { given: "the paging of all lists", mark: "x-redoclyPagination", at: "", want: "at an operation" },
      {
        given: "the secret's mark at the secret",
        mark: "x-key-secret",
        at: `${SCHEMAS}/ApiKey`,
        want: "at an operation",
      },
      {
        given: "fields of what is no key",
        mark: "x-key-fields",
        at: `${SCHEMAS}/ApiKey/properties/name`,
        want: "at a sch",
      },
      { given: "a server of everybody's own, at the top", mark: "x-self-hosted", at: "", want: "at the first server" },
      {
        given: "a variable of the document's",
        mark: "x-env",
        at: "/info",
        want: "at the first server, a security scheme",
      },
      { given: "a prefix of all schemes", mark: "x-prefix", at: "/components", want: "at a security scheme" },
      { given: "what a path always sends", mark: "x-send", at: "/paths/~1keys", want: "at a parameter" },
      {
        given: "an option of a server",
        mark: "x-option",
        at: "/servers/0",
        want: "at a security scheme or a parameter",
      },
    ].map(({ given, mark, at, want }) => ({
      given,
      change: { [`${at}/${mark}`]: "value" },
      place: `${at}/${mark}`,
      want: `is not read here, but ${want}`,
    })),
    ...["x-env of a space", "x-env of a number"].map((given) => ({
      given,
      change: { [`${BEARER}/x-env`]: given.endsWith("number") ? 5 : "MY KEY" },
      place: `${BEARER}/x-env`,
      want: "must be the name of an environment variable",
    })),
    ...[
      { type: "http", scheme: "bearer", "x-prefix": "Token " },
      { type: "apiKey", in: "header", name: "X", "x-prefix": 5 },
    ].map((scheme) => ({
      given: `a prefix of a scheme of ${scheme.type}`,
      change: { [BEARER]: scheme },
      place: `${BEARER}/x-prefix`,
      want: "must be text, and the scheme an apiKey",
    })),
    {
      given: "an option of the first scheme",
      change: { [`${BEARER}/x-option`]: "token" },
      place: `${BEARER}/x-option`,
      want: "the first scheme has the option apiKey",
    },
    ...[
      {
        given: "two schemes in one header",
        scheme: { type: "http", scheme: "basic", "x-option": "app" },
        want: "two of its",
      },
      {
        given: "a scheme's option that there is",
        scheme: { type: "apiKey", in: "header", name: "X-App", "x-option": "fetch" },
        want: "there is another option fetch",
      },
    ].map(({ given, scheme, want }) => ({
      given,
      change: { "/security": [{ bearerAuth: [], other: [] }], "/components/securitySchemes/other": scheme },
      place: "/security",
      want,
    })),
    ...[
      {
        given: "a path's option that there is",
        parameter: { name: "hash", in: "path", schema: text, "x-option": "baseUrl" },
        want: "there is another option baseUrl",
      },
      {
        given: "a variable of no option",
        parameter: { name: "a", in: "query", schema: text, "x-env": "A" },
        want: "has an x-env, and no x-option that it could stand for",
      },
    ].map(({ given, parameter, want }) => ({
      given,
      change: { [`${GET}/parameters`]: [parameter] },
      place: GET,
      want,
    })),
    ...["Authorization", "Content-Type", "X A"].map((name) => ({
      given: `what is always sent in the header ${name}`,
      change: Object.fromEntries(
        Object.entries(changedSpec("openrouter", {})["paths"] as Record<string, object>).map(([path]) => [
          `/paths/${path.replaceAll("/", "~1")}/parameters`,
          [{ name, in: "header", schema: text, "x-send": "1" }],
        ]),
      ),
      place: "/paths/~1key/get",
      want: "has an x-send, and is no header that is free for it",
    })),
    {
      given: "a rate limit without an end",
      change: { "/x-rate-limit": { requests: Infinity, seconds: 1 } },
      place: "/x-rate-limit",
      want: "must be {requests, seconds}, both numbers above 0",
    },
    ...["properties", "patternProperties", "items", "allOf"].map((key) => {
      const secret = { type: "string", format: "password" };
      const beside = { items: secret, allOf: [{ properties: { token: secret } }] }[key] ?? { token: secret };
      return {
        given: `a secret below ${key} beside a $ref`,
        change: { [`${SCHEMAS}/ApiKey/properties/owner`]: { $ref: `#${SCHEMAS}/KeyBudget`, [key]: beside } },
        place: LIST,
        want: `beside the $ref "#${SCHEMAS}/KeyBudget" stands more than is read`,
      };
    }),
    {
      given: "an operation beside the $ref of its path",
      change: {
        "/components/pathItems": { other: {} },
        "/paths/~1other": { $ref: "#/components/pathItems/other", get: { operationId: "getOther", responses: {} } },
      },
      place: "/paths/~1other",
      want: "get is not read beside a $ref",
    },
    {
      given: "a create of which no answer is a success",
      change: { [`${CREATE}/responses`]: { default: { description: "", content: {} } } },
      place: `${CREATE}/responses`,
      want: "nothing says which answer is a success",
    },
    ...["/a/%2e%2E/key", "/a\\..\\key", "/a/.\t./key", "/a key", "/schlüssel"].map((path) => ({
      given: `the path ${JSON.stringify(path)}, which is sent otherwise`,
      change: { [`/paths/${path.replaceAll("/", "~1")}`]: { get: { operationId: "getOther", responses: {} } } },
      place: `/paths/${path.replaceAll("/", "~1")}/get`,
      want: "the path would be sent as ",
    })),
    ...["https://exa mple.test", "https://example.test:99999"].map((url) => ({
      given: `the server ${url}`,
      change: { "/servers": [{ url }] },
      place: "/servers",
      want: "must have an https URL",
    })),
    ...[{ exclusiveMaximum: 100 }, { multipleOf: 30 }, { enum: [10, 50] }, { minimum: 200 }].map((more) => ({
      given: `a page size that may not be its maximum: ${JSON.stringify(more)}`,
      change: {
        [`${LIST}/parameters`]: ["offset", "limit"].map((name) => ({
          name,
          in: "query",
          schema: { type: "integer", maximum: 100, ...(name === "limit" && more) },
        })),
        [`${LIST}/x-redoclyPagination/limitParam`]: "limit",
      },
      place: `${LIST}/x-redoclyPagination`,
      want: 'limitParam "limit" may not be its maximum, 100',
    })),
    {
      given: "a rate limit that is none",
      change: { "/x-rate-limit": { requests: 10 } },
      place: "/x-rate-limit",
      want: "must be {requests, seconds}, both numbers above 0",
    },
  ])("$given", async ({ name = "openrouter", change, place, want }) => {
    const document = changedSpec(name, change);
    await expect(render(document, name).then(() => requireSupported(document))).rejects.toMatchObject({
      name: "SpecError",
      place: `#${place}`,
      message: expect.stringContaining(want) as string,
    });
  });

  it.each(names)("nothing that spec/%s.yaml says", (name) => {
    expect(() => requireSupported(changedSpec(name, {}))).not.toThrow();
  });
});

describe("the code that reads the table obeys", () => {
  const PLAINTEXT = `sk-or-v1-${"a".repeat(64)}`;
  const password = { type: "string", format: "password" };

  /** Calls by this table, answered with these bodies one after another, and the URLs that were asked for. */
  function answered(api: Api<Name>, ...bodies: unknown[]) {
    const urls: string[] = [];
    const fetch = (url: string) => {
      urls.push(url);
      return Promise.resolve(Response.json(bodies[urls.length - 1]));
    };
    const connection = connect(api, { apiKey: "not-a-real-key", fetch });
    const list = () =>
      connection.list("listApiKeys", {}, {}, (row) => toApiKey(api, row)).toArray() as Promise<{ raw: unknown }[]>;
    const create = () =>
      connection.create(
        "createApiKey",
        {},
        {
          body: { name: "ci" },
          toKey: ({ data }) => toApiKey(api, data as Record<string, unknown>),
          list: () => connection.list("listApiKeys", {}, {}, (row) => toApiKey(api, row)),
          matches: () => undefined,
        },
      );
    return { connection, list, create, urls };
  }

  const nested = { type: "object", properties: { plain: password } };
  const deep = tableOf("openrouter", {
    // Which of these would be its key's?
    [CREATE]: undefined,
    [`${SCHEMAS}/ApiKey/properties/a~1b`]: nested,
    [`${SCHEMAS}/ApiKey/properties/old`]: { type: "array", items: nested },
  });
  const row = {
    hash: "h1",
    name: "ci",
    "a/b": { plain: PLAINTEXT, more: 1 },
    old: [{ plain: PLAINTEXT }, { more: 2 }],
  };
  const shown = { hash: "h1", name: "ci", "a/b": { more: 1 }, old: [{}, { more: 2 }] };

  it("format: password, wherever in a key of a list it stands: `raw` is without it", async () => {
    expect((await answered(deep, { data: [row] }, { data: [] }).list())[0]?.raw).toEqual(shown);
  });

  it("format: password in the answer to a read, which is given without it", async () => {
    const { connection } = answered(deep, { data: row });
    const given = connection.call("getApiKey", {}, { key: "h1", result: (body) => body });
    expect(await given).toEqual({ data: shown });
  });

  it("format: password deeper in the answer to a create: that is the secret, and `raw` is without it", async () => {
    const api = tableOf("openrouter", {
      [`${SCHEMAS}/CreateApiKeyResponse/properties/key`]: undefined,
      [`${SCHEMAS}/CreateApiKeyResponse/required`]: ["data"],
      [`${SCHEMAS}/CreateApiKeyResponse/properties/data`]: {
        type: "object",
        properties: { token: { type: "object", properties: { plain: password } } },
      },
    });
    const data = { hash: "h1", name: "ci", token: { plain: PLAINTEXT, kind: "v1" } };
    const created = await answered(api, { data }).create();
    expect(created.secret.reveal()).toBe(PLAINTEXT);
    expect(created.raw).toEqual({ hash: "h1", name: "ci", token: { kind: "v1" } });
    expect(await failureOf(answered(api, { data: { ...data, token: {} } }).create())).toMatchObject({
      name: "CreateOutcomeUnknownError",
    });
  });

  it("a credential in a header of its own, and the variable that it is kept in", async () => {
    const headers: IncomingHttpHeaders[] = [];
    const server = await listen(
      createServer((request, response) => {
        headers.push(request.headers);
        response.end('{"data":[]}');
      }),
    );
    onTestFinished(server.close);
    const scheme = { type: "apiKey", in: "header", name: "X-Api-Key", "x-prefix": "Key ", "x-env": "SOME_KEY" };
    const api = tableOf("openrouter", { [BEARER]: scheme });
    vi.stubEnv("SOME_KEY", "not-a-real-key");
    vi.stubEnv(api.baseUrlEnv, server.url);
    const events: unknown[] = [];
    await connect(api, { onEvent: (event) => events.push(event) }).call("listApiKeys", {}, { result: () => undefined });
    expect(headers).toEqual([expect.objectContaining({ "x-api-key": "Key not-a-real-key" })]);
    expect(headers[0]).not.toHaveProperty("authorization");
    expect(JSON.stringify(events)).not.toContain("not-a-real-key");
    vi.stubEnv("SOME_KEY", "");
    expect(() => connect(api, {})).toThrow("Pass apiKey, or set SOME_KEY.");
  });

  it("hasMore: no page is asked for behind the last, whatever cursor it has", async () => {
    const paging = "/paths/~1api~1v1~1api-keys/get/x-redoclyPagination";
    const pages = `${SCHEMAS}/KeysetPaginationResponse/properties`;
    const api = tableOf("cockroach", {
      [`${pages}/more`]: { type: "boolean" },
      [`${paging}/hasMore`]: "/pagination/more",
    });
    const page = (id: string, more: boolean) => ({ api_keys: [{ id }], pagination: { next_page: id, more } });
    const { list, urls } = answered(api, page("a", true), page("b", false), page("c", false));
    expect(await list()).toHaveLength(2);
    expect(urls).toHaveLength(2);
  });

  it("a maximum beside the $ref of a page size", () => {
    const api = tableOf("openrouter", {
      [`${SCHEMAS}/PageSize`]: { type: "integer", maximum: 100 },
      [`${LIST}/parameters`]: [
        { name: "offset", in: "query", schema: text },
        { name: "limit", in: "query", schema: { $ref: `#${SCHEMAS}/PageSize`, maximum: 20 } },
      ],
      [`${LIST}/x-redoclyPagination/limitParam`]: "limit",
    });
    expect(api.operations["listApiKeys"]?.pagination).toMatchObject({ limit: { least: 1, most: 20 } });
  });

  it("a path with characters that mean something elsewhere: a raw client knows whose it is", async () => {
    const operation = changedSpec("openrouter", {})["paths"] as Record<string, { post: object }>;
    const api = tableOf("openrouter", {
      "/paths/~1keys/post": undefined,
      "/paths/~1keys.all(x)": { post: { ...operation["/keys"]?.post, "x-idempotent": true } },
    });
    let attempts = 0;
    const fetch = () => Promise.resolve(Response.json({}, { status: ++attempts === 1 ? 503 : 200 }));
    const { client } = connect(api, { apiKey: "not-a-real-key", fetch });
    const transport = client((given) => given);
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const answer = transport.fetch(new Request(`${transport.baseUrl}/keys.all(x)`, { method: "POST", body: "{}" }));
    await vi.runAllTimersAsync();
    expect((await answer).status).toBe(200);
    expect(attempts).toBe(2);
  });

  it.each([
    { of: "3.0", schema: { type: "string", nullable: true } },
    { of: "3.1", schema: { anyOf: [text, { type: "null" }] } },
    { of: "any version", schema: { enum: ["a", null] } },
  ])("what may be null, in the words of $of: no error is known by it", ({ schema }) => {
    const { error } = tableOf("openrouter", {});
    expect(error).toBeDefined();
    const name = String(error?.[0]).slice(1);
    const spec = changedSpec("openrouter", {});
    const schemas = (spec["components"] as { schemas: Record<string, { properties?: Record<string, unknown> }> })
      .schemas;
    const changes = Object.entries(schemas).flatMap(([key, { properties = {} }]) =>
      name in properties ? [[`${SCHEMAS}/${key}/properties/${name}`, schema]] : [],
    );
    expect(changes).not.toEqual([]);
    expect(tableOf("openrouter", Object.fromEntries(changes) as Record<string, unknown>).error ?? []).not.toContain(
      `/${name}`,
    );
  });

  it("x-rate-limit: what is more waits", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { rateLimit } = tableOf("openrouter", { "/x-rate-limit": { requests: 3, seconds: 60 } });
    const limited = throttled({}, rateLimit ?? { requests: 0, seconds: 0 });
    let sent = 0;
    for (let request = 0; request < 4; request++) void limited.beforeAttempt?.(undefined).then(() => sent++);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(sent).toBe(3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toBe(4);
  });
});
