import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { render, SpecError } from "../../scripts/render/index.js";
import { operationsOf } from "../../scripts/render/operations.js";
import { Spec } from "../../scripts/render/spec.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const oddNames: unknown = parse(readFileSync(here("../fixtures/foreign/odd-names.yaml"), "utf8"));

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
      want: "#/openapi: expected an OpenAPI version 3.0 or 3.1, found undefined",
    },
    {
      given: "a reference to another file",
      document: documentWith({}, { $ref: "other.yaml#/a" }),
      want: '#: $ref "other.yaml#/a" leaves the document; bundle it first',
    },
    {
      given: "a reference to nowhere",
      document: documentWith({}, { $ref: "#/components/schemas/No" }),
      want: "#/components/schemas/No: nothing is found at this $ref",
    },
    {
      given: "a reference to itself",
      document: documentWith({}, { $ref: "#/components/schemas/A" }, { A: { $ref: "#/components/schemas/A" } }),
      want: "#/components/schemas/A: this $ref leads back to itself",
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
    await expect(render(document, "p")).rejects.toBeInstanceOf(SpecError);
    await expect(render(document, "p")).rejects.toThrow(want);
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

/** What a strict TypeScript says of generated files; nothing if they are valid. */
function problemsOf(files: Record<string, string>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    verbatimModuleSyntax: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    types: [],
  };
  const folder = here("../fixtures/foreign/");
  const virtual = new Map(Object.entries(files).map(([name, text]) => [folder + name, text]));
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.readFile = (name) => virtual.get(name) ?? disk.readFile(name);
  host.fileExists = (name) => virtual.has(name) || disk.fileExists(name);
  const program = ts.createProgram([...virtual.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((one) => ts.flattenDiagnosticMessageText(one.messageText, "\n"));
}
