/** The operations of a document, and which of them are the same in another. */
import { isObject, objectsIn, type JsonObject, type Spec } from "../render/spec.js";
import { operationPlace } from "./place.js";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

// OpenAPI has parameters of these names ignored: other parts of a document speak of them.
const IGNORED_HEADERS = new Set(["accept", "authorization", "content-type"]);

export interface Operation {
  method: string;
  path: string;
  node: JsonObject;
  /** Resolved; those of the path item included. */
  parameters: JsonObject[];
}

export function operationsOf(spec: Spec): Operation[] {
  const paths = isObject(spec.document["paths"]) ? spec.document["paths"] : {};
  return Object.entries(paths).flatMap(([path, item]) => {
    const pathItem = spec.resolve(item) ?? {};
    return METHODS.flatMap((method) => {
      const node = pathItem[method];
      if (!isObject(node)) return [];
      return [{ method, path, node, parameters: parametersOf(spec, path, pathItem, node) }];
    });
  });
}

/** Path parameters come first, in the order of the path. */
function parametersOf(spec: Spec, path: string, item: JsonObject, node: JsonObject): JsonObject[] {
  const all = [...objectsIn(item["parameters"]), ...objectsIn(node["parameters"])];
  const byName = new Map<string, JsonObject>();
  for (const parameter of all.map((one) => spec.resolve(one) ?? {})) {
    const name = String(parameter["name"]);
    if (parameter["in"] === "header" && IGNORED_HEADERS.has(name.toLowerCase())) continue;
    byName.set(`${String(parameter["in"])} ${name}`, parameter);
  }
  const parameters = [...byName.values()];
  const inPath = ({ in: where }: JsonObject): boolean => where === "path";
  const position = ({ name }: JsonObject): number => path.indexOf(`{${String(name)}}`);
  return [
    ...parameters.filter(inPath).sort((a, b) => position(a) - position(b)),
    ...parameters.filter((one) => !inPath(one)),
  ];
}

/** An operation by its name in the curated spec, and what each of the two documents has under it. */
export interface OperationPair {
  place: string;
  curated: Operation | undefined;
  other: Operation | undefined;
}

export interface OperationMatch {
  pairs: OperationPair[];
  /** Where the base paths of the servers differ, and what each document says. */
  basePath: { curated: string; other: string } | undefined;
}

/**
 * Matches by method and path, whatever path parameters are called, with the servers' base paths or without them. Of the
 * other document's operations, those elsewhere than at and below our paths are none of our business.
 */
export function matchOperations(curated: Spec, other: Spec): OperationMatch {
  const ours = operationsOf(curated);
  const theirs = operationsOf(other);
  const bases = { curated: basePathOf(curated) ?? "", other: basePathOf(other) ?? "" };

  const whole = pairsOf(ours, theirs, bases.curated, bases.other);
  const bare = pairsOf(ours, theirs, "", "");
  const matched = (pairs: OperationPair[]): number => pairs.filter((pair) => pair.curated && pair.other).length;
  if (matched(whole) >= matched(bare)) return { pairs: whole, basePath: undefined };
  return { pairs: bare, basePath: basePathOf(other) === undefined ? undefined : bases };
}

function pairsOf(ours: Operation[], theirs: Operation[], ourBase: string, theirBase: string): OperationPair[] {
  const skeleton = (base: string, path: string): string => (base + path).replace(/\{[^}]*\}/g, "{}");
  const keyOf = (base: string, { method, path }: Operation): string => operationPlace(method, skeleton(base, path));

  const theirsByKey = new Map(theirs.map((one) => [keyOf(theirBase, one), one]));
  const pairs: OperationPair[] = ours.map((one) => {
    const key = keyOf(ourBase, one);
    const match = theirsByKey.get(key);
    theirsByKey.delete(key);
    return { place: operationPlace(one.method, one.path), curated: one, other: match };
  });

  const ourPaths = new Map(ours.map(({ path }) => [skeleton(ourBase, path), path]));
  for (const one of theirsByKey.values()) {
    const path = skeleton(theirBase, one.path);
    for (const [ourPath, named] of ourPaths) {
      if (path !== ourPath && !path.startsWith(`${ourPath}/`)) continue;
      const place = operationPlace(one.method, path === ourPath ? named : one.path);
      pairs.push({ place, curated: undefined, other: one });
      break;
    }
  }
  return pairs;
}

/** The path of the first server, without a trailing slash; undefined if no server is named. */
function basePathOf(spec: Spec): string | undefined {
  const [server] = objectsIn(spec.document["servers"]);
  const url = server?.["url"];
  if (!server || typeof url !== "string") return undefined;
  const variables = isObject(server["variables"]) ? server["variables"] : {};
  const filled = url.replace(/\{([^}]*)\}/g, (whole, name: string) => {
    const variable = variables[name];
    return isObject(variable) && typeof variable["default"] === "string" ? variable["default"] : whole;
  });
  return filled
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, "")
    .replace(/[?#].*$/, "")
    .replace(/\/+$/, "");
}
