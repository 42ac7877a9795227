/** What two operations say differently, found by walking side by side what `align` made of them. */
import { isObject, type JsonObject } from "../render/spec.js";
import type { Two } from "./align-schemas.js";
import { bodyPlace, inside, schemaPlace, type SchemaStep } from "./place.js";

export interface Difference {
  /** In the terms of the curated spec; see place.ts. */
  place: string;
  /** What of it: `presence`, `body`, `name`, `type`, `format`, `enum`, `required`, `deprecated`, `maxLength`… */
  aspect: string;
  /** Undefined if it says nothing of the kind. */
  curated: unknown;
  claimed: unknown;
  /** The other document says nothing at all here, rather than something else. */
  silent: boolean;
}

interface At {
  /** The place of the operation, parameter, body or header. */
  name: string;
  /** From there through schemas. */
  steps: SchemaStep[];
  what: "operation" | "parameter" | "status" | "header" | "body" | "field" | "items" | "alternative";
}

/** Where each entry of a map leads, by the name of the map. */
const MAPS = new Map<string, (at: At, key: string, entry: JsonObject) => At>([
  [
    "parameters",
    (at, _key, parameter) => part(at, "parameter", `${String(parameter["x-in"])} ${String(parameter["x-name"])}`),
  ],
  ["responses", (at, status) => part(at, "status", status)],
  ["headers", (at, name) => part(at, "header", `header ${name}`)],
  ["content", (at, mediaType) => ({ ...at, name: bodyPlace(at.name, mediaType), what: "body" })],
  ["properties", (at, name) => step(at, "field", { into: "property", name })],
  ["oneOf", (at, index) => step(at, "alternative", { into: "alternative", number: Number(index) + 1 })],
]);

/** Where a single node leads, by its name. */
const NODES = new Map<string, (at: At) => At>([
  ["requestBody", (at) => part(at, "body", "body")],
  ["schema", (at) => at],
  ["items", (at) => step(at, "items", { into: "items" })],
  ["additionalProperties", (at) => step(at, "items", { into: "values" })],
]);

/** @param place that of the operation. */
export function differencesBetween(place: string, operations: Two<JsonObject | undefined>): Difference[] {
  return nodeDifferences({ name: place, steps: [], what: "operation" }, operations);
}

function nodeDifferences(at: At, [ours, theirs]: Two<unknown>): Difference[] {
  if (ours === undefined && theirs === undefined) return [];
  if (!isObject(ours) || !isObject(theirs)) {
    // A response is there before it has a body, so the two need two words.
    return [stated(at, at.what === "body" ? "body" : "presence", thing(at.what, ours), thing(at.what, theirs))];
  }
  return keysOf(ours, theirs).flatMap((key): Difference[] => {
    const pair = [own(ours, key), own(theirs, key)] as const;
    const [map, node] = [MAPS.get(key), NODES.get(key)];
    if (map) return mapDifferences(pair, (name, entry) => map(at, name, entry));
    return node ? nodeDifferences(node(at), pair) : factDifferences(at, key === "x-name" ? "name" : key, pair);
  });
}

function mapDifferences(pair: Two<unknown>, placed: (name: string, entry: JsonObject) => At): Difference[] {
  const [ours, theirs] = [mapOf(pair[0]), mapOf(pair[1])];
  return keysOf(ours, theirs).flatMap((name) => {
    const entries = [own(ours, name), own(theirs, name)] as const;
    return nodeDifferences(placed(name, mapOf(entries[0] ?? entries[1])), entries);
  });
}

function factDifferences(at: At, aspect: string, [ours, theirs]: Two<unknown>): Difference[] {
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return [];
  if (aspect === "enum" && Array.isArray(ours) && Array.isArray(theirs)) {
    return [
      ...without(ours, theirs).map((value) => ({ ...stated(at, aspect, value), silent: false })),
      ...without(theirs, ours).map((value) => stated(at, aspect, undefined, value)),
    ];
  }
  if (aspect === "required" && (Array.isArray(ours) || Array.isArray(theirs))) {
    const [our, their] = [listOf(ours), listOf(theirs)];
    return [...without(our, their), ...without(their, our)].map((field) => {
      const claimed = theirs === undefined ? undefined : their.includes(field);
      const property = step(at, "field", { into: "property", name: String(field) });
      return stated(property, aspect, our.includes(field), claimed);
    });
  }
  return [stated(at, aspect, ours, theirs)];
}

function stated({ name, steps }: At, aspect: string, curated: unknown, claimed?: unknown): Difference {
  return { place: schemaPlace(name, steps), aspect, curated, claimed, silent: claimed === undefined };
}

/** `field (string)`: what is there, and of which type where it has one. */
function thing(what: At["what"], value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const { type } = mapOf(mapOf(value)["schema"] ?? value);
  const types = [type].flat().filter((one) => typeof one === "string");
  return types.length === 0 ? what : `${what} (${types.join(" or ")})`;
}

function part(at: At, what: At["what"], name: string): At {
  return { ...at, what, name: inside(at.name, name) };
}

function step(at: At, what: At["what"], taken: SchemaStep): At {
  return { ...at, what, steps: [...at.steps, taken] };
}

function keysOf(...objects: JsonObject[]): string[] {
  return [...new Set(objects.flatMap((one) => Object.keys(one)))];
}

function mapOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function without(list: unknown[], others: unknown[]): unknown[] {
  return list.filter((one) => !others.includes(one));
}
