/** The operations of a document, and which of them are the same in another. */
import { isObject, METHODS, objectsIn, type JsonObject, type Spec } from "../render/spec.js";
import { operationPlace } from "./place.js";

// OpenAPI has parameters of these names ignored: other parts of a document speak of them.
const IGNORED_HEADERS = new Set(["accept", "authorization", "content-type"]);

export interface Operation {
  method: string;
  path: string;
  node: JsonObject;
  /** Resolved; those of the path item included. */
  parameters: JsonObject[];
  /** Those that hold for it, wherever they stand; undefined if none are named. */
  servers: unknown;
  security: unknown;
}

export function operationsOf(spec: Spec): Operation[] {
  const paths = isObject(spec.document["paths"]) ? spec.document["paths"] : {};
  return Object.entries(paths).flatMap(([path, item]) => {
    const pathItem = spec.resolve(item) ?? {};
    // OpenAPI 3.2 has `query`, and the methods that it does not know by their names.
    const others = isObject(pathItem["additionalOperations"]) ? pathItem["additionalOperations"] : {};
    const nodes = [...METHODS, "query"].map((method): [string, unknown] => [method, pathItem[method]]);
    return [...nodes, ...Object.entries(others)].flatMap(([method, node]) => {
      if (!isObject(node)) return [];
      const servers = [node, pathItem, spec.document].map((one) => one["servers"]).find((one) => one !== undefined);
      const security = node["security"] ?? spec.document["security"];
      return [{ method, path, node, parameters: parametersOf(spec, path, pathItem, node), servers, security }];
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

/**
 * Matches by method and path, whatever path parameters are called, with the servers' base paths or without them. Of the
 * other document's operations, those elsewhere than at and below our paths are none of our business.
 */
export function matchOperations(curated: Spec, other: Spec): OperationPair[] {
  const ours = operationsOf(curated);
  const theirs = operationsOf(other);
  const whole = pairsOf(ours, theirs, basePathOf(curated), basePathOf(other));
  const bare = pairsOf(ours, theirs, "", "");
  const matched = (pairs: OperationPair[]): number => pairs.filter((pair) => pair.curated && pair.other).length;
  return matched(whole) >= matched(bare) ? whole : bare;
}

function pairsOf(ours: Operation[], theirs: Operation[], ourBase: string, theirBase: string): OperationPair[] {
  const skeleton = (base: string, path: string): string => skeletonOf(base + path);
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

/** A path whatever its parameters are called. */
export function skeletonOf(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}");
}

/** The path of the first server, without a trailing slash. */
function basePathOf(spec: Spec): string {
  const [url = ""] = serverUrls(spec.document["servers"]);
  return url
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, "")
    .replace(/[?#].*$/, "")
    .replace(/\/+$/, "");
}

/** The URLs of a list of servers, with the defaults of their variables. */
export function serverUrls(servers: unknown): string[] {
  return objectsIn(servers).flatMap(({ url, variables }) => {
    if (typeof url !== "string") return [];
    return url.replace(/\{([^}]*)\}/g, (whole, name: string) => {
      const variable = isObject(variables) ? variables[name] : undefined;
      return isObject(variable) && typeof variable["default"] === "string" ? variable["default"] : whole;
    });
  });
}
