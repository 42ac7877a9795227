/** The types of a spec: openapi-typescript's, and each schema under its own name. */
import { createRequire } from "node:module";
import type * as OpenApiTypeScript from "openapi-typescript";
import { comment } from "./comment.js";
import { uniqueNames } from "./names.js";
import { isObject, Spec, SpecError, textOf, type JsonObject } from "./spec.js";

// Its CommonJS build. Importing either build of it, or TypeScript, costs Node a quarter of a second
// more, spent on searching nine megabytes of CommonJS for export names.
const { default: openapiTS, astToString } = createRequire(import.meta.url)(
  "openapi-typescript",
) as typeof OpenApiTypeScript;

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

export async function renderTypes(spec: Spec): Promise<string> {
  // As text, since openapi-typescript changes an object that it is given.
  const nodes = await openapiTS(JSON.stringify(spec.document), {
    // A default is what the server assumes when a field is left out: the field stays optional.
    defaultNonNullable: false,
    // An object without named properties may hold any.
    emptyObjectsUnknown: true,
    silent: true,
  }).catch((error: unknown) => {
    throw new SpecError("#", error instanceof Error ? error.message : String(error));
  });
  // Not its `rootTypes`: those are not valid TypeScript for schemas called `simple-user` or `components`.
  return `${astToString(nodes)}\n${namedSchemas(spec)}\n${wireApiKey(spec)}`;
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
