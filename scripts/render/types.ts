/** The types of a spec: openapi-typescript's, and each schema under its own name. */
import { createRequire } from "node:module";
import type { GlobalContext, OpenAPITSOptions, astToString as AstToString } from "openapi-typescript";
import type { TypeNode } from "typescript";
import { comment } from "./comment.js";
import { uniqueNames } from "./names.js";
import { isNoExtension, requireRenderable } from "./renderable.js";
import {
  decoded,
  isObject,
  isPlainObject,
  METHODS,
  objectsIn,
  openEnumOf,
  Spec,
  textOf,
  type JsonObject,
} from "./spec.js";

// Of openapi-typescript what makes types, without its entry: that brings Redocly's linter and bundler along, which take longer
// to load than all the rest and have nothing to do here, where documents are linted before and hold no other file. A test holds what they
// give to what the entry gives. And its CommonJS build: importing it, or TypeScript, costs Node a quarter of a second more, spent on searching nine megabytes of
// CommonJS for export names.
const require = createRequire(import.meta.url);
type Context = Omit<GlobalContext, "redoc" | "resolve"> & { resolve: ($ref: string) => JsonObject | undefined };
type Nodes = Parameters<typeof AstToString>[0];
const transformSchema = require("openapi-typescript/dist/transform/index.cjs") as (
  document: JsonObject,
  context: Context,
) => Nodes;
const { astToString } = require("openapi-typescript/dist/lib/ts.cjs") as { astToString: typeof AstToString };
const ts = require("typescript") as typeof import("typescript");
const { scanDiscriminators } = require("openapi-typescript/dist/lib/utils.cjs") as {
  scanDiscriminators: (document: JsonObject, options: OpenAPITSOptions) => Context["discriminators"];
};

// What openapi-typescript exports or uses by name, and client.ts exports beside it; a schema of such a name must not hide it.
const TYPES_SCOPE = [
  "$defs",
  "Client",
  "WireApiKey",
  "components",
  "operations",
  "paths",
  "webhooks",
  "Omit",
  "OneOf",
  "Record",
  "WithRequired",
  "XOR",
];

/** Not formatted. @throws SpecError */
export function renderTypes(spec: Spec): string {
  requireRenderable(spec);
  // Not its `rootTypes`: those are not valid TypeScript for schemas called `simple-user` or `components`.
  return `${openApiTypes(spec.document)}\n${namedSchemas(spec)}\n${wireApiKey(spec)}`;
}

function openApiTypes(document: JsonObject): string {
  const copy = new Spec(JSON.parse(prepared(document)));
  dropExtensions(copy.document);
  const nodes = transformSchema(copy.document, {
    additionalProperties: false,
    alphabetize: false,
    arrayLength: false,
    conditionalEnums: false,
    dedupeEnums: false,
    // A default is what the server assumes when a field is left out: the field stays optional.
    defaultNonNullable: false,
    discriminators: scanDiscriminators(copy.document, { silent: true }),
    // An object without named properties may hold any.
    emptyObjectsUnknown: true,
    enum: false,
    enumValues: false,
    excludeDeprecated: false,
    exportType: false,
    generatePathParams: false,
    immutable: false,
    injectFooter: [],
    makePathsEnum: false,
    pathParamsAsTypes: false,
    postTransform: undefined,
    propertiesRequiredByDefault: false,
    readWriteMarkers: false,
    resolve: ($ref) => resolved(copy, $ref),
    rootTypes: false,
    rootTypesKeepCasing: false,
    rootTypesNoSchemaPrefix: false,
    silent: true,
    transform: openEnum,
    transformProperty: undefined,
  });
  return astToString(nodes).replaceAll(/\uFDD0|\\uFDD0/g, "%");
}

/** A union that keeps the values of an open enum in sight: TypeScript makes `"a" | string` a mere `string`. */
function openEnum(schema: object): TypeNode | undefined {
  const known = openEnumOf(schema);
  if (known === undefined) return undefined;
  const { factory, SyntaxKind } = ts;
  return factory.createUnionTypeNode([
    ...known.enum.map((value) => factory.createLiteralTypeNode(factory.createStringLiteral(value))),
    factory.createParenthesizedType(
      factory.createIntersectionTypeNode([
        factory.createKeywordTypeNode(SyntaxKind.StringKeyword),
        factory.createTypeLiteralNode([]),
      ]),
    ),
  ]);
}

/**
 * A copy as text, since openapi-typescript changes what it is given. And it decodes names wherever it splits a pointer, so
 * references are decoded here, and what is a percent sign then stays one: in its place goes a character that is none.
 */
function prepared(document: JsonObject): string {
  return JSON.stringify(document)
    .replaceAll(/"\$ref":("#(?:[^"\\]|\\.)*")/g, (whole, ref: string) =>
      ref.includes("%") ? `"$ref":${JSON.stringify(decoded(String(JSON.parse(ref))))}` : whole,
    )
    .replaceAll("%", "\uFDD0");
}

/** Takes out the `x-…` that stand among paths and statuses, which openapi-typescript would take for one of them. */
function dropExtensions(document: JsonObject): void {
  delete document["$defs"];
  const { paths, webhooks, components } = document;
  const items = [paths, webhooks, isObject(components) ? components["pathItems"] : undefined].filter(isObject);
  const operations = items.flatMap((item) =>
    objectsIn(Object.values(item)).flatMap((one) => objectsIn(METHODS.map((method) => one[method]))),
  );
  for (const map of [paths, ...operations.map(({ responses }) => responses)]) {
    for (const name of Object.keys(isObject(map) ? map : {})) {
      if (!isNoExtension(name)) Reflect.deleteProperty(map as JsonObject, name);
    }
  }
}

function resolved(spec: Spec, $ref: string): JsonObject | undefined {
  const found = spec.resolve({ $ref });
  if (!isObject(found?.["properties"])) return found;
  // It is asked for properties that are to be required, by names that any object has, and of types that do not have them.
  const { properties, ...rest } = found;
  return isPlainObject(found) ? { ...rest, properties: { __proto__: null, ...properties } } : rest;
}

function namedSchemas(spec: Spec): string {
  const schemas = Object.entries(schemasOf(spec));
  const names = uniqueNames(
    schemas.map(([key]) => key),
    TYPES_SCOPE,
    "PascalCase",
  );
  return schemas
    .map(([key, schema], index) => {
      const description = isObject(schema) ? textOf(schema["description"]) : undefined;
      return `${comment([description])}export type ${names[index] ?? key} = components["schemas"][${JSON.stringify(key)}];`;
    })
    .join("\n");
}

/** The schema that is called ApiKey, less its properties that are `format: password`. */
function wireApiKey(spec: Spec): string {
  const schema = spec.resolve(schemasOf(spec)["ApiKey"]);
  const secrets = Object.entries(isObject(schema?.["properties"]) ? schema["properties"] : {})
    .filter(([, property]) => spec.resolve(property)?.["format"] === "password")
    .map(([name]) => JSON.stringify(name));
  const type = schema ? `components["schemas"]["ApiKey"]` : "Record<string, unknown>";
  return `/** A key as the server sends it, without the fields that hold plaintext. */
export type WireApiKey = ${secrets.length > 0 ? `Omit<${type}, ${secrets.join(" | ")}>` : type};
`;
}

function schemasOf(spec: Spec): JsonObject {
  const { components } = spec.document;
  return isObject(components) && isObject(components["schemas"]) ? components["schemas"] : {};
}
