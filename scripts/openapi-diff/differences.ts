/** What two documents say differently, place by place, from the changes that the differ found between them. */
import { isObject, type JsonObject } from "../render/spec.js";
import { PARAMETERS } from "./align.js";
import { bodyPlace, inside, schemaPlace, type SchemaStep } from "./place.js";
import { tokensOf, type Change } from "../redocly/diff.js";

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

/** The paths that the differ was given: one operation in each, under a path that was made up for it. */
export interface Stage {
  base: JsonObject;
  revision: JsonObject;
  /** The place of the operation of each path. */
  places: Map<string, string>;
}

/** The differences by the made-up path that they were found under. */
export function differencesIn(changes: Change[], stage: Stage): Map<string, Difference[]> {
  const found = new Map<string, Difference[]>();
  for (const change of withoutRenamedKeys(changes, stage)) {
    const [section, key = "", ...tokens] = tokensOf(change.path);
    const operation = stage.places.get(key);
    if (section !== "paths" || operation === undefined) {
      throw new Error(`redocly diff reports a change at an unexpected place: ${change.path}`);
    }
    const item = (change.kind === "added" ? stage.revision : stage.base)[key];
    const differences = differencesOf(change, placeOf(operation, tokens, item));
    found.set(key, [...(found.get(key) ?? []), ...differences]);
  }
  return found;
}

/**
 * Where something is gone and something new has a similar key, the differ takes the two for one that was renamed, and looks
 * for changes in it. The entries of a map that we compare have no likeness: one is gone, and one is new.
 */
function withoutRenamedKeys(changes: Change[], stage: Stage): Change[] {
  const renamed = changes.flatMap(({ property, base }) => (property === "key" && base ? base.pointer : []));
  return changes.flatMap((change): Change[] => {
    const { base, path, property } = change;
    if (property === "key" && base) {
      const gone = { pointer: base.pointer, value: nodeAt(stage.base, base.pointer) };
      const come = { pointer: path, value: nodeAt(stage.revision, path) };
      const plain = { ...change, property: undefined };
      return [
        { ...plain, kind: "removed", path: gone.pointer, base: gone, revision: undefined },
        { ...plain, kind: "added", base: undefined, revision: come },
      ];
    }
    const within = base && renamed.some((key) => `${base.pointer}/`.startsWith(`${key}/`));
    return within ? [] : [change];
  });
}

function nodeAt(paths: JsonObject, pointer: string): unknown {
  const [, ...keys] = tokensOf(pointer);
  return keys.reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), paths);
}

interface Place {
  /** The operation, parameter, body or header. */
  name: string;
  /** From there through schemas. */
  steps: SchemaStep[];
  what: "operation" | "parameter" | "status" | "header" | "body" | "field" | "items" | "alternative";
}

function placeOf(operation: string, [method = "", ...tokens]: string[], item: unknown): Place {
  const place: Place = { name: operation, steps: [], what: "operation" };
  const rest = [...tokens];
  const next = (): string => rest.shift() ?? "";
  while (rest.length > 0) {
    switch (next()) {
      case "requestBody":
        place.name = inside(place.name, "body");
        place.what = "body";
        break;
      case "responses":
        if (rest[0] === PARAMETERS) {
          place.name = inside(place.name, parameterAt(item, method, rest[2]));
          place.what = "parameter";
          rest.splice(0, 3);
          break;
        }
        place.name = inside(place.name, next());
        place.what = "status";
        break;
      case "headers":
        place.name = inside(place.name, `header ${next()}`);
        place.what = "header";
        break;
      case "content":
        place.name = bodyPlace(place.name, next());
        place.what = "body";
        break;
      case "properties":
        place.steps.push({ into: "property", name: next() });
        place.what = "field";
        break;
      case "items":
        place.steps.push({ into: "items" });
        place.what = "items";
        break;
      case "additionalProperties":
        place.steps.push({ into: "values" });
        place.what = "items";
        break;
      case "oneOf":
        place.steps.push({ into: "alternative", number: Number(next()) + 1 });
        place.what = "alternative";
        break;
    }
  }
  return place;
}

function parameterAt(item: unknown, method: string, key = ""): string {
  const path = [method, "responses", PARAMETERS, "headers", key];
  const parameter = path.reduce<unknown>((node, at) => (isObject(node) ? node[at] : undefined), item);
  return isObject(parameter) ? `${String(parameter["x-in"])} ${String(parameter["x-name"])}` : key;
}

function differencesOf(change: Change, place: Place): Difference[] {
  const [ours, theirs] = [change.base?.value, change.revision?.value];
  const at = schemaPlace(place.name, place.steps);
  const aspect = change.property === "x-name" ? "name" : (change.property ?? "");
  if (change.kind === "added") return [appeared(at, place.what, theirs)];
  if (change.kind === "removed") return [vanished(at, place.what, ours)];
  if (aspect === "enum" && Array.isArray(ours) && Array.isArray(theirs)) {
    return [
      ...without(ours, theirs).map((value) => ({ ...stated(at, aspect, value), silent: false })),
      ...without(theirs, ours).map((value) => stated(at, aspect, undefined, value)),
    ];
  }
  if (aspect === "required" && (Array.isArray(ours) || Array.isArray(theirs))) {
    const [our, their] = [listOf(ours), listOf(theirs)];
    return [...without(our, their), ...without(their, our)].map((field) => {
      const steps = [...place.steps, { into: "property", name: String(field) } as const];
      const claimed = theirs === undefined ? undefined : their.includes(field);
      return stated(schemaPlace(place.name, steps), aspect, our.includes(field), claimed);
    });
  }
  return [stated(at, aspect, ours, theirs)];
}

function stated(place: string, aspect: string, curated: unknown, claimed?: unknown): Difference {
  return { place, aspect, curated, claimed, silent: claimed === undefined };
}

function appeared(place: string, what: Place["what"], value: unknown): Difference {
  return stated(place, aspectOf(what), undefined, thing(what, value));
}

function vanished(place: string, what: Place["what"], value: unknown): Difference {
  return stated(place, aspectOf(what), thing(what, value));
}

/** A response is there before it has a body, so the two need two words. */
function aspectOf(what: Place["what"]): string {
  return what === "body" ? "body" : "presence";
}

/** `field (string)`: what is there, and of which type where it has one. */
function thing(what: Place["what"], value: unknown): string {
  const schema = isObject(value) && isObject(value["schema"]) ? value["schema"] : value;
  const type = isObject(schema) ? schema["type"] : undefined;
  const types = [type].flat().filter((one) => typeof one === "string");
  return types.length === 0 ? what : `${what} (${types.join(" or ")})`;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function without(list: unknown[], others: unknown[]): unknown[] {
  return list.filter((one) => !others.includes(one));
}
