/** GitHub's description, whole and in parts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, objectsIn, type JsonObject } from "../../scripts/render/spec.js";
import type { Workplace } from "./workplace.js";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

export function githubFile({ root }: Workplace): string {
  return join(root, "test/bench/node_modules/@octokit/openapi/generated/api.github.com.json");
}

export async function githubDocument(workplace: Workplace): Promise<JsonObject> {
  const document: unknown = JSON.parse(await readFile(githubFile(workplace), "utf8"));
  if (!isObject(document)) throw new Error("GitHub's description is no object.");
  return document;
}

/** The operations of a document: the path and the method of each. */
export function operationsIn({ paths }: JsonObject): { path: string; method: string }[] {
  return Object.entries(isObject(paths) ? paths : {}).flatMap(([path, item]) =>
    METHODS.filter((method) => isObject(item) && item[method] !== undefined).map((method) => ({ path, method })),
  );
}

/** A document with so many of its operations, taken evenly from all of it, and the components that they lead to. */
export function partOf(document: JsonObject, count: number): JsonObject {
  const all = operationsIn(document);
  const paths: Record<string, JsonObject> = {};
  for (let index = 0; index < count; index++) {
    const { path, method } = all[Math.floor((index * all.length) / count)] ?? {};
    const item = isObject(document["paths"]) && path !== undefined ? document["paths"][path] : undefined;
    if (path === undefined || method === undefined || !isObject(item)) continue;
    // What a path item says of all its methods stays.
    const common = Object.entries(item).filter(([key]) => !METHODS.includes(key));
    paths[path] = { ...Object.fromEntries(common), ...paths[path], [method]: item[method] };
  }
  const { openapi, info, servers } = document;
  return { openapi, info, servers, paths, components: componentsOf(document, paths) };
}

function componentsOf(document: JsonObject, from: unknown): Record<string, JsonObject> {
  const found: Record<string, JsonObject> = {};
  const waiting: unknown[] = [from];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (Array.isArray(node)) waiting.push(...objectsIn(node));
    if (!isObject(node)) continue;
    waiting.push(...Object.values(node).filter((value) => typeof value === "object" && value !== null));
    const [, kind = "", name = ""] = /^#\/components\/([^/]+)\/([^/]+)$/.exec(String(node["$ref"])) ?? [];
    const components = isObject(document["components"]) ? document["components"][kind] : undefined;
    if (!isObject(components) || found[kind]?.[name] !== undefined || components[name] === undefined) continue;
    found[kind] = { ...found[kind], [name]: components[name] };
    waiting.push(components[name]);
  }
  return found;
}
