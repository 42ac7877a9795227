/** What one schema says of the values that it allows, in one form for all versions of OpenAPI and all ways to write the same. */
import { isObject, objectsIn, openEnumOf, SpecError, type JsonObject, type Spec } from "../render/spec.js";

export interface Shape {
  /** JSON types, sorted with `null` last; undefined if any will do. */
  type: string[] | undefined;
  properties: Map<string, unknown>;
  /** Undefined if it is not said which properties are required. */
  required: Set<string> | undefined;
  items: unknown;
  /** The schema of the values of a map. */
  values: unknown;
  /** The alternatives of `oneOf` and `anyOf`, where there is more than one. */
  alternatives: unknown[];
  /** What else it says, by keyword. */
  facts: Map<string, unknown>;
  /** What a value has to satisfy all at once, with the words of each. */
  parts: JsonObject[];
}

/** Keywords whose value is compared as it is, and what each says if it is left out. */
const PLAIN = new Map<string, unknown>([
  ["contentEncoding", undefined],
  ["contentMediaType", undefined],
  ["default", undefined],
  ["deprecated", false],
  ["format", undefined],
  ["maxContains", undefined],
  ["maxItems", undefined],
  ["maxLength", undefined],
  ["maxProperties", undefined],
  ["minContains", 1],
  ["minItems", 0],
  ["minLength", 0],
  ["minProperties", 0],
  ["multipleOf", undefined],
  ["pattern", undefined],
  ["readOnly", false],
  ["uniqueItems", false],
  ["writeOnly", false],
]);

/** Keywords that hold schemas, and have no places of their own: all of what they mean is compared at once. */
const NESTED = new Set([
  "contains",
  "dependentRequired",
  "dependentSchemas",
  "else",
  "if",
  "not",
  "patternProperties",
  "prefixItems",
  "propertyNames",
  "then",
]);

const LISTS_WITHOUT_ORDER = new Set(["allOf", "anyOf", "enum", "oneOf"]);
const ANNOTATIONS = /^(\$comment|description|examples?|externalDocs|summary|title|xml|x-.*)$/;
const NULL = { type: "null" };

const known = new WeakMap<Spec, WeakMap<object, Shape>>();

/** Reads one level of a schema; what its properties, items and alternatives hold is left as it is. */
export function shapeOf(spec: Spec, schema: unknown): Shape {
  if (!isObject(schema)) return read(spec, schema);
  // Most schemas are looked at again and again, those behind references above all.
  const shapes = known.get(spec) ?? new WeakMap<object, Shape>();
  known.set(spec, shapes);
  const bare = typeof schema["$ref"] === "string" && Object.keys(schema).length === 1;
  const shape = shapes.get(schema) ?? (bare ? shapeOf(spec, spec.resolve(schema)) : read(spec, schema));
  shapes.set(schema, shape);
  return shape;
}

function read(spec: Spec, schema: unknown): Shape {
  const { parts, nullable } = partsOf(spec, schema);
  // What one part says holds, whatever others say of the same.
  const said = new Map([...parts].reverse().flatMap((part) => Object.entries(part)));
  const { types, values, alternatives } = valuesOf(spec, parts, said);
  if (nullable && types.size > 0) types.add("null");
  const properties = new Map(
    parts.flatMap((part) => (isObject(part["properties"]) ? Object.entries(part["properties"]) : [])),
  );
  const required = parts.map((part) => part["required"]).filter(Array.isArray);
  const items = unlessBlank(said.get("items"));
  const additional = said.get("additionalProperties") ?? said.get("unevaluatedProperties");
  if (types.size === 0 && properties.size > 0) types.add("object");
  if (types.size === 0 && items !== undefined) types.add("array");

  const facts = new Map<string, unknown>();
  for (const [keyword, value] of said) {
    if (NESTED.has(keyword)) facts.set(keyword, meaningOf(spec, value));
    else if (PLAIN.has(keyword) && value !== PLAIN.get(keyword)) facts.set(keyword, value);
  }
  if (schema === false) facts.set("not", {});
  if (additional === false) facts.set("additionalProperties", false);
  if (values) facts.set("enum", values);
  setRange(types, facts, said);

  return {
    type: types.size === 0 ? undefined : [...types].sort(nullLast),
    properties,
    required: required.flat().length === 0 ? undefined : new Set(required.flat().filter(isText)),
    items,
    values: isObject(additional) ? unlessBlank(additional) : undefined,
    alternatives: nullable && alternatives.length > 0 ? [...alternatives, NULL] : alternatives,
    facts,
    parts,
  };
}

/** Types and values, those that stand in alternatives which differ in nothing else included. */
function valuesOf(spec: Spec, parts: JsonObject[], said: ReadonlyMap<string, unknown>) {
  const stated = listIn(said.has("const") ? [said.get("const")] : said.get("enum"));
  const alternatives = parts.flatMap((part) => {
    const { all, others } = alternativesOf(spec, part);
    return others.length > 1 ? all : [];
  });
  const merged = stated ? undefined : mergedAlternatives(spec, alternatives);
  const listed = stated ?? merged?.values;
  const types = new Set([...[said.get("type")].flat().filter(isText), ...(merged?.types ?? [])]);
  if (types.size === 0) for (const one of listed ?? []) types.add(jsonType(one));
  // A list without null excludes it, whatever the type says.
  if (stated && !stated.includes(null)) types.delete("null");
  if (types.has("number")) types.delete("integer");
  const values = sorted((listed ?? []).filter((one) => one !== null));
  // Both values of a boolean are all that it can have.
  const none = values.length === 0 || (values.length === 2 && values.every((one) => typeof one === "boolean"));
  return { types, values: none ? undefined : values, alternatives: merged ? [] : alternatives };
}

/** What alternatives say that are made of a type alone, or of values. */
function mergedAlternatives(spec: Spec, alternatives: JsonObject[]) {
  const others = alternatives.map((one) => spec.resolve(one)).filter((one) => !isNull(one));
  // Those that are made of others could lead back to where they stand.
  const flat = others.every((one) => ["allOf", "anyOf", "oneOf"].every((keyword) => one?.[keyword] === undefined));
  if (others.length === 0 || !flat) return undefined;
  const shapes = others.map((one) => shapeOf(spec, one));
  const sayValues = shapes.every(saysOnly("enum"));
  if (!sayValues && !shapes.every(saysOnly())) return undefined;
  const types = shapes.flatMap(({ type }) => type ?? []);
  return {
    types: others.length < alternatives.length ? [...types, "null"] : types,
    values: sayValues ? shapes.flatMap(({ facts }) => listIn(facts.get("enum")) ?? []) : undefined,
  };
}

/** Whether a shape has a type, this fact if one is named, and nothing else. */
function saysOnly(fact?: string) {
  return ({ type, properties, items, values, alternatives, facts }: Shape): boolean =>
    type !== undefined &&
    properties.size + alternatives.length === 0 &&
    items === undefined &&
    values === undefined &&
    (fact === undefined ? facts.size === 0 : facts.size === 1 && facts.has(fact));
}

/** Limits that exclude their own value, as numbers, and for integers as the next one that is allowed. */
function setRange(types: Set<string>, facts: Map<string, unknown>, said: ReadonlyMap<string, unknown>): void {
  if (facts.get("multipleOf") === 1 && (types.delete("number") || types.has("integer"))) {
    types.add("integer");
    facts.delete("multipleOf");
  }
  const whole = types.has("integer");
  for (const [limit, exclusive, step] of [
    ["minimum", "exclusiveMinimum", 1],
    ["maximum", "exclusiveMaximum", -1],
  ] as const) {
    let [value, beyond] = [said.get(limit), said.get(exclusive)];
    if (beyond === true) [value, beyond] = [undefined, value];
    if (typeof beyond === "number" && whole) {
      const next = step > 0 ? Math.floor(beyond) + 1 : Math.ceil(beyond) - 1;
      value = typeof value === "number" && value * step > next * step ? value : next;
      beyond = undefined;
    }
    if (value !== undefined) facts.set(limit, value);
    if (beyond !== undefined && beyond !== false) facts.set(exclusive, beyond);
  }
}

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
    nullable ||= node["nullable"] === true || node["x-nullable"] === true;
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
  const stated: JsonObject[] = known ? [known] : [...objectsIn(schema["oneOf"]), ...objectsIn(schema["anyOf"])];
  const all = [...new Map(stated.map((one) => [JSON.stringify(one), one])).values()];
  const others = all.filter((one) => !isNull(spec.resolve(one)));
  return { all, others, orNull: others.length < all.length };
}

function isNull(schema: JsonObject | undefined): boolean {
  const [value, ...more] = listIn(schema?.["enum"]) ?? [schema?.["const"]];
  return schema?.["type"] === "null" || (value === null && more.length === 0);
}

/** A schema that allows anything. */
function unlessBlank(schema: unknown): unknown {
  const blank =
    schema === true ||
    (isObject(schema) && Object.keys(schema).every((key) => key === "nullable" || ANNOTATIONS.test(key)));
  return blank ? undefined : schema;
}

const MOST_NODES = 20_000;

/** What is below a keyword, without words, references and order, as far as that means nothing. */
function meaningOf(spec: Spec, value: unknown): unknown {
  const active = new Set<unknown>();
  let nodes = 0;
  return read(value, "");

  function read(node: unknown, key: string): unknown {
    if (++nodes > MOST_NODES) throw new SpecError("#", `its schemas unfold into more than ${MOST_NODES}`);
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) {
      const list = node.map((one) => read(one, ""));
      return LISTS_WITHOUT_ORDER.has(key) || list.every(isText) ? sorted(list) : list;
    }
    const target = spec.resolve(node);
    if (!target || active.has(target)) return {};
    active.add(target);
    const entries = Object.entries({ ...target, ...node })
      .filter(([name]) => key === "properties" || (name !== "$ref" && !ANNOTATIONS.test(name)))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]): [string, unknown] => [name, read(one, name)]);
    active.delete(target);
    return Object.fromEntries(entries);
  }
}

function sorted(list: unknown[]): unknown[] {
  return [...new Map(list.map((one) => [JSON.stringify(one), one])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
}

function listIn(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function jsonType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function nullLast(a: string, b: string): number {
  return Number(a === "null") - Number(b === "null") || (a < b ? -1 : 1);
}
