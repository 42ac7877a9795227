/** What one schema says of the values that it allows, in one form for OpenAPI 3.0 and 3.1 and without prose. */
import { isObject, objectsIn, openEnumOf, type JsonObject, type Spec } from "../render/spec.js";

export interface Shape {
  /** JSON types, sorted with `null` last; undefined if any will do. */
  type: string[] | undefined;
  format: string | undefined;
  enum: unknown[] | undefined;
  properties: Map<string, unknown>;
  /** Undefined if it is not said which properties are required. */
  required: Set<string> | undefined;
  items: unknown;
  /** The schema of the values of a map. */
  values: unknown;
  /** The alternatives of `oneOf` and `anyOf`, where there is more than one. */
  alternatives: unknown[];
  limits: Map<string, unknown>;
  deprecated: boolean;
}

const LIMITS = [
  "default",
  "maxItems",
  "maxLength",
  "maxProperties",
  "maximum",
  "minItems",
  "minLength",
  "minProperties",
  "minimum",
  "multipleOf",
  "pattern",
  "uniqueItems",
];

/** Reads one level of a schema; what its properties, items and alternatives hold is left as it is. */
export function shapeOf(spec: Spec, schema: unknown): Shape {
  const { parts, nullable } = partsOf(spec, schema);
  const first = (keyword: string): unknown => parts.find((part) => part[keyword] !== undefined)?.[keyword];
  const properties = new Map(
    parts.flatMap((part) => (isObject(part["properties"]) ? Object.entries(part["properties"]) : [])),
  );
  const required = parts.map((part) => part["required"]).filter(Array.isArray);
  const values = first("const");
  const stated: unknown = values === undefined ? first("enum") : [values];
  const alternatives = parts.flatMap((part) => {
    const { all, others } = alternativesOf(spec, part);
    return others.length > 1 ? all : [];
  });
  const items = first("items");
  const additional = first("additionalProperties");

  const types = new Set(typesIn(first("type")));
  if (types.size === 0) {
    if (properties.size > 0) types.add("object");
    else if (items !== undefined) types.add("array");
    else if (Array.isArray(stated) && stated.some((one) => typeof one === "string")) {
      types.add("string");
    }
  }
  if (nullable && types.size > 0) types.add("null");
  const format = first("format");

  return {
    type: types.size === 0 ? undefined : [...types].sort(nullLast),
    // Our own mark of a secret, which no provider's document has: it says nothing of the values.
    format: typeof format === "string" && format !== "password" ? format : undefined,
    enum: Array.isArray(stated) ? stated.filter((one) => one !== null) : undefined,
    properties,
    required:
      required.length === 0
        ? undefined
        : new Set(required.flat().filter((name): name is string => typeof name === "string")),
    items,
    values: isObject(additional) ? additional : undefined,
    alternatives: nullable && alternatives.length > 0 ? [...alternatives, NULL] : alternatives,
    limits: new Map(
      LIMITS.flatMap((keyword) => {
        const value = first(keyword);
        return value === undefined ? [] : [[keyword, value]];
      }),
    ),
    deprecated: first("deprecated") === true,
  };
}

const NULL = { type: "null" };

/**
 * The schemas that a value has to satisfy all at once: behind a `$ref`, beside it, in `allOf`, and the one alternative to
 * null. Each is taken once, so that cycles end.
 */
function partsOf(spec: Spec, schema: unknown): { parts: JsonObject[]; nullable: boolean } {
  const parts = new Set<JsonObject>();
  let nullable = false;
  const waiting = [schema];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (!isObject(node) || parts.has(node)) continue;
    parts.add(node);
    nullable ||= node["nullable"] === true;
    if (node["$ref"] !== undefined) waiting.push(spec.resolve(node));
    waiting.push(...objectsIn(node["allOf"]).reverse());
    const { others, orNull } = alternativesOf(spec, node);
    if (others.length === 1) {
      nullable ||= orNull;
      waiting.push(others[0]);
    }
  }
  return { parts: [...parts], nullable };
}

function alternativesOf(spec: Spec, schema: JsonObject) {
  // That others may come is no difference from a document that lists the same values.
  const known = openEnumOf(schema);
  const all: JsonObject[] = known ? [known] : [...objectsIn(schema["oneOf"]), ...objectsIn(schema["anyOf"])];
  const others = all.filter((one) => !isNull(spec.resolve(one)));
  return { all, others, orNull: others.length < all.length };
}

function isNull(schema: JsonObject | undefined): boolean {
  return schema?.["type"] === "null" || schema?.["const"] === null;
}

function typesIn(type: unknown): string[] {
  return [type].flat().filter((one): one is string => typeof one === "string");
}

function nullLast(a: string, b: string): number {
  return Number(a === "null") - Number(b === "null") || (a < b ? -1 : 1);
}
