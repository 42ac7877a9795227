/** The types of a spec: openapi-typescript's, and each schema under its own name. */
import { createRequire } from "node:module";
import type { GlobalContext, OpenAPITSOptions, astToString as AstToString } from "openapi-typescript";
import type { Node, TypeElement, TypeNode } from "typescript";
import { comment } from "./comment.js";
import { uniqueNames } from "./names.js";
import { secretFinder } from "./operations.js";
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
  tokensOf,
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
  return printed(nodesOf(spec.document), spec);
}

/**
 * The text of openapi-typescript's nodes, each schema declared under a name of its own, which editors and the compiler then
 * show in place of what it is made of. Not its `rootTypes`: those only refer to what has no name, and are not valid
 * TypeScript for schemas called `simple-user` or `components`.
 */
export function printed(nodes: Nodes, spec: Spec): string {
  const schemas = Object.entries(schemasOf(spec));
  const names = uniqueNames(
    schemas.map(([key]) => key),
    TYPES_SCOPE,
    "PascalCase",
  );
  const nameOf = new Map(schemas.map(([key], index) => [encoded(key), names[index] ?? key]));
  const types = new Map<string, TypeNode>();
  const text = (some: Nodes) => astToString(some).replaceAll(/\uFDD0|\\uFDD0/g, "%");
  const rest = text([nodes].flat().map((node) => withoutSchemas(node, nameOf, types)));
  const declared = schemas.map(([key, schema], index) => {
    const description = isObject(schema) ? textOf(schema["description"]) : undefined;
    const type = types.get(encoded(key));
    const modifiers = [ts.factory.createModifier(ts.SyntaxKind.ExportKeyword)];
    return type
      ? comment([description]) +
          text(ts.factory.createTypeAliasDeclaration(modifiers, names[index] ?? key, undefined, type))
      : "";
  });
  return `${rest}\n${declared.join("\n")}\n${wireApiKey(spec)}`;
}

/** The interface `components` with names in place of its schemas, whose types go into `types`; any other node as it is. */
function withoutSchemas(node: Node, nameOf: ReadonlyMap<string, string>, types: Map<string, TypeNode>): Node {
  const { factory } = ts;
  if (!ts.isInterfaceDeclaration(node) || node.name.text !== "components") return node;
  const named = (member: TypeElement): TypeElement => {
    if (!ts.isPropertySignature(member) || !member.type) return member;
    const key = ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : "";
    const name = nameOf.get(key);
    if (name === undefined) return member;
    types.set(key, member.type);
    const reference = factory.createTypeReferenceNode(name);
    return factory.updatePropertySignature(member, member.modifiers, member.name, member.questionToken, reference);
  };
  const members = node.members.map((member) => {
    const isSchemas = ts.isPropertySignature(member) && ts.isIdentifier(member.name) && member.name.text === "schemas";
    if (!isSchemas || !member.type || !ts.isTypeLiteralNode(member.type)) return member;
    const literal = factory.updateTypeLiteralNode(member.type, factory.createNodeArray(member.type.members.map(named)));
    return factory.updatePropertySignature(member, member.modifiers, member.name, member.questionToken, literal);
  });
  return factory.updateInterfaceDeclaration(
    node,
    node.modifiers,
    node.name,
    node.typeParameters,
    node.heritageClauses,
    members,
  );
}

function nodesOf(document: JsonObject): Nodes {
  const copy = new Spec(JSON.parse(prepared(document)));
  dropExtensions(copy.document);
  return transformSchema(copy.document, {
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

function encoded(key: string): string {
  return key.replaceAll("%", "\uFDD0");
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

/** The schema that is called ApiKey, less its properties that are `format: password`. */
function wireApiKey(spec: Spec): string {
  const schema = schemasOf(spec)["ApiKey"];
  const secrets = secretFinder(spec)([schema], "#/components/schemas/ApiKey")
    .map(tokensOf)
    .flatMap(([name, ...below]) => (name !== undefined && below.length === 0 ? [JSON.stringify(name)] : []));
  const type = schema ? `components["schemas"]["ApiKey"]` : "Record<string, unknown>";
  return `/** A key as the server sends it, without the fields that hold plaintext. */
export type WireApiKey = ${secrets.length > 0 ? `Omit<${type}, ${secrets.join(" | ")}>` : type};
`;
}

function schemasOf(spec: Spec): JsonObject {
  const { components } = spec.document;
  return isObject(components) && isObject(components["schemas"]) ? components["schemas"] : {};
}
