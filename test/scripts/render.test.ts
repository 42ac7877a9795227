import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import openapiTS from "openapi-typescript";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { load } from "js-yaml";
import { render, SpecError } from "../../scripts/render/index.js";
import { operationsOf } from "../../scripts/render/operations.js";
import { Spec } from "../../scripts/render/spec.js";
import { printed, renderTypes } from "../../scripts/render/types.js";
import { mutatedSpec } from "./mutated-specs.js";
import { problemsOf, syntaxProblemsOf } from "./typescript.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const oddNames: unknown = load(readFileSync(here("../fixtures/foreign/odd-names.yaml"), "utf8"));

/** A document with one GET that answers with `schema`. */
function documentWith(operation: object, schema: object = {}, components: object = {}) {
  return {
    openapi: "3.1.0",
    info: { title: "t", version: "1" },
    paths: {
      "/a": {
        get: {
          operationId: "a",
          ...operation,
          responses: { "200": { description: "ok", content: { "application/json": { schema } } } },
        },
      },
    },
    components: { schemas: components },
  };
}

const schemaPlace = "#/paths/~1a/get/responses/200/content/application~1json/schema";

/** Schemas of which each has all as properties, and a secret. */
function tangle(size: number): object {
  const names = Array.from({ length: size }, (_, index) => `S${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/schemas/${name}` }]));
  const secret = { type: "string", format: "password" };
  return Object.fromEntries(names.map((name) => [name, { properties: { ...properties, secret } }]));
}

describe("rendering", () => {
  it("gives the same bytes for the same document", async () => {
    expect(await render(oddNames, "odd")).toEqual(await render(oddNames, "odd"));
  });

  it("leaves the document as it was", async () => {
    const before = JSON.stringify(oddNames);
    await render(oddNames, "odd");
    expect(JSON.stringify(oddNames)).toBe(before);
  });

  it("gives valid code with unique names for a document with odd ones", async () => {
    const files = await render(oddNames, "odd");
    expect(problemsOf(files)).toEqual([]);
    const twice = `${files["client.ts"]}export const api = 1;`;
    expect(problemsOf({ ...files, "client.ts": twice })).not.toEqual([]);
  });

  it("keeps the spec's own names wherever they are valid and free", () => {
    const names = operationsOf(new Spec(oddNames)).map(({ method, path, name }) => `${method} ${path} ${name}`);
    expect(names).toEqual([
      "get /things delete_",
      "put /things thingsCreateOne",
      "post /things thingsCreateOne2",
      "get /things/{thing-id}/{2nd} getThingsThingId2nd",
      "delete /things/{thing-id}/{2nd} _2fast",
      "head /things/{thing-id}/{2nd} createClient2",
      "patch /things/{thing-id}/{2nd} api2",
      "get /größe größe",
      "options /größe _",
    ]);
  });

  it.each([
    {
      given: "no object",
      document: "openapi: 3.1.0",
      want: "#: an OpenAPI document must be an object",
    },
    {
      given: "Swagger 2",
      document: { swagger: "2.0" },
      want: "#/openapi: expected an OpenAPI version 3.0, 3.1 or 3.2, found undefined",
    },
    {
      given: "a reference to another file",
      document: documentWith({}, { $ref: "other.yaml#/a" }),
      want: `${schemaPlace}: $ref "other.yaml#/a" leaves the document; bundle it first`,
    },
    {
      given: "a reference to nowhere",
      document: documentWith({}, { $ref: "#/components/schemas/No" }),
      want: `${schemaPlace}: $ref "#/components/schemas/No" leads nowhere`,
    },
    {
      given: "a reference that cannot be decoded",
      document: documentWith({}, { $ref: "#/components/schemas/%zz" }),
      want: `${schemaPlace}: $ref "#/components/schemas/%zz" leads nowhere`,
    },
    {
      given: "a reference to itself",
      document: documentWith({}, { $ref: "#/components/schemas/A" }, { A: { $ref: "#/components/schemas/A" } }),
      want: `${schemaPlace}: $ref "#/components/schemas/A" leads back to itself`,
    },
    {
      given: "a reference to a part that types have no name for",
      document: documentWith({}, { $ref: "#/components/schemas/A/items" }, { A: { type: "array", items: {} } }),
      want: `${schemaPlace}: $ref "#/components/schemas/A/items" cannot be said as a type`,
    },
    {
      given: "a reference to a property of what may be null",
      document: documentWith(
        {},
        { $ref: "#/components/schemas/A/properties/b" },
        { A: { type: ["object", "null"], properties: { b: {} } } },
      ),
      want: "cannot be said as a type: give the schema a name in components, and refer to that",
    },
    {
      given: "a reference in place of an operation",
      document: { openapi: "3.1.0", paths: { "/a": { get: { $ref: "#/paths/~1a/put" }, put: {} } } },
      want: "#/paths/~1a/get/$ref: a $ref cannot stand here",
    },
    {
      given: "a schema that is one of its own alternatives",
      document: documentWith({}, {}, { A: { oneOf: [{ type: "string" }, { $ref: "#/components/schemas/A" }] } }),
      want: "#/components/schemas/A: this schema contains itself with no property in between",
    },
    {
      given: "a list of itself, by way of another",
      document: documentWith(
        {},
        {},
        {
          A: { type: "array", items: { $ref: "#/components/schemas/B" } },
          B: { allOf: [{ $ref: "#/components/schemas/A" }] },
        },
      ),
      want: "#/components/schemas/A: this schema contains itself with no property in between",
    },
    {
      given: "a node of the wrong kind",
      document: documentWith({}, {}, { A: { properties: { b: "text" } } }),
      want: "#/components/schemas/A/properties/b: must be an object",
    },
    {
      given: "an operation that is text",
      document: { openapi: "3.1.0", paths: { "/a": { get: "text" } } },
      want: "#/paths/~1a/get: must be an object",
    },
    {
      given: "a title that is a number",
      document: documentWith({}, { title: 7 }),
      want: `${schemaPlace}/title: must be text`,
    },
    {
      given: "an allOf of anything but objects",
      document: documentWith({}, { allOf: [{}, true] }),
      want: `${schemaPlace}/allOf/1: must be an object`,
    },
    {
      given: "a discriminator without a property",
      document: documentWith({}, { allOf: [{ discriminator: {} }] }),
      want: `${schemaPlace}/allOf/0/discriminator/propertyName: must be text`,
    },
    {
      given: "an object that is one of some texts",
      document: documentWith({}, { type: "object", enum: ["a"] }),
      want: `${schemaPlace}/enum: an enum of objects cannot be rendered`,
    },
    {
      given: "the same parameter twice",
      document: {
        openapi: "3.1.0",
        paths: {
          "/a": {
            parameters: [
              { name: "b", in: "query" },
              { name: "b", in: "query", required: true },
            ],
          },
        },
      },
      want: "#/paths/~1a/parameters/1: a second query b parameter",
    },
    {
      given: "more levels than anyone writes",
      document: documentWith({}, { example: JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`) as unknown }),
      want: "nested more than 100 levels deep",
    },
    {
      given: "an alias to itself",
      document: load("openapi: 3.1.0\nx-a: &a { b: *a }"),
      want: "#/x-a/b/b/b",
    },
    {
      given: "a bomb of aliases",
      document: {
        openapi: "3.1.0",
        "x-a": Array.from("abcdefg").reduce<unknown>((below) => Array<unknown>(10).fill(below), {}),
      },
      want: "#: unfolds into more than 1000000 objects and lists",
    },
    {
      given: "secrets in schemas that all contain each other",
      document: documentWith({}, { $ref: "#/components/schemas/S0" }, tangle(12)),
      want: "#/paths/~1a/get: its schemas contain each other, and secrets, in too many ways",
    },
    {
      given: "an operationId that is used twice",
      document: {
        openapi: "3.1.0",
        paths: { "/a": { get: { operationId: "a" }, put: { operationId: "a" } } },
      },
      want: '#/paths/~1a/put: the operationId "a" is also that of #/paths/~1a/get',
    },
    {
      given: "a path of which only white space is left",
      document: {
        openapi: "3.1.0",
        paths: { " ": { get: { operationId: "a" } }, "\n": { put: { operationId: "a" } } },
      },
      want: '#/paths/%0A/put: the operationId "a" is also that of ',
    },
    {
      given: "an x-idempotent that is no boolean",
      document: documentWith({ "x-idempotent": "yes" }),
      want: "#/paths/~1a/get: x-idempotent must be true or false",
    },
    {
      given: "a rate limit without a period",
      document: { ...documentWith({}), "x-rate-limit": { requests: 10 } },
      want: "#/x-rate-limit: must be {requests, seconds}, both numbers above 0",
    },
  ])("refuses $given and says where", async ({ document, want }) => {
    const error: unknown = await render(document, "p").catch((error: unknown) => error);
    expect(error).toBeInstanceOf(SpecError);
    expect(String(error)).toContain(want);
  });
});

// Types are made by parts of openapi-typescript, not by its own function, which brings a second linter along: another half of a
// second, and refusals of documents that lint has passed. A version whose parts give something else fails here.
describe("the types", () => {
  it.each(["estuary", "openrouter", "cockroach", "cloudflare"])(
    "of %s are what openapi-typescript itself gives",
    async (provider) => {
      const document = load(readFileSync(here(`../../spec/${provider}.yaml`), "utf8")) as object;
      const options = { defaultNonNullable: false, emptyObjectsUnknown: true, silent: true };
      const spec = new Spec(document);
      const want = printed(await openapiTS(JSON.stringify(document), options), spec);
      // Of an enum beside which other text is accepted, ours keeps the values in sight.
      const open = /([:=]) (?:string \| \(("[^;]*")\)|\(("[^;]*")\) \| string);/g;
      const kept = want.replaceAll(open, (_, sign, first, last) => `${sign} ${first ?? last} | (string & {});`);
      expect(renderTypes(spec)).toBe(kept);
    },
  );
});

it("a schema shows its name wherever a type of it is shown", () => {
  const file = here("../../generated/openrouter/types.ts");
  const program = ts.createProgram([file], { noEmit: true, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const typeOf = (name: string, property: string) => {
    const schema = module?.exports?.get(ts.escapeLeadingUnderscores(name));
    const member = schema && checker.getDeclaredTypeOfSymbol(schema).getProperty(property);
    return member && source && checker.typeToString(checker.getTypeOfSymbolAtLocation(member, source));
  };
  expect(typeOf("ListApiKeysResponse", "data")).toBe("ApiKey[]");
  expect(typeOf("CurrentApiKeyResponse", "data")).toBe("CurrentApiKey");
  expect(typeOf("ErrorResponse", "error")).toBe("ErrorDetail");
});

describe("what a document may have", () => {
  const rows: { what: string; document: object; holds: string }[] = [
    {
      what: "names with a percent sign, and references to them",
      document: documentWith(
        { operationId: "100%" },
        { $ref: "#/components/schemas/50%25" },
        { "50%": { properties: { "%_left": { title: "%" }, "a%20b": { enum: ["%", 1] } } } },
      ),
      holds: '"%_left"?: unknown;',
    },
    {
      what: "extensions among the paths and the statuses",
      document: {
        openapi: "3.1.0",
        paths: { "x-group": "a", "/a": { get: { responses: { "x-note": "b", 204: { description: "done" } } } } },
      },
      holds: "`GET /a`, answering 204",
    },
    {
      what: "required fields that any object inherits, or that a schema which may be null has",
      document: documentWith(
        {},
        {
          allOf: [{ $ref: "#/components/schemas/Plain" }, { $ref: "#/components/schemas/Nullable" }],
          required: ["a", "toString", "__proto__"],
        },
        {
          Plain: { type: "object", properties: { a: {}, b: {} } },
          Nullable: { type: "object", nullable: true, properties: { a: {} } },
        },
      ),
      holds: 'WithRequired<components["schemas"]["Plain"], "a">',
    },
    {
      what: "an enum beside which other text is accepted",
      document: documentWith(
        {},
        { properties: { a: { anyOf: [{ type: "string", enum: ["b", "c"] }, { type: "string" }] } } },
      ),
      holds: 'a?: "b" | "c" | (string & {});',
    },
    {
      what: "an enum beside which text of one form is accepted",
      document: documentWith(
        {},
        {
          properties: {
            a: {
              anyOf: [
                { type: "string", enum: ["b"] },
                { type: "string", pattern: "^c" },
              ],
            },
          },
        },
      ),
      holds: 'a?: "b" | string;',
    },
    {
      what: "a path parameter that is not said to be required",
      document: {
        openapi: "3.1.0",
        paths: { "/{a}": { get: { operationId: "read", parameters: [{ name: "a", in: "path" }] } } },
      },
      holds: 'export function read(client: Client, init: Init<paths["/{a}"]["get"]>)',
    },
    {
      what: "fields left empty, and a property that says `required: true`",
      document: documentWith(
        { parameters: null },
        { properties: { a: { type: "string", required: true, properties: null } } },
      ),
      holds: "a?: string;",
    },
    {
      what: "a path item under two paths",
      document: {
        openapi: "3.1.0",
        paths: { "/a": { $ref: "#/components/pathItems/P" }, "/b": { $ref: "#/components/pathItems/P" } },
        components: { pathItems: { P: { get: { operationId: "read" } } } },
      },
      holds: "export function read2(",
    },
    {
      what: "operations whose names would be special to JavaScript",
      document: {
        openapi: "3.1.0",
        paths: { "/a": { get: { operationId: "then" }, put: { operationId: "__proto__" } } },
      },
      holds: "__proto___: {",
    },
    {
      what: "half of a surrogate pair",
      document: documentWith({ description: "\ud83d" }, {}),
      holds: "* \ufffd",
    },
  ];

  const rendered = new Map<string, Record<string, string>>();
  let problems: string[];
  beforeAll(async () => {
    for (const { what, document } of rows) rendered.set(what, await render(document, "p"));
    const files = rows.flatMap(({ what }, row) =>
      Object.entries(rendered.get(what) ?? {}).map(([file, text]) => [`${row}/${file}`, text] as const),
    );
    problems = problemsOf(Object.fromEntries(files));
  }, 30_000);

  it.each(rows)("$what", ({ what, holds }) => {
    const row = rows.findIndex((one) => one.what === what);
    expect(Object.values(rendered.get(what) ?? {}).join("\n")).toContain(holds);
    expect(problems.filter((problem) => problem.startsWith(`${row}/`))).toEqual([]);
  });

  it("is as deep as is allowed, with all that types and tables nest in it", async () => {
    let [schema, example]: [object, unknown] = [{ type: "string" }, "deepest"];
    // Of 100 levels, the place takes eight.
    for (let level = 0; level < 44; level++) {
      schema = level % 2 ? { type: ["array", "null"], items: schema } : { anyOf: [schema, { enum: [level] }] };
    }
    for (let level = 0; level < 88; level++) example = level % 2 ? [example] : { example };
    for (const document of [documentWith({}, schema), documentWith({}, { example })]) {
      const files = await render(document, "deep");
      expect(Object.values(files).flatMap(syntaxProblemsOf)).toEqual([]);
    }
  });

  it("is rendered to valid syntax or refused with its place, whatever is done to our specs", async () => {
    await fc.assert(
      fc.asyncProperty(mutatedSpec, async ({ document, provider }) => {
        const files = await render(document, provider).catch((error: unknown) => {
          expect(error).toBeInstanceOf(SpecError);
          expect(String(error)).toMatch(/^SpecError: #\/\S*: ./);
          return {};
        });
        expect(Object.values(files).flatMap(syntaxProblemsOf)).toEqual([]);
      }),
      // The slow tier tries 400.
      { numRuns: 10 },
    );
  });
});

describe("secret fields", () => {
  const secret = { type: "string", format: "password" };
  it.each([
    { given: "a property", schema: { properties: { key: secret } }, want: ["/key"] },
    { given: "the answer itself", schema: secret, want: [""] },
    {
      given: "items of an array",
      schema: { type: "array", items: { properties: { key: secret } } },
      want: ["/*/key"],
    },
    { given: "values of a map", schema: { additionalProperties: secret }, want: ["/*"] },
    {
      given: "one branch of a composition",
      schema: { oneOf: [{ type: "null" }, { properties: { key: secret } }] },
      want: ["/key"],
    },
    {
      given: "the place of a $ref",
      schema: { properties: { key: { $ref: "#/components/schemas/Text", format: "password" } } },
      want: ["/key"],
    },
    {
      given: "a name that a pointer escapes",
      schema: { properties: { "a/b~c": secret } },
      want: ["/a~1b~0c"],
    },
    {
      given: "a schema within itself",
      schema: { $ref: "#/components/schemas/Tree" },
      want: ["/key"],
    },
    {
      given: "a schema that is reached through its own child",
      schema: { $ref: "#/components/schemas/Leaf" },
      want: ["/tree/key"],
    },
    { given: "none", schema: { properties: { key: { type: "string" } } }, want: [] },
  ])("are found in $given", ({ schema, want }) => {
    const components = {
      Tree: { properties: { key: secret, leaf: { $ref: "#/components/schemas/Leaf" } } },
      Leaf: { properties: { tree: { $ref: "#/components/schemas/Tree" } } },
      Text: { type: "string" },
    };
    const [operation] = operationsOf(new Spec(documentWith({}, schema, components)));
    expect(operation?.secrets.response).toEqual(want);
  });

  it("are no fields of a key as it is shown, whichever part of its schema brings them", () => {
    const components = {
      ApiKey: { allOf: [{ $ref: "#/components/schemas/Part" }, { properties: { alias: secret } }] },
      Part: { properties: { key: secret, name: { type: "string" } } },
    };
    const types = renderTypes(new Spec(documentWith({}, {}, components)));
    expect(types).toContain('export type WireApiKey = Omit<components["schemas"]["ApiKey"], "key" | "alias">;');
  });

  it("are the same whichever operation is read first", () => {
    const refs = ["Tree", "Leaf", "Tree"].map((name, index) => [
      `/${String(index)}`,
      {
        get: {
          responses: {
            "200": {
              description: "",
              content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
            },
          },
        },
      },
    ]);
    const schemas = {
      Tree: { properties: { key: secret, leaf: { $ref: "#/components/schemas/Leaf" } } },
      Leaf: { properties: { tree: { $ref: "#/components/schemas/Tree" } } },
    };
    const document = {
      openapi: "3.1.0",
      paths: Object.fromEntries(refs) as object,
      components: { schemas },
    };
    expect(operationsOf(new Spec(document)).map((one) => one.secrets.response)).toEqual([
      ["/key"],
      ["/tree/key"],
      ["/key"],
    ]);
  });
});

describe("pagination", () => {
  const parameters = [
    { name: "offset", in: "query", schema: { type: "integer" } },
    { name: "after", in: "query", schema: { type: "string" } },
  ];
  const answer = {
    properties: {
      data: { type: "array", items: {} },
      page: { properties: { next: { type: ["string", "null"] }, more: { type: "boolean" } } },
    },
  };
  const paginated = (rule: unknown) =>
    operationsOf(new Spec(documentWith({ parameters, "x-redoclyPagination": rule }, answer)))[0]?.pagination;

  it.each([
    { style: "offset", offsetParam: "offset", items: "/data" },
    {
      style: "cursor",
      cursorParam: "after",
      nextCursor: "/page/next",
      hasMore: "/page/more",
      items: "/data",
    },
    { style: "link", items: "/data" },
  ])("of the style $style is taken over", (rule) => {
    expect(paginated(rule)).toEqual(rule);
  });

  it.each([
    { rule: "offset", want: "must be an object" },
    {
      rule: { style: "keyset", items: "/data" },
      want: 'unknown style "keyset"; known are cursor, offset, page, link, body-link',
    },
    { rule: { style: "toString" }, want: 'unknown style "toString"' },
    { rule: { style: "offset", items: "/data" }, want: "the style offset needs offsetParam" },
    {
      rule: { style: "offset", offsetParam: "skip", items: "/data" },
      want: 'offsetParam "skip" is not a query parameter',
    },
    {
      rule: { style: "offset", offsetParam: "offset", limitParam: "limit", items: "/data" },
      want: 'limitParam "limit" is not a query parameter',
    },
    {
      rule: { style: "offset", offsetParam: "offset", cursorParam: "after", items: "/data" },
      want: '"cursorParam" means nothing to the style offset',
    },
    {
      rule: { style: "offset", offsetParam: "offset", items: "/keys" },
      want: 'items "/keys" does not lead to an array',
    },
    {
      rule: { style: "cursor", cursorParam: "after", nextCursor: "/page/more", items: "/data" },
      want: 'nextCursor "/page/more" does not lead to a string',
    },
    {
      rule: { style: "cursor", cursorParam: "after", nextCursor: "page.next", items: "/data" },
      want: "needs nextCursor, a JSON pointer",
    },
  ])("is refused: $want", ({ rule, want }) => {
    expect(() => paginated(rule)).toThrow(want);
    expect(() => paginated(rule)).toThrow("#/paths/~1a/get/x-redoclyPagination");
  });
});
