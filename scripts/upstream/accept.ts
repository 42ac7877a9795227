/** The document to be kept of a provider's own one: what it says of the operations that we cover, without its words. */
import { matchOperations } from "../openapi-diff/operations.js";
import { wordsOf } from "../openapi-diff/walk.js";
import { decoded, isObject, pointer, tokensOf, type JsonObject, type Spec } from "../render/spec.js";

// Their keys are names, and no words of OpenAPI.
const MAPS =
  /^(\$defs|content|definitions|dependentSchemas|flows|headers|parameters|pathItems|paths|patternProperties|properties|requestBodies|responses|schemas|scopes|securitySchemes|variables)$/;
const VALUES = /^(const|default|enum|required|scopes|security|type)$/;
const LEFT_OUT =
  /^(\$comment|callbacks|discriminator|examples?|externalDocs|links|operationId|summary|tags|title|xml|x-.*)$/;

/** Of equal parts that are longer than this, as JSON, one is kept. */
const SHARED_LENGTH = 150;

export function documentToKeep(curated: Spec, document: Spec): JsonObject {
  const parts = new Map<string, unknown>();
  const references = new Set<string>();
  const paths: Record<string, JsonObject> = {};
  for (const { other } of matchOperations(curated, document)) {
    if (!other) continue;
    const item = document.resolve(mapOf(document.document["paths"])[other.path]) ?? {};
    const { parameters, servers } = item;
    const own = (paths[other.path] ??= strippedMap({ parameters, servers }));
    own[other.method] = stripped(other.node, "");
  }
  const components: Record<string, JsonObject> = {};
  const { servers, security, openapi, info } = document.document;
  const schemes = mapOf(mapOf(document.document["components"])["securitySchemes"]);
  if (Object.keys(schemes).length > 0) components["securitySchemes"] = strippedMap(schemes);
  // A set is read on while it grows.
  for (const reference of references) {
    const [, section = "", name = ""] = tokensOf(decoded(reference));
    const component = document.at(`#/components${pointer(section, name)}`);
    (components[section] ??= {})[name] = stripped(component, section === "responses" ? "response" : "");
  }
  const { title = "", version = "" } = mapOf(info);
  return { openapi, info: { title, version }, ...strippedMap({ servers, security }), paths, components };

  function strippedMap(map: JsonObject): JsonObject {
    const entries = Object.entries(map).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries.map(([key, value]) => [key, stripped(value, key)]));
  }

  /** @param key what it is called where it stands. */
  function stripped(node: unknown, key: string): unknown {
    if (VALUES.test(key) || typeof node !== "object" || node === null) return node;
    const copy = Array.isArray(node) ? node.map((one) => stripped(one, "")) : strippedObject(node as JsonObject, key);
    const text = JSON.stringify(copy);
    if (text.length <= SHARED_LENGTH) return copy;
    const known = parts.get(text) ?? copy;
    parts.set(text, known);
    return known;
  }

  function strippedObject(node: JsonObject, key: string): JsonObject {
    if (MAPS.test(key)) {
      const within = key === "responses" ? "response" : "";
      return Object.fromEntries(Object.entries(node).map(([name, one]) => [name, stripped(one, within)]));
    }
    const { $ref } = node;
    if (typeof $ref === "string") references.add($ref);
    const marks = wordsOf(node).join(" ");
    const entries = Object.entries(node).filter(([name]) => !LEFT_OUT.test(name) && name !== "description");
    return {
      ...(marks !== "" && { "x-prose": marks }),
      // OpenAPI wants one.
      ...(key === "response" && $ref === undefined && { description: "" }),
      ...Object.fromEntries(entries.map(([name, one]) => [name, stripped(one, name)])),
    };
  }
}

function mapOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
