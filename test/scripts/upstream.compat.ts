import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dump, load } from "js-yaml";
import { compare } from "../../scripts/openapi-diff/compare.js";
import { describe as inWords } from "../../scripts/openapi-diff/describe.js";
import { placesAround } from "../../scripts/openapi-diff/place.js";
import { Spec } from "../../scripts/render/spec.js";
import type { DifferenceDecision } from "../../scripts/reconcile/decisions.js";
import { explain } from "../../scripts/upstream/explain.js";
import { fetchText } from "../../scripts/upstream/fetch-text.js";
import { foreignSpec } from "../../scripts/upstream/foreign-spec.js";
import { changed, type Change, type Json } from "../fixtures/upstream/change.js";
import { listen } from "../helpers/loopback.js";
import { runHere, runScript, temporaryProjects } from "./temporary-project.js";

const temporaryProject = temporaryProjects();

const repository = fileURLToPath(new URL("../..", import.meta.url));
const text = await readFile(join(repository, "spec/openrouter.yaml"), "utf8");

const curated = load(text) as Json;
const ours = (): Json => structuredClone(curated);

const list = "paths /keys get";
const key = "components schemas ApiKey";

/** As a provider would write it: without our components and our words. */
function rewritten(document: Json): Json {
  const { schemas } = document["components"] as Record<string, Json>;
  const inlined = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(inlined);
    if (typeof node !== "object" || node === null) return node;
    const { $ref, ...rest } = node as Json;
    const name = typeof $ref === "string" ? /^#\/components\/schemas\/(.*)$/.exec($ref)?.[1] : undefined;
    const own = Object.fromEntries(
      Object.entries(rest)
        .filter(([key]) => !key.startsWith("x-") && key !== "example" && key !== "examples")
        .map(([key, value]) => [key, key === "description" ? "Other words." : inlined(value)]),
    );
    if (name !== undefined) return { ...(inlined(schemas?.[name]) as Json), ...own };
    return $ref === undefined ? own : { $ref, ...own };
  };
  return inlined(document) as Json;
}

const renamed =
  (from: string, to: string) =>
  (map: Json): Json =>
    Object.fromEntries(Object.entries(map).map(([name, value]) => [name === from ? to : name, value]));

const inEachOperation = (words: string): Record<string, string> =>
  Object.fromEntries(
    ["GET /key", "GET /keys", "POST /keys", "GET /keys/{hash}", "PATCH /keys/{hash}", "DELETE /keys/{hash}"].map(
      (operation) => [operation, words],
    ),
  );

const inEachKey = (field: string, words: string): Record<string, string> => ({
  [`GET /keys > 200 > data[].${field}`]: words,
  [`POST /keys > 201 > data.${field}`]: words,
  [`GET /keys/{hash} > 200 > data.${field}`]: words,
  [`PATCH /keys/{hash} > 200 > data.${field}`]: words,
});

interface Row {
  change: string;
  to: Change;
  /** What is told of which place: what is claimed, and what the curated spec says. */
  news: Record<string, string>;
}

const rows: Row[] = [
  { change: "nothing", to: {}, news: {} },
  {
    change: "a field added",
    to: { [`${key} properties color`]: { type: "string" } },
    news: inEachKey("color", "field (string), not nothing of the kind"),
  },
  {
    change: "a field removed",
    to: {
      [`${key} properties label`]: undefined,
      [`${key} required`]: (names: string[]) => names.filter((name) => name !== "label"),
    },
    news: inEachKey("label", "nothing of the kind, not field (string)"),
  },
  {
    change: "a field replaced by another of a similar name and another type",
    to: {
      [`${key} properties`]: renamed("last_used_at", "last_used"),
      [`${key} properties last_used`]: { type: "integer" },
    },
    news: {
      ...inEachKey("last_used_at", "nothing of the kind, not field (string or null)"),
      ...inEachKey("last_used", "field (integer), not nothing of the kind"),
    },
  },
  {
    change: "a type changed",
    to: { [`${key} properties disabled type`]: "string" },
    news: inEachKey("disabled", "type string, not type boolean"),
  },
  {
    change: "a field that may be null",
    to: { [`${key} properties name`]: { anyOf: [{ type: "string" }, { type: "null" }] } },
    news: inEachKey("name", "type string or null, not type string"),
  },
  {
    change: "a format changed",
    to: { [`${key} properties last_used_at format`]: "date" },
    news: inEachKey("last_used_at", "format date, not format date-time"),
  },
  {
    change: "a field that became required",
    to: { [`${key} required`]: (names: string[]) => [...names, "last_used_at"] },
    news: inEachKey("last_used_at", "required, not optional"),
  },
  {
    change: "an enum whose values are closed",
    to: { "components schemas DataRegion": { type: "string", enum: ["us", "global", "europe"] } },
    news: {},
  },
  {
    change: "an enum value added, and one removed",
    to: { "components schemas DataRegion anyOf 0 enum": ["asia", "global", "us"] },
    news: {
      "GET /key > 200 > data.allowed_data_regions[]":
        "no such value, not the value europe; the value asia, not no such value",
    },
  },
  {
    change: "a status added, and one removed",
    to: { [`${list} responses`]: renamed("429", "418"), [`${list} responses 418`]: { description: "A teapot." } },
    news: {
      "GET /keys > 418": "status, not nothing of the kind",
      "GET /keys > 429": "nothing of the kind, not status",
    },
  },
  {
    change: "a query parameter renamed",
    to: { [`${list} parameters 2 name`]: "skip" },
    news: { "GET /keys > query offset": "called skip, not called offset" },
  },
  {
    change: "a path parameter renamed",
    to: { paths: renamed("/keys/{hash}", "/keys/{id}"), "components parameters KeyHash name": "id" },
    news: Object.fromEntries(
      ["GET", "PATCH", "DELETE"].map((method) => [`${method} /keys/{hash} > path hash`, "called id, not called hash"]),
    ),
  },
  {
    change: "all query parameters in another order and with other names",
    to: {
      [`${list} parameters`]: (parameters: { name: string }[]) =>
        parameters.map((one) => ({ ...one, name: one.name.replace("_", "-") })).reverse(),
    },
    news: {
      "GET /keys > query include_disabled": "called include-disabled, not called include_disabled",
      "GET /keys > query include_expired": "called include-expired, not called include_expired",
      "GET /keys > query workspace_id": "called workspace-id, not called workspace_id",
    },
  },
  {
    change: "a header added and two query parameters removed",
    to: {
      [`${list} parameters`]: (parameters: unknown[]) => [
        { name: "X-Color", in: "header", required: true, schema: { type: "string" } },
        ...parameters.slice(2),
      ],
    },
    news: {
      "GET /keys > query include_disabled": "nothing of the kind, not parameter (boolean)",
      "GET /keys > query include_expired": "nothing of the kind, not parameter (boolean)",
      "GET /keys > header X-Color": "parameter (string), not nothing of the kind",
    },
  },
  {
    change: "a parameter that became required",
    to: { [`${list} parameters 2 required`]: true },
    news: { "GET /keys > query offset": "required, not optional" },
  },
  {
    change: "a limit set",
    to: { [`${list} parameters 3 schema maxLength`]: 36 },
    news: { "GET /keys > query workspace_id": "maxLength 36, not no maxLength" },
  },
  {
    change: "a limit of ours not mentioned",
    to: { "components parameters KeyHash schema minLength": undefined },
    news: {},
  },
  {
    change: "our marks of secrets not mentioned",
    to: { "components schemas CreateApiKeyResponse properties key format": undefined },
    news: {},
  },
  {
    change: "a response header written in lower case",
    to: { "components responses TooManyRequests headers": renamed("Retry-After", "retry-after") },
    news: {},
  },
  {
    change: "another media type",
    to: { [`${list} responses 200 content`]: renamed("application/json", "application/xml") },
    news: {
      "GET /keys > 200": "no body, not body (object)",
      "GET /keys > 200 application/xml": "body (object), not no body",
    },
  },
  {
    change: "a media type with its charset",
    to: { [`${list} responses 200 content`]: renamed("application/json", "application/json; charset=utf-8") },
    news: {},
  },
  {
    change: "a body that is optional",
    to: { "paths /keys post requestBody required": false },
    news: { "POST /keys > body": "optional, not required" },
  },
  {
    change: "an operation that is deprecated",
    to: { [`${list} deprecated`]: true },
    news: { "GET /keys": "deprecated, not not deprecated" },
  },
  {
    change: "an operation removed, one added to a path of ours, one below it, and one elsewhere",
    to: {
      "paths /keys/{hash}": renamed("patch", "put"),
      "paths /keys/{key}/rotate": { post: { responses: {} } },
      "paths /models": { get: { responses: {} } },
    },
    news: {
      "PATCH /keys/{hash}": "nothing of the kind, not operation",
      "PUT /keys/{hash}": "operation, not nothing of the kind",
      "POST /keys/{key}/rotate": "operation, not nothing of the kind",
    },
  },
  {
    change: "the base path in its paths",
    to: {
      servers: [{ url: "https://{host}", variables: { host: { default: "openrouter.ai" } } }],
      paths: (paths: Json) => Object.fromEntries(Object.entries(paths).map(([path, item]) => [`/api/v1${path}`, item])),
    },
    news: {},
  },
  {
    change: "no servers",
    to: { servers: undefined },
    news: inEachOperation("no server, not server https://openrouter.ai/api/v1"),
  },
  {
    change: "another base path",
    to: { "servers 0 url": "https://openrouter.ai/api/v2/" },
    news: inEachOperation("server https://openrouter.ai/api/v2, not server https://openrouter.ai/api/v1"),
  },
  {
    change: "the null of OpenAPI 3.0",
    to: { openapi: "3.0.3", [`${key} properties limit`]: { type: "number", format: "double", nullable: true } },
    news: {},
  },
  {
    change: "an enum that lists null",
    to: {
      "components schemas CreateApiKeyRequest properties limit_reset": {
        type: ["null", "string"],
        enum: ["monthly", "weekly", "daily", null],
      },
    },
    news: {},
  },
  {
    change: "a schema made of parts",
    to: {
      [key]: ({ properties, required }: Json) => ({ required, allOf: [{ properties }, { type: "object" }] }),
    },
    news: {},
  },
  {
    change: "an empty schema",
    to: { "components responses Unauthorized content application/json schema": {} },
    news: Object.fromEntries(
      ["GET /key", "GET /keys", "POST /keys", "GET /keys/{hash}", "PATCH /keys/{hash}", "DELETE /keys/{hash}"].map(
        (operation) => [`${operation} > 401`, "any type, not type object"],
      ),
    ),
  },
  {
    change: "schemas that contain themselves",
    to: {
      [`${key} properties parent`]: { $ref: "#/components/schemas/ApiKey" },
      [`${key} allOf`]: [{ $ref: "#/components/schemas/ApiKey" }],
    },
    news: inEachKey("parent", "field (object), not nothing of the kind"),
  },
];

describe("a provider's document", () => {
  it.each(rows)("with $change is reported so", ({ to, news }) => {
    const told: Record<string, string> = {};
    const { differences } = compare(new Spec(ours()), new Spec(changed(ours(), to)));
    for (const { place, aspect, claimed, curated } of differences) {
      const said = `${inWords(aspect, claimed)}, not ${inWords(aspect, curated)}`;
      told[place] = told[place] === undefined ? said : `${told[place]}; ${said}`;
    }
    expect(told).toEqual(news);
  });

  it("that says the same in other words, without components of ours, is no news", () => {
    expect(compare(new Spec(ours()), new Spec(rewritten(ours()))).differences).toEqual([]);
  });

  it("is explained by the decisions on it, and told once for all places that share a field", () => {
    const decision = (source: string): DifferenceDecision => ({
      id: "known",
      provider: "openrouter",
      kind: "difference",
      sources: [source],
      claims: "",
      says: "",
      why: "",
      evidence: "",
      knownFrom: [],
      places: [{ at: "* > 20* > data*.color", aspect: "presence", claims: "field (string)", says: undefined }],
    });
    const document = new Spec(
      changed(ours(), {
        [`${key} properties color`]: { type: "string" },
        "components schemas CurrentApiKey properties color": { type: "integer" },
      }),
    );
    const explainedBy = (...decisions: DifferenceDecision[]) =>
      explain(new Spec(ours()), document, { source: "its-own", seen: undefined, decisions });

    const { news, decided } = explainedBy(decision("its-own"));
    expect(news.map(({ places }) => places)).toEqual([["GET /key > 200 > data.color"]]);
    expect(decided.map(({ decision: { id }, differences }) => [id, differences.length])).toEqual([["known", 4]]);

    const ofAnother = explainedBy(decision("another"));
    expect(ofAnother.news.map(({ places }) => places.length)).toEqual([1, 4]);
    expect(ofAnother.decided).toEqual([]);
  });

  it("has places that lie in others", () => {
    expect(placesAround('GET /keys > 200 > data[]."a.b".limit')).toEqual([
      'GET /keys > 200 > data[]."a.b"',
      "GET /keys > 200 > data[]",
      "GET /keys > 200 > data",
      "GET /keys > 200",
      "GET /keys",
    ]);
  });
});

describe("a hostile document", () => {
  const withRef = ($ref: unknown) => JSON.stringify({ ...ours(), "x-anywhere": [{ $ref }] });
  const letters = "abcdefghi".split("");
  const given: { given: string; text: string; says: string }[] = [
    {
      given: "a reference to a file",
      text: withRef("file:///etc/passwd"),
      says: '"file:///etc/passwd" at #/x-anywhere/0',
    },
    { given: "a reference to a neighbour", text: withRef("other.yaml#/a"), says: "only $refs within a document" },
    { given: "a reference to a server", text: withRef("https://example.test/a"), says: "only $refs within a document" },
    { given: "a reference that cannot be decoded", text: withRef("#/%zz"), says: "only $refs within a document" },
    { given: "deep JSON", text: `{"openapi":"3.1.0","a":${"[".repeat(1e6)}${"]".repeat(1e6)}}`, says: "nested" },
    { given: "deep YAML", text: `openapi: 3.1.0\na: ${"[".repeat(5000)}${"]".repeat(5000)}`, says: "nesting exceeded" },
    {
      given: "a bomb of aliases",
      text: letters
        .map(
          (name, at) =>
            `${name}: &${name} [${Array(9)
              .fill(at === 0 ? "x" : `*${letters[at - 1] ?? ""}`)
              .join(",")}]`,
        )
        .join("\n"),
      says: "alias",
    },
    { given: "an alias to itself", text: "openapi: 3.1.0\na: &a {b: *a}", says: "nested" },
    { given: "a web page", text: "<!doctype html><html></html>", says: "no OpenAPI document" },
    { given: "broken YAML", text: "openapi: 3.1.0\na: b: c", says: "neither JSON nor YAML" },
    { given: "nothing", text: "", says: "no OpenAPI document" },
    { given: "a list", text: "[]", says: "no OpenAPI document" },
    { given: "another format", text: '{"asyncapi": "3.0.0"}', says: "no OpenAPI document" },
  ];
  it.each(given)("is refused: $given", ({ text, says }) => {
    expect(() => foreignSpec(text)).toThrow(
      expect.objectContaining({ name: "UnreadableDocument", message: expect.stringContaining(says) as string }),
    );
  });

  it("is refused if its references unfold without end, and only where we look", () => {
    const tree = Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => {
        const next = { $ref: `#/components/schemas/L${level + 1}` };
        return [`L${level}`, { type: "object", properties: { a: next, b: next } }];
      }),
    );
    const document = changed(ours(), {
      "components schemas": (schemas: Json) => ({ ...schemas, ...tree, L40: { type: "object" } }),
      [`${key} properties tree`]: { $ref: "#/components/schemas/L0" },
    });
    const other = new Spec(document);
    const known = compare(new Spec(ours()), other).differences;
    expect(known.map(({ place }) => place)).toContain("GET /keys > 200 > data[].tree");
    expect(() => compare(other, new Spec(structuredClone(document)))).toThrow("unfold");
  });

  it("brings no control characters into what is printed", () => {
    const document = changed(ours(), {
      [`${list} parameters 0`]: { name: "a\u001b[31m\n::error::b", in: "cookie", schema: { enum: ["\u0007"] } },
      [`${key} properties name enum`]: ["\u0007"],
    });
    const { differences } = compare(new Spec(ours()), new Spec(document));
    for (const { place, claimed } of differences) {
      expect(place + inWords("enum", claimed)).not.toMatch(/\p{Cc}/u);
    }
    expect(differences).toHaveLength(6);
  });
});

describe("fetching a document", () => {
  let base: string;
  let close: () => Promise<void>;
  let folder: string;
  const requests: (string | undefined)[] = [];
  beforeAll(async () => {
    const server = createServer((request, response) => {
      requests.push(request.url);
      if (request.url === "/moved") response.writeHead(302, { location: "http://127.0.0.1/elsewhere" }).end();
      else if (request.url === "/large") response.end("x".repeat(5000));
      else if (request.url === "/ok") response.end("openapi: 3.1.0");
      else response.writeHead(404).end();
    });
    ({ url: base, close } = await listen(server));
    folder = await mkdtemp(join(tmpdir(), "keysmith-"));
    await writeFile(join(folder, "large"), "x".repeat(5000));
    await writeFile(join(folder, "bytes"), Buffer.from([0x1f, 0x8b, 0xff]));
  });
  afterAll(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  it("gives its text", async () => {
    await expect(fetchText(`${base}/ok`)).resolves.toBe("openapi: 3.1.0");
    await expect(fetchText(join(folder, "large"))).resolves.toHaveLength(5000);
  });

  const refused: { given: string; from: () => string; says: string }[] = [
    { given: "a redirect", from: () => `${base}/moved`, says: "it has moved to http://127.0.0.1/elsewhere" },
    { given: "an error status", from: () => `${base}/nothing`, says: "the server answers 404" },
    { given: "too much from a server", from: () => `${base}/large`, says: "larger than" },
    { given: "too much from a file", from: () => join(folder, "large"), says: "larger than" },
    { given: "plain http", from: () => "http://example.test/openapi.json", says: "only https" },
    { given: "another scheme", from: () => "file:///etc/passwd", says: "only https" },
    {
      given: "a credential in the address",
      from: () => "https://a:b@example.test/",
      says: "a user name or a password",
    },
    { given: "a folder", from: () => folder, says: "not a file" },
    { given: "no file", from: () => join(folder, "missing"), says: "cannot be read" },
    { given: "no text", from: () => join(folder, "bytes"), says: "not UTF-8" },
    { given: "no server", from: () => "http://127.0.0.1:1/", says: "cannot be fetched" },
  ];
  it.each(refused)("refuses $given", async ({ from, says }) => {
    await expect(fetchText(from(), 1000)).rejects.toMatchObject({
      name: "UnreadableDocument",
      message: expect.stringContaining(says) as string,
    });
  });

  it("never follows what a document refers to", async () => {
    const { root } = await temporaryProject();
    const document = changed(ours(), { [`${key} properties stolen`]: { $ref: `${base}/stolen` } });
    await writeFile(join(root, "hostile.json"), JSON.stringify(document));
    const { code, output } = await runHere(root, "upstream", ["openrouter", "hostile.json"]);
    expect(output.replace(/\s+/g, " ")).toMatch(
      /^✗ hostile\.json: only \$refs within a document are followed, and it has "http/,
    );
    expect(code).toBe(2);
    expect(requests).not.toContain("/stolen");
  });
});

describe("Swagger 2.0", () => {
  const swagger = {
    swagger: "2.0",
    info: { title: "Keys", version: "1" },
    host: "api.example.test",
    basePath: "/v1",
    consumes: ["application/json"],
    produces: ["application/json"],
    securityDefinitions: { token: { type: "apiKey", in: "header", name: "X-Token" } },
    security: [{ token: [] }],
    parameters: { Body: { name: "body", in: "body", required: true, schema: { $ref: "#/definitions/Key" } } },
    responses: { Bad: { description: "Bad", schema: { type: "string" } } },
    definitions: {
      Key: { type: "object", required: ["id"], properties: { id: { type: "string", "x-nullable": true } } },
    },
    paths: {
      "/keys": {
        get: {
          parameters: [
            { name: "ids", in: "query", type: "array", items: { type: "string" }, collectionFormat: "multi" },
          ],
          responses: {
            200: {
              description: "Keys",
              headers: { "X-Total": { type: "integer" } },
              schema: { type: "array", items: { $ref: "#/definitions/Key" } },
            },
            400: { $ref: "#/responses/Bad" },
          },
        },
        post: { parameters: [{ $ref: "#/parameters/Body" }], responses: { 201: { description: "Created" } } },
      },
    },
  };
  const Key = { type: "object", required: ["id"], properties: { id: { type: ["string", "null"] } } };
  const inJson = (schema: Json) => ({ content: { "application/json": { schema } } });
  const openapi = new Spec({
    openapi: "3.1.0",
    servers: [{ url: "https://api.example.test/v1" }],
    security: [{ header: [] }],
    components: { securitySchemes: { header: { type: "apiKey", in: "header", name: "x-token" } } },
    paths: {
      "/keys": {
        get: {
          parameters: [{ name: "ids", in: "query", schema: { type: "array", items: { type: "string" } } }],
          responses: {
            200: { headers: { "X-Total": { schema: { type: "integer" } } }, ...inJson({ type: "array", items: Key }) },
            400: inJson({ type: "string" }),
          },
        },
        post: { requestBody: { required: true, ...inJson(Key) }, responses: { 201: {} } },
      },
    },
  });

  it("is read as what it says in OpenAPI 3", () => {
    expect(compare(openapi, foreignSpec(JSON.stringify(swagger)), { versions: true }).differences).toEqual(
      ["GET /keys > 200", "GET /keys > 400", "POST /keys > 201"].map((place) => {
        const texts = { aspect: "prose", curated: undefined, claimed: expect.any(String) as string, silent: false };
        return { place, ...texts };
      }),
    );
  });

  it.each<{ what: string; change: Change; at: string }>([
    { what: "another host", change: { host: "other.test" }, at: "GET /keys server" },
    { what: "http", change: { schemes: ["http"] }, at: "GET /keys server" },
    { what: "an operation without security", change: { "paths /keys get security": [] }, at: "GET /keys security" },
    { what: "Basic", change: { "securityDefinitions token": { type: "basic" } }, at: "GET /keys security" },
    { what: "a body not required", change: { "parameters Body required": false }, at: "POST /keys > body required" },
    {
      what: "a list in one text",
      change: { "paths /keys get parameters 0 collectionFormat": "csv" },
      at: "GET /keys > query ids explode",
    },
    { what: "a field withdrawn", change: { "definitions Key properties": {} }, at: "POST /keys > body > id presence" },
  ])("tells of $what", ({ change, at }) => {
    const { differences } = compare(openapi, foreignSpec(JSON.stringify(changed(swagger, change))));
    expect(differences.map(({ place, aspect }) => `${place} ${aspect}`)).toContain(at);
  });
});

describe("npm run upstream", () => {
  const kept = "spec/sources/openrouter-openapi.yaml";
  const seen = JSON.parse(JSON.stringify(load(readFileSync(join(repository, kept), "utf8")))) as Json;
  const inList = "paths /keys get responses 200 content application/json schema properties data items properties";

  it.each([
    ["openrouter", 6],
    ["cockroach", 5],
    ["estuary", 5],
  ])("is silent about the document of %s that was last seen, and exits 0", async (provider, operations) => {
    const { root } = await temporaryProject();
    const source = provider === "estuary" ? "estuary-swagger" : `${provider}-openapi`;
    const { code, output } = await runHere(root, "upstream", [provider, `spec/sources/${source}.yaml`]);
    expect(output).toContain(`has ${operations} of our ${operations} operations.\nNothing is new.\n`);
    expect(code).toBe(0);
  });

  it("tells each place of what is new in a large document, and exits 1", async () => {
    const { root } = await temporaryProject();
    const { "/key": item } = seen["paths"] as Json;
    const others = Array.from({ length: 94 }, (_, number): [string, unknown] => [`/other/${number}`, item]);
    const document = changed(seen, {
      "components schemas UnauthorizedResponse properties color": {
        type: "string",
        description: "Long. ".repeat(1000),
      },
      paths: (own: Json) => ({ ...own, ...Object.fromEntries(others) }),
    });
    await writeFile(join(root, "large.yaml"), dump(document, { noRefs: true }));
    const { code, output } = await runHere(root, "upstream", ["openrouter", "large.yaml"]);
    expect(output).toContain("New: 1, of which no decision says anything.");
    expect(output).toMatch(/^GET \/key > 401 > color +field \(string\) +nothing of the kind$/m);
    expect(output.match(/ > 401 > color/g)).toHaveLength(6);
    expect(Math.max(...output.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(code).toBe(1);
  });

  it("gives JSON for programs", async () => {
    const { root } = await temporaryProject();
    const document = changed(seen, { [`${inList} color`]: { type: "string" }, [`${inList} label`]: undefined });
    await writeFile(join(root, "new.json"), JSON.stringify(document));
    const { code, output } = await runHere(root, "upstream", ["openrouter", "new.json", "--format", "json"]);
    const label = {
      places: ["GET /keys > 200 > data[].label"],
      aspect: "presence",
      from: "curated",
      said: "field (string)",
    };
    const color = {
      places: ["GET /keys > 200 > data[].color"],
      aspect: "presence",
      from: "curated",
      claimed: "field (string)",
    };
    expect(JSON.parse(output)).toMatchObject({
      provider: "openrouter",
      document: "new.json",
      operations: { covered: 6, found: 6 },
      new: [label, color],
    });
    expect(code).toBe(1);
  });

  it.each([
    { given: "a document that is not there", args: ["openrouter", "no.json"], says: "no.json: it cannot be read" },
    { given: "a web page", args: ["openrouter", "page.html"], says: "page.html: it is no OpenAPI document" },
    { given: "a provider that is not there", args: ["nobody", "page.html"], says: "no provider is called nobody" },
    { given: "no document", args: ["openrouter"], says: "usage: npm run upstream" },
  ])("gives JSON for programs, given $given", async ({ args, says }) => {
    const { root } = await temporaryProject();
    await writeFile(join(root, "page.html"), "<!doctype html><html></html>");
    const { code, output } = await runHere(root, "upstream", [...args, "--format=json"]);
    expect(JSON.parse(output)).toMatchObject({
      problems: expect.arrayContaining([expect.stringContaining(says)]) as string[],
    });
    expect(code).toBe(2);
  });

  it("annotates the lines of the curated spec", async () => {
    const { root } = await temporaryProject();
    const document = changed(seen, { [`${list} parameters 1 name`]: "offset: %," });
    await writeFile(join(root, "new.json"), JSON.stringify(document));
    const { code, output } = await runHere(root, "upstream", ["openrouter", "new.json", "--format=github"]);
    const line = text.split("\n").findIndex((one) => one.includes("- name: offset")) + 1;
    expect(output).toBe(
      `::warning file=spec/openrouter.yaml,line=${line},title=openrouter differs upstream::GET /keys > query offset%0Acalled offset: %25, in the document, called offset in the curated spec\n`,
    );
    expect(code).toBe(1);
  });

  it("explains what was decided, for the documents that a decision names and no other", async () => {
    const { root, edit } = await temporaryProject();
    const { output } = await runHere(root, "upstream", ["openrouter", kept]);
    expect(output).toMatch(/^ +1 {2}openrouter-offset-is-no-null$/m);
    await edit(
      "spec/sources/decisions.yaml",
      "sources: [openrouter-go, openrouter-openapi, openrouter-sdk]",
      "sources: [openrouter-go, openrouter-sdk]",
    );
    const { code, output: told } = await runHere(root, "upstream", ["openrouter", kept]);
    expect(told).toMatch(/^GET \/keys > query offset +type integer or null +type integer$/m);
    expect(code).toBe(1);
  });

  it("accepts a document, which then is the one that was last seen", async () => {
    const { root } = await temporaryProject();
    const document = changed(seen, {
      [`${list} responses 400`]: undefined,
      [`${inList} label`]: { type: "string", description: "The key's name, for people." },
    });
    await writeFile(join(root, "new.json"), JSON.stringify(document));
    const before = await runHere(root, "upstream", ["openrouter", "new.json"]);
    expect(before.output).toMatch(/^GET \/keys > 400 +nothing of the kind +status$/m);
    expect(before.output).toMatch(/^GET \/keys > 200 > data\[\]\.label +prose changed here +when last seen, prose in/m);

    const accepted = await runHere(root, "upstream", ["openrouter", "new.json", "--accept"]);
    expect(accepted).toEqual({
      code: 0,
      output: `${kept} is written. Run \`npm run reconcile\`, and decide what it asks for.\n`,
    });
    expect(await readFile(join(root, kept), "utf8")).not.toContain("for people");
    const after = await runHere(root, "upstream", ["openrouter", "new.json"]);
    expect(after.output).toMatch(/^GET \/keys > 400 +nothing of the kind +status$/m);
    expect(after.output).not.toContain("prose");
    const { code, output } = await runHere(root, "reconcile");
    expect(output.replace(/\s+/g, " ")).toContain(
      "openrouter-openapi at GET /keys > 400: nothing of the kind is claimed",
    );
    expect(code).toBe(1);
  });

  it.each([
    { given: "no document", run: runScript, args: ["openrouter"] },
    { given: "an unknown provider", run: runHere, args: ["nobody", "spec/openrouter.yaml"] },
    { given: "an unknown format", run: runHere, args: ["openrouter", "spec/openrouter.yaml", "--format=xml"] },
  ])("exits 2 with its usage, given $given", async ({ run, args }) => {
    const { root } = await temporaryProject();
    const { code, output } = await run(root, "upstream", args);
    expect(output).toContain("usage: npm run upstream");
    expect(code).toBe(2);
  });
});
