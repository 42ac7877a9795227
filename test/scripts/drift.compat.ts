import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { decisionsIn } from "../../scripts/reconcile/read-decisions.js";
import { Spec } from "../../scripts/render/spec.js";
import { documentToKeep } from "../../scripts/upstream/accept.js";
import { explain } from "../../scripts/upstream/explain.js";
import { changed, type Change, type Json } from "../fixtures/upstream/change.js";

const read = (file: string): unknown => load(readFileSync(`spec/${file}`, "utf8"));
const copy = (document: unknown): Json => JSON.parse(JSON.stringify(document)) as Json;

const { sources, decisions } = decisionsIn(
  read("sources/decisions.yaml"),
  ["estuary", "openrouter", "cockroach", "openai", "openaiproject", "cloudflare", "unleash"],
  () => "",
);

type Provider = "estuary" | "openrouter" | "cockroach";

/** Each provider's document as it was last seen, and one that has texts: the curated spec itself. */
const known = Object.fromEntries(
  (["estuary", "openrouter", "cockroach"] as const).map((provider) => {
    const source = sources.find((one) => one.provider === provider && one.upstream);
    const document = copy(read(`sources/${source?.document ?? ""}`));
    const curated = new Spec(copy(read(`${provider}.yaml`)));
    return [provider, { source: source?.id ?? "", document, seen: new Spec(document), curated }];
  }),
) as Record<Provider, { source: string; document: Json; seen: Spec; curated: Spec }>;

/** The places of which something is told where a document is as it was last seen but for a change, each with its aspect. */
function toldOf(provider: Provider, change: Change): string[] {
  const { source, document, seen, curated } = known[provider];
  const other = new Spec(copy(changed(document, change)));
  const { news } = explain(curated, other, { source, seen, decisions });
  return news.flatMap(({ places, aspect }) => places.map((place) => `${place} (${aspect})`));
}

const renamed =
  (from: string, to: string) =>
  (map: Json): Json =>
    Object.fromEntries(Object.entries(map).map(([name, value]) => [name === from ? to : name, value]));
const without =
  (...names: unknown[]) =>
  (list: unknown[]): unknown[] =>
    list.filter((one) => !names.includes(one));
const plus =
  (more: Json) =>
  (map: Json): Json => ({ ...map, ...more });
const json = "content application/json schema";

type Mutation = [what: string, change: Change, told: string];

const or = {
  list: "paths /keys get",
  inList: `paths /keys get responses 200 ${json} properties data items`,
  current: `paths /key get responses 200 ${json} properties data`,
  body: `paths /keys post requestBody ${json}`,
  created: `paths /keys post responses 201 ${json}`,
  update: `paths /keys/{hash} patch requestBody ${json}`,
  read: `paths /keys/{hash} get responses 200 ${json} properties data`,
  deleted: `paths /keys/{hash} delete responses 200 ${json}`,
};
const parameter = (number: number) => `${or.list} parameters ${number}`;

const ofOpenRouter: Mutation[] = [
  [
    "a query parameter in another case",
    { [`${parameter(0)} name`]: "includeDisabled" },
    "GET /keys > query include_disabled (name)",
  ],
  [
    "a query parameter with a capital",
    { [`${parameter(2)} name`]: "Workspace_id" },
    "GET /keys > query workspace_id (name)",
  ],
  ["a query parameter of another name", { [`${parameter(1)} name`]: "skip" }, "GET /keys > query offset (presence)"],
  ["a query parameter required", { [`${parameter(1)} required`]: true }, "GET /keys > query offset (required)"],
  [
    "a query parameter withdrawn",
    { [`${or.list} parameters`]: (all: unknown[]) => all.slice(0, 2) },
    "GET /keys > query workspace_id (presence)",
  ],
  [
    "a query parameter sent as a header",
    { [`${parameter(2)} in`]: "header" },
    "GET /keys > header workspace_id (presence)",
  ],
  [
    "a query parameter added",
    { [`${or.list} parameters`]: (all: unknown[]) => [...all, { name: "page", in: "query", schema: {} }] },
    "GET /keys > query page (presence)",
  ],
  [
    "a query parameter deprecated",
    { [`${parameter(2)} deprecated`]: true },
    "GET /keys > query workspace_id (deprecated)",
  ],
  [
    "a query parameter in another style",
    { [`${parameter(2)} style`]: "pipeDelimited" },
    "GET /keys > query workspace_id (style)",
  ],
  [
    "a query parameter that is not exploded",
    { [`${parameter(2)} explode`]: false },
    "GET /keys > query workspace_id (explode)",
  ],
  [
    "a query parameter in JSON",
    {
      [parameter(2)]: {
        name: "workspace_id",
        in: "query",
        content: { "application/json": { schema: { type: "string", format: "uuid" } } },
      },
    },
    "GET /keys > query workspace_id (media type)",
  ],
  [
    "reserved characters in a query",
    { [`${parameter(2)} allowReserved`]: true },
    "GET /keys > query workspace_id (allowReserved)",
  ],
  [
    "values below a decided type",
    { [`${parameter(0)} schema enum`]: ["true", "false"] },
    "GET /keys > query include_disabled (enum)",
  ],
  [
    "a default below a decided type",
    { [`${parameter(0)} schema default`]: "true" },
    "GET /keys > query include_disabled (default)",
  ],
  ["a default", { [`${parameter(1)} schema default`]: 0 }, "GET /keys > query offset (default)"],
  [
    "a decided type that is right now",
    { [`${parameter(0)} schema type`]: "boolean" },
    "GET /keys > query include_disabled (type)",
  ],
  ["a null that is gone", { [`${parameter(1)} schema type`]: "integer" }, "GET /keys > query offset (type)"],
  ["a limit withdrawn", { [`${parameter(1)} schema minimum`]: undefined }, "GET /keys > query offset (minimum)"],
  ["an exclusive limit", { [`${parameter(1)} schema exclusiveMinimum`]: 0 }, "GET /keys > query offset (minimum)"],
  ["a most", { [`${parameter(1)} schema maximum`]: 1000 }, "GET /keys > query offset (maximum)"],
  ["a format withdrawn", { [`${parameter(2)} schema format`]: undefined }, "GET /keys > query workspace_id (format)"],
  [
    "a path parameter of another name",
    { paths: renamed("/keys/{hash}", "/keys/{id}"), "paths /keys/{id} get parameters 0 name": "id" },
    "GET /keys/{hash} > path hash (name)",
  ],
  ["a path moved", { paths: renamed("/key", "/auth/key") }, "GET /key (presence)"],
  ["an operation withdrawn", { "paths /keys/{hash} delete": undefined }, "DELETE /keys/{hash} (presence)"],
  ["another method", { "paths /keys/{hash}": renamed("patch", "put") }, "PUT /keys/{hash} (presence)"],
  ["a method of OpenAPI 3.2", { "paths /keys": plus({ query: { responses: {} } }) }, "QUERY /keys (presence)"],
  [
    "an operation below one of ours",
    { paths: plus({ "/keys/{hash}/rotate": { post: { responses: {} } } }) },
    "POST /keys/{hash}/rotate (presence)",
  ],
  ["an operation deprecated", { [`${or.list} deprecated`]: true }, "GET /keys (deprecated)"],
  ["an operation made public", { [`${or.list} security`]: [] }, "GET /keys (security)"],
  ["an operation public if one likes", { [`${or.list} security`]: [{}, { apiKey: [] }] }, "GET /keys (security)"],
  ["all operations made public", { security: undefined }, "GET /key (security)"],
  [
    "another scheme of security",
    { "components securitySchemes apiKey": { type: "apiKey", in: "header", name: "X-Api-Key" } },
    "POST /keys (security)",
  ],
  ["Basic for Bearer", { "components securitySchemes apiKey scheme": "basic" }, "POST /keys (security)"],
  ["a second credential beside the first", { security: [{ apiKey: [], bearer: ["admin"] }] }, "POST /keys (security)"],
  ["a scope", { security: [{ apiKey: ["keys:write"] }] }, "POST /keys (security)"],
  ["another host", { "servers 0 url": "https://api.openrouter.ai/api/v1" }, "GET /key (server)"],
  ["another base path", { "servers 0 url": "https://openrouter.ai/api/v2" }, "GET /key (server)"],
  ["http for https", { "servers 0 url": "http://openrouter.ai/api/v1" }, "GET /key (server)"],
  [
    "a second server",
    { servers: [{ url: "https://openrouter.ai/api/v1" }, { url: "https://eu.openrouter.ai/api/v1" }] },
    "GET /key (server)",
  ],
  [
    "a server of one operation",
    { [`${or.list} servers`]: [{ url: "https://keys.openrouter.ai" }] },
    "GET /keys (server)",
  ],
  ["a server of one path", { "paths /key servers": [{ url: "https://openrouter.ai/api/v2" }] }, "GET /key (server)"],
  ["servers withdrawn", { servers: undefined }, "GET /key (server)"],
  [
    "a body that takes nothing else",
    { [`${or.body} additionalProperties`]: false },
    "POST /keys > body (additionalProperties)",
  ],
  [
    "a body that takes nothing else, in other words",
    { [`${or.body} unevaluatedProperties`]: false },
    "POST /keys > body (additionalProperties)",
  ],
  [
    "a body that takes only texts beside",
    { [`${or.body} additionalProperties`]: { type: "string" } },
    "POST /keys > body > {} (presence)",
  ],
  ["a body that may be left out", { "paths /keys post requestBody required": false }, "POST /keys > body (required)"],
  ["a body withdrawn", { "paths /keys/{hash} patch requestBody": undefined }, "PATCH /keys/{hash} > body (presence)"],
  [
    "a body where there was none",
    { "paths /keys/{hash} delete requestBody": { content: {} } },
    "DELETE /keys/{hash} > body (presence)",
  ],
  [
    "a form as a body",
    { "paths /keys post requestBody content": renamed("application/json", "multipart/form-data") },
    "POST /keys > body multipart/form-data (body)",
  ],
  [
    "a field of a body withdrawn",
    { [`${or.body} properties limit_reset`]: undefined },
    "POST /keys > body > limit_reset (presence)",
  ],
  [
    "a field of a body added",
    { [`${or.body} properties tags`]: { type: "array" } },
    "POST /keys > body > tags (presence)",
  ],
  [
    "a field of a body required",
    { [`${or.body} required`]: ["name", "limit"] },
    "POST /keys > body > limit (required)",
  ],
  ["no field of a body required", { [`${or.body} required`]: undefined }, "POST /keys > body > name (required)"],
  ["a body with its least", { [`${or.update} minProperties`]: 1 }, "PATCH /keys/{hash} > body (minProperties)"],
  [
    "a field that needs another",
    { [`${or.body} dependentRequired`]: { limit: ["limit_reset"] } },
    "POST /keys > body (dependentRequired)",
  ],
  [
    "two fields that exclude one another",
    { [`${or.body} not`]: { required: ["limit", "expires_at"] } },
    "POST /keys > body (not)",
  ],
  [
    "a condition",
    { [`${or.body} if`]: { required: ["limit"] }, [`${or.body} then`]: { required: ["limit_reset"] } },
    "POST /keys > body (then)",
  ],
  ["a field only to write", { [`${or.body} properties name writeOnly`]: true }, "POST /keys > body > name (writeOnly)"],
  [
    "a field only to read",
    { [`${or.body} properties creator_user_id readOnly`]: true },
    "POST /keys > body > creator_user_id (readOnly)",
  ],
  [
    "a field's least length",
    { [`${or.body} properties name minLength`]: undefined },
    "POST /keys > body > name (minLength)",
  ],
  [
    "a field's greatest length",
    { [`${or.body} properties name maxLength`]: 64 },
    "POST /keys > body > name (maxLength)",
  ],
  ["a field's pattern", { [`${or.body} properties name pattern`]: "^[a-z]+$" }, "POST /keys > body > name (pattern)"],
  [
    "a field's default",
    { [`${or.body} properties include_byok_in_limit default`]: true },
    "POST /keys > body > include_byok_in_limit (default)",
  ],
  [
    "a number that has to be greater",
    { [`${or.body} properties limit exclusiveMinimum`]: 0 },
    "POST /keys > body > limit (exclusiveMinimum)",
  ],
  [
    "a number in whole cents",
    { [`${or.body} properties limit multipleOf`]: 0.01 },
    "POST /keys > body > limit (multipleOf)",
  ],
  ["a number that became whole", { [`${or.body} properties limit multipleOf`]: 1 }, "POST /keys > body > limit (type)"],
  [
    "a value added",
    { [`${or.body} properties limit_reset enum`]: ["daily", "weekly", "monthly", "yearly", null] },
    "POST /keys > body > limit_reset (enum)",
  ],
  [
    "a value withdrawn",
    { [`${or.update} properties limit_reset enum`]: ["daily", "monthly", null] },
    "PATCH /keys/{hash} > body > limit_reset (enum)",
  ],
  [
    "no null among the values",
    { [`${or.body} properties limit_reset enum`]: ["daily", "weekly", "monthly"] },
    "POST /keys > body > limit_reset (type)",
  ],
  [
    "values that are open",
    { [`${or.body} properties limit_reset enum`]: undefined },
    "POST /keys > body > limit_reset (enum)",
  ],
  [
    "a null that cannot be sent any more",
    { [`${or.body} properties limit type`]: "number" },
    "POST /keys > body > limit (type)",
  ],
  [
    "a field withdrawn",
    { [`${or.read} properties workspace_id`]: undefined, [`${or.read} required`]: without("workspace_id") },
    "GET /keys/{hash} > 200 > data.workspace_id (presence)",
  ],
  [
    "a field withdrawn of which no other document knows",
    { [`${or.current} properties rate_limit properties note`]: undefined },
    "GET /key > 200 > data.rate_limit.note (presence)",
  ],
  [
    "a field renamed",
    { [`${or.inList} properties`]: renamed("disabled", "is_disabled") },
    "GET /keys > 200 > data[].is_disabled (presence)",
  ],
  [
    "a field in another case",
    { [`${or.inList} properties`]: renamed("created_at", "createdAt") },
    "GET /keys > 200 > data[].createdAt (presence)",
  ],
  [
    "a null in a field",
    { [`${or.inList} properties name type`]: ["string", "null"] },
    "GET /keys > 200 > data[].name (type)",
  ],
  ["no null in a field", { [`${or.inList} properties limit type`]: "number" }, "GET /keys > 200 > data[].limit (type)"],
  [
    "a text for a number",
    { [`${or.inList} properties usage type`]: "string" },
    "GET /keys > 200 > data[].usage (type)",
  ],
  [
    "another format",
    { [`${or.inList} properties expires_at format`]: "date" },
    "GET /keys > 200 > data[].expires_at (format)",
  ],
  ["a field not required", { [`${or.inList} required`]: without("hash") }, "GET /keys > 200 > data[].hash (required)"],
  [
    "an optional field required",
    { [`${or.inList} required`]: (all: string[]) => [...all, "expires_at"] },
    "GET /keys > 200 > data[].expires_at (required)",
  ],
  [
    "a field deprecated",
    { [`${or.inList} properties label deprecated`]: true },
    "GET /keys > 200 > data[].label (deprecated)",
  ],
  [
    "a field deprecated no more",
    { [`${or.current} properties rate_limit deprecated`]: undefined },
    "GET /key > 200 > data.rate_limit (deprecated)",
  ],
  [
    "a field that the curated spec has, and it has not had",
    { [`${or.inList} properties last_used_at`]: { type: ["string", "null"], format: "date-time" } },
    "GET /keys > 200 > data[].last_used_at (presence)",
  ],
  [
    "the plaintext in the list",
    { [`${or.inList} properties key`]: { type: "string" } },
    "GET /keys > 200 > data[].key (presence)",
  ],
  [
    "the plaintext within the key",
    { [`${or.created} properties data properties key`]: { type: "string" } },
    "POST /keys > 201 > data.key (presence)",
  ],
  [
    "a secret that was none",
    { [`${or.inList} properties hash format`]: "password" },
    "GET /keys > 200 > data[].hash (format)",
  ],
  [
    "the plaintext in a header",
    { "paths /keys post responses 201 headers": { "X-Key": { schema: { type: "string" } } } },
    "POST /keys > 201 > header X-Key (presence)",
  ],
  ["the plaintext withdrawn", { [`${or.created} properties key`]: undefined }, "POST /keys > 201 > key (presence)"],
  [
    "another answer to a deletion",
    { [`${or.deleted} properties deleted const`]: false },
    "DELETE /keys/{hash} > 200 > deleted (enum)",
  ],
  [
    "a list within an object",
    { [or.inList]: { type: "array", items: { type: "object" } } },
    "GET /keys > 200 > data[] (type)",
  ],
  [
    "a list of which each is there once",
    { [`paths /keys get responses 200 ${json} properties data uniqueItems`]: true },
    "GET /keys > 200 > data (uniqueItems)",
  ],
  [
    "a most of a list",
    { [`paths /keys get responses 200 ${json} properties data maxItems`]: 100 },
    "GET /keys > 200 > data (maxItems)",
  ],
  ["a status withdrawn", { "paths /keys get responses 400": undefined }, "GET /keys > 400 (presence)"],
  ["a status added", { "paths /keys get responses": plus({ 402: { description: "" } }) }, "GET /keys > 402 (presence)"],
  ["another status of success", { "paths /keys post responses": renamed("201", "200") }, "POST /keys > 201 (presence)"],
  [
    "another body of an error",
    { "components schemas UnauthorizedResponse properties": renamed("error", "errors") },
    "GET /key > 401 > errors (presence)",
  ],
  [
    "a header of an answer",
    { "paths /keys get responses 429 headers": { "RateLimit-Reset": { schema: {} } } },
    "GET /keys > 429 > header RateLimit-Reset (presence)",
  ],
  [
    "an answer in another media type",
    { "paths /keys get responses 200 content": renamed("application/json", "application/x-ndjson") },
    "GET /keys > 200 application/x-ndjson (body)",
  ],
  [
    "an answer without a body",
    { "paths /keys/{hash} delete responses 200 content": undefined },
    "DELETE /keys/{hash} > 200 (body)",
  ],
  ["prose of an operation", { [`${or.list} x-prose`]: "00000000" }, "GET /keys (prose)"],
  ["prose of a parameter", { [`${parameter(2)} x-prose`]: "00000000" }, "GET /keys > query workspace_id (prose)"],
  [
    "prose of a field",
    { [`${or.inList} properties limit`]: plus({ "x-prose": undefined, description: "Spending limit in cents" }) },
    "GET /keys > 200 > data[].limit (prose)",
  ],
  [
    "prose withdrawn",
    { [`${or.body} properties expires_at x-prose`]: undefined },
    "POST /keys > body > expires_at (prose)",
  ],
];

const cc = {
  list: "paths /api/v1/api-keys get",
  schemas: "components schemas",
};
const ofCockroach: Mutation[] = [
  [
    "a query parameter in its Go name",
    { [`${cc.list} parameters 1 name`]: "paginationPage" },
    "GET /api/v1/api-keys > query pagination.page (name)",
  ],
  [
    "a query parameter in another case",
    { [`${cc.list} parameters 0 name`]: "serviceAccountId" },
    "GET /api/v1/api-keys > query service_account_id (name)",
  ],
  [
    "a value withdrawn",
    { [`${cc.list} parameters 4 schema enum`]: ["ASC"] },
    "GET /api/v1/api-keys > query pagination.sort_order (enum)",
  ],
  [
    "values that are open",
    { [`${cc.list} parameters 4 schema enum`]: undefined },
    "GET /api/v1/api-keys > query pagination.sort_order (enum)",
  ],
  [
    "a default",
    { [`${cc.list} parameters 2 schema default`]: 100 },
    "GET /api/v1/api-keys > query pagination.limit (default)",
  ],
  [
    "an exclusive limit of OpenAPI 3.0",
    { [`${cc.list} parameters 2 schema`]: plus({ minimum: 0, exclusiveMinimum: true }) },
    "GET /api/v1/api-keys > query pagination.limit (minimum)",
  ],
  [
    "a wider number",
    { [`${cc.list} parameters 2 schema format`]: "int64" },
    "GET /api/v1/api-keys > query pagination.limit (format)",
  ],
  ["Basic for Bearer", { "components securitySchemes Bearer scheme": "basic" }, "GET /api/v1/api-keys (security)"],
  [
    "an operation made public",
    { "paths /api/v1/api-keys/{id} get security": [] },
    "GET /api/v1/api-keys/{id} (security)",
  ],
  ["another host", { "servers 0 url": "https://api.cockroachlabs.cloud" }, "GET /api/v1/api-keys (server)"],
  ["a base path", { "servers 0 url": "https://cockroachlabs.cloud/v2" }, "GET /api/v1/api-keys (server)"],
  [
    "a body that takes nothing else",
    { [`${cc.schemas} CreateApiKeyRequest additionalProperties`]: false },
    "POST /api/v1/api-keys > body (additionalProperties)",
  ],
  [
    "a field of a body required",
    { [`${cc.schemas} UpdateApiKeySpecification required`]: ["name"] },
    "PATCH /api/v1/api-keys/{id} > body > name (required)",
  ],
  [
    "a field withdrawn",
    { [`${cc.schemas} KeysetPaginationResponse properties previous_page`]: undefined },
    "GET /api/v1/api-keys > 200 > pagination.previous_page (presence)",
  ],
  [
    "a field that may be null",
    { [`${cc.schemas} ApiKey properties name nullable`]: true },
    "GET /api/v1/api-keys/{id} > 200 > name (type)",
  ],
  [
    "a cursor that may be null, as was decided",
    { [`${cc.schemas} KeysetPaginationResponse properties next_page nullable`]: true },
    "GET /api/v1/api-keys > 200 > pagination.next_page (type)",
  ],
  [
    "the plaintext in the key",
    { [`${cc.schemas} ApiKey properties`]: plus({ secret: { type: "string" } }) },
    "GET /api/v1/api-keys > 200 > api_keys[].secret (presence)",
  ],
  [
    "a status withdrawn",
    { "paths /api/v1/api-keys/{id} delete responses 404": undefined },
    "DELETE /api/v1/api-keys/{id} > 404 (presence)",
  ],
  [
    "the default answer withdrawn",
    { "paths /api/v1/api-keys/{id} delete responses default": undefined },
    "DELETE /api/v1/api-keys/{id} > default (presence)",
  ],
  [
    "a schema where there was none",
    {
      [`paths /api/v1/api-keys post responses 400 ${json}`]: {
        type: "object",
        properties: { code: { type: "string" } },
      },
    },
    "POST /api/v1/api-keys > 400 (type)",
  ],
  [
    "a header of requests",
    {
      "paths /api/v1/api-keys/{id} get parameters": (all: unknown[]) => [
        ...all,
        { name: "Cc-Version", in: "header", required: true, schema: {} },
      ],
    },
    "GET /api/v1/api-keys/{id} > header Cc-Version (required)",
  ],
  [
    "what an answer to a deletion is",
    { [`paths /api/v1/api-keys/{id} delete responses 200 ${json}`]: { type: "object" } },
    "DELETE /api/v1/api-keys/{id} > 200 > id (presence)",
  ],
  [
    "prose that names a role",
    { "paths /api/v1/api-keys/{id} get x-prose": "00000000 11111111" },
    "GET /api/v1/api-keys/{id} (prose)",
  ],
];

const ofEstuary: Mutation[] = [
  [
    "a query parameter in another case",
    { "paths /user/api-keys post parameters 0 name": "Expiry" },
    "POST /user/api-keys > query expiry (name)",
  ],
  [
    "a query parameter for a label",
    {
      "paths /user/api-keys post parameters": (all: unknown[]) => [
        ...all,
        { name: "label", in: "query", schema: { type: "string" } },
      ],
    },
    "POST /user/api-keys > query label (presence)",
  ],
  [
    "the bearer scheme, as was decided",
    { "components securitySchemes bearerAuth": { type: "http", scheme: "bearer" } },
    "GET /user/stats (security)",
  ],
  [
    "the key in another header",
    { "components securitySchemes bearerAuth name": "X-Token" },
    "GET /user/stats (security)",
  ],
  ["an operation made public", { "paths /user/stats get security": [] }, "GET /user/stats (security)"],
  ["another host", { "servers 0 url": "https://estuary.tech" }, "GET /user/stats (server)"],
  [
    "a field withdrawn",
    { "components schemas api.getApiKeysResp properties tokenHash": undefined },
    "GET /user/api-keys > 200 > [].tokenHash (presence)",
  ],
  [
    "a list in a list",
    { [`paths /user/api-keys get responses 200 ${json} items`]: { type: "array" } },
    "GET /user/api-keys > 200 > [] (type)",
  ],
  [
    "a status withdrawn that was decided not to be there",
    { "paths /user/api-keys get responses 400": undefined },
    "GET /user/api-keys > 400 (presence)",
  ],
  ["a status withdrawn", { "paths /user/export get responses 500": undefined }, "GET /user/export > 500 (presence)"],
  [
    "an answer to a deletion that is decided not to be there, of another type",
    { [`paths /user/api-keys/{key_or_hash} delete responses 200 ${json} type`]: "object" },
    "DELETE /user/api-keys/{key_or_hash} > 200 (body)",
  ],
  [
    "a limit below a decided type",
    { [`paths /user/export get responses 200 ${json} maxLength`]: 10 },
    "GET /user/export > 200 (maxLength)",
  ],
  [
    "a field of an error withdrawn",
    { "components schemas util.HttpError properties reason": undefined },
    "GET /user/stats > 500 > reason (presence)",
  ],
  [
    "prose of a decided parameter",
    { "paths /user/api-keys post parameters 1 x-prose": "00000000" },
    "POST /user/api-keys > query perms (prose)",
  ],
];

type Refactoring = [what: string, change: Change];

/** What stands somewhere in a component of its own. */
const moved = (section: string, name: string, path: string): Change => {
  let node: unknown;
  return {
    [path]: (old: unknown) => {
      node = old;
      return { $ref: `#/components/${section}/${name}` };
    },
    components: (all: Record<string, Json>) => ({ ...all, [section]: { ...all[section], [name]: node } }),
  };
};

const same: Record<Provider, Refactoring[]> = {
  openrouter: [
    ["nothing", {}],
    ["a schema in a component", moved("schemas", "Key", or.inList)],
    ["a body in a component", moved("schemas", "CreateKey", or.body)],
    ["a response in a component", moved("responses", "Bad", "paths /keys get responses 400")],
    ["a property's schema in a component", moved("schemas", "Limit", `${or.body} properties limit`)],
    [
      "parameters of the path item",
      {
        "paths /keys/{hash} get": (node: Json) => ({ ...node, parameters: [] }),
        "paths /keys/{hash} parameters": [
          { name: "hash", in: "path", required: true, "x-prose": "9742a06a", schema: { type: "string" } },
        ],
      },
    ],
    ["parameters in another order", { [`${or.list} parameters`]: (all: unknown[]) => [...all].reverse() }],
    [
      "fields in another order",
      { [`${or.body} properties`]: (map: Json) => Object.fromEntries(Object.entries(map).reverse()) },
    ],
    ["required fields in another order", { [`${or.inList} required`]: (all: unknown[]) => [...all].reverse() }],
    [
      "statuses in another order",
      { "paths /keys get responses": (map: Json) => Object.fromEntries(Object.entries(map).reverse()) },
    ],
    ["values in another order", { [`${or.body} properties limit_reset enum`]: [null, "monthly", "daily", "weekly"] }],
    ["types in another order", { [`${or.inList} properties limit type`]: ["null", "number"] }],
    ["a null of OpenAPI 3.0", { [`${or.inList} properties limit`]: plus({ type: "number", nullable: true }) }],
    [
      "a null as an alternative",
      {
        [`${or.inList} properties limit`]: plus({
          type: undefined,
          anyOf: [{ type: "number" }, { type: "null" }],
        }),
      },
    ],
    [
      "a null as one of several alternatives with the format within",
      {
        [`${or.inList} properties limit`]: ({ "x-prose": prose }: Json) => ({
          "x-prose": prose,
          oneOf: [{ type: "null" }, { type: "number", format: "double" }],
        }),
      },
    ],
    [
      "a nullable reference",
      {
        "components schemas": plus({ Money: { type: "number", format: "double" } }),
        [`${or.body} properties limit`]: ({ "x-prose": prose }: Json) => ({
          "x-prose": prose,
          oneOf: [{ $ref: "#/components/schemas/Money" }, { type: "null" }],
        }),
      },
    ],
    [
      "constants for an enum",
      {
        [`${or.body} properties limit_reset`]: ({ "x-prose": prose }: Json) => ({
          "x-prose": prose,
          oneOf: [{ const: "daily" }, { const: "weekly" }, { const: "monthly" }, { type: "null" }],
        }),
      },
    ],
    [
      "constants with titles for an enum",
      {
        [`${or.body} properties limit_reset`]: ({ "x-prose": prose }: Json) => ({
          "x-prose": prose,
          anyOf: [{ const: "daily", title: "Day" }, { const: "weekly" }, { const: "monthly" }, { const: null }],
        }),
      },
    ],
    [
      "enums of one for an enum",
      {
        [`${or.body} properties limit_reset`]: ({ "x-prose": prose }: Json) => ({
          "x-prose": prose,
          type: ["string", "null"],
          oneOf: [{ enum: ["daily"] }, { enum: ["weekly", "monthly"] }, { type: "null" }],
        }),
      },
    ],
    [
      "an enum for a constant",
      {
        [`${or.deleted} properties deleted`]: ({ "x-prose": prose }: Json) => ({
          "x-prose": prose,
          type: "boolean",
          enum: [true],
        }),
      },
    ],
    [
      "alternatives for types",
      {
        [`${or.inList} properties updated_at`]: ({ "x-prose": prose }: Json) => ({
          "x-prose": prose,
          anyOf: [{ type: "string" }, { type: "null" }],
        }),
      },
    ],
    [
      "a null as the one value of an alternative",
      {
        [`${or.inList} properties updated_at`]: ({ "x-prose": prose }: Json) => ({
          "x-prose": prose,
          anyOf: [{ type: "string" }, { enum: [null] }],
        }),
      },
    ],
    ["the one alternative", { [`${or.inList} properties hash`]: (old: Json) => ({ anyOf: [old] }) }],
    ["the same alternative twice", { [`${or.inList} properties hash`]: (old: Json) => ({ anyOf: [old, old] }) }],
    ["parts of one", { [`${or.inList} properties hash`]: (old: Json) => ({ allOf: [old] }) }],
    [
      "fields in parts",
      { [or.body]: ({ properties, ...rest }: Json) => ({ ...rest, allOf: [{ properties }, { type: "object" }] }) },
    ],
    [
      "an integer as a number of ones",
      { [`${parameter(1)} schema`]: plus({ type: ["number", "null"], multipleOf: 1 }) },
    ],
    ["an integer of ones", { [`${parameter(1)} schema multipleOf`]: 1 }],
    [
      "an exclusive limit that is the same",
      { [`${parameter(1)} schema`]: plus({ minimum: undefined, exclusiveMinimum: -1 }) },
    ],
    [
      "a limit that is none",
      { [`${or.body} properties creator_user_id`]: plus({ maxItems: undefined, uniqueItems: false, minItems: 0 }) },
    ],
    [
      "what is said of any schema",
      { [`${or.inList} properties hash`]: plus({ deprecated: false, readOnly: false, writeOnly: false }) },
    ],
    ["that other fields may come", { [`${or.inList} additionalProperties`]: true }],
    ["that anything may come", { [`${or.inList} additionalProperties`]: {} }],
    ["that anything in OpenAPI 3.0 may come", { [`${or.inList} additionalProperties`]: { nullable: true } }],
    ["no type beside properties", { [`${or.body} type`]: undefined }],
    ["no type beside items", { [`paths /keys get responses 200 ${json} properties data type`]: undefined }],
    [
      "other names of components",
      {
        "components schemas": renamed("UnauthorizedResponse", "E401"),
        paths: (paths: Json) =>
          JSON.parse(JSON.stringify(paths).replaceAll('schemas/UnauthorizedResponse"', 'schemas/E401"')) as Json,
      },
    ],
    [
      "another name of the scheme of security",
      { "components securitySchemes": renamed("apiKey", "token"), security: [{ token: [] }] },
    ],
    ["security at each operation", { [`${or.list} security`]: [{ bearer: [] }] }],
    ["the scheme's name in another case", { "components securitySchemes apiKey scheme": "Bearer" }],
    ["a slash behind the server", { "servers 0 url": "https://openrouter.ai/api/v1/" }],
    ["the host in another case", { "servers 0 url": "https://OpenRouter.ai/api/v1" }],
    [
      "a variable in the server",
      { servers: [{ url: "https://{host}/api/v1", variables: { host: { default: "openrouter.ai" } } }] },
    ],
    [
      "the base path in the paths",
      {
        servers: [{ url: "https://openrouter.ai" }],
        paths: (paths: Json) =>
          Object.fromEntries(Object.entries(paths).map(([path, item]) => [`/api/v1${path}`, item])),
      },
    ],
    ["the server at each path", { "paths /key servers": [{ url: "https://openrouter.ai/api/v1" }] }],
    [
      "the server twice",
      { servers: [{ url: "https://openrouter.ai/api/v1" }, { url: "https://openrouter.ai/api/v1/" }] },
    ],
    [
      "a charset",
      { "paths /keys get responses 200 content": renamed("application/json", "application/json; charset=utf-8") },
    ],
    [
      "a media type in another case",
      { "paths /keys get responses 200 content": renamed("application/json", "Application/JSON") },
    ],
    [
      "what each parameter is by default",
      { [parameter(2)]: plus({ style: "form", explode: true, allowReserved: false, deprecated: false }) },
    ],
    ["no word on required where it is not", { [`${parameter(2)} required`]: undefined }],
    ["other operations", { paths: plus({ "/models": { get: { responses: {} } } }) }],
    ["OpenAPI 3.2", { openapi: "3.2.0", "x-any": 1 }],
    [
      "an operationId, tags and examples",
      {
        [or.list]: plus({ operationId: "list", tags: ["a"], externalDocs: { url: "https://a.test" }, "x-any": 1 }),
        [`${or.inList} properties hash`]: plus({ example: "a", examples: ["b"], title: "Hash" }),
      },
    ],
  ],
  cockroach: [
    ["nothing", {}],
    ["OpenAPI 3.1", { openapi: "3.1.0" }],
    [
      "a reference beside which something stands",
      {
        [`paths /api/v1/api-keys/{id} get responses 200 ${json}`]: {
          $ref: "#/components/schemas/ApiKey",
          title: "Key",
        },
      },
    ],
    [
      "a reference within parts",
      {
        [`paths /api/v1/api-keys/{id} get responses 200 ${json}`]: { allOf: [{ $ref: "#/components/schemas/ApiKey" }] },
      },
    ],
    [
      "a reference to a reference",
      {
        "components schemas": plus({ Key: { $ref: "#/components/schemas/ApiKey" } }),
        [`paths /api/v1/api-keys/{id} get responses 200 ${json}`]: { $ref: "#/components/schemas/Key" },
      },
    ],
    ["no schema for an empty one", { "paths /api/v1/api-keys post responses 400 content application/json": {} }],
    ["a schema that allows anything", { [`paths /api/v1/api-keys post responses 400 ${json}`]: { title: "Any" } }],
  ],
  estuary: [
    ["nothing", {}],
    ["an empty list of what is required", { "components schemas api.getApiKeysResp required": [] }],
    [
      "a schema in place",
      {
        [`paths /user/api-keys post responses 200 ${json}`]: known.estuary.seen.resolve({
          $ref: "#/components/schemas/api.getApiKeysResp",
        }),
      },
    ],
    [
      "a status in a component",
      {
        "components responses": {
          Bad: (known.estuary.document["paths"] as Record<string, Record<string, { responses: Json }>>)[
            "/user/stats"
          ]?.["get"]?.responses["400"],
        },
        "paths /user/stats get responses 400": { $ref: "#/components/responses/Bad" },
      },
    ],
  ],
};

describe("of a provider's document is told where there is", () => {
  it.each([
    ...ofOpenRouter.map(([what, change, told]) => ({ provider: "openrouter" as const, what, change, told })),
    ...ofCockroach.map(([what, change, told]) => ({ provider: "cockroach" as const, what, change, told })),
    ...ofEstuary.map(([what, change, told]) => ({ provider: "estuary" as const, what, change, told })),
  ])("$what, $provider", ({ provider, change, told }) => {
    expect(toldOf(provider, change)).toContain(told);
  });
});

describe("of a provider's document nothing is told where it has", () => {
  it.each(
    (["openrouter", "cockroach", "estuary"] as const).flatMap((provider) =>
      same[provider].map(([what, change]) => ({ provider, what, change })),
    ),
  )("$what, $provider", ({ provider, change }) => {
    expect(toldOf(provider, change)).toEqual([]);
  });
});

describe("a provider's texts", () => {
  const { curated } = known.openrouter;
  const kept = new Spec(copy(documentToKeep(curated, curated)));
  const toldOfText = (edit: (text: string) => string) =>
    explain(curated, new Spec(JSON.parse(edit(JSON.stringify(curated.document)))), {
      source: "openrouter-openapi",
      seen: kept,
      decisions,
    }).news.flatMap(({ places, aspect, claimed }) => places.map((place) => `${place}: ${aspect} ${String(claimed)}`));

  it("are told where they change, by their place", () => {
    const told = toldOfText((text) => text.replaceAll("in US dollars", "in cents"));
    expect(told).toContain("POST /keys > body > limit: prose changed here");
    expect(told).toContain("GET /keys > 200 > data[].usage_daily: prose changed here");
    expect(told.filter((one) => !one.endsWith("prose changed here"))).toEqual([]);
  });

  it("are no news where only their lines are broken otherwise, or elsewhere", () => {
    expect(toldOfText((text) => text.replaceAll("in US dollars", "in  US\\n dollars"))).toEqual([]);
    expect(toldOfText((text) => text.replaceAll("Six operations", "6 operations"))).toEqual([]);
  });

  it("are not kept", () => {
    expect(JSON.stringify(kept.document)).not.toContain("US dollars");
  });
});
